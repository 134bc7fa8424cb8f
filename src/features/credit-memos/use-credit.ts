import type { Actor, Tx } from '#db/db.ts';
import { availableOf, spreadCredit } from '#features/credit-memos/rules.ts';
import { lockMemos, writeCredits } from '#features/credit-memos/write-credits.ts';
import { lockInvoices } from '#features/payments/lock-invoices.ts';
import { type Application, decidePayment } from '#features/payments/rules.ts';
import { must, Refusal } from '#lib/errors.ts';
import { sum } from '#lib/money.ts';

/**
 * A payer uses credit for what is about to be paid, exactly as much as the page said; answers what is left to
 * be charged. Credit that has meanwhile become less, or more, is looked at again before anything moves.
 */
export async function useCredit(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; customerId: string; lines: readonly Application[]; expected: bigint },
  now: Date,
): Promise<{ rest: Application[]; used: bigint }> {
  const { organizationId, customerId, lines } = input;
  const invoices = await lockInvoices(
    tx,
    organizationId,
    lines.map(({ invoiceId }) => invoiceId),
  );
  const memos = await lockMemos(tx, organizationId, { customerId }, now);
  const currency = must(memos[0] ?? [...invoices.values()][0], 'an invoice').currency;
  const verdict = decidePayment(
    { customerId, currency, amount: sum(lines.map(({ amount }) => amount)), applications: lines },
    invoices,
  );
  if (!verdict.ok) throw new Refusal(verdict.code, { message: verdict.reason, param: verdict.param });
  const { uses, rest, used } = spreadCredit(
    memos.map((memo) => ({ id: memo.id, available: availableOf(memo) })),
    lines,
  );
  if (used !== input.expected)
    throw new Refusal('state_refused', {
      message: 'Your credit has changed meanwhile. Please look at the amounts again.',
      param: 'credit',
    });
  const byId = new Map(memos.map((memo) => [memo.id, memo]));
  await writeCredits(
    tx,
    { actor, organizationId },
    uses.map(({ creditMemoId, ...use }) => ({ ...use, memo: must(byId.get(creditMemoId), 'its memo') })),
    now,
  );
  return { rest, used };
}
