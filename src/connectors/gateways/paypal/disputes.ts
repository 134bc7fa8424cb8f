import { z } from 'zod';
import type { Evidence, GatewayChargeback, GatewayChargebacks } from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';
import { evidenceForm } from './evidence-form.ts';
import { ourPaymentId } from './our-ids.ts';
import { answerOf, errorOf, type PaypalApi, unavailable } from './paypal-api.ts';
import { fromPaypalMoney } from './paypal-money.ts';
import { moneyShape } from './paypal-order.ts';

const linkShape = z.object({ href: z.string(), rel: z.string() });
const pageShape = z.object({
  items: z.array(z.object({ dispute_id: z.string() })).default([]),
  links: z.array(linkShape).default([]),
});

const disputeShape = z.object({
  dispute_id: z.string(),
  create_time: z.string(),
  update_time: z.string().optional(),
  reason: z.string().default('OTHER'),
  external_reason_code: z.string().optional(),
  status: z.string(),
  dispute_amount: moneyShape,
  dispute_outcome: z.object({ outcome_code: z.string().default('NONE') }).optional(),
  disputed_transactions: z
    .array(z.object({ seller_transaction_id: z.string().optional(), custom: z.string().optional() }))
    .default([]),
  evidences: z.array(z.object({ source: z.string().optional() })).default([]),
  seller_response_due_date: z.string().optional(),
});
type Dispute = z.infer<typeof disputeShape>;

const reasons: Record<string, string> = {
  MERCHANDISE_OR_SERVICE_NOT_RECEIVED: 'The payer says that nothing was received',
  MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED: 'The payer says that it was not as described',
  UNAUTHORISED: 'The payer says that the payment was not theirs',
  CREDIT_NOT_PROCESSED: 'The payer says that a refund was promised and did not come',
  DUPLICATE_TRANSACTION: 'The payer says that they paid twice',
  INCORRECT_AMOUNT: 'The payer says that the amount is wrong',
  PAYMENT_BY_OTHER_MEANS: 'The payer says that they paid another way',
  CANCELED_RECURRING_BILLING: 'The payer says that they had ended the subscription',
  PROBLEM_WITH_REMITTANCE: 'The payer says that the remittance has a problem',
};

const lost = new Set(['RESOLVED_BUYER_FAVOUR', 'ACCEPTED']);
/** `RESOLVED_WITH_PAYOUT`: PayPal pays the payer itself and leaves the money with the business. */
const won = new Set(['RESOLVED_SELLER_FAVOUR', 'RESOLVED_WITH_PAYOUT', 'CANCELED_BY_BUYER', 'DENIED']);

function stateOf(dispute: Dispute): GatewayChargeback['state'] {
  const outcome = dispute.status === 'RESOLVED' ? (dispute.dispute_outcome?.outcome_code ?? 'NONE') : '';
  if (lost.has(outcome)) return 'lost';
  if (won.has(outcome)) return 'won';
  // An outcome in words we do not know closes nothing: staff sees the dispute until PayPal says more.
  return dispute.evidences.some((each) => each.source === 'SUBMITTED_BY_SELLER') ? 'evidence_sent' : 'opened';
}

function chargebackOf(dispute: Dispute): GatewayChargeback | undefined {
  const money = fromPaypalMoney(dispute.dispute_amount);
  if (!money) return undefined;
  const [disputed] = dispute.disputed_transactions;
  return {
    reference: dispute.dispute_id,
    paymentId: ourPaymentId(disputed?.custom),
    paymentReference: disputed?.seller_transaction_id,
    ...money,
    code: dispute.external_reason_code ?? dispute.reason,
    reason: reasons[dispute.reason] ?? 'The payer disputes the payment',
    state: stateOf(dispute),
    openedAt: new Date(dispute.create_time),
    evidenceDueAt: dispute.seller_response_due_date ? new Date(dispute.seller_response_due_date) : undefined,
  };
}

const day_ms = 86_400_000;
/** PayPal answers an error to anything longer ago. */
const lookBack_ms = 179 * day_ms;
const page_size = 50;
const pages_max = 200;

async function changedSince(api: PaypalApi, since: Date): Promise<string[]> {
  let query = new URLSearchParams({ update_time_after: since.toISOString(), page_size: String(page_size) });
  const ids: string[] = [];
  for (let page = 0; page < pages_max; page += 1) {
    const result = await api.send({ method: 'GET', path: `/v1/customer/disputes?${query}` });
    const read = answerOf(result, pageShape);
    if (!read) throw unavailable(result, 'its disputes');
    ids.push(...read.items.map((each) => each.dispute_id));
    const next = read.links.find((link) => link.rel === 'next')?.href;
    // Only the query of the link is followed: our token goes to no other address than PayPal's.
    if (next === undefined || !URL.canParse(next)) return ids;
    query = new URL(next).searchParams;
  }
  throw new Refusal('unavailable', 'PayPal has more changed disputes than can be read at once.');
}

async function readDispute(api: PaypalApi, id: string): Promise<Dispute> {
  const result = await api.send({ method: 'GET', path: `/v1/customer/disputes/${encodeURIComponent(id)}` });
  const dispute = answerOf(result, disputeShape);
  if (!dispute) throw unavailable(result, 'a dispute');
  return dispute;
}

async function sendEvidence(api: PaypalApi, reference: string, evidence: Evidence): Promise<void> {
  const form = evidenceForm(reference, evidence);
  const result = await api.send({
    method: 'POST',
    path: `/v1/customer/disputes/${encodeURIComponent(reference)}/provide-evidence`,
    content: form.bytes,
    headers: { 'content-type': form.type },
  });
  if (result.kind === 'answered' && result.status === 200) return;
  const error = errorOf(result);
  if (error?.issue === 'ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE')
    throw new Refusal('state_refused', 'PayPal takes no more evidence for this dispute.');
  if (error && (error.status === 400 || error.status === 422))
    throw new Refusal(
      'invalid_request',
      `PayPal did not take the evidence: ${error.description || error.issue}`,
    );
  throw unavailable(result, 'an answer to the evidence');
}

/**
 * Disputes at every stage, from the first inquiry: PayPal holds the money back from the day one is opened.
 * The list names only ids and states, so each is read for its payment and outcome.
 */
export function paypalChargebacks(api: PaypalApi): GatewayChargebacks {
  return {
    async list({ since, at }) {
      const from = new Date(Math.max(since.getTime(), at.getTime() - lookBack_ms));
      const disputes: Dispute[] = [];
      for (const id of new Set(await changedSince(api, from))) disputes.push(await readDispute(api, id));
      const changed = (each: Dispute): number => Date.parse(each.update_time ?? each.create_time);
      disputes.sort((a, b) => changed(a) - changed(b));
      return disputes.map(chargebackOf).filter((each) => each !== undefined);
    },
    sendEvidence: ({ reference, evidence }) => sendEvidence(api, reference, evidence),
  };
}
