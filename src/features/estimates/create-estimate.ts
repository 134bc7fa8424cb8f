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
import { must, Refusal } from '#lib/errors.ts';
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
  const customer = await tx.row(sql`select 1 as known from customers
    where organization_id = ${organizationId} and id = ${customerId} for share`);
  if (!customer)
    throw new Refusal('not_found', { message: 'There is no such customer.', param: 'customer_id' });
  const { currency, timeZone } = await readEstimateSeller(tx, organizationId);
  const made = workOutEstimate(estimate, currency, dateIn(timeZone, now));
  const number = await nextNumber(tx, organizationId);
  const id = newId('estimate');
  await tx.run(sql`
    insert into estimates (organization_id, id, customer_id, number, currency, estimate_date, expires_on, po_number, memo,
      subtotal, tax, total, deposit_percent, deposit, deposit_at_once, created_at, updated_at)
    values (${organizationId}, ${id}, ${customerId}, ${number}, ${currency}, ${made.estimateDate}, ${made.expiresOn},
      ${estimate.poNumber ?? null}, ${estimate.memo ?? null}, ${made.subtotal}, ${made.tax}, ${made.total},
      ${estimate.depositPercent ?? null}, ${made.deposit}, ${estimate.depositAtOnce}, ${now}, ${now})`);
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

/** The next of the series; the organization's row is locked, so none is given twice. */
async function nextNumber(tx: Tx, organizationId: string): Promise<string> {
  const row = await tx.row<{ number: string }>(sql`
    update organizations set next_estimate_number = next_estimate_number + 1 where id = ${organizationId}
    returning estimate_number_prefix || (next_estimate_number - 1) as number`);
  return must(row, 'the organization').number;
}
