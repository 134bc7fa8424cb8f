import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { billDeposit } from '#features/estimates/bill-deposit.ts';
import { type EstimateRow, lockEstimate, readEstimateLines, stateOf } from '#features/estimates/queries.ts';
import { refusalOfAnswer } from '#features/estimates/rules.ts';
import { readEstimateSeller } from '#features/estimates/write-estimate.ts';
import type { Line } from '#features/invoices/rules.ts';
import { dateIn } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { canonicalJson } from '#lib/json.ts';
import { sha256 } from '#lib/secrets.ts';

export type Answer = {
  organizationId: string;
  estimateId: string;
  answer: 'accepted' | 'declined';
  /** As it was typed by whoever answers. */
  name: string;
  reason?: string | undefined;
  /** Of the words that were read. */
  revision: number;
  /** From where it was said; of staff who takes it down, nothing. */
  origin?: { ip: string; userAgent: string } | undefined;
  takenBy?: string | undefined;
};

/** A customer accepts or declines, once and for good; accepting bills the deposit where that was agreed. */
export async function answerEstimate(
  tx: Tx,
  actor: Actor,
  input: Answer,
  now: Date,
): Promise<{ depositInvoiceId?: string }> {
  const { organizationId, estimateId, answer, name, origin } = input;
  const { timeZone } = await readEstimateSeller(tx, organizationId);
  const estimate = await lockEstimate(tx, organizationId, estimateId);
  const refusal = refusalOfAnswer(stateOf(estimate, dateIn(timeZone, now)));
  if (refusal) throw new Refusal('state_refused', refusal);
  if (input.revision !== estimate.revision)
    throw new Refusal('conflict', 'This estimate was changed meanwhile. Please read it again, then answer.');
  const document = documentOf(estimate, await readEstimateLines(tx, organizationId, estimateId));
  const { customerId, number, total, currency } = estimate;
  const documentHash = sha256(canonicalJson(document));
  await tx.run(sql`
    insert into estimate_answers (organization_id, estimate_id, customer_id, answer, name, reason, revision, document_hash,
      ip, user_agent, taken_by, answered_at)
    values (${organizationId}, ${estimateId}, ${customerId}, ${answer}, ${name}, ${input.reason ?? null},
      ${input.revision}, ${documentHash}, ${origin?.ip ?? null}, ${origin?.userAgent ?? null}, ${input.takenBy ?? null},
      ${now})`);
  await tx.run(sql`update estimates set answer = ${answer}
    where organization_id = ${organizationId} and id = ${estimateId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: answer === 'accepted' ? 'estimate.accepted' : 'estimate.declined',
      subjectId: estimateId,
      customerId,
      data: {
        number,
        amount: total,
        currency,
        name,
        ...(input.reason ? { reason: input.reason } : {}),
        ...(origin ? { ip: origin.ip } : {}),
        ...(answer === 'accepted' ? { document, document_hash: documentHash } : {}),
      },
    },
  ]);
  if (answer === 'declined' || estimate.deposit === 0n || !estimate.depositAtOnce) return {};
  const { invoiceId } = await billDeposit(tx, actor, input, now);
  return { depositInvoiceId: invoiceId };
}

/** What was read and answered, and nothing that moves later. */
const documentOf = (estimate: EstimateRow, lines: readonly Line[]): Record<string, unknown> => ({
  number: estimate.number,
  customer_id: estimate.customerId,
  currency: estimate.currency,
  estimate_date: estimate.estimateDate,
  expires_on: estimate.expiresOn,
  po_number: estimate.poNumber,
  memo: estimate.memo,
  subtotal: estimate.subtotal,
  ...(estimate.discount > 0n ? { discount: estimate.discount } : {}),
  tax: estimate.tax,
  total: estimate.total,
  deposit: estimate.deposit,
  lines: lines.map((line) => [
    line.itemName,
    line.description,
    line.quantity,
    line.unitPrice,
    line.amount,
    line.taxable,
    line.taxRate,
    ...(line.taxes?.length || line.discount || line.serviceDate
      ? [line.discount ?? '', line.serviceDate ?? null, line.taxes ?? []]
      : []),
  ]),
});
