import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { type LockedMemo, lockMemos } from '#features/credit-memos/write-credits.ts';
import { entryOfCreditMemo } from '#features/ledger/credit-rules.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { notFound, Refusal } from '#lib/errors.ts';

/** Issue a draft: from now on the customer has this credit. */
export async function issueCreditMemo(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; creditMemoId: string },
  now: Date,
): Promise<LockedMemo> {
  const { organizationId, creditMemoId } = input;
  const [memo] = await lockMemos(tx, organizationId, { ids: [creditMemoId] }, now);
  if (!memo) throw notFound('credit memo', creditMemoId);
  if (memo.issuedAt || memo.voidedAt)
    throw new Refusal('state_refused', 'Only a draft can be issued, and this credit memo is none any more.');
  await tx.run(sql`update credit_memos set issued_at = ${now}
    where organization_id = ${organizationId} and id = ${creditMemoId}`);
  await postEntries(tx, organizationId, [entryOfCreditMemo(memo, memo.today)], now);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'credit_memo.issued',
      subjectId: creditMemoId,
      customerId: memo.customerId,
      data: { amount: memo.total, currency: memo.currency, number: memo.number },
    },
  ]);
  return { ...memo, issuedAt: now };
}
