import { z } from 'zod';
import type { Endpoint } from '#lib/endpoint.ts';

/** What a refused call says: `message` is a sentence for the reader, `fields` names each input at fault. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly param: string | undefined;
  readonly fields: Record<string, string>;
  readonly request_id: string | undefined;
  constructor(given: {
    code: string;
    message: string;
    status: number;
    param?: string | undefined;
    fields?: Record<string, string> | undefined;
    request_id?: string | undefined;
  }) {
    super(given.message);
    this.name = 'ApiError';
    this.code = given.code;
    this.status = given.status;
    this.param = given.param;
    this.fields = given.fields ?? (given.param ? { [given.param]: given.message } : {});
    this.request_id = given.request_id;
  }
}

export type CallInput<E extends Endpoint> = {
  params?: z.input<E['params']>;
  query?: z.input<E['query']>;
  body?: z.input<E['body']>;
};

const zRefused = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    param: z.string().optional(),
    fields: z.record(z.string(), z.string()).optional(),
    request_id: z.string().optional(),
  }),
});

/** A key for one intention: minted before the first try, sent again with every retry of it. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return `con_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** `/v1/invoices/{id}` with its parameters and query filled in. */
export function urlOf<E extends Endpoint>(endpoint: E, input: CallInput<E>): string {
  const params = (input.params ?? {}) as Record<string, unknown>;
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** A reply, read as its schema says; throws ApiError for a refusal and for a reply that is none. */
export function readReply<E extends Endpoint>(
  endpoint: E,
  status: number,
  text: string,
): z.output<E['reply']> {
  const json = parseJson(text);
  if (status >= 400) throw refusalFrom(status, json);
  const result = endpoint.reply.safeDecode(json as never);
  if (result.success) return result.data as z.output<E['reply']>;
  const first = result.error.issues[0];
  throw new ApiError({
    code: 'unreadable_reply',
    status,
    message: `The answer could not be read (${first?.path.join('.')}: ${first?.message}). Reload the page.`,
  });
}

function refusalFrom(status: number, json: unknown): ApiError {
  const read = zRefused.safeParse(json);
  if (read.success) return new ApiError({ ...read.data.error, status });
  return new ApiError({
    code: 'unreachable',
    status,
    message: `The server answered ${status}. Try again in a moment.`,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const pauses_ms = [400, 1500];
const mayRetry = (status: number): boolean => status === 502 || status === 503 || status === 504;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Call an endpoint. Lost answers are asked for again: a write carries its key, so the second try finds the
 * first.
 */
export async function call<E extends Endpoint>(
  endpoint: E,
  input: CallInput<E> = {},
  idempotencyKey?: string,
  signal?: AbortSignal,
): Promise<z.output<E['reply']>> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (endpoint.method !== 'GET') headers['idempotency-key'] = idempotencyKey ?? newIdempotencyKey();
  if (input.body !== undefined) headers['content-type'] = 'application/json';
  const init: RequestInit = {
    method: endpoint.method,
    headers,
    credentials: 'same-origin',
    signal: signal ?? null,
  };
  if (input.body !== undefined) init.body = JSON.stringify(input.body);
  const { status, text } = await fetchPatiently(urlOf(endpoint, input), init);
  return readReply(endpoint, status, text);
}

async function fetchPatiently(url: string, init: RequestInit): Promise<{ status: number; text: string }> {
  for (let tries = 0; ; tries += 1) {
    const pause_ms = pauses_ms[tries];
    try {
      const response = await fetch(url, init);
      if (pause_ms === undefined || !mayRetry(response.status)) {
        return { status: response.status, text: await response.text() };
      }
    } catch (error) {
      if (init.signal?.aborted) throw error;
      if (pause_ms === undefined) {
        throw new ApiError({
          code: 'unreachable',
          status: 0,
          message:
            'The server cannot be reached. Check the ' +
            'connection; what you entered is still here, and trying again is safe.',
        });
      }
    }
    await sleep(pause_ms);
  }
}
