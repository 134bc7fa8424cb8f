import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemNow } from '#lib/dates.ts';
import { type Account, accountNow, newAccounts } from './accounts.ts';
import type { Gateway } from './charge-routes.ts';
import type { Fact } from './facts.ts';
import { type Journal, memoryJournal, openJournal } from './journal.ts';
import { movesDone, type News, takeMoves } from './moves.ts';
import { type Access, newRoutes, type Route } from './routes.ts';
import { newWebhooks, type Webhooks } from './webhooks.ts';
import { type Reply, refusal, visibleStatus } from './wire.ts';

export type SandboxOptions = {
  /** 0 takes a free port. */
  port: number;
  host?: string;
  /** Where the journal lives. Without it the gateway forgets everything when it stops. */
  dataDir?: string;
  /** The origins that may show the hosted fields; any, when not given. */
  allowedParents?: readonly string[];
  /** Hosts besides this machine's own that webhooks may go to. */
  webhookHosts?: readonly string[];
  /** The gateway's address as browsers know it, when a proxy stands before it. */
  publicUrl?: string;
  /** A WOFF2 file for the hosted fields; without it they use Inter if installed, or the system's font. */
  fontFile?: string;
  /**
   * Who has an account here. Without it anyone who makes up a key has one: right for tests, not for a server.
   */
  isKnown?: (publishableKey: string) => Promise<boolean>;
  slowAnswer_ms?: number;
  tokenLife_ms?: number;
  webhookBackoff_ms?: number;
};

export type SandboxGateway = { url: string; port: number; stop(): Promise<void> };

const body_bytes_max = 131_072;
const sweep_ms = 5_000;

/** A complete payment gateway on its own origin, for sandbox organizations, tests and first steps. */
export async function startSandboxGateway(options: SandboxOptions): Promise<SandboxGateway> {
  const { host = '127.0.0.1', webhookBackoff_ms = 500 } = options;
  const accounts = newAccounts();
  const real_ms = (): number => systemNow().getTime();
  const journal = await open(options, (fact) => accounts.apply(fact));
  for (const account of accounts.all()) takeMoves(account, accountNow(account, undefined, real_ms()));
  const webhooks = newWebhooks({ backoff_ms: webhookBackoff_ms, attempts_max: 6 });
  const stopping = new AbortController();
  const gateway: Gateway = {
    commit(fact) {
      journal.append(fact);
      accounts.apply(fact);
    },
    synced: () => journal.synced(),
    announceNew(account, charge) {
      const status = visibleStatus(charge, 1);
      afterSync(journal, () => webhooks.announce(account, { mover: charge, status }));
    },
    tell: (account) =>
      announceMoves({ account, now_ms: accountNow(account, undefined, real_ms()), journal, webhooks }),
    pause: (wait_ms) => sleep(wait_ms, undefined, { signal: stopping.signal }),
    real_ms,
    slowAnswer_ms: options.slowAnswer_ms ?? 5_000,
  };
  const font = options.fontFile === undefined ? undefined : await readFile(options.fontFile);
  const routes = newRoutes({
    gateway,
    tokenLife_ms: options.tokenLife_ms ?? 30 * 60_000,
    webhookHosts: options.webhookHosts ?? [],
    fields: {
      ...(options.allowedParents && { allowedParents: options.allowedParents }),
      ...(font && { font }),
    },
    ...(options.publicUrl !== undefined && { publicHost: new URL(options.publicUrl).host }),
  });

  const passTime = (account: Account, named_ms: number | undefined): number => {
    const now_ms = accountNow(account, named_ms, real_ms());
    announceMoves({ account, now_ms, journal, webhooks });
    return now_ms;
  };
  const server = newServer(
    { routes, access: { accounts, passTime, isKnown: options.isKnown ?? (async () => true) }, journal },
    stopping.signal,
  );
  server.listen(options.port, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sweep = setInterval(() => {
    for (const account of accounts.all()) passTime(account, undefined);
  }, sweep_ms);
  sweep.unref();

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    async stop() {
      clearInterval(sweep);
      stopping.abort();
      webhooks.stop();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await journal.close();
    },
  };
}

