import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { type NewEvent, record } from '#db/events.ts';
import { isPlaceholder } from '#features/invoices/numbering-rules.ts';
import { readInvoice } from '#features/invoices/queries.ts';
import { reversalOfLateFees } from '#features/ledger/late-fee-rules.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { reversalOfInvoice } from '#features/ledger/rules.ts';
import { dateIn } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';

/** Void an invoice: it keeps its number, its entries are reversed, and nobody owes it any more. */
export async function voidInvoice(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; invoiceId: string; reason: string },
  now: Date,
): Promise<void> {
  const { organizationId, invoiceId } = input;
  await tx.run(
    sql`select id from invoices where organization_id = ${organizationId} and id = ${invoiceId} for update`,
  );
  const invoice = await readInvoice(tx, organizationId, invoiceId);
  if (invoice.voidedAt) throw new Refusal('state_refused', 'This invoice is void already.');
  if (isPlaceholder(invoice.number))
    throw new Refusal('state_refused', 'This draft has no number yet. Delete it instead.');
  if (invoice.reserved > 0n) {
    throw new Refusal(
      'state_refused',
      'A payment for this invoice is being processed. Wait for it, or void the payment first.',
    );
  }
  if (invoice.applied > 0n || invoice.credited > 0n) {
    throw new Refusal('state_refused', 'Payments are applied to this invoice. Detach or refund them first.');
  }
  await giveBackToEstimate(tx, organizationId, invoiceId);
  await tx.run(sql`update invoices set voided_at = ${now}, updated_at = ${now}, closed_at = ${now}, written_off = 0,
    issued_at = coalesce(issued_at, ${now}) where organization_id = ${organizationId} and id = ${invoiceId}`);
  const zone = await tx.row<{ timeZone: string }>(
    sql`select time_zone from organizations where id = ${organizationId}`,
  );
  if (invoice.issuedAt) {
    const today = dateIn(must(zone, 'the organization').timeZone, now);
    await postEntries(
      tx,
      organizationId,
      [reversalOfInvoice(invoice, today), reversalOfLateFees(invoice, today)],
      now,
    );
  }
  const fee = invoice.lateFeeOf ? await endLateFee(tx, input, now) : [];
  await record(tx, { actor, organizationId, now }, [
    ...fee,
    {
      type: 'invoice.voided',
      subjectId: invoiceId,
      customerId: invoice.customerId,
      data: { reason: input.reason, was_issued: invoice.issuedAt !== null },
    },
  ]);
}

/** A part is there to be billed again; a deposit is not taken away under the invoice that deducts it. */
async function giveBackToEstimate(tx: Tx, organizationId: string, invoiceId: string): Promise<void> {
  await tx.run(sql`select e.id from estimates e join estimate_invoices p on p.organization_id = e.organization_id
    and p.estimate_id = e.id where p.organization_id = ${organizationId} and p.invoice_id = ${invoiceId} for update of e`);
  const deducted = await tx.row<{ number: string }>(sql`select m.number from estimate_invoices d
    join estimate_invoices p on p.organization_id = d.organization_id and p.estimate_id = d.estimate_id
    join credit_memos m on m.organization_id = p.organization_id and m.id = p.credit_memo_id and m.voided_at is null
    where d.organization_id = ${organizationId} and d.invoice_id = ${invoiceId} and d.kind = 'deposit' limit 1`);
  if (deducted)
    throw new Refusal(
      'state_refused',
      `This deposit was deducted from a later invoice by ${deducted.number}. Void ${deducted.number} first.`,
    );
  await tx.run(sql`update estimates e set billed_bps = e.billed_bps - p.share_bps from estimate_invoices p
    where p.organization_id = ${organizationId} and p.invoice_id = ${invoiceId} and p.kind = 'part'
      and e.organization_id = p.organization_id and e.id = p.estimate_id`);
}

/** The late fee that the invoice was over is owed no more either. */
async function endLateFee(
  tx: Tx,
  { organizationId, invoiceId, reason }: { organizationId: string; invoiceId: string; reason: string },
  now: Date,
): Promise<NewEvent[]> {
  const fees =
    await tx.rows<EndedFee>(sql`update late_fees set state = 'removed', removed_at = ${now}, reason = ${reason}
    where organization_id = ${organizationId} and own_invoice_id = ${invoiceId} and state = 'posted'
    returning id, invoice_id, customer_id, sequence, amount, currency`);
  return fees.map(({ id, invoiceId: subjectId, customerId, ...data }) => ({
    type: 'late_fee.removed',
    subjectId,
    customerId,
    data: { late_fee_id: id, ...data, reason, own_invoice_id: invoiceId },
  }));
}

type EndedFee = {
  id: string;
  invoiceId: string;
  customerId: string;
  sequence: number;
  amount: bigint;
  currency: string;
};
