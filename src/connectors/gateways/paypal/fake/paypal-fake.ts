import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonOf } from '../access-token.ts';
import { type Books, type Buyer, newBooks, passTime, sweepNightly } from './books.ts';
import { approve } from './checkout-page.ts';
import type { House } from './order-routes.ts';
import { type Route, routesOf } from './routes.ts';
import { eventOf, newSender, type Sender } from './send-webhooks.ts';
import { type App, newTokens, refuseScope, refuseToken, type Tokens } from './token-routes.ts';
import { type Call, newPaypalId, notThere, type Reply } from './wire.ts';

/** What a test may do to the next capture or refund, or to the next webhook. */
export type Fault =
  | 'drop_before_commit'
  | 'drop_after_commit'
  | 'http_500_after_commit'
  | 'http_503_before_commit'
  | 'rate_limited'
  | 'slow'
  | 'duplicate_webhook'
  | 'late_webhook';

/** One request with its answer, for whoever compares both with PayPal's own documents. */
export type Exchange = { method: string; path: string; body: unknown; status: number; answer: unknown };

export type PaypalFakeOptions = {
  now: Date;
  app?: Partial<App>;
  /** Where webhooks are sent; nowhere, when not given. */
  endpoint?: string;
  nightlySweep?: boolean;
  reportLag_ms?: number;
  reportRecords_max?: number;
  slow_ms?: number;
};

export type PaypalFake = {
  url: string;
  app: App;
  books: Books;
  tokens: Tokens;
  exchanges: Exchange[];
  passTo(at: Date): void;
  fault(fault: Fault): void;
  /** The payer agrees, as on the page. */
  approve(orderId: string, buyer: Buyer): void;
  stop(): Promise<void>;
};

const newApp = (given: Partial<App> = {}): App => ({
  clientId: `A${newPaypalId(79)}`,
  clientSecret: `E${newPaypalId(79)}`,
  webhookId: newPaypalId(17),
  scopes: [
    'https://uri.paypal.com/services/payments/payment',
    'https://uri.paypal.com/services/reporting/search/read',
    'https://uri.paypal.com/services/disputes/read-seller',
    'https://uri.paypal.com/services/disputes/update-seller',
  ],
  eventTypes: ['*'],
  ...given,
});

type Server = House & {
  app: App;
  tokens: Tokens;
  routes: readonly Route[];
  faults: Fault[];
  replies: Map<string, { reply: Reply; until_ms: number }>;
  exchanges: Exchange[];
  slow_ms: number;
};

