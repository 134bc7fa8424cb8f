import { Refusal } from '#lib/errors.ts';
import { type HttpRequest, type HttpResult, redact } from '../../http-client.ts';

/** Sends a request at an instant of the organization. */
export type Send = (request: HttpRequest, at: Date) => Promise<HttpResult>;
export type WireReason = { code: string; message: string };

const parse = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? { ...value } : undefined;
  } catch {
    // Not the gateway's own words, some proxy's: the caller treats it as an answer that never came.
    return undefined;
  }
};

/** The gateway's own words, when it did what was asked. */
export function readAnswer(result: HttpResult): Record<string, unknown> | undefined {
  return result.kind === 'answered' && result.status === 200 ? parse(result.text) : undefined;
}

/** The gateway's own words for why it did not. */
export function errorOf(result: HttpResult): WireReason | undefined {
  if (result.kind !== 'answered' || result.status < 400 || result.status >= 500) return undefined;
  const error = parse(result.text)?.error as Partial<WireReason> | undefined;
  return typeof error?.code === 'string' && typeof error.message === 'string'
    ? { code: error.code, message: error.message }
    : undefined;
}

export function refusalOf(result: HttpResult, otherwise: string): Refusal {
  const error = result.kind === 'answered' && result.status === 422 ? errorOf(result) : undefined;
  if (!error) return new Refusal('unavailable', otherwise);
  return new Refusal('invalid_request', { message: redact(error.message), param: 'token' });
}

/** Any proxy can answer 404; only these words are the gateway's own about what is not there. */
const missing = new Set(['charge_not_found', 'dispute_not_found']);

/**
 * A request the gateway will never do, and never did: the same words are refused each time. Not so a reused
 * key (something with this id exists), nor a refused secret key (an earlier one may have been good): those
 * stay unknown.
 */
export function refusedOutright(result: HttpResult, statuses: readonly number[]): WireReason | undefined {
  const error = errorOf(result);
  if (!error || result.kind !== 'answered' || !statuses.includes(result.status)) return undefined;
  if (error.code === 'idempotency_key_reused') return undefined;
  if (result.status === 404 && !missing.has(error.code)) return undefined;
  return { code: error.code, message: redact(error.message) };
}

/** What is said of an answer that decides nothing. */
export function unclear(result: HttpResult): { outcome: 'unknown'; reason: string } {
  if (result.kind === 'failed') return { outcome: 'unknown', reason: result.reason };
  const code = errorOf(result)?.code;
  const reason = `the gateway answered ${result.status}${code ? ` (${redact(code)})` : ''}`;
  return { outcome: 'unknown', reason };
}

const pages_max = 10_000;

/** Every page of a list, or a refusal: half a list would say that the rest does not exist. */
export async function readPages<T extends { id: string }>(
  ask: (path: string) => Promise<HttpResult>,
  path: string,
  query: Record<string, string> = {},
): Promise<T[]> {
  const found: T[] = [];
  for (let pages = 0; pages < pages_max; pages += 1) {
    const last = found.at(-1);
    const page = { ...query, limit: '100', ...(last && { starting_after: last.id }) };
    const result = await ask(`${path}?${new URLSearchParams(page)}`);
    const answer = readAnswer(result) as { object: string; data: T[]; has_more: boolean } | undefined;
    if (answer?.object !== 'list' || !Array.isArray(answer.data))
      throw new Refusal('unavailable', `The gateway could not be asked: ${unclear(result).reason}.`);
    found.push(...answer.data);
    if (!answer.has_more) return found;
  }
  throw new Refusal('unavailable', `The gateway's list has no end: more than ${pages_max} pages.`);
}
