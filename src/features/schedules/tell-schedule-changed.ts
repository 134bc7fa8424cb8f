import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import {
  type Correspondent,
  footerOf,
  mailOrganization,
  readCorrespondent,
} from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { methodWords } from '#features/payments/receipt-rules.ts';
import { wasWords } from '#features/schedules/agreement-rules.ts';
import { readSchedule, type ShownSchedule } from '#features/schedules/queries.ts';
import { progressOf } from '#features/schedules/read-schedule.ts';
import { nextDates } from '#features/schedules/rules.ts';
import { formatDate } from '#lib/dates.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

type News = { was: string | null; scheduleId: string };
type Reader = { email: string | null; ccEmails: string[]; firstName: string | null; text: string | null };

/** Tell the payer what a schedule takes from now on, with the words that hold: each change once. */
export async function tellScheduleChanged(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; eventId: string; outbox: Outbox },
  now: Date,
): Promise<void> {
  const { organizationId, eventId, outbox } = input;
  const news = await tx.row<News>(sql`select data ->> 'was' as was, subject_id as schedule_id from events
    where organization_id = ${organizationId} and id = ${eventId}`);
  if (!news?.was) return;
  const schedule = await readSchedule(tx, organizationId, news.scheduleId);
  const reader = await tx.row<Reader>(sql`
    select case when c.do_not_contact is null then c.email end as email, c.cc_emails, c.first_name, a.text
    from customers c left join authorizations a on a.organization_id = c.organization_id
      and a.id = ${schedule.authorizationId}
    where c.organization_id = ${organizationId} and c.id = ${schedule.customerId}`);
  if (!reader?.email) return;
  const from = await readCorrespondent(tx, organizationId);
  const message = {
    customerId: schedule.customerId,
    to: [reader.email],
    cc: reader.ccEmails,
    kind: 'schedule_changed',
    dedupeKey: `schedule_changed ${eventId}`,
    ...changedMail({ from, outbox, schedule, reader, was: news.was }),
  };
  await queueMessages(tx, actor, { organizationId, outbox, messages: [message] }, now);
}

type Letter = { from: Correspondent; outbox: Outbox; schedule: ShownSchedule; reader: Reader; was: string };

function changedMail({ from, outbox, schedule, reader, was }: Letter) {
  const on = (day: string): string => formatDate(day, from.locale);
  const now = wasWords(schedule, from);
  const method = methodWords({
    kind: schedule.methodKind === 'bank_account' ? 'bank_account' : 'card',
    methodBrand: schedule.methodBrand ?? '',
    methodLast4: schedule.methodLast4 ?? '',
    reference: null,
  });
  const dates = nextDates(schedule, progressOf(schedule), 5);
  const [first] = dates;
  const url = `${outbox.baseUrl}/portal/schedules/${schedule.id}`;
  const blocks: MailBlock[] = [
    { kind: 'paragraph', words: reader.firstName ? `Hello ${reader.firstName},` : 'Hello,' },
    {
      kind: 'paragraph',
      words: `${from.name} has changed a payment that is made by itself. What is charged from now on:`,
    },
    {
      kind: 'facts',
      rows: [
        ...(schedule.description ? [['For', schedule.description] as const] : []),
        ['Before', was],
        ['From now on', now],
        ['Charged to', method],
        ...(first ? [['Next on', dates.map(on).join(' · ')] as const] : []),
      ],
    },
    ...(reader.text ? [{ kind: 'small', words: reader.text } as const] : []),
    { kind: 'button', words: 'See or stop it', url },
  ];
  return {
    subject: first
      ? `${now} from ${on(first)}: a scheduled payment to ${from.name} has changed`
      : `A scheduled payment to ${from.name} has changed`,
    ...renderMail({
      organization: mailOrganization(from, outbox),
      preheader: `Before: ${was}. From now on: ${now}.`,
      heading: 'Your scheduled payment has changed',
      blocks,
      footer: footerOf(from, `You receive this mail because ${from.name} charges this payment by itself.`),
    }),
  };
}
