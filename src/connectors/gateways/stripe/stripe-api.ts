import Stripe from 'stripe';
import { Refusal } from '#lib/errors.ts';
import { redact } from '../../http-client.ts';
import { stripeHttp } from './stripe-http.ts';

export type StripeOptions = {
  secretKey: string;
  publishableKey: string;
  webhookSecret: string;
  /** Where Stripe is, when it is not at its own addresses. */
  url?: string | undefined;
  timeout_ms?: number | undefined;
};

/** The names under which our ids travel in Stripe's metadata. */
export const ourNames = {
  payment: 'owed_payment_id',
  refund: 'owed_refund_id',
  customer: 'owed_customer_id',
  method: 'owed_method_id',
} as const;

/** What the connector's parts share: Stripe's own SDK and the words to strike from what it says. */
export type StripeApi = { api: Stripe; secrets: readonly string[] };

/** Pinned: a newer version may rename what is read here, and each one is tested before it is taken. */
export const apiVersion = '2026-10-28.endive';

export function openStripe(options: StripeOptions): StripeApi {
  const { secretKey, webhookSecret, url, timeout_ms = 30_000 } = options;
  const secrets = [secretKey, webhookSecret];
  const api = new Stripe(secretKey, {
    apiVersion,
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: stripeHttp({ url, secrets, timeout_ms }),
  });
  return { api, secrets };
}

export type StripeTrouble =
  /** Stripe's own plain no: it did nothing, and would not another time. */
  | { kind: 'refused'; status: number; code: string; message: string; error: Stripe.errors.StripeError }
  | { kind: 'unknown'; reason: string };

const { errors } = Stripe;

/**
 * What an error of the SDK proves. Only Stripe's own refusals of this request are believed. A reused key says
 * that an earlier request exists, a wrong key or a missing permission may not have been so before, a 500 can
 * follow a charge that was made, and any proxy can answer in Stripe's place: all of these are unknown.
 */
export function troubleOf(error: unknown, secrets: readonly string[]): StripeTrouble {
  // An answer that makes no sense: the SDK, or the reading of it, stumbles.
  if (!(error instanceof errors.StripeError)) {
    const what = error instanceof Error ? error.message : 'no error';
    return { kind: 'unknown', reason: redact(`Stripe’s answer could not be read: ${what}`, secrets) };
  }
  const { statusCode: status = 0, rawType, code, message } = error;
  const plainNo =
    (error instanceof errors.StripeInvalidRequestError && rawType === 'invalid_request_error') ||
    (error instanceof errors.StripeCardError && rawType === 'card_error');
  if (plainNo) {
    const said = redact(message, secrets);
    return { kind: 'refused', status, code: code ?? 'invalid_request', message: said, error };
  }
  const detail = error.detail instanceof Error ? error.detail.message : undefined;
  const what = detail ?? `Stripe answered ${status || 'nothing'}: ${code ?? rawType ?? error.type}`;
  return { kind: 'unknown', reason: redact(what, secrets) };
}

/** For lists and the vault, where a caller can only be told that it did not work, and why. */
export function refusalOf(trouble: StripeTrouble, whatFailed: string): Refusal {
  if (trouble.kind === 'unknown') return new Refusal('unavailable', `${whatFailed} ${trouble.reason}`);
  return new Refusal('invalid_request', `${whatFailed} Stripe says: ${trouble.message}`);
}

/** The object behind a field that was asked for in full. */
export const full = <T extends { object: string }>(field: string | T | null | undefined): T | undefined =>
  field === null || field === undefined || typeof field === 'string' ? undefined : field;

export const idOf = (field: string | { id: string } | null | undefined): string | undefined =>
  field === null || field === undefined ? undefined : typeof field === 'string' ? field : field.id;
