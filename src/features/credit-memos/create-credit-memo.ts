import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { composeCredit, type NewCreditMemo } from '#features/credit-memos/compose-credit.ts';
import { issueCreditMemo } from '#features/credit-memos/issue-credit-memo.ts';
import { writeCreditLines } from '#features/credit-memos/write-credit-lines.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

/** Write a credit memo for a customer: a draft, or issued at once. */
export async function createCreditMemo(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; memo: NewCreditMemo; issue: boolean },
  now: Date,
): Promise<{ creditMemoId: string }> {
  const { organizationId, memo } = input;
  const made = await composeCredit(tx, organizationId, memo, now);
  const number = await nextNumber(tx, organizationId);
  const id = newId('creditMemo');
  await tx.run(sql`
    insert into credit_memos (organization_id, id, customer_id, number, currency, memo_date, reason, subtotal, tax,
      tax_inside, total, created_at)
    values (${organizationId}, ${id}, ${memo.customerId}, ${number}, ${made.currency}, ${made.memoDate},
      ${memo.reason ?? null}, ${made.subtotal}, ${made.tax}, ${made.taxInside}, ${made.total}, ${now})`);
  await writeCreditLines(tx, organizationId, id, made);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'credit_memo.created',
      subjectId: id,
      customerId: memo.customerId,
      data: {
        amount: made.total,
        currency: made.currency,
        number,
        ...(memo.reason ? { reason: memo.reason } : {}),
      },
    },
  ]);
  if (input.issue) await issueCreditMemo(tx, actor, { organizationId, creditMemoId: id }, now);
  return { creditMemoId: id };
}

/** What the next one would be called. */
export async function readNextNumber(tx: Tx, organizationId: string): Promise<string> {
  const row = await tx.row<{
    number: string;
  }>(sql`select credit_memo_number_prefix || next_credit_memo_number as number
    from organizations where id = ${organizationId}`);
  return must(row, 'the organization').number;
}

/** The next of the series; the organization's row is locked, so none is given twice. */
async function nextNumber(tx: Tx, organizationId: string): Promise<string> {
  const row = await tx.row<{ number: string }>(sql`
    update organizations set next_credit_memo_number = next_credit_memo_number + 1 where id = ${organizationId}
    returning credit_memo_number_prefix || (next_credit_memo_number - 1) as number`);
  return must(row, 'the organization').number;
}
