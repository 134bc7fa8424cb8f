import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import {
  type BilledPart,
  lockEstimate,
  readBilledParts,
  readEstimateLines,
  stateOf,
} from '#features/estimates/queries.ts';
import {
  billed_bps,
  deductionOf,
  linesOfPart,
  partOf,
  restOf,
  totalOfShare,
} from '#features/estimates/rules.ts';
import { readEstimateSeller } from '#features/estimates/write-estimate.ts';
import { writePart } from '#features/estimates/write-part.ts';
import { addDays, dateIn } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import { sum } from '#lib/money.ts';

/** Turn an accepted estimate into an invoice, whole or in part; its deposit comes off in proportion. */
export async function billEstimate(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; estimateId: string; shareBps?: number | undefined },
  now: Date,
): Promise<{ invoiceId: string }> {
  const { organizationId, estimateId } = input;
  const { timeZone } = await readEstimateSeller(tx, organizationId);
  const today = dateIn(timeZone, now);
  const estimate = await lockEstimate(tx, organizationId, estimateId);
  const lines = await readEstimateLines(tx, organizationId, estimateId);
  const billed = await readBilledParts(tx, organizationId, estimateId);
  const state = stateOf(estimate, today);
  if (state === 'invoiced') throw new Refusal('state_refused', 'All of this estimate has been billed.');
  if (state !== 'accepted')
    throw new Refusal('state_refused', 'This estimate is not accepted. Take down who accepted it first.');
  const taken = billed.filter(({ kind, voidedAt }) => kind === 'part' && !voidedAt);
  const left = 10_000 - billed_bps(taken);
  const shareBps = input.shareBps ?? left;
  if (shareBps > left) throw new Refusal('invalid_request', { message: tooMuch(left), param: 'percent' });
  const rest = restOf({ ...estimate, lines }, taken);
  const share = partOf(rest, { share_bps: shareBps, left_bps: left, lines });
  const [total, restTotal] = [totalOfShare(share), totalOfShare(rest)];
  if (total < 0n || (total === 0n && shareBps < left))
    throw new Refusal('invalid_request', {
      message: 'This part comes to nothing. Bill more.',
      param: 'percent',
    });
  const buyer = await readBuyer(tx, organizationId, estimate.customerId);
  const part = {
    kind: 'part' as const,
    shareBps,
    share,
    lines: linesOfPart({ ...estimate, lines }, share),
    invoiceDate: today,
    dueDate: addDays(today, buyer.days),
    taxExemptReason: estimate.tax === 0n ? buyer.taxExemptReason : null,
    issue: true,
    deduct: deductionOf(depositStanding(billed), total, restTotal),
  };
  return writePart(tx, actor, { estimate, part }, now);
}

const tooMuch = (left: number): string =>
  `Only ${left / 100} % of this estimate is left to bill. Bill that much, or less.`;

/** What of the deposit was billed and stands, and what has been deducted by credit that stands. */
const depositStanding = (parts: readonly BilledPart[]) => ({
  billed: sum(
    parts.filter(({ kind, voidedAt }) => kind === 'deposit' && !voidedAt).map(({ total }) => total),
  ),
  deducted: sum(parts.filter(({ isDeducted }) => isDeducted).map(({ deducted }) => deducted)),
});

type Buyer = { days: number; taxExemptReason: string | null };

async function readBuyer(tx: Tx, organizationId: string, customerId: string): Promise<Buyer> {
  const row = await tx.row<Buyer>(sql`select coalesce(c.terms_days, o.terms_days) as days, c.tax_exempt_reason
    from customers c join organizations o on o.id = c.organization_id
    where c.organization_id = ${organizationId} and c.id = ${customerId}`);
  return must(row, 'the customer');
}
