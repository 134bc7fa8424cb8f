import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { decideVoid } from '#features/credit-memos/rules.ts';
import { lockMemos } from '#features/credit-memos/write-credits.ts';
import { reversalOfCreditMemo } from '#features/ledger/credit-rules.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { notFound, Refusal } from '#lib/errors.ts';

/** Void a credit memo of which nothing is used: it keeps its number, and its entries are reversed. */
export async function voidCreditMemo(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; creditMemoId: string; reason: string },
  now: Date,
): Promise<void> {
  const { organizationId, creditMemoId, reason } = input;
  const [memo] = await lockMemos(tx, organizationId, { ids: [creditMemoId] }, now);
  if (!memo) throw notFound('credit memo', creditMemoId);
  const verdict = decideVoid(memo);
  if (!verdict.ok) throw new Refusal(verdict.code, { message: verdict.reason, param: verdict.param });
  await tx.run(sql`update credit_memos set voided_at = ${now}
    where organization_id = ${organizationId} and id = ${creditMemoId}`);
  if (memo.issuedAt) await postEntries(tx, organizationId, [reversalOfCreditMemo(memo, memo.today)], now);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'credit_memo.voided',
      subjectId: creditMemoId,
      customerId: memo.customerId,
      data: { amount: memo.total, currency: memo.currency, number: memo.number, reason },
    },
  ]);
}
