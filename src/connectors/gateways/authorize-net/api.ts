import { Refusal } from '#lib/errors.ts';
import { type HttpResult, httpClient, redact } from '../../http-client.ts';

export type AuthorizeNetAccount = {
  /** `https://api.authorize.net`, the sandbox's, or a fake's. */
  url: string;
  apiLoginId: string;
  transactionKey: string;
  timeout_ms?: number;
};

type Body = Record<string, unknown>;

/**
 * `error` is Authorize.Net's own word for what it did not do; a decline is no error but an `ok` whose
 * transactionResponse says so. `lost` is everything else: no answer, or one that is not theirs.
 */
export type Answer =
  | { kind: 'ok'; body: Body }
  | { kind: 'error'; code: string; text: string; body: Body }
  | { kind: 'lost'; reason: string };

export type Api = {
  /** Asks for something that changes nothing, and may therefore be asked again. */
  read(method: string, fields?: Body): Promise<Answer>;
  /** Asks for an effect under our id, which comes back as `transrefId` and in webhooks. */
  write(method: string, ourId: string, fields: Body): Promise<Answer>;
};

const path = '/xml/v1/request.api';

/**
 * The whole API is one address and one JSON object, which is XML in disguise: keys must come in the order of
 * the schema (AnetApiSchema.xsd), or the answer is E00003. Every object literal sent from here keeps it.
 */
export function authorizeNetApi(account: AuthorizeNetAccount): Api {
  const { url, apiLoginId, transactionKey, timeout_ms = 20_000 } = account;
  const client = httpClient({ url, secrets: [transactionKey], timeout_ms, maxBody_bytes: 4_000_000 });
  const bodyOf = (method: string, fields: Body, ourId?: string): Body => ({
    [`${method}Request`]: {
      merchantAuthentication: { name: apiLoginId, transactionKey },
      clientId: 'owed',
      ...(ourId === undefined ? {} : { refId: ourId.slice(-20) }),
      ...fields,
    },
  });
  return {
    async read(method, fields = {}) {
      const json = bodyOf(method, fields);
      return answerOf(
        await client.send({ method: 'POST', path, json, changesNothing: true }),
        transactionKey,
      );
    },
    async write(method, ourId, fields) {
      const json = bodyOf(method, fields, ourId);
      return answerOf(
        await client.send({ method: 'POST', path, json, idempotencyKey: ourId }),
        transactionKey,
      );
    },
  };
}

function parse(text: string): Body | undefined {
  try {
    // Every answer begins with a byte order mark, which JSON.parse refuses.
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return value !== null && typeof value === 'object' ? { ...value } : undefined;
  } catch {
    // Not Authorize.Net's own words, some proxy's: treated as an answer that never came.
    return undefined;
  }
}

function answerOf(result: HttpResult, secret: string): Answer {
  if (result.kind === 'failed') return { kind: 'lost', reason: result.reason };
  const body = result.status === 200 ? parse(result.text) : undefined;
  const messages = body?.messages as { resultCode?: unknown; message?: unknown } | undefined;
  if (!body || (messages?.resultCode !== 'Ok' && messages?.resultCode !== 'Error'))
    return { kind: 'lost', reason: `Authorize.Net answered ${result.status} without a result` };
  if (messages.resultCode === 'Ok') return { kind: 'ok', body };
  const [first] = (Array.isArray(messages.message) ? messages.message : []) as Body[];
  const text = redact(String(first?.text ?? 'No reason was given.'), [secret]);
  return { kind: 'error', code: String(first?.code ?? 'E00000'), text, body };
}

/** Thrown where a question was not answered, so that a search never takes half a list for the whole. */
export class NoAnswer extends Error {
  readonly code: string | undefined;
  constructor(reason: string, code?: string) {
    super(reason);
    this.name = 'NoAnswer';
    this.code = code;
  }
}

/** The body of a question that was answered; throws NoAnswer otherwise. */
export async function told(asked: Promise<Answer>): Promise<Body> {
  const answer = await asked;
  if (answer.kind === 'ok') return answer.body;
  if (answer.kind === 'lost') throw new NoAnswer(answer.reason);
  throw new NoAnswer(`Authorize.Net says ${answer.code}: ${answer.text}`, answer.code);
}

/** Answers `otherwise` where a question went unanswered; what is broken here is still thrown. */
export async function orUnknown<T>(
  run: () => Promise<T>,
): Promise<T | { outcome: 'unknown'; reason: string }> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof NoAnswer) return { outcome: 'unknown', reason: error.message };
    throw error;
  }
}

/** Refuses a list that cannot be had whole: an empty one would say that there is nothing. */
export async function orUnavailable<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof NoAnswer)
      throw new Refusal('unavailable', `Authorize.Net could not be asked. ${error.message}`);
    throw error;
  }
}

/**
 * Refusals that say nothing of the request itself: a key that is wrong now may have been right when the same
 * payment was sent before, and an outage or a time-out may follow the effect.
 */
const passing = new Set([
  'E00000',
  'E00001',
  'E00002',
  'E00005',
  'E00006',
  'E00007',
  'E00008',
  'E00009',
  'E00010',
  'E00011',
  'E00053',
  'E00104',
  'E00117',
  'E00124',
]);
export const isPassing = (code: string): boolean => passing.has(code);
