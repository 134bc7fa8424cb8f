import { z } from 'zod';
import { Refusal } from '#lib/errors.ts';
import { type HttpRequest, type HttpResult, httpClient, redact } from '../../http-client.ts';
import {
  type AccessToken,
  type AppCredentials,
  accessToken,
  dropToken,
  jsonOf,
  type TokenCache,
} from './access-token.ts';

/** One app's door to PayPal: every request carries its token; one that was refused is renewed once. */
export type PaypalApi = { send(request: HttpRequest): Promise<HttpResult> };

/** Orders with all their history, and pages of 500 records, are larger than most answers. */
const answer_bytes_max = 8_000_000;

export function paypalApi(app: AppCredentials, tokens: TokenCache): PaypalApi {
  const client = httpClient({
    url: app.url,
    secrets: [app.clientSecret],
    timeout_ms: app.timeout_ms,
    maxBody_bytes: answer_bytes_max,
    idempotencyHeader: 'paypal-request-id',
  });
  const sendWith = (request: HttpRequest, token: AccessToken): Promise<HttpResult> =>
    client.send({ ...request, headers: { ...request.headers, authorization: `Bearer ${token.value}` } });

  return {
    async send(request) {
      const first = await accessToken(tokens, app);
      if (!first.ok) return first.result;
      const result = await sendWith(request, first.token);
      if (result.kind !== 'answered' || result.status !== 401) return result;
      dropToken(tokens, first.token);
      const second = await accessToken(tokens, app);
      return second.ok ? sendWith(request, second.token) : second.result;
    },
  };
}

/** The whole resource instead of its id and state. */
export const wholeResource = { prefer: 'return=representation' };

const errorShape = z.object({
  name: z.string(),
  message: z.string().default(''),
  details: z
    .array(z.object({ issue: z.string().default(''), description: z.string().default('') }))
    .default([]),
});

export type PaypalError = { status: number; name: string; issue: string; description: string };

/** PayPal's own error; undefined for a proxy's page, for a 5xx, and for an answer that is none. */
export function errorOf(result: HttpResult): PaypalError | undefined {
  if (result.kind !== 'answered' || result.status < 400 || result.status >= 500) return undefined;
  const read = errorShape.safeParse(jsonOf(result.text));
  if (!read.success) return undefined;
  const { name, message, details } = read.data;
  const issue = details[0]?.issue || name;
  return { status: result.status, name, issue, description: redact(details[0]?.description || message) };
}

/** The answer of a successful request in its shape; undefined when it is anything else. */
export function answerOf<T>(result: HttpResult, shape: z.ZodType<T>): T | undefined {
  if (result.kind !== 'answered' || (result.status !== 200 && result.status !== 201)) return undefined;
  const read = shape.safeParse(jsonOf(result.text));
  return read.success ? read.data : undefined;
}

/** PayPal's own word that it has no such thing: not any 404, which a proxy gives as well. */
export const isNotThere = (error: PaypalError | undefined): boolean =>
  error?.status === 404 && (error.name === 'RESOURCE_NOT_FOUND' || error.issue === 'INVALID_RESOURCE_ID');

export function unknownBecause(result: HttpResult): { outcome: 'unknown'; reason: string } {
  if (result.kind === 'failed') return { outcome: 'unknown', reason: result.reason };
  const issue = errorOf(result)?.issue;
  const why = issue === undefined ? '' : ` (${redact(issue)})`;
  return { outcome: 'unknown', reason: `PayPal answered ${result.status}${why}` };
}

/** For lists, which have no `unknown`: a list that could not be read must not look empty. */
export function unavailable(result: HttpResult, what: string): Refusal {
  const reason = unknownBecause(result).reason;
  return new Refusal('unavailable', `PayPal did not give ${what}: ${reason}. Try again later.`);
}
