import type Stripe from 'stripe';
import type { GatewayHint, PaymentGateway } from '#features/payments/payment-gateway.ts';
import { systemNow } from '#lib/dates.ts';
import { ourNames, type StripeApi } from './stripe-api.ts';

const tolerance_s = 300;
const signatureHeader = 'stripe-signature';

/**
 * Stripe pins the version of an endpoint's events apart from ours, and gives no promise of their order: only
 * the ids in them are used, which every version has.
 */
export function webhookReader({ api }: StripeApi, webhookSecret: string): PaymentGateway['readWebhook'] {
  return async (raw, headers) => {
    const signature = headers[signatureHeader];
    if (signature === undefined) return undefined;
    let event: Stripe.Event;
    try {
      const now_ms = systemNow().getTime();
      event = api.webhooks.constructEvent(raw, signature, webhookSecret, tolerance_s, undefined, now_ms);
    } catch {
      return undefined;
    }
    return hintOf(event);
  };
}

type Named = {
  object?: string;
  id?: string;
  payment_intent?: string | { id: string } | null;
  metadata?: Record<string, string> | null;
};

const kinds: [start: string, about: NonNullable<GatewayHint['about']>][] = [
  // A debit that is taken back is a dispute at Stripe and a return here, so its payment is looked up too.
  ['charge.dispute.', ['chargeback', 'charge']],
  ['charge.refund', ['refund']],
  ['refund.', ['refund']],
  ['payout.', ['payout']],
  ['charge.', ['charge']],
  ['payment_intent.', ['charge']],
];

function hintOf(event: Stripe.Event): GatewayHint {
  const named: Named = event.data.object;
  const about = kinds.find(([start]) => event.type.startsWith(start))?.[1];
  const paymentId = named.metadata?.[ourNames.payment];
  const intent = named.payment_intent;
  const reference =
    named.object === 'payment_intent' ? named.id : typeof intent === 'string' ? intent : intent?.id;
  return {
    eventId: event.id,
    type: event.type,
    paymentIds: paymentId === undefined ? [] : [paymentId],
    ...(reference !== undefined && { references: [reference] }),
    ...(about && { about }),
  };
}
