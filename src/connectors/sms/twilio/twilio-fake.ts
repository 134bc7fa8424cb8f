import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemNow } from '#lib/dates.ts';
import { type CarrierExchange, type CarrierTrouble, readBody } from '../../carrier-lab.ts';
import { type FakeMessage, messageJson, page, sidOf } from './fake-messages.ts';
import { signatureOf } from './twilio-texter.ts';

export type FakeTwilio = {
  url: string;
  accountSid: string;
  authToken: string;
  number: string;
  /** Its own books: what it took, whatever it answered. */
  messages: FakeMessage[];
  /** What happens to the messages that come next, once each. */
  troubles: CarrierTrouble[];
  exchanges: CarrierExchange[];
  /** Numbers that have said STOP to Twilio. */
  stopped: Set<string>;
  /** The instant its clock shows; the machine's when not set. */
  clock: { now?: Date };
  accountStatus: 'active' | 'suspended' | 'closed';
  /** A webhook as Twilio signs and sends it. */
  sign(url: string, params: Record<string, string>): { body: string; signature: string };
  stop(): Promise<void>;
};

type Answer = { status: number; json?: unknown; headers?: Record<string, string> };

const refusal = (status: number, code: number, message: string): Answer => ({
  status,
  json: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
});

/** Twilio's Messages on loopback: the same paths, forms, answers and codes; it keeps what it took. */
export async function startFakeTwilio(): Promise<FakeTwilio> {
  const accountSid = `AC${randomBytes(16).toString('hex')}`;
  const authToken = randomBytes(16).toString('hex');
  const fake: FakeTwilio = {
    url: '',
    accountSid,
    authToken,
    number: '+15005550006',
    messages: [],
    troubles: [],
    exchanges: [],
    stopped: new Set(),
    clock: {},
    accountStatus: 'active',
    sign: (url, params) => ({
      body: new URLSearchParams(params).toString(),
      signature: signatureOf(url, params, authToken),
    }),
    stop: async () => undefined,
  };
  const server = createServer((request, response) => {
    void answer(fake, request, response);
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

async function answer(fake: FakeTwilio, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const type = request.headers['content-type'] ?? '';
  const body = await readBody(type, Buffer.concat(chunks));
  const form = (body ?? {}) as Record<string, string>;
  const url = new URL(request.url ?? '/', fake.url);
  const isSend = request.method === 'POST' && url.pathname.endsWith('/Messages.json');
  const trouble = isSend ? fake.troubles.shift() : undefined;
  if (trouble?.kind === 'dropBeforeCommit') return void response.socket?.destroy();
  const reply = before(trouble) ?? route(fake, request, url, form);
  if (trouble?.kind === 'dropAfterCommit') return void response.socket?.destroy();
  if (trouble?.kind === 'slow') await sleep(trouble.wait_ms);
  const last = trouble?.kind === 'errorAfterCommit' ? refusal(500, 20500, 'Internal Server Error') : reply;
  fake.exchanges.push({
    ...{ method: request.method ?? '', path: url.pathname, query: [...url.searchParams], type },
    ...{ body, status: last.status, answer: last.json },
  });
  response.writeHead(last.status, { 'content-type': 'application/json', ...last.headers });
  response.end(JSON.stringify(last.json));
}

function before(trouble: CarrierTrouble | undefined): Answer | undefined {
  if (trouble?.kind === 'rateLimited') {
    const limited = refusal(429, 20429, 'Too Many Requests');
    return { ...limited, headers: { 'retry-after': String(trouble.retryAfter_s) } };
  }
  return trouble?.kind === 'unavailable' ? refusal(503, 20503, 'Service Unavailable') : undefined;
}

function route(fake: FakeTwilio, request: IncomingMessage, url: URL, form: Record<string, string>): Answer {
  const expected = `Basic ${Buffer.from(`${fake.accountSid}:${fake.authToken}`).toString('base64')}`;
  const [, , , account] = url.pathname.split('/');
  if (request.headers.authorization !== expected || account?.replace('.json', '') !== fake.accountSid)
    return refusal(401, 20003, 'Authenticate');
  const root = `/2010-04-01/Accounts/${fake.accountSid}`;
  const method = `${request.method} ${url.pathname.slice(root.length)}`;
  if (method === 'GET .json')
    return {
      status: 200,
      json: { sid: fake.accountSid, friendly_name: 'Fake Twilio', status: fake.accountStatus, type: 'Full' },
    };
  if (method === 'GET /IncomingPhoneNumbers.json') {
    const asked = url.searchParams.get('PhoneNumber');
    const own = asked === null || asked === fake.number ? [{ phone_number: fake.number }] : [];
    return { status: 200, json: { incoming_phone_numbers: own, page: 0, page_size: 50 } };
  }
  if (method === 'GET /Messages.json') return { status: 200, json: page(fake, url, root) };
  if (method === 'POST /Messages.json') return create(fake, form);
  const sid = /^GET \/Messages\/(SM[0-9a-f]{32})\.json$/.exec(method)?.[1];
  const found = fake.messages.find((each) => each.sid === sid);
  return found
    ? { status: 200, json: messageJson(fake.accountSid, found) }
    : refusal(404, 20404, `The requested resource ${url.pathname} was not found`);
}

function create(fake: FakeTwilio, form: Record<string, string>): Answer {
  const { To: to = '', From: from, MessagingServiceSid: service, Body: body = '' } = form;
  if (fake.accountStatus !== 'active') return refusal(403, 20005, 'Account not active');
  if (!from && !service) return refusal(400, 21603, "A 'From' phone number is required.");
  if (from && from !== fake.number)
    return refusal(
      400,
      21606,
      `The 'From' phone number provided (${from}) is not a valid message-capable Twilio phone number for this destination/account`,
    );
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return refusal(400, 21211, `Invalid 'To' Phone Number: ${to}`);
  if (body === '') return refusal(400, 21602, 'Message body is required.');
  if (body.length > 1600)
    return refusal(400, 21617, 'The concatenated message body exceeds the 1600 character limit');
  if (fake.stopped.has(to)) return refusal(400, 21610, 'Attempt to send to unsubscribed recipient');
  const message: FakeMessage = {
    sid: sidOf('SM'),
    to,
    from: from ?? null,
    service: service ?? null,
    body,
    status: 'queued',
    errorCode: null,
    statusUrl: form.StatusCallback ?? null,
    validity_s: Number(form.ValidityPeriod ?? 36_000),
    at: fake.clock.now ?? systemNow(),
  };
  fake.messages.unshift(message);
  return { status: 201, json: messageJson(fake.accountSid, message) };
}
