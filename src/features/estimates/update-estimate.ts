import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { lockEstimate, stateOf } from '#features/estimates/queries.ts';
import { isOpen } from '#features/estimates/rules.ts';
import {
  type EstimateInput,
  readEstimateSeller,
  workOutEstimate,
  writeEstimateLines,
} from '#features/estimates/write-estimate.ts';
import { dateIn } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

/** Change an estimate that nobody has answered; whoever has its page open must look again. */
export async function updateEstimate(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; estimateId: string; estimate: Omit<EstimateInput, 'customerId'> },
  now: Date,
): Promise<void> {
  const { organizationId, estimateId, estimate } = input;
  const seller = await readEstimateSeller(tx, organizationId);
  const today = dateIn(seller.timeZone, now);
  const before = await lockEstimate(tx, organizationId, estimateId);
  if (!isOpen(stateOf(before, today)))
    throw new Refusal('state_refused', 'This estimate has been answered. Write a new one instead.');
  const { customerId, number, currency } = before;
  const dated = { ...estimate, customerId, estimateDate: estimate.estimateDate ?? before.estimateDate };
  const made = await workOutEstimate(tx, seller, dated, today);
  await tx.run(sql`
    update estimates set estimate_date = ${made.estimateDate}, expires_on = ${made.expiresOn},
      po_number = ${estimate.poNumber ?? null}, memo = ${estimate.memo ?? null}, subtotal = ${made.subtotal},
      discount = ${made.discount}, discount_terms = ${made.discountTerms}, tax_inside = ${made.taxInside},
      tax = ${made.tax}, total = ${made.total}, deposit_percent = ${estimate.depositPercent ?? null},
      deposit = ${made.deposit}, deposit_at_once = ${estimate.depositAtOnce}, revision = revision + 1, viewed_at = null,
      updated_at = ${now}
    where organization_id = ${organizationId} and id = ${estimateId}`);
  await tx.run(sql`delete from estimate_lines
    where organization_id = ${organizationId} and estimate_id = ${estimateId}`);
  await writeEstimateLines(tx, organizationId, estimateId, made.lines);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'estimate.updated',
      subjectId: estimateId,
      customerId,
      data: { number, amount: made.total, currency, revision: before.revision + 1 },
    },
  ]);
}
