import type {
  ChargeRequest,
  GatewayHint,
  GatewayOutcome,
  MethodDetails,
  PaymentGateway,
} from '#features/payments/payment-gateway.ts';
import { systemNow } from '#lib/dates.ts';
import { maxAmount } from '#lib/money.ts';
import { type HttpResult, httpClient } from '../../http-client.ts';
import {
  errorOf,
  readAnswer,
  refusalOf,
  refusedOutright,
  type Send,
  unclear,
  type WireReason,
} from './answers.ts';
import { isSecretKey, publishableKeyOf, signatureHeader, webhookHolds, webhookSecretOf } from './keys.ts';
import { sandboxChargebacks } from './sandbox-chargebacks.ts';
import { declinedFor } from './sandbox-declines.ts';
import { sandboxPayouts } from './sandbox-payouts.ts';
import { sandboxRefunds } from './sandbox-refunds.ts';

export type SandboxGatewayOptions = {
  url: string;
  /** As browsers reach the gateway, when that is not `url`. */
  publicUrl?: string;
  secretKey: string;
  /**
   * How long a charge is waited for. Longer than the slow test card takes, so that it is approved in the end.
   */
  timeout_ms?: number;
};

type WireMethod = Pick<MethodDetails, 'kind' | 'brand' | 'last4' | 'expiry' | 'funding'>;
type WireCharge = {
  id: string;
  status: string;
  method?: WireMethod;
  stored_token?: string;
  decline?: WireReason;
  return?: WireReason;
  change?: { code: string; corrected_last4?: string };
};

type WireEvent = { id: string; type: string; data: { payment_id?: string } };

/** The connector to the sandbox gateway. */
export function sandboxGateway(options: SandboxGatewayOptions): PaymentGateway {
  const { url, publicUrl = url, secretKey, timeout_ms = 20_000 } = options;
  if (!isSecretKey(secretKey))
    throw new Error('a sandbox secret key is sk_sandbox_ and 24 letters or digits');
  const webhookSecret = webhookSecretOf(secretKey);
  const secrets = [secretKey, webhookSecret];
  const client = httpClient({ url, headers: { authorization: `Bearer ${secretKey}` }, secrets, timeout_ms });
  const send: Send = (request, at) =>
    client.send({ ...request, headers: { 'owed-clock': at.toISOString() } });

  return {
    async charge(request) {
      const { paymentId, at } = request;
      const json = chargeBody(request);
      const result = await send({ method: 'POST', path: '/v1/charges', json, idempotencyKey: paymentId }, at);
      const refused = refusedOutright(result, [400, 422]);
      return refused ? declinedFor(refused) : outcomeOf(result);
    },
    async lookup({ paymentId, at }) {
      const path = `/v1/charges/by-key/${encodeURIComponent(paymentId)}`;
      const result = await send({ method: 'GET', path }, at);
      // Only the gateway's own word makes a payment absent: any proxy can answer 404.
      return errorOf(result)?.code === 'charge_not_found' ? { outcome: 'absent' } : outcomeOf(result);
    },
    async inspect({ token, at }) {
      const path = `/v1/tokens/${encodeURIComponent(token)}`;
      const method = readAnswer(await send({ method: 'GET', path }, at)) as
        | (WireMethod & { object: string })
        | undefined;
      return method?.object === 'token' ? detailsOf(method) : undefined;
    },
    methods: {
      async store({ methodId, token, customerId, at }) {
        const json = { token, customer_id: customerId };
        const result = await send(
          { method: 'POST', path: '/v1/methods', json, idempotencyKey: methodId },
          at,
        );
        const method = readAnswer(result) as (WireMethod & { object: string; token: string }) | undefined;
        if (method?.object !== 'method')
          throw refusalOf(result, 'The payment method could not be stored. Try again.');
        return { ...detailsOf(method), storedToken: method.token };
      },
      async remove({ storedToken, at }) {
        const path = `/v1/methods/${encodeURIComponent(storedToken)}`;
        const result = await send({ method: 'DELETE', path, idempotencyKey: storedToken }, at);
        if (readAnswer(result)?.object !== 'method')
          throw refusalOf(result, 'The payment method could not be removed. Try again.');
      },
    },
    hostedFields({ parentOrigin }) {
      const query = new URLSearchParams({ key: publishableKeyOf(secretKey), parent: parentOrigin });
      const root = publicUrl.replace(/\/+$/, '');
      return {
        origin: new URL(publicUrl).origin,
        cardUrl: `${root}/fields/card?${query}`,
        bankAccountUrl: `${root}/fields/bank-account?${query}`,
      };
    },
    async readWebhook(raw, headers) {
      const header = headers[signatureHeader];
      if (!webhookHolds({ webhookSecret, body: raw, header, now: systemNow() })) return undefined;
      return hintOf(JSON.parse(raw.toString('utf8')) as WireEvent);
    },
    refunds: sandboxRefunds(send),
    chargebacks: sandboxChargebacks(send),
    payouts: sandboxPayouts(send),
  };
}

