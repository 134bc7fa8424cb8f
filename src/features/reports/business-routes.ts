import type { Actor, Tx } from '#db/db.ts';
import * as api from '#features/reports/business/api.ts';
import { catalogue, reportOf } from '#features/reports/catalogue.ts';
import { readFilter } from '#features/reports/filter-fields.ts';
import { readDesk } from '#features/reports/read-report.ts';
import { type Asked, type Format, fileNameOf, reportFile } from '#features/reports/report-files.ts';
import { listReportMails, startReportMail, stopReportMail } from '#features/reports/report-mails.ts';
import { makeReportPage, presentReport } from '#features/reports/report-page.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { serveText } from '#http/serve-file.ts';
import { Refusal } from '#lib/errors.ts';
import { scopesOf } from '#lib/roles.ts';

type One = { params: { key: string }; query: Record<string, string> };
type Asker = { actor: Actor; organizationId: string; now: Date };

/** A report reads what others guard: each has the scope of what it tells. */
async function askedOf(
  tx: Tx,
  { params, query }: One,
  { actor, organizationId, now }: Asker,
): Promise<Asked> {
  const report = reportOf(params.key);
  if (!scopesOf(actor).has(report.scope))
    throw new Refusal('forbidden', `The report ${report.title} needs the permission ${report.scope}.`);
  const filter = readFilter(report.fields, query);
  return { report, filter, desk: await readDesk(tx, organizationId, { now }) };
}

export function businessReportRoutes(app: App): void {
  serve(app, api.listReports, async ({ actor }) => {
    const may = scopesOf(actor);
    const data = catalogue.filter(({ scope }) => may.has(scope));
    return {
      object: 'list' as const,
      data: data.map((report) => ({ object: 'report' as const, ...presentReport(report) })),
      has_more: false as const,
    };
  });
  serve(app, api.readReportPage, async ({ tx, actor, organization, now, ...one }) =>
    makeReportPage(tx, await askedOf(tx, one, { actor, organizationId: organization.id, now })),
  );
  const files = { csv: api.reportCsv, xlsx: api.reportXlsx, pdf: api.reportOnPaper } as const;
  for (const [format, endpoint] of Object.entries(files) as [Format, typeof api.reportCsv][])
    serveText(app, endpoint, async ({ caller, ...one }) => {
      const { actor, organization, now } = caller;
      const asker = { actor, organizationId: organization.id, now };
      const asked = await app.db.transaction(actor, (tx) => askedOf(tx, one, asker));
      return { fileName: fileNameOf(asked, format), text: reportFile(app.db, actor, asked, format) };
    });
  serve(app, api.listReportMails, async ({ tx, organization, now }) => {
    const { today } = await readDesk(tx, organization.id, { now });
    const data = await listReportMails(tx, { organizationId: organization.id, today });
    return { object: 'list' as const, data, has_more: false as const };
  });
  serve(app, api.startReportMail, async ({ tx, actor, organization, now, body }) => {
    const { on_day: onDay, ...rest } = body;
    if (!scopesOf(actor).has(reportOf(body.report).scope))
      throw new Refusal('forbidden', 'Who may not read a report may not have it sent either.');
    const { today } = await readDesk(tx, organization.id, { now });
    const by = { organizationId: organization.id, today, mail: { ...rest, onDay } };
    return { object: 'report_mail_started' as const, id: await startReportMail(tx, actor, by, now) };
  });
  serve(app, api.stopReportMail, async ({ tx, actor, organization, now, params: { id } }) => {
    await stopReportMail(tx, actor, { organizationId: organization.id, id }, now);
    return { object: 'report_mail_stopped' as const, id };
  });
}
