import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson } from '#lib/json.ts';
import { type Account, day_s, type Fault, type Kept, newAccount, newStripeId } from './account.ts';
import { checkParams, textsOf } from './check-params.ts';
import type { EndpointAt } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { startPayouts } from './entries.ts';
import { expand, shown } from './expand.ts';
import { type FilePart, type Params, readForm, readMultipart } from './form.ts';
import { listPage } from './list-page.ts';
import { invalid, malformed, StripeFault } from './wire.ts';

export type StripeFake = {
  url: string;
  /** An account with books and a clock of its own. */
  open(options: { start: Date; name?: string }): Account;
  stop(): Promise<void>;
};

/** How long an endpoint works: long enough that copies of a request meet each other. */
const work_ms = 5;
const slow_ms = 400;

/**
 * Stripe in a bottle: its paths, forms, errors, keys and clocks, after its documents and its own SDK's types.
 * It knows nothing of Owed.
 */
export async function startStripeFake(): Promise<StripeFake> {
  const accounts: Account[] = [];
  const server = createServer((asked, response) => {
    void serve(accounts, asked, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    open(options) {
      const account = newAccount(options);
      accounts.push(account);
      startPayouts(account);
      return account;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

type Answer = { status: number; text: string; headers?: Record<string, string> };
const answerOf = (status: number, body: object): Answer => ({ status, text: JSON.stringify(body) });

async function serve(accounts: Account[], asked: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = newStripeId('req');
  const answer = await answerTo(accounts, asked).catch((error: unknown) => {
    if (error instanceof StripeFault)
      return answerOf(error.status, { error: { ...error.body, request_log_url: null } });
    throw error;
  });
  if (answer === 'drop') {
    asked.socket.destroy();
    return;
  }
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'request-id': requestId,
    'stripe-version': String(asked.headers['stripe-version'] ?? ''),
    ...answer.headers,
  });
  response.end(answer.text);
}

async function answerTo(accounts: Account[], asked: IncomingMessage): Promise<Answer | 'drop'> {
  const body = await readBody(asked);
  const url = new URL(asked.url ?? '/', 'http://api.stripe.com');
  const { account, inBrowser } = authenticated(accounts, asked);
  checkVersion(asked);
  const endpoint = endpoints.find((each) => each.method === asked.method && each.path.test(url.pathname));
  if (!endpoint || (inBrowser && !endpoint.browser))
    throw invalid(`Unrecognized request URL (${asked.method}: ${url.pathname}).`, {}, 404);
  if (!inBrowser) checkPermission(account, endpoint);
  const { params, file } = paramsOf(asked, url, body);
  const id = endpoint.path.exec(url.pathname)?.[1] ?? '';
  const call = { account, params, id, inBrowser, ...(file && { file }) };
  const run = (): Answer => {
    checkParams(params, endpoint.shapes, endpoint.required);
    return answerOf(200, replyOf(account, endpoint.run(call), url.pathname, params));
  };
  if (endpoint.method === 'GET') return run();
  const fault = faultFor(account, url.pathname);
  // What was asked, not its bytes: a multipart body has another boundary each time.
  const asks = canonicalJson([url.pathname, params, file?.name, file?.bytes.toString('base64')]);
  return withFault(fault, () => onceForKey(account, keyOf(asked), asks, () => run(), fault));
}

function replyOf(account: Account, made: object, path: string, params: Params): object {
  const paths = textsOf(params, 'expand');
  if (!Array.isArray(made)) return expand(account, { ...made }, paths);
  return expand(
    account,
    listPage(made, path, params, (thing) => shown(account, thing)),
    paths,
  );
}

async function readBody(asked: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of asked as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function paramsOf(asked: IncomingMessage, url: URL, body: Buffer): { params: Params; file?: FilePart } {
  if (asked.method === 'GET') return { params: readForm(url.search.slice(1)) };
  const type = asked.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) return readMultipart(body, type);
  if (body.length > 0 && !type.startsWith('application/x-www-form-urlencoded'))
    throw invalid(`Unsupported Media Type: ${type}`, {}, 415);
  return { params: readForm(body.toString('utf8')) };
}

function authenticated(
  accounts: Account[],
  asked: IncomingMessage,
): { account: Account; inBrowser: boolean } {
  const key = /^Bearer (\S+)$/.exec(asked.headers.authorization ?? '')?.[1];
  if (key === undefined)
    throw invalid(
      'You did not provide an API key. You need to provide your API key in the Authorization header.',
      {},
      401,
    );
  const account = accounts.find((each) => each.secretKey === key || each.publishableKey === key);
  if (!account) throw invalid(`Invalid API Key provided: ${key.slice(0, 8)}****${key.slice(-4)}`, {}, 401);
  return { account, inBrowser: account.publishableKey === key };
}

function checkVersion(asked: IncomingMessage): void {
  const version = String(asked.headers['stripe-version'] ?? '');
  if (!/^20\d\d-\d\d-\d\d(\.[a-z]+)?$/.test(version)) throw invalid(`Invalid Stripe API version: ${version}`);
}

function checkPermission(account: Account, { permission }: EndpointAt): void {
  if (!account.denied.has(permission)) return;
  const message =
    `The provided key '${account.secretKey.slice(0, 8)}****' does not have the required permissions for this endpoint ` +
    `on account '${account.id}'. Having the 'rak_${permission}' permission would allow this request to continue.`;
  throw invalid(message, {}, 403);
}

function keyOf(asked: IncomingMessage): string | undefined {
  const key = asked.headers['idempotency-key']?.toString();
  if (key !== undefined && (key.length === 0 || key.length > 255))
    throw malformed('Idempotency keys have 255 characters at most.', 'parameter_invalid');
  return key;
}

/**
 * The first answer is the only one. A key that comes with other parameters is refused, as is one that is
 * still being worked on; what never began leaves the key free.
 */
async function onceForKey(
  account: Account,
  key: string | undefined,
  asked: string,
  run: () => Answer,
  fault?: Fault,
): Promise<Answer> {
  if (key === undefined) return run();
  const kept = keptFor(account, key);
  if (kept && kept.asked !== asked)
    throw new StripeFault(400, {
      type: 'idempotency_error',
      message:
        'Keys for idempotent requests can only be used with the same parameters they were first used with. ' +
        `Try using a key other than '${key}' if you meant to execute a different request.`,
    });
  if (kept && !kept.reply)
    throw new StripeFault(409, {
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message: `There is currently another in-progress request using this Idempotent Key (${key}).`,
    });
  if (kept?.reply) return { ...kept.reply, headers: { 'idempotent-replayed': 'true' } };
  account.keys.set(key, { asked, at_ms: account.now_ms });
  await sleep(work_ms);
  const reply = attempt(account, key, run);
  const told =
    fault === 'errorAfterCommit'
      ? answerOf(500, { error: { type: 'api_error', message: 'An unknown error occurred' } })
      : reply;
  if (account.keys.has(key)) account.keys.set(key, { asked, at_ms: account.now_ms, reply: told });
  return told;
}

/** Keys are forgotten once they are a day old. */
function keptFor(account: Account, key: string): Kept | undefined {
  const kept = account.keys.get(key);
  if (kept && account.now_ms - kept.at_ms < day_s * 1000) return kept;
  account.keys.delete(key);
  return undefined;
}

function attempt(account: Account, key: string, run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof StripeFault) || !error.kept) account.keys.delete(key);
    if (!(error instanceof StripeFault)) throw error;
    return answerOf(error.status, { error: error.body });
  }
}

/** Faults strike what moves money. */
function faultFor(account: Account, path: string): Fault | undefined {
  return /^\/v1\/(payment_intents(\/\w+\/cancel)?|refunds)$/.test(path) ? account.faults.shift() : undefined;
}

async function withFault(fault: Fault | undefined, run: () => Promise<Answer>): Promise<Answer | 'drop'> {
  if (fault === 'dropBeforeCommit') return 'drop';
  if (fault === 'unavailableOnce')
    return { status: 503, text: 'upstream connect error', headers: { 'content-type': 'text/plain' } };
  if (fault === 'rateLimitedOnce') {
    const error = {
      type: 'invalid_request_error',
      code: 'rate_limit',
      message: 'Request rate limit exceeded.',
    };
    return { ...answerOf(429, { error }), headers: { 'retry-after': '0' } };
  }
  const answer = await run();
  if (fault === 'dropAfterCommit') return 'drop';
  if (fault === 'slow') await sleep(slow_ms);
  return answer;
}