const subjects: Record<string, NonNullable<GatewayHint['about']>[number]> = {
  charge: 'charge',
  refund: 'refund',
  dispute: 'chargeback',
  payout: 'payout',
};

function hintOf({ id: eventId, type, data }: WireEvent): GatewayHint {
  const subject = subjects[type?.split('.')[0] ?? ''];
  const paymentIds = data.payment_id === undefined ? [] : [data.payment_id];
  return { eventId, type, paymentIds, ...(subject && { about: [subject] }) };
}

function chargeBody(request: ChargeRequest): object {
  if (request.amount < 1n || request.amount > maxAmount)
    throw new Error('a charge is 1 minor unit to maxAmount');
  const { source } = request;
  return {
    // Exact: maxAmount is far below 2^53.
    amount: Number(request.amount),
    currency: request.currency,
    description: request.description,
    customer_id: request.customerId,
    source: source.kind === 'stored' ? { kind: 'stored', token: source.token } : source,
    expect: request.kind,
  };
}

function detailsOf(method: WireMethod): MethodDetails {
  const { kind, brand, last4, expiry, funding } = method;
  return { kind, brand, last4, ...(expiry && { expiry }), ...(funding && { funding }) };
}

/**
 * Nothing but the gateway's own plain word about the charge is believed; whatever else comes back is unknown.
 */
function outcomeOf(result: HttpResult): GatewayOutcome {
  const charge = readAnswer(result);
  return charge?.object === 'charge' ? chargeOutcome(charge as WireCharge) : unclear(result);
}

const nameless = { outcome: 'unknown', reason: 'the gateway named no payment method' } as const;

function chargeOutcome(charge: WireCharge): GatewayOutcome {
  const reference = charge.id;
  const method = charge.method && {
    ...detailsOf(charge.method),
    ...(charge.stored_token !== undefined && { storedToken: charge.stored_token }),
  };
  switch (charge.status) {
    case 'declined': {
      const why = charge.decline ?? { code: 'declined', message: 'The payment was declined.' };
      return { ...declinedFor(why), reference, ...(method && { method }) };
    }
    case 'returned': {
      const { code, message } = charge.return ?? { code: 'R00', message: 'Returned' };
      return { outcome: 'returned', reference, returnCode: code, message, vendor: { code, message } };
    }
    case 'voided':
      return { outcome: 'voided', reference };
    case 'approved':
    case 'settling':
    case 'submitted':
      return method ? { outcome: charge.status, reference, method } : nameless;
    case 'settled':
    case 'accepted':
    case 'collected': {
      const { code, corrected_last4: correctedLast4 } = charge.change ?? {};
      const change = code !== undefined && { change: { code, ...(correctedLast4 && { correctedLast4 }) } };
      return method ? { outcome: charge.status, reference, method, ...change } : nameless;
    }
    default:
      return { outcome: 'unknown', reason: `the gateway says ${charge.status}` };
  }
}
