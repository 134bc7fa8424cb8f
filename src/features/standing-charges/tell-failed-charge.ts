import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import { type NewMessage, queueMessages } from '#features/correspondence/queue-messages.ts';
import { payLink } from '#features/invoices/pay-link.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { type Notice, tellStaff } from '#features/notifications/tell-staff.ts';
import { declineWords } from '#features/payments/decline-rules.ts';
import { type PaidInvoice, readPaidInvoices } from '#features/payments/receipt-facts.ts';
import {
  type FailedCharge,
  failedChargeCopyMail,
  failedChargeMail,
} from '#features/standing-charges/failed-charge-mail.ts';
import type { CalendarDate } from '#lib/dates.ts';

/**
 * Tell the customer, once, that a charge that Owed made by itself was declined, with a way to pay; and the
 * organization, if it wants that. A bank debit that came back is told by its return notice.
 */
export async function tellFailedCharge(
  tx: Tx,
  actor: Actor,
  input: MailMakings & { organizationId: string; paymentId: string; again: CalendarDate | undefined },
  now: Date,
): Promise<void> {
  const { organizationId, paymentId, outbox, again } = input;
  const charge = await readFailedCharge(tx, organizationId, paymentId);
  if (!charge) return;
  const from = await readCorrespondent(tx, organizationId);
  const invoices = await readPaidInvoices(tx, organizationId, paymentId);
  const links = invoices.filter(({ balanceDue }) => balanceDue > 0n).map((invoice) => linkOf(input, invoice));
  const mail = { from, outbox, charge, invoices, links, again };
  const about = { customerId: charge.customerId, paymentId };
  const messages: NewMessage[] = [
    ...(charge.email && charge.mayBeTold
      ? [
          {
            ...about,
            to: [charge.email],
            cc: charge.ccEmails,
            kind: 'failed_charge',
            dedupeKey: `failed_charge ${paymentId}`,
            ...failedChargeMail(mail),
          },
        ]
      : []),
  ];
  await queueMessages(tx, actor, { organizationId, outbox, messages }, now);
  const notice: Notice = {
    ...about,
    kind: 'charge_failed',
    key: `failed_charge_copy ${paymentId}`,
    messageKind: 'failed_charge_copy',
    detail: declineWords(charge.declineCode).title,
    path: `/payments/${paymentId}`,
    write: (foot) => failedChargeCopyMail(mail, foot),
  };
  await tellStaff(tx, actor, { organizationId, outbox, notices: [notice] }, now);
}

const linkOf = (makings: MailMakings & { organizationId: string }, invoice: PaidInvoice) => ({
  number: invoice.number,
  url: payLink(makings.secrets, makings.outbox.baseUrl, {
    ...invoice,
    organizationId: makings.organizationId,
  }),
});

const readFailedCharge = (tx: Tx, organizationId: string, paymentId: string) =>
  tx.row<FailedCharge>(sql`
    select p.id, p.customer_id, c.display_name as customer_name, p.kind, p.source, p.amount, p.currency,
      p.decline_code, coalesce(p.method_brand, m.brand) as method_brand, coalesce(p.method_last4, m.last4) as method_last4,
      p.reference, r.first_name, r.email, r.cc_emails,
      coalesce(c.do_not_contact, r.do_not_contact) is null as may_be_told
    from payments p
    join customers c on c.organization_id = p.organization_id and c.id = p.customer_id
    join customers r on r.organization_id = p.organization_id
      and r.id = billed_to(p.organization_id::text, p.customer_id::text)
    left join payment_methods m on m.organization_id = p.organization_id and m.id = p.payment_method_id
    where p.organization_id = ${organizationId} and p.id = ${paymentId} and p.state = 'declined' for update of p`);
