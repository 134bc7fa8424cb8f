import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { autopayOffCopyMail, autopayOffMail, autopayOnMail } from '#features/autopay/autopay-mails.ts';
import { readHouse, type TermColumns, termsOf } from '#features/autopay/read-facts.ts';
import type { AutopayEnd } from '#features/autopay/rules.ts';
import { readAutopayReaders } from '#features/autopay/tell-payers.ts';
import { endWords } from '#features/autopay/word-rules.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import { type NewMessage, queueMessages } from '#features/correspondence/queue-messages.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { type Notice, tellStaff } from '#features/notifications/tell-staff.ts';
import type { CalendarDate } from '#lib/dates.ts';

type News = MailMakings & { organizationId: string; customerId: string; today: CalendarDate };
type Row = TermColumns & {
  authorizationId: string;
  endedAt: Date | null;
  endedWhy: AutopayEnd | null;
  text: string;
  customerName: string;
  isChange: boolean;
};

/**
 * Tell the payer that autopay is on, with a copy of what was agreed, or that it is off; the organization
 * too, where it ended by itself. As it stands now, each once.
 */
export async function tellChanged(tx: Tx, actor: Actor, news: News, now: Date): Promise<void> {
  const { organizationId, customerId, outbox, today } = news;
  const row = await tx.row<Row>(sql`
    select a.*, z.text, c.display_name as customer_name, a.since < a.set_at as is_change from autopays a
    join authorizations z on z.organization_id = a.organization_id and z.id = a.authorization_id
    join customers c on c.organization_id = a.organization_id and c.id = a.customer_id
    where a.organization_id = ${organizationId} and a.customer_id = ${customerId}`);
  const reader = (await readAutopayReaders(tx, organizationId, [customerId])).get(customerId);
  if (!row || !reader) return;
  const from = await readCorrespondent(tx, organizationId);
  const { debitNoticeDays } = await readHouse(tx, organizationId, today);
  const letter = { from, outbox, reader };
  const why = row.endedWhy;
  const to = reader.email ? { to: [reader.email], cc: reader.ccEmails, customerId } : undefined;
  const ended = `${row.authorizationId} ended`;
  const messages: NewMessage[] = why
    ? [
        ...(to
          ? [
              {
                ...to,
                kind: 'autopay_off',
                dedupeKey: `autopay_off ${ended}`,
                ...autopayOffMail({ ...letter, why }),
              },
            ]
          : []),
      ]
    : to
      ? [
          {
            ...to,
            kind: 'autopay_on',
            dedupeKey: `autopay_on ${row.authorizationId}`,
            ...autopayOnMail({
              ...letter,
              terms: termsOf(row),
              isChange: row.isChange,
              text: row.text,
              debitNoticeDays,
            }),
          },
        ]
      : [];
  await queueMessages(tx, actor, { organizationId, outbox, messages }, now);
  if (!why || why === 'by_staff' || why === 'customer_inactive') return;
  const words = { why: endWords[why], customerName: row.customerName };
  const notice: Notice = {
    customerId,
    kind: 'autopay_ended',
    key: `autopay_off_copy ${ended}`,
    messageKind: 'autopay_off_copy',
    detail: words.why,
    path: `/customers/${customerId}?tab=autopay`,
    write: (foot) => autopayOffCopyMail({ ...letter, ...words, foot }),
  };
  await tellStaff(tx, actor, { organizationId, outbox, notices: [notice] }, now);
}
