import type Stripe from 'stripe';
import { type Account, allOf, day_s, find, keep, later, newStripeId, now_s, type Of } from './account.ts';
import { hashOf, integerOf, textOf } from './check-params.ts';
import { book } from './entries.ts';
import { tell } from './events.ts';
import { shown } from './expand.ts';
import type { Params } from './form.ts';
import { invalid, missing } from './wire.ts';

type Dispute = Of<'dispute'>;
type Cause = { reason: string; network?: string; inquiry?: boolean; isFinal?: boolean };

/** Banks take back a debit for good. */
export const disputeOf = (reason: string): Cause => ({ reason, isFinal: true });

const fee = 1500;
const answerWithin_s = 9 * day_s;
const decidedAfter_s = 30 * day_s;

export function openDispute(account: Account, chargeId: string, cause: Cause): void {
  const charge = find(account, 'charge', chargeId);
  if (charge?.status !== 'succeeded') return;
  const isCard = charge.payment_method_details?.type === 'card';
  charge.disputed = true;
  const dispute = keep<Dispute>(account, {
    id: newStripeId(cause.inquiry ? 'du' : 'dp'),
    object: 'dispute',
    amount: charge.amount,
    balance_transactions: [],
    charge: charge.id,
    created: now_s(account),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: { ...noEvidence },
    evidence_details: {
      due_by: cause.isFinal ? null : now_s(account) + answerWithin_s,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: cause.inquiry ?? false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    ...(isCard && {
      payment_method_details: {
        type: 'card',
        card: {
          brand: 'visa',
          case_type: cause.inquiry ? 'inquiry' : 'chargeback',
          network: 'visa',
          network_reason_code: cause.network ?? null,
        },
      },
    }),
    reason: cause.reason,
    status: cause.isFinal ? 'lost' : cause.inquiry ? 'warning_needs_response' : 'needs_response',
  });
  tell(account, dispute, 'created');
  if (!cause.inquiry) withdraw(account, dispute, -1);
  if (cause.isFinal) tell(account, dispute, 'closed');
  else later(account, answerWithin_s, () => closeUnanswered(account, dispute.id));
}

/** The money leaves with the dispute, and comes back, without the fee, when it is won. */
function withdraw(account: Account, dispute: Dispute, sign: 1 | -1): void {
  const entry = book(account, {
    amount: sign * dispute.amount,
    currency: dispute.currency,
    fee: sign < 0 ? fee : 0,
    type: 'adjustment',
    reporting_category: sign < 0 ? 'dispute' : 'dispute_reversal',
    description: `Chargeback ${sign < 0 ? 'withdrawal' : 'reversal'} for ${String(dispute.charge)}`,
    source: dispute.id,
  });
  dispute.balance_transactions = [...dispute.balance_transactions, entry];
  tell(account, dispute, `funds_${sign < 0 ? 'withdrawn' : 'reinstated'}`);
}

function close(account: Account, dispute: Dispute, status: Stripe.Dispute.Status): void {
  dispute.status = status;
  if (status === 'won') withdraw(account, dispute, 1);
  tell(account, dispute, 'closed');
}

function closeUnanswered(account: Account, id: string): void {
  const dispute = find(account, 'dispute', id);
  if (!dispute) return;
  dispute.evidence_details.past_due = true;
  if (dispute.status === 'needs_response') close(account, dispute, 'lost');
  if (dispute.status === 'warning_needs_response') close(account, dispute, 'warning_closed');
}

export function readDispute(account: Account, id: string): Dispute {
  const dispute = find(account, 'dispute', id);
  if (!dispute) throw missing('dispute', id, 'dispute');
  return dispute;
}

/** POST /v1/disputes/:id. The words that decide a dispute in test mode are Stripe's own. */
export function updateDispute(account: Account, id: string, params: Params): object {
  const dispute = readDispute(account, id);
  if (dispute.status !== 'needs_response' && dispute.status !== 'warning_needs_response')
    throw invalid('This dispute is already closed, or under review: its evidence can no longer be changed.');
  const evidence = hashOf(params, 'evidence');
  for (const [name, value] of Object.entries(evidence)) {
    if (name.endsWith('_file') || fileFields.has(name))
      if (!find(account, 'file', String(value))) throw missing('file', String(value), `evidence[${name}]`);
  }
  Object.assign(dispute.evidence, evidence);
  dispute.evidence_details.has_evidence = true;
  if (params.submit !== 'true') return shown(account, dispute);
  dispute.evidence_details.submission_count += 1;
  const isInquiry = dispute.status === 'warning_needs_response';
  dispute.status = isInquiry ? 'warning_under_review' : 'under_review';
  tell(account, dispute, 'updated');
  const wins = textOf(evidence, 'uncategorized_text') === 'winning_evidence';
  const end = isInquiry ? 'warning_closed' : wins ? 'won' : 'lost';
  later(account, decidedAfter_s, () => close(account, dispute, end));
  return shown(account, dispute);
}

export function listDisputes(account: Account, params: Params): Dispute[] {
  const gte = integerOf(hashOf(params, 'created'), 'gte') ?? 0;
  const intent = textOf(params, 'payment_intent');
  return allOf(account, 'dispute').filter(
    (each) => each.created >= gte && (intent === undefined || each.payment_intent === intent),
  );
}

const fileFields = new Set(['service_documentation', 'customer_communication', 'receipt']);

const noEvidence: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};
