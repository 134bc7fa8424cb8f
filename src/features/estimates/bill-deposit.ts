import type { Actor, Tx } from '#db/db.ts';
import { type EstimateRow, lockEstimate, readBilledParts, stateOf } from '#features/estimates/queries.ts';
import { noShare } from '#features/estimates/rules.ts';
import { readEstimateSeller } from '#features/estimates/write-estimate.ts';
import { writePart } from '#features/estimates/write-part.ts';
import { dateIn } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { toDecimal } from '#lib/money.ts';

/** Bill the deposit that an accepted estimate asks for: an invoice of its own, due at once. */
export async function billDeposit(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; estimateId: string },
  now: Date,
): Promise<{ invoiceId: string }> {
  const { organizationId, estimateId } = input;
  const { timeZone } = await readEstimateSeller(tx, organizationId);
  const today = dateIn(timeZone, now);
  const estimate = await lockEstimate(tx, organizationId, estimateId);
  const parts = await readBilledParts(tx, organizationId, estimateId);
  const standing = parts.filter(({ voidedAt }) => !voidedAt);
  if (stateOf(estimate, today) !== 'accepted')
    throw new Refusal(
      'state_refused',
      'A deposit is billed once the estimate is accepted, before its last invoice.',
    );
  if (estimate.deposit === 0n) throw new Refusal('state_refused', 'This estimate asks for no deposit.');
  if (standing.some(({ kind }) => kind === 'deposit'))
    throw new Refusal('state_refused', 'The deposit of this estimate has been billed already.');
  if (standing.length > 0)
    throw new Refusal(
      'state_refused',
      'A part of this estimate has been billed: it is too late for a deposit.',
    );
  return writePart(tx, actor, { estimate, part: depositPart(estimate, today) }, now);
}

const depositPart = (estimate: EstimateRow, today: string) => ({
  kind: 'deposit' as const,
  shareBps: 0,
  share: noShare,
  lines: [
    {
      itemName: 'Deposit',
      description: `On estimate ${estimate.number}. It is deducted from what is billed later.`,
      quantity: '1',
      unitPrice: toDecimal(estimate.deposit, estimate.currency),
      amount: estimate.deposit,
      taxable: false,
      taxRate: '0',
    },
  ],
  invoiceDate: today,
  dueDate: today,
  issue: true,
});
