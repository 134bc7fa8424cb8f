import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import {
  type EstimateInput,
  readEstimateSeller,
  workOutEstimate,
  writeEstimateLines,
} from '#features/estimates/write-estimate.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

/** Write down what work or goods will cost a customer, before anything is owed. */
export async function createEstimate(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; estimate: EstimateInput },
  now: Date,
): Promise<{ estimateId: string }> {
  const { organizationId, estimate } = input;
  const { customerId } = estimate;
  const seller = await readEstimateSeller(tx, organizationId);
  const { currency } = seller;
  const made = await workOutEstimate(tx, seller, estimate, dateIn(seller.timeZone, now));
  const number = await nextNumber(tx, organizationId);
  const id = newId('estimate');
  await tx.run(sql`
    insert into estimates (organization_id, id, customer_id, number, currency, estimate_date, expires_on, po_number, memo,
      subtotal, discount, discount_terms, tax, tax_inside, total, deposit_percent, deposit, deposit_at_once, created_at, updated_at)
    values (${organizationId}, ${id}, ${customerId}, ${number}, ${currency}, ${made.estimateDate}, ${made.expiresOn},
      ${estimate.poNumber ?? null}, ${estimate.memo ?? null}, ${made.subtotal}, ${made.discount}, ${made.discountTerms},
      ${made.tax}, ${made.taxInside}, ${made.total}, ${estimate.depositPercent ?? null}, ${made.deposit},
      ${estimate.depositAtOnce}, ${now}, ${now})`);
  await writeEstimateLines(tx, organizationId, id, made.lines);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'estimate.created',
      subjectId: id,
      customerId,
      data: { number, amount: made.total, currency, ...(made.deposit > 0n ? { deposit: made.deposit } : {}) },
    },
  ]);
  return { estimateId: id };
}

/** What the next one would be called. */
export async function readNextEstimateNumber(tx: Tx, organizationId: string): Promise<string> {
  const row = await tx.row<{
    number: string;
  }>(sql`select estimate_number_prefix || next_estimate_number as number
    from organizations where id = ${organizationId}`);
  return must(row, 'the organization').number;
}

/** The next of the series; the organization's row is locked, so none is given twice. */
async function nextNumber(tx: Tx, organizationId: string): Promise<string> {
  const row = await tx.row<{ number: string }>(sql`
    update organizations set next_estimate_number = next_estimate_number + 1 where id = ${organizationId}
    returning estimate_number_prefix || (next_estimate_number - 1) as number`);
  return must(row, 'the organization').number;
}
