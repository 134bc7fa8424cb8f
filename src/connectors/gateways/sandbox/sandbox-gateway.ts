import type {
  ChargeRequest,
  GatewayOutcome,
  MethodDetails,
  PaymentGateway,
} from '#features/payments/payment-gateway.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { maxAmount } from '#lib/money.ts';
import { type HttpRequest, type HttpResult, httpClient, redact } from '../../http-client.ts';
import { isSecretKey, publishableKeyOf, signatureHeader, webhookHolds, webhookSecretOf } from './keys.ts';

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
type WireReason = { code: string; message: string };
type WireCharge = {
  id: string;
  status: string;
  method?: WireMethod;
  stored_token?: string;
  decline?: WireReason;
  return?: WireReason;
};

/** The connector to the sandbox gateway. */
export function sandboxGateway(options: SandboxGatewayOptions): PaymentGateway {
  const { url, publicUrl = url, secretKey, timeout_ms = 20_000 } = options;
  if (!isSecretKey(secretKey))
    throw new Error('a sandbox secret key is sk_sandbox_ and 24 letters or digits');
  const webhookSecret = webhookSecretOf(secretKey);
  const secrets = [secretKey, webhookSecret];
  const client = httpClient({ url, headers: { authorization: `Bearer ${secretKey}` }, secrets, timeout_ms });
  const send = (request: HttpRequest, at: Date): Promise<HttpResult> =>
    client.send({ ...request, headers: { 'owed-clock': at.toISOString() } });

  return {
    async charge(request) {
      const { paymentId, at } = request;
      const json = chargeBody(request);
      const result = await send({ method: 'POST', path: '/v1/charges', json, idempotencyKey: paymentId }, at);
      return refusedOutright(result) ?? outcomeOf(result);
    },
    async lookup({ paymentId, at }) {
      const path = `/v1/charges/by-key/${encodeURIComponent(paymentId)}`;
      const result = await send({ method: 'GET', path }, at);
      // Only the gateway's own word makes a payment absent: any proxy can answer 404.
      return errorOf(result)?.code === 'charge_not_found' ? { outcome: 'absent' } : outcomeOf(result);
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
      const event = JSON.parse(raw.toString('utf8')) as {
        id: string;
        type: string;
        data: { payment_id: string };
      };
      return { eventId: event.id, type: event.type, paymentIds: [event.data.payment_id] };
    },
  };
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

const parse = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? { ...value } : undefined;
  } catch {
    // Not the gateway's own words, some proxy's: the caller treats it as an answer that never came.
    return undefined;
  }
};

function readAnswer(result: HttpResult): Record<string, unknown> | undefined {
  return result.kind === 'answered' && result.status === 200 ? parse(result.text) : undefined;
}

function errorOf(result: HttpResult): WireReason | undefined {
  if (result.kind !== 'answered' || result.status < 400 || result.status >= 500) return undefined;
  const error = parse(result.text)?.error as Partial<WireReason> | undefined;
  return typeof error?.code === 'string' && typeof error.message === 'string'
    ? { code: error.code, message: error.message }
    : undefined;
}

function refusalOf(result: HttpResult, otherwise: string): Refusal {
  const error = result.kind === 'answered' && result.status === 422 ? errorOf(result) : undefined;
  if (!error) return new Refusal('unavailable', otherwise);
  return new Refusal('invalid_request', { message: redact(error.message), param: 'token' });
}

function detailsOf(method: WireMethod): MethodDetails {
  const { kind, brand, last4, expiry, funding } = method;
  return { kind, brand, last4, ...(expiry && { expiry }), ...(funding && { funding }) };
}

/**
 * A request the gateway will never do, and never did: the same words are refused each time. Not so a reused
 * key (a charge with this payment id exists), nor a refused secret key (an earlier one may have been good):
 * those stay unknown.
 */
function refusedOutright(result: HttpResult): GatewayOutcome | undefined {
  const error = errorOf(result);
  if (!error || result.kind !== 'answered' || (result.status !== 400 && result.status !== 422))
    return undefined;
  if (error.code === 'idempotency_key_reused') return undefined;
  return { outcome: 'declined', code: error.code, message: redact(error.message) };
}

/**
 * Nothing but the gateway's own plain word about the charge is believed; whatever else comes back is unknown.
 */
function outcomeOf(result: HttpResult): GatewayOutcome {
  if (result.kind === 'failed') return { outcome: 'unknown', reason: result.reason };
  const charge = readAnswer(result);
  if (charge?.object === 'charge') return chargeOutcome(charge as WireCharge);
  const code = errorOf(result)?.code;
  return {
    outcome: 'unknown',
    reason: `the gateway answered ${result.status}${code ? ` (${redact(code)})` : ''}`,
  };
}

function chargeOutcome(charge: WireCharge): GatewayOutcome {
  const reference = charge.id;
  const method = charge.method && {
    ...detailsOf(charge.method),
    ...(charge.stored_token !== undefined && { storedToken: charge.stored_token }),
  };
  switch (charge.status) {
    case 'declined': {
      const { code, message } = charge.decline ?? { code: 'declined', message: 'The payment was declined.' };
      return { outcome: 'declined', reference, code, message, ...(method && { method }) };
    }
    case 'returned': {
      const { code, message } = charge.return ?? { code: 'R00', message: 'Returned' };
      return { outcome: 'returned', reference, returnCode: code, message };
    }
    case 'approved':
    case 'settling':
    case 'settled':
    case 'submitted':
    case 'accepted':
    case 'collected':
      return method
        ? { outcome: charge.status, reference, method }
        : { outcome: 'unknown', reason: 'the gateway named no payment method' };
    default:
      return { outcome: 'unknown', reason: `the gateway says ${charge.status}` };
  }
}
