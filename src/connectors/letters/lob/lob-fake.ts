import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemNow } from '#lib/dates.ts';
import { type CarrierExchange, type CarrierTrouble, readBody } from '../../carrier-lab.ts';
import { type Answer, refusal } from './fake-answer.ts';
import { type FakeLetter, letterJson, makeLetter } from './fake-letters.ts';
import { verificationJson } from './fake-verifications.ts';

export type FakeLob = {
  url: string;
  apiKey: string;
  webhookSecret: string;
  /** Its own books: what it took, whatever it answered. */
  letters: FakeLetter[];
  troubles: CarrierTrouble[];
  exchanges: CarrierExchange[];
  /** How long a letter can be cancelled: five minutes, as every new account has it. */
  cancelWindow_s: number;
  stop(): Promise<void>;
};

/** Lob's letters and address verification on loopback: the same paths, forms, answers and codes. */
export async function startFakeLob(mode: 'live' | 'test' = 'live'): Promise<FakeLob> {
  const fake: FakeLob = {
    url: '',
    apiKey: `${mode}_${randomBytes(17).toString('hex')}`,
    webhookSecret: `secret_${randomBytes(12).toString('hex')}`,
    letters: [],
    troubles: [],
    exchanges: [],
    cancelWindow_s: 300,
    stop: async () => undefined,
  };
  const keys = new Map<string, { letter: FakeLetter; at_ms: number }>();
  const server = createServer((request, response) => {
    void answer({ fake, keys }, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  fake.stop = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return fake;
}

type State = { fake: FakeLob; keys: Map<string, { letter: FakeLetter; at_ms: number }> };

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', state.fake.url);
  const body = Buffer.concat(chunks);
  const isEffect = url.pathname.startsWith('/v1/letters') && request.method !== 'GET';
  const trouble = isEffect ? state.fake.troubles.shift() : undefined;
  if (trouble?.kind === 'dropBeforeCommit') return void response.socket?.destroy();
  const reply = before(trouble) ?? (await route(state, { request, url, body }));
  if (trouble?.kind === 'dropAfterCommit') return void response.socket?.destroy();
  if (trouble?.kind === 'slow') await sleep(trouble.wait_ms);
  const last =
    trouble?.kind === 'errorAfterCommit'
      ? refusal(500, 'internal_server_error', 'Something went wrong')
      : reply;
  const type = request.headers['content-type'] ?? '';
  state.fake.exchanges.push({
    ...{ method: request.method ?? '', path: url.pathname, query: [...url.searchParams], type },
    ...{ body: await readBody(type, body), status: last.status, answer: last.json },
  });
  response.writeHead(last.status, { 'content-type': 'application/json; charset=utf-8', ...last.headers });
  response.end(JSON.stringify(last.json));
}

function before(trouble: CarrierTrouble | undefined): Answer | undefined {
  if (trouble?.kind === 'rateLimited') {
    const limited = refusal(429, 'rate_limit_exceeded', 'Rate limit exceeded. Please wait and try again.');
    return { ...limited, headers: { 'retry-after': String(trouble.retryAfter_s) } };
  }
  return trouble?.kind === 'unavailable'
    ? refusal(503, 'service_unavailable', 'Service unavailable')
    : undefined;
}

type Asked = { request: IncomingMessage; url: URL; body: Buffer };

async function route(state: State, asked: Asked): Promise<Answer> {
  const { fake } = state;
  const { request, url } = asked;
  const expected = `Basic ${Buffer.from(`${fake.apiKey}:`).toString('base64')}`;
  if (request.headers.authorization !== expected)
    return refusal(
      401,
      'invalid_api_key',
      'Your API key is not valid. Please sign up on lob.com to get a valid api key.',
    );
  const method = `${request.method} ${url.pathname}`;
  if (method === 'POST /v1/letters') return create(state, asked);
  if (method === 'GET /v1/letters') return { status: 200, json: list(fake, url) };
  if (method === 'POST /v1/us_verifications' || method === 'POST /v1/intl_verifications')
    return verificationJson(JSON.parse(asked.body.toString('utf8')), url.pathname.includes('/us_'));
  const [, verb, id] = /^(GET|DELETE) \/v1\/letters\/(ltr_\w+)$/.exec(method) ?? [];
  const letter = fake.letters.find((each) => each.id === id);
  if (!letter) return refusal(404, 'not_found', 'letter not found');
  return verb === 'DELETE' ? cancel(letter) : { status: 200, json: letterJson(letter) };
}

/** Until its `send_date`, and free of charge. */
function cancel(letter: FakeLetter): Answer {
  if (letter.isDeleted || letter.sendDate <= systemNow())
    return refusal(422, 'not_deletable', 'The letter cannot be deleted: its cancellation window has passed.');
  letter.isDeleted = true;
  return { status: 200, json: { id: letter.id, deleted: true } };
}

const keyLife_ms = 24 * 3_600_000;

async function create({ fake, keys }: State, { request, body }: Asked): Promise<Answer> {
  const type = request.headers['content-type'] ?? '';
  // The platform's own reader of multipart bodies.
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const key = String(request.headers['idempotency-key'] ?? '');
  const earlier = key ? keys.get(key) : undefined;
  const now_ms = systemNow().getTime();
  if (earlier && now_ms - earlier.at_ms < keyLife_ms)
    return { status: 200, json: letterJson(earlier.letter) };
  const made = await makeLetter(form, fake.cancelWindow_s);
  if ('status' in made) return made;
  fake.letters.unshift(made);
  if (key) keys.set(key, { letter: made, at_ms: now_ms });
  return { status: 200, json: letterJson(made) };
}

function list(fake: FakeLob, url: URL) {
  const asked = [...url.searchParams].flatMap(([name, value]) => {
    const key = /^metadata\[(\w+)\]$/.exec(name)?.[1];
    return key ? [[key, value] as const] : [];
  });
  const found = fake.letters.filter((each) => asked.every(([key, value]) => each.metadata[key] === value));
  const data = found.slice(0, Number(url.searchParams.get('limit') ?? 10)).map(letterJson);
  return {
    data,
    object: 'list',
    next_url: null,
    previous_url: null,
    count: data.length,
    total_count: found.length,
  };
}
