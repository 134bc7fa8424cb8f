import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { mailOrganization, readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { type Notice, tellStaff } from '#features/notifications/tell-staff.ts';
import { formatMoney } from '#lib/money.ts';
import { type Mail, renderMail } from '#ui/mail-layout.ts';

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
  if (!dispute) return;
  const { customerId, displayName, number, reason } = dispute;
  const mail = {
    organization: mailOrganization(from, outbox),
    preheader: `${displayName}: ${reason.slice(0, 120)}`,
    heading: `Invoice ${number} is in dispute`,
    blocks: [
      {
        kind: 'paragraph',
        words: `${displayName} objects to invoice ${number}, in the words below. Reminders and late fees rest until you have settled it.`,
      },
      {
        kind: 'facts',
        rows: [
          ['Customer', displayName],
          ['Invoice', number],
          ['Balance due', formatMoney(dispute.balanceDue, dispute.currency, from.locale)],
        ],
      },
      { kind: 'notice', words: reason },
      { kind: 'button', words: 'Open the invoice', url: `${outbox.baseUrl}/console/invoices/${invoiceId}` },
    ],
  } satisfies Omit<Mail, 'footer'>;
  const notice: Notice = {
    ...{
      customerId,
      invoiceId,
      kind: 'dispute',
      key: `dispute ${dispute.id}`,
      messageKind: 'dispute_notice',
    },
    detail: reason,
    path: `/invoices/${invoiceId}`,
    write: (foot) => ({
      subject: `${displayName} disputes invoice ${number}`,
      ...renderMail({ ...mail, footer: foot }),
    }),
  };
  await tellStaff(tx, actor, { organizationId, outbox, notices: [notice] }, now);
}
