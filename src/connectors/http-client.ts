import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemNow } from '#lib/dates.ts';

export type HttpRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with `/`; the client adds the origin, so that credentials never travel elsewhere. */
  path: string;
  json?: unknown;
  /** A body that is no JSON, as its bytes; the headers name its type. */
  content?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  /** Our id for the effect. Without one, nothing but a GET is ever sent twice. */
  idempotencyKey?: string;
  /** A question asked by POST, which may be asked again as a GET may. */
  changesNothing?: boolean;
};

/**
 * What became of a request. `failed` is a value, not an exception: the caller must say what it means, and for
 * a charge it means unknown, because only `unreachable` proves that no byte of it arrived.
 */
export type HttpResult =
  | { kind: 'answered'; status: number; headers: Headers; text: string }
  | { kind: 'failed'; failure: 'timeout' | 'dropped' | 'unreachable' | 'too_large'; reason: string };

export type HttpClientOptions = {
  url: string;
  headers?: Record<string, string>;
  /** Struck from every reason, whoever wrote it. */
  secrets?: readonly string[];
  /** For all attempts together. */
  timeout_ms?: number;
  maxBody_bytes?: number;
  /** Answers besides 429 and 503 by which this vendor says that it did nothing, and may be asked again. */
  passing?: readonly number[];
  attempts_max?: number;
  /** The vendor's name for the header that carries our id. */
  idempotencyHeader?: string;
};

export type HttpClient = { send(request: HttpRequest): Promise<HttpResult> };

/**
 * Exported for connectors that quote a vendor's own words: no secret and no long run of digits comes through.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) if (secret) clean = clean.replaceAll(secret, '[secret]');
  return clean.replace(/\d(?:[ -]?\d){7,}/g, '[number]');
}

/**
 * The retry matrix. A GET changes nothing, so anything passing may be tried again. An effect with a key is
 * tried again only when the vendor answered that it did nothing (429, 503); a lost answer or a 500 is told to
 * the caller.
 */
export function mayRetry(request: HttpRequest, result: HttpResult, passing: readonly number[] = []): boolean {
  if (request.method === 'GET' || request.changesNothing) {
    return result.kind === 'failed'
      ? result.failure !== 'too_large'
      : result.status === 429 || result.status >= 500;
  }
  if (request.idempotencyKey === undefined) return false;
  if (result.kind === 'failed') return result.failure === 'unreachable';
  return result.status === 429 || result.status === 503 || passing.includes(result.status);
}

/** `Retry-After` in seconds or as an HTTP date; otherwise 0.1 s, doubling, with a little disorder. */
export function retryDelay(result: HttpResult, attempt: number): number {
  const stated = result.kind === 'answered' ? result.headers.get('retry-after') : null;
  if (stated !== null && /^\d{1,6}$/.test(stated)) return Number(stated) * 1000;
  const until_ms = stated === null ? Number.NaN : Date.parse(stated);
  if (!Number.isNaN(until_ms)) return Math.max(0, until_ms - systemNow().getTime());
  return 100 * 2 ** attempt + randomInt(50);
}

async function readText(response: Response, limit_bytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size_bytes = 0;
  for await (const chunk of response.body ?? []) {
    size_bytes += chunk.length;
    if (size_bytes > limit_bytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  // A host with several addresses fails with all of their errors at once.
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  const code: unknown =
    first !== null && typeof first === 'object' && 'code' in first ? first.code : undefined;
  return typeof code === 'string' ? code : 'no code';
}

export function httpClient(options: HttpClientOptions): HttpClient {
  const root = options.url.replace(/\/+$/, '');
  const { secrets = [], timeout_ms = 20_000, maxBody_bytes = 1_000_000, passing, attempts_max = 5 } = options;
  const { idempotencyHeader = 'idempotency-key' } = options;

  async function attempt(request: HttpRequest, left_ms: number): Promise<HttpResult> {
    const what = `${request.method} ${request.path.split('?')[0]}`;
    const failed = (
      failure: 'timeout' | 'dropped' | 'unreachable' | 'too_large',
      why: string,
    ): HttpResult => ({
      kind: 'failed',
      failure,
      reason: redact(`${what}: ${why}`, secrets),
    });
    const headers: Record<string, string> = {
      accept: 'application/json',
      ...options.headers,
      ...request.headers,
    };
    if (request.json !== undefined) headers['content-type'] = 'application/json';
    if (request.idempotencyKey !== undefined) headers[idempotencyHeader] = request.idempotencyKey;
    try {
      const response = await fetch(root + request.path, {
        method: request.method,
        headers,
        body: request.json === undefined ? (request.content ?? null) : JSON.stringify(request.json),
        redirect: 'manual',
        signal: AbortSignal.timeout(Math.max(1, Math.ceil(left_ms))),
      });
      const text = await readText(response, maxBody_bytes);
      if (text === undefined) return failed('too_large', `the answer has more than ${maxBody_bytes} bytes`);
      return { kind: 'answered', status: response.status, headers: response.headers, text };
    } catch (error) {
      if (error instanceof DOMException && error.name === 'TimeoutError')
        return failed('timeout', 'no answer in time');
      const code = codeOf(error);
      if (neverConnected.has(code)) return failed('unreachable', `no connection (${code})`);
      return failed('dropped', `the connection ended before the answer did (${code})`);
    }
  }

  async function send(request: HttpRequest): Promise<HttpResult> {
    const deadline_ms = performance.now() + timeout_ms;
    for (let made = 0; ; made += 1) {
      const result = await attempt(request, deadline_ms - performance.now());
      if (made + 1 >= attempts_max || !mayRetry(request, result, passing)) return result;
      const wait_ms = retryDelay(result, made);
      // The last attempt's own answer is worth more than a time-out of ours.
      if (performance.now() + wait_ms >= deadline_ms) return result;
      await sleep(wait_ms);
    }
  }

  return { send };
}
