import type Stripe from 'stripe';
import { type Account, keep, newStripeId, now_s, type Of } from './account.ts';
import { fakeApiVersion } from './events.ts';
import type { Decline } from './test-methods.ts';

type Method = Of<'payment_method'>;
type NewCharge = {
  intent: Of<'payment_intent'>;
  method: Method;
  status: Stripe.Charge['status'];
  failure?: Decline;
};

export function makeCharge(account: Account, { intent, method, status, failure }: NewCharge): Of<'charge'> {
  const paid = status !== 'failed';
  return keep(account, {
    id: newStripeId(method.type === 'card' ? 'ch' : 'py'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: status === 'succeeded' ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'FAKE AND SONS',
    captured: status === 'succeeded',
    created: now_s(account),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: { ...intent.metadata },
    on_behalf_of: null,
    outcome: outcomeOf(failure),
    paid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: detailsOf(method, intent.amount),
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status,
    transfer_data: null,
    transfer_group: null,
  });
}

export function outcomeOf(failure: Decline | undefined): Stripe.Charge.Outcome {
  return {
    advice_code: failure ? 'try_again_later' : null,
    network_advice_code: null,
    network_decline_code: failure?.network ?? null,
    network_status: failure ? 'declined_by_network' : 'approved_by_network',
    reason: failure ? (failure.declineCode ?? failure.code) : null,
    risk_level: 'normal',
    risk_score: 5,
    seller_message: failure ? 'The bank returned a decline code.' : 'Payment complete.',
    type: failure ? 'issuer_declined' : 'authorized',
  };
}

function detailsOf(
  { card, us_bank_account: bank }: Method,
  amount: number,
): Stripe.Charge.PaymentMethodDetails {
  if (card)
    return {
      type: 'card',
      card: {
        amount_authorized: amount,
        authorization_code: '123456',
        brand: card.brand,
        checks: card.checks,
        country: card.country,
        electronic_commerce_indicator: null,
        exp_month: card.exp_month,
        exp_year: card.exp_year,
        extended_authorization: { status: 'disabled' },
        fingerprint: card.fingerprint ?? null,
        funding: card.funding,
        incremental_authorization: { status: 'unavailable' },
        installments: null,
        last4: card.last4,
        mandate: null,
        multicapture: { status: 'unavailable' },
        network: card.brand,
        network_token: { used: false },
        network_transaction_id: null,
        overcapture: { maximum_amount_capturable: amount, status: 'unavailable' },
        regulated_status: 'unregulated',
        three_d_secure: null,
        transaction_link_id: null,
        wallet: null,
      },
    };
  return {
    type: 'us_bank_account',
    us_bank_account: {
      account_holder_type: bank?.account_holder_type ?? null,
      account_type: bank?.account_type ?? null,
      bank_name: bank?.bank_name ?? null,
      fingerprint: bank?.fingerprint ?? null,
      last4: bank?.last4 ?? null,
      mandate: newStripeId('mandate'),
      payment_reference: '091000019',
      routing_number: bank?.routing_number ?? null,
    },
  };
}

/** The error as an intent remembers it, and as an answer carries it. */
export function paymentError(
  failure: Decline,
  method: Method,
  charge: string | undefined,
): Stripe.PaymentIntent.LastPaymentError {
  return {
    ...(charge !== undefined && { charge }),
    code: failure.code,
    ...(failure.declineCode !== undefined && { decline_code: failure.declineCode }),
    doc_url: `https://stripe.com/docs/error-codes/${failure.code.replaceAll('_', '-')}?v=${fakeApiVersion}`,
    message: failure.message,
    ...(failure.network !== undefined && { network_decline_code: failure.network }),
    payment_method: method,
    type: method.type === 'card' ? 'card_error' : 'invalid_request_error',
  };
}
