import type { Actor, Tx } from '#db/db.ts';
import { decideCredit } from '#features/credit-memos/rules.ts';
import { lockMemos, writeCredits } from '#features/credit-memos/write-credits.ts';
import { lockInvoices } from '#features/payments/lock-invoices.ts';
import type { Application } from '#features/payments/rules.ts';
import { notFound, Refusal } from '#lib/errors.ts';

/** Put a credit memo against open invoices of its customer. */
export async function applyCredit(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; creditMemoId: string; applications: readonly Application[] },
  now: Date,
): Promise<void> {
  const { organizationId, creditMemoId, applications } = input;
  const invoices = await lockInvoices(
    tx,
    organizationId,
    applications.map(({ invoiceId }) => invoiceId),
  );
  const [memo] = await lockMemos(tx, organizationId, { ids: [creditMemoId] }, now);
  if (!memo) throw notFound('credit memo', creditMemoId);
  const verdict = decideCredit(memo, applications, invoices);
  if (!verdict.ok) throw new Refusal(verdict.code, { message: verdict.reason, param: verdict.param });
  const uses = applications.map((application) => ({ ...application, memo }));
  await writeCredits(tx, { actor, organizationId }, uses, now);
}
