import { buffer } from 'node:stream/consumers';
import { sql } from 'kysely';
import type { Actor, Database } from '#db/db.ts';
import { mailOrganization, readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import type { LocalDay } from '#features/days/work-day.ts';
import { reportOf } from '#features/reports/catalogue.ts';
import { type Filter, readFilter } from '#features/reports/filter-fields.ts';
import { leaveLinks } from '#features/reports/leave-report-mail.ts';
import { dayDue, type Rhythm } from '#features/reports/mail-rules.ts';
import { readAsked, readDesk } from '#features/reports/read-report.ts';
import {
  type Asked,
  contentTypes,
  type Format,
  fileNameOf,
  reportFile,
} from '#features/reports/report-files.ts';
import { type CalendarDate, formatDate } from '#lib/dates.ts';
import type { Secrets } from '#lib/secrets.ts';
import { renderMail } from '#ui/mail-layout.ts';

type Running = Rhythm & {
  id: string;
  report: string;
  filter: Filter;
  format: Format;
  recipients: string[];
  startsOn: CalendarDate;
  sentFor: CalendarDate | null;
};

type Deps = { db: Database; outbox: Outbox; secrets: Pick<Secrets, 'sign'> };

/** The part of a day that mails reports: each once for a day; after an outage for the newest day alone. */
export async function sendReportMails(deps: Deps, { organizationId, today, now }: LocalDay): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId, name: 'report-mails' };
  const running = await deps.db.transaction(actor, (tx) =>
    tx.rows<Running>(sql`select id, report, filter, format, every, on_day, recipients, starts_on, sent_for
      from report_mails where organization_id = ${organizationId} and stopped_at is null order by id`),
  );
  for (const mail of running) {
    const day = dayDue(mail, today);
    if (day) await sendOne(deps, actor, { organizationId, mail, day }, now);
  }
}

/** Mail servers refuse more; who needs it takes it from the page. */
const most_bytes = 10_000_000;

async function sendOne(
  { db, outbox, secrets }: Deps,
  actor: Actor,
  { organizationId, mail, day }: { organizationId: string; mail: Running; day: CalendarDate },
  now: Date,
): Promise<void> {
  const report = reportOf(mail.report);
  const filter = readFilter(report.fields, mail.filter);
  const desk = await db.transaction(actor, (tx) => readDesk(tx, organizationId, { now, today: day }));
  const asked = { report, filter, desk };
  const bytes = await buffer(reportFile(db, actor, asked, mail.format));
  const attachment =
    bytes.length > most_bytes
      ? undefined
      : { fileName: fileNameOf(asked, mail.format), contentType: contentTypes[mail.format], bytes };
  await db.transaction(actor, async (tx) => {
    const from = await readCorrespondent(tx, organizationId);
    const words = await readAsked(tx, asked);
    // A mail each: the link at its foot stops it for that address alone.
    const messages = mail.recipients.map((email) => {
      const links = leaveLinks(outbox.baseUrl, secrets, { organizationId, id: mail.id, email });
      return {
        kind: 'report',
        to: [email],
        dedupeKey: `report ${mail.id} ${day} ${email}`,
        unsubscribeUrl: links.oneClick,
        attachments: attachment ? [attachment] : [],
        ...wordsOf(asked, attachment, {
          organization: mailOrganization(from, outbox),
          baseUrl: outbox.baseUrl,
          leave: links.page,
          asked: words,
        }),
      };
    });
    await queueMessages(tx, actor, { organizationId, outbox, messages }, now);
    await tx.run(sql`update report_mails set sent_for = ${day}
      where organization_id = ${organizationId} and id = ${mail.id}`);
  });
}

function wordsOf(
  { report, filter, desk }: Asked,
  attachment: Attachment | undefined,
  by: {
    organization: Parameters<typeof renderMail>[0]['organization'];
    baseUrl: string;
    leave: string;
    asked: string;
  },
) {
  const date = formatDate(desk.today, desk.locale);
  const query = new URLSearchParams(
    Object.entries(filter).flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : [])),
  );
  return {
    subject: `${report.title}, ${date}`,
    ...renderMail({
      organization: by.organization,
      preheader: report.answers,
      heading: `${report.title}, ${date}`,
      blocks: [
        { kind: 'paragraph', words: report.answers },
        { kind: 'small', words: by.asked || 'Without a filter.' },
        {
          kind: 'paragraph',
          words: attachment
            ? `It is attached as ${attachment.fileName}.`
            : 'The file is larger than mail servers take. Open the report to get it.',
        },
        {
          kind: 'button',
          words: 'Open the report',
          url: `${by.baseUrl}/console/reports/${report.key}?${query}`,
        },
      ],
      footer: {
        words: 'You get this because your address is on this report.',
        link: { url: by.leave, words: 'Stop this mail' },
      },
    }),
  };
}
