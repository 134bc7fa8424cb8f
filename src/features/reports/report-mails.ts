import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { reportOf } from '#features/reports/catalogue.ts';
import { readFilter } from '#features/reports/filter-fields.ts';
import { nextDay, nextDays, type Rhythm } from '#features/reports/mail-rules.ts';
import type { Format } from '#features/reports/report-files.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { toJson } from '#lib/json.ts';

export type NewReportMail = Rhythm & {
  report: string;
  filter: Record<string, string>;
  format: Format;
  recipients: string[];
};
type By = { organizationId: string; today: CalendarDate };

const most = 50;

/** Send a report by mail, from its next day after today on. */
export async function startReportMail(
  tx: Tx,
  actor: Actor,
  { organizationId, today, mail }: By & { mail: NewReportMail },
  now: Date,
): Promise<string> {
  readFilter(reportOf(mail.report).fields, mail.filter);
  if (mail.every === 'week' && mail.onDay > 7)
    throw new Refusal('invalid_request', {
      message: 'on_day: of a week is 1 (Monday) to 7 (Sunday)',
      param: 'on_day',
      fields: { on_day: 'of a week is 1 (Monday) to 7 (Sunday)' },
    });
  const running = await tx.row<{ count: number }>(sql`select count(*)::int as count from report_mails
    where organization_id = ${organizationId} and stopped_at is null`);
  if ((running?.count ?? 0) >= most)
    throw new Refusal(
      'state_refused',
      `There are ${most} reports by mail. Stop one that nobody reads first.`,
    );
  const id = newId('reportMail');
  // What today's work has done is not done again for this one: it begins tomorrow.
  const startsOn = nextDay(mail, addDays(today, 1));
  await tx.run(sql`insert into report_mails (organization_id, id, report, filter, format, every, on_day, recipients,
      starts_on, created_at)
    values (${organizationId}, ${id}, ${mail.report}, ${toJson(mail.filter)}::jsonb, ${mail.format}, ${mail.every},
      ${mail.onDay}, ${mail.recipients}::text[], ${startsOn}, ${now})`);
  const data = { report: mail.report, every: mail.every, format: mail.format, recipients: mail.recipients };
  await record(tx, { actor, organizationId, now }, [{ type: 'report_mail.started', subjectId: id, data }]);
  return id;
}

/** Nobody gets it any more. */
export async function stopReportMail(
  tx: Tx,
  actor: Actor,
  { organizationId, id }: { organizationId: string; id: string },
  now: Date,
): Promise<void> {
  const row = await tx.row<{ stoppedAt: Date | null }>(sql`select stopped_at from report_mails
    where organization_id = ${organizationId} and id = ${id} for update`);
  if (!row) throw notFound('report by mail', id);
  if (row.stoppedAt) return;
  await tx.run(sql`update report_mails set stopped_at = ${now}
    where organization_id = ${organizationId} and id = ${id}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'report_mail.stopped', subjectId: id, data: {} },
  ]);
}

type Row = NewReportMail & { id: string; startsOn: CalendarDate; sentFor: CalendarDate | null };

/** Those that run, each with its next five days. */
export async function listReportMails(tx: Tx, { organizationId, today }: By) {
  const rows =
    await tx.rows<Row>(sql`select id, report, filter, format, every, on_day, recipients, starts_on, sent_for
    from report_mails where organization_id = ${organizationId} and stopped_at is null order by id`);
  return rows.map(({ onDay, startsOn, sentFor, ...row }) => {
    const from = sentFor && sentFor >= startsOn ? addDays(sentFor, 1) : startsOn;
    const next = nextDays({ every: row.every, onDay }, from > today ? from : today, 5);
    return {
      object: 'report_mail' as const,
      ...row,
      title: reportOf(row.report).title,
      on_day: onDay,
      last_sent_for: sentFor,
      next_days: next,
    };
  });
}
