import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { composeCredit, type NewCreditMemo } from '#features/credit-memos/compose-credit.ts';
import { issueCreditMemo } from '#features/credit-memos/issue-credit-memo.ts';
import { writeCreditLines } from '#features/credit-memos/write-credit-lines.ts';
import { lockMemos } from '#features/credit-memos/write-credits.ts';
import { notFound, Refusal } from '#lib/errors.ts';

/** Write a draft of a credit memo anew, whole; and issue it, where that is asked for. */
export async function rewriteCreditMemo(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; creditMemoId: string; memo: NewCreditMemo; issue: boolean },
  now: Date,
): Promise<void> {
  const { organizationId, creditMemoId, memo } = input;
  const made = await composeCredit(tx, organizationId, memo, now);
  const [before] = await lockMemos(tx, organizationId, { ids: [creditMemoId] }, now);
  if (!before) throw notFound('credit memo', creditMemoId);
  if (before.issuedAt || before.voidedAt)
    throw new Refusal('state_refused', `Credit memo ${before.number} keeps what it says: it is no draft.`);
  await tx.run(sql`update credit_memos set customer_id = ${memo.customerId}, memo_date = ${made.memoDate},
      reason = ${memo.reason ?? null}, subtotal = ${made.subtotal}, tax = ${made.tax}, tax_inside = ${made.taxInside},
      total = ${made.total}
    where organization_id = ${organizationId} and id = ${creditMemoId}`);
  await writeCreditLines(tx, organizationId, creditMemoId, made);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'credit_memo.draft_rewritten',
      subjectId: creditMemoId,
      customerId: memo.customerId,
      data: { amount: made.total, currency: made.currency, number: before.number },
    },
  ]);
  if (input.issue) await issueCreditMemo(tx, actor, { organizationId, creditMemoId }, now);
}
