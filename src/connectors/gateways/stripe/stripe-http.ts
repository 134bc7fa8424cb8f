import type Stripe from 'stripe';
import { type HttpClient, type HttpRequest, httpClient } from '../../http-client.ts';

export type StripeHttpOptions = {
  /** Where Stripe is, when it is not at its own addresses. */
  url?: string | undefined;
  secrets: readonly string[];
  timeout_ms: number;
};

/** What the SDK takes for its transport. */
type Transport = NonNullable<NonNullable<ConstructorParameters<typeof Stripe>[1]>['httpClient']>;
type Sent = Parameters<Transport['makeRequest']>;

/** Stripe answers 409 while the same key is being worked on: that request did nothing, this one neither. */
const keyInUse = 409;

/**
 * Stripe's own client, over the house's: one deadline for all attempts, one retry matrix, secrets struck. The
 * SDK alone would send a charge again after a connection that broke, whatever its maxNetworkRetries.
 */
export function stripeHttp({ url, secrets, timeout_ms }: StripeHttpOptions): Transport {
  const open = (origin: string): HttpClient =>
    httpClient({
      url: url ?? origin,
      secrets,
      timeout_ms,
      maxBody_bytes: 8_000_000,
      passing: [keyInUse],
      // Until the request that holds the key is done: some seconds, and then its answer is ours.
      attempts_max: 8,
    });
  const byHost = new Map(
    ['api.stripe.com', 'files.stripe.com'].map((host) => [host, open(`https://${host}`)]),
  );
  return {
    getClientName: () => 'owed',
    async makeRequest(...sent: Sent) {
      const client = byHost.get(sent[0]);
      if (!client) throw new Error(`Stripe is not asked at ${sent[0]}`);
      const result = await client.send(requestOf(sent));
      // Whatever is thrown here becomes a StripeConnectionError with this as its detail.
      if (result.kind === 'failed') throw new Error(result.reason);
      const { status, text } = result;
      return {
        getStatusCode: () => status,
        getHeaders: () => Object.fromEntries(result.headers.entries()),
        getRawResponse: () => ({}),
        toStream: () => {
          throw new Error('nothing of Stripe is read as a stream');
        },
        toJSON: async () => JSON.parse(text),
      };
    },
  };
}

const ours = 'Idempotency-Key';

function requestOf([, , path, method, headers, data]: Sent): HttpRequest {
  const { [ours]: key, ...others } = headers;
  if (method !== 'GET' && method !== 'POST') throw new Error(`Stripe is not asked to ${method}`);
  // The SDK makes up a key of its own, another one for each call: that would charge twice.
  if (method === 'POST' && (typeof key !== 'string' || key.startsWith('stripe-node-retry-')))
    throw new Error(`POST ${path} has no idempotency key of ours`);
  return {
    method,
    path,
    headers: plain(others),
    ...(method === 'POST' && { content: data }),
    ...(typeof key === 'string' && { idempotencyKey: key }),
  };
}

/** The body's length is the runtime's to tell. */
const plain = (headers: Sent[4]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name !== 'Content-Length')
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
