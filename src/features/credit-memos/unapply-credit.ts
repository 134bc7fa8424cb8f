import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { lockMemos } from '#features/credit-memos/write-credits.ts';
import { reversalOfCredit } from '#features/ledger/credit-rules.ts';
import { entryStatements } from '#features/ledger/post-entries.ts';
import { lockInvoices } from '#features/payments/lock-invoices.ts';
import { moveInvoices } from '#features/payments/move-invoices.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { sum } from '#lib/money.ts';

/** Take a credit off an invoice: the invoice is owed again, and the credit is available again. */
export async function unapplyCredit(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; creditMemoId: string; invoiceId: string },
  now: Date,
): Promise<void> {
  const { organizationId, creditMemoId, invoiceId } = input;
  await lockInvoices(tx, organizationId, [invoiceId]);
  const [memo] = await lockMemos(tx, organizationId, { ids: [creditMemoId] }, now);
  if (!memo) throw notFound('credit memo', creditMemoId);
  const rows = await tx.rows<{ id: string; amount: bigint }>(sql`select id, amount from credit_applications
    where organization_id = ${organizationId} and credit_memo_id = ${creditMemoId} and invoice_id = ${invoiceId}
      and state = 'applied' order by id`);
  if (rows.length === 0)
    throw new Refusal('not_found', {
      message: 'This credit is not applied to that invoice.',
      param: 'invoice_id',
    });
  const total = sum(rows.map(({ amount }) => amount));
  const { customerId, currency, number, today } = memo;
  const reopened = await moveInvoices(
    tx,
    organizationId,
    [{ invoiceId, applied: 0n, reserved: 0n, credited: -total }],
    now,
  );
  await tx.writeAll([
    sql`update credit_memos set applied = applied - ${total}
      where organization_id = ${organizationId} and id = ${creditMemoId}`,
    sql`update credit_applications set state = 'ended', ended_at = ${now}
      where organization_id = ${organizationId} and id = any(${rows.map(({ id }) => id)}::text[])`,
    ...entryStatements(
      organizationId,
      rows.map((row) => reversalOfCredit({ ...row, invoiceId, customerId, currency, entryDate: today })),
      now,
    ),
  ]);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'credit_memo.unapplied',
      subjectId: creditMemoId,
      customerId,
      data: { amount: total, currency, number, invoice_id: invoiceId },
    },
    {
      type: 'invoice.credit_unapplied',
      subjectId: invoiceId,
      customerId,
      data: { amount: total, currency, credit_memo_id: creditMemoId, credit_memo: number },
    },
    ...reopened,
  ]);
}