/** PayPal's interfaces for wallets, refunds, disputes, reports and webhooks, on loopback, with books. */
export async function startPaypalFake(options: PaypalFakeOptions): Promise<PaypalFake> {
  const books = newBooks(options.now.getTime());
  const place = { url: '', merchantId: newPaypalId(13) };
  const app = newApp(options.app);
  const {
    endpoint,
    nightlySweep = false,
    reportLag_ms = 3 * 3_600_000,
    reportRecords_max = 10_000,
  } = options;
  const tokens = newTokens();
  const house: Server = {
    books,
    place,
    app,
    tokens,
    routes: routesOf(
      { books, place },
      { app, tokens, endpoint, reporting: { lag_ms: reportLag_ms, records_max: reportRecords_max } },
    ),
    faults: [],
    replies: new Map(),
    exchanges: [],
    slow_ms: options.slow_ms ?? 500,
  };
  const server = createServer((request, response) => {
    void serve(house, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  place.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sender = endpoint === undefined ? undefined : newSender(place, app.webhookId, endpoint);
  books.announce = (type, about) => tell(house, sender, eventOf(place, type, about, books.now_ms));
  if (nightlySweep) sweepNightly(books);
  return {
    url: place.url,
    app,
    books,
    tokens,
    exchanges: house.exchanges,
    passTo: (at) => passTime(books, at.getTime()),
    fault: (fault) => house.faults.push(fault),
    approve(orderId, buyer) {
      const order = books.orders.get(orderId);
      if (order) approve(house, order, buyer);
    },
    async stop() {
      sender?.stop();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const onWebhooks: readonly Fault[] = ['duplicate_webhook', 'late_webhook'];

function takeFault(faults: Fault[], fits: (fault: Fault) => boolean): Fault | undefined {
  const at = faults.findIndex(fits);
  return at < 0 ? undefined : faults.splice(at, 1)[0];
}

function tell(house: Server, sender: Sender | undefined, event: object): void {
  if (!sender) return;
  const fault = takeFault(house.faults, (each) => onWebhooks.includes(each));
  sender.send(event, { twice: fault === 'duplicate_webhook', late: fault === 'late_webhook' });
}

async function callOf(request: IncomingMessage, url: string): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]),
  );
  const isJson = headers['content-type'] === 'application/json';
  const body = isJson ? jsonOf(raw.toString()) : undefined;
  return { method: request.method ?? '', url: new URL(request.url ?? '/', url), headers, raw, body, id: '' };
}

async function serve(house: Server, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = await callOf(request, house.place.url);
  const { pathname } = call.url;
  const route = house.routes.find((each) => each.method === call.method && each.path.test(pathname));
  call.id = decodeURIComponent(route?.path.exec(pathname)?.[1] ?? '');
  const reply = route ? await answer(house, route, call) : notThere();
  if ('drop' in reply) {
    response.socket?.destroy();
    return;
  }
  house.exchanges.push({
    method: call.method,
    path: pathname,
    body: call.body,
    status: reply.status,
    answer: reply.json,
  });
  const json = reply.json === undefined ? undefined : JSON.stringify(reply.json);
  response.writeHead(reply.status, { ...(json && { 'content-type': 'application/json' }), ...reply.headers });
  response.end(json ?? reply.text);
}

async function answer(house: Server, route: Route, call: Call): Promise<Reply> {
  if (!route.open) {
    const refused = refuseToken(house.books, house.tokens, call) ?? refuseScope(house.app, call.url.pathname);
    if (refused) return refused;
  }
  const fault = route.effect ? takeFault(house.faults, (each) => !onWebhooks.includes(each)) : undefined;
  if (fault === 'drop_before_commit') return { drop: true };
  if (fault === 'http_503_before_commit')
    return { status: 503, json: { name: 'SERVICE_UNAVAILABLE', message: 'Service Unavailable' } };
  if (fault === 'rate_limited')
    return {
      status: 429,
      headers: { 'retry-after': '0' },
      json: { name: 'RATE_LIMIT_REACHED', message: 'Too many requests. Blocked due to rate limiting.' },
    };
  const reply = answerOnce(house, route, call);
  if (fault === 'drop_after_commit') return { drop: true };
  if (fault === 'http_500_after_commit')
    return {
      status: 500,
      json: { name: 'INTERNAL_SERVER_ERROR', message: 'An internal server error occurred.' },
    };
  if (fault === 'slow') await sleep(house.slow_ms, undefined, { ref: false });
  return reply;
}

/** The same request id at the same address again is answered as the first time, for as long as it is kept. */
function answerOnce(house: Server, route: Route, call: Call): Reply {
  const requestId = call.headers['paypal-request-id'];
  if (!route.keeps_ms || requestId === undefined) return route.run(call);
  const key = `${call.method} ${call.url.pathname} ${requestId}`;
  const kept = house.replies.get(key);
  if (kept && kept.until_ms > house.books.now_ms)
    return 'status' in kept.reply && route.repeatedStatus
      ? { ...kept.reply, status: route.repeatedStatus }
      : kept.reply;
  const reply = route.run(call);
  // A refusal did nothing, and may be different the next time.
  if ('status' in reply && reply.status < 300)
    house.replies.set(key, { reply, until_ms: house.books.now_ms + route.keeps_ms });
  return reply;
}
