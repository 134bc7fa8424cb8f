import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { createCreditMemo } from '#features/credit-memos/create-credit-memo.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { reversalOfLateFee } from '#features/ledger/late-fee-rules.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { moveInvoices } from '#features/payments/move-invoices.ts';
import { dateIn } from '#lib/dates.ts';
import { notFound, Refusal } from '#lib/errors.ts';

type Posted = {
  id: string;
  customerId: string;
  invoiceId: string;
  amount: bigint;
  currency: string;
  state: 'posted' | 'waived' | 'removed';
  sequence: number;
  number: string;
  timeZone: string;
  payable: bigint;
  isVoid: boolean;
  ownInvoiceId: string | null;
};

/**
 * Take a posted late fee back. What is still owed of its invoice goes down by it, and an invoice of its own
 * is void; if it has been paid, or is being paid, the invoice stays as it is and the customer has the fee as
 * credit, for this or any other invoice.
 */
export async function removeLateFee(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; lateFeeId: string; reason: string },
  now: Date,
): Promise<void> {
  const { organizationId, lateFeeId, reason } = input;
  const fee = await lockFee(tx, organizationId, lateFeeId);
  refuseRemoval(fee);
  const { invoiceId, customerId, amount, currency, sequence, ownInvoiceId } = fee;
  const isOwed = fee.payable >= fee.amount;
  if (isOwed && ownInvoiceId) {
    await voidInvoice(tx, actor, { organizationId, invoiceId: ownInvoiceId, reason }, now);
    return;
  }
  const creditMemoId = isOwed ? null : await creditFee(tx, actor, { organizationId, fee, reason }, now);
  await tx.run(sql`update late_fees set state = 'removed', removed_at = ${now}, reason = ${reason},
    credit_memo_id = ${creditMemoId} where organization_id = ${organizationId} and id = ${lateFeeId}`);
  let moved: Awaited<ReturnType<typeof moveInvoices>> = [];
  if (isOwed) {
    await postEntries(tx, organizationId, [reversalOfLateFee(fee, dateIn(fee.timeZone, now))], now);
    const delta = { invoiceId, applied: 0n, reserved: 0n, fees: -amount };
    moved = await moveInvoices(tx, organizationId, [delta], now);
  }
  const data = { late_fee_id: lateFeeId, sequence, amount, currency, reason };
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'late_fee.removed',
      subjectId: invoiceId,
      customerId,
      data: creditMemoId ? { ...data, credit_memo_id: creditMemoId } : data,
    },
    ...moved,
  ]);
}

/** Customer, invoices, fee: whoever posts or removes another, or pays, waits for the first two. */
async function lockFee(tx: Tx, organizationId: string, id: string): Promise<Posted> {
  const found = sql`select customer_id, invoice_id, own_invoice_id from late_fees where organization_id = ${organizationId} and id = ${id}`;
  await tx.run(sql`select c.id from customers c join (${found}) f on f.customer_id = c.id
    where c.organization_id = ${organizationId} for no key update of c`);
  await tx.run(sql`select i.id from invoices i join (${found}) f on i.id in (f.invoice_id, f.own_invoice_id)
    where i.organization_id = ${organizationId} order by i.id for update of i`);
  const fee = await tx.row<Posted>(sql`
    select f.id, f.customer_id, f.invoice_id, f.amount, f.currency, f.state, f.sequence, f.own_invoice_id, i.number,
      o.time_zone, w.balance_due - w.reserved as payable, w.voided_at is not null as is_void
    from late_fees f join invoices i on i.organization_id = f.organization_id and i.id = f.invoice_id
    join invoices w on w.organization_id = f.organization_id and w.id = coalesce(f.own_invoice_id, f.invoice_id)
    join organizations o on o.id = f.organization_id
    where f.organization_id = ${organizationId} and f.id = ${id} for update of f`);
  if (!fee) throw notFound('late fee', id);
  return fee;
}

function refuseRemoval({ state, isVoid }: Posted): void {
  if (state === 'removed') throw new Refusal('state_refused', 'This late fee has been removed already.');
  if (state === 'waived') throw new Refusal('state_refused', 'This late fee was waived; nobody owes it.');
  if (isVoid) throw new Refusal('state_refused', 'The invoice is void, and its late fees with it.');
}

async function creditFee(
  tx: Tx,
  actor: Actor,
  { organizationId, fee, reason }: { organizationId: string; fee: Posted; reason: string },
  now: Date,
): Promise<string> {
  const description = `Late fee ${fee.sequence} of invoice ${fee.number} removed`;
  const memo = {
    customerId: fee.customerId,
    reason,
    lines: [{ description, amount: fee.amount, tax: 0n }],
  };
  const { creditMemoId } = await createCreditMemo(tx, actor, { organizationId, memo, issue: true }, now);
  return creditMemoId;
}