const open = async (options: SandboxOptions, onFact: (fact: Fact) => void): Promise<Journal> =>
  options.dataDir === undefined
    ? memoryJournal
    : openJournal(options.dataDir, (fact) => onFact(fact as Fact));

/** A webhook must never tell of something that a crash could still undo. */
function afterSync(journal: Journal, tell: () => void): void {
  // A journal that failed has already answered 500 to whoever asked; there is nothing true left to tell.
  journal.synced().then(tell, () => {});
}

type Passing = { account: Account; now_ms: number; journal: Journal; webhooks: Webhooks };

function announceMoves({ account, now_ms, journal, webhooks }: Passing): void {
  const news = takeMoves(account, now_ms);
  if (news.length === 0) return;
  if (account.clock) journal.append({ k: 'clock', a: account.key, clock: account.clock });
  afterSync(journal, () => {
    for (const each of news) webhooks.announce(account, visible(each));
  });
}

/** A charge that pretends to be processing does so in webhooks too. */
const visible = (news: News): Pick<News, 'mover' | 'status'> =>
  news.mover.object === 'charge'
    ? { ...news, status: visibleStatus(news.mover, movesDone(news.mover.moves, news.at_ms)) }
    : news;

type House = { routes: readonly Route[]; access: Access; journal: Journal };

function newServer(house: House, stopping: AbortSignal): Server {
  const server = createServer((request, response) => {
    void answer(request, house)
      .catch((error: unknown) => {
        // Only the name: a message may quote what was sent.
        const name = error instanceof Error ? error.name : 'error';
        if (!stopping.aborted) process.stderr.write(`sandbox gateway: ${name}\n`);
        return refusal(500, 'internal', 'Something went wrong.');
      })
      .then((reply) => write(response, reply));
  });
  server.requestTimeout = 30_000;
  return server;
}

async function answer(request: IncomingMessage, { routes, access, journal }: House): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://sandbox.invalid');
  const route = routes.find((each) => each.method === request.method && each.path.test(url.pathname));
  if (!route) return refusal(404, 'route_not_found', 'There is nothing at this address.');
  const body = await readBody(request);
  if (body === 'too_large')
    return refusal(413, 'too_large', `A request has ${body_bytes_max} bytes at most.`);
  if (body === 'malformed') return refusal(400, 'malformed', 'The body is not a JSON object.');
  const id = route.path.exec(url.pathname)?.[1] ?? '';
  const reply = await route.run({ url, headers: request.headers, body, id }, access);
  // Nothing leaves before everything it rests on is on disk, reads included.
  await journal.synced();
  return reply;
}

async function readBody(
  request: IncomingMessage,
): Promise<Record<string, unknown> | 'too_large' | 'malformed'> {
  const chunks: Buffer[] = [];
  let size_bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size_bytes += chunk.length;
    if (size_bytes <= body_bytes_max) chunks.push(chunk);
  }
  if (size_bytes > body_bytes_max) return 'too_large';
  if (size_bytes === 0) return {};
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : 'malformed';
  } catch {
    // JSON.parse quotes the text in its message, and the text may hold a card number: the message ends here.
    return 'malformed';
  }
}

const always = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

function write(response: ServerResponse, reply: Reply): void {
  if ('drop' in reply) {
    response.socket?.destroy();
    return;
  }
  const [type, content] =
    'json' in reply
      ? ['application/json', JSON.stringify(reply.json)]
      : 'html' in reply
        ? ['text/html; charset=utf-8', reply.html]
        : ['font/woff2', reply.bytes];
  response.writeHead(reply.status, { ...always, 'content-type': type, ...reply.headers });
  response.end(content);
}
