import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { footerOf, mailOrganization, readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { formatMoney } from '#lib/money.ts';
import { renderMail } from '#ui/mail-layout.ts';

type Row = {
  id: string;
  customerId: string;
  displayName: string;
  number: string;
  balanceDue: bigint;
  currency: string;
  reason: string;
};

/** A customer disputes an invoice in the portal: the organization is told, once for each dispute. */
export async function mailDispute(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; invoiceId: string; outbox: Outbox },
  now: Date,
): Promise<void> {
  const { organizationId, invoiceId, outbox } = input;
  const dispute =
    await tx.row<Row>(sql`select d.id, d.customer_id, c.display_name, i.number, i.balance_due, i.currency,
      d.reason
    from disputes d join invoices i on i.organization_id = d.organization_id and i.id = d.invoice_id
    join customers c on c.organization_id = d.organization_id and c.id = d.customer_id
    where d.organization_id = ${organizationId} and d.invoice_id = ${invoiceId} and d.by_customer and d.state = 'open'`);
  const from = await readCorrespondent(tx, organizationId);
  const to = from.notifyEmails.length > 0 ? from.notifyEmails : from.email ? [from.email] : [];
  if (!dispute || to.length === 0) return;
  const { customerId, displayName, number, reason } = dispute;
  const mail = renderMail({
    organization: mailOrganization(from, outbox),
    preheader: `${displayName}: ${reason.slice(0, 120)}`,
    heading: `Invoice ${number} is in dispute`,
    blocks: [
      {
        kind: 'paragraph',
        words: `${displayName} objects to invoice ${number}. Reminders and late fees rest until you have settled it.`,
      },
      {
        kind: 'facts',
        rows: [
          ['Customer', displayName],
          ['Invoice', number],
          ['Balance due', formatMoney(dispute.balanceDue, dispute.currency, from.locale)],
          ['What they say', reason],
        ],
      },
      { kind: 'button', words: 'Open the invoice', url: `${outbox.baseUrl}/console/invoices/${invoiceId}` },
    ],
    footer: footerOf(from, `You receive this mail because ${from.name} has its notices sent here.`),
  });
  const about = { customerId, invoiceId, to, kind: 'dispute_notice', dedupeKey: `dispute ${dispute.id}` };
  const message = { ...about, subject: `${displayName} disputes invoice ${number}`, ...mail };
  await queueMessages(tx, actor, { organizationId, outbox, messages: [message] }, now);
}
