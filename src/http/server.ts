import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { App } from '#http/app.ts';
import { compressReplies } from '#http/compress.ts';
import { sendApiError } from '#http/errors.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type PageError = (
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
) => FastifyReply | Promise<FastifyReply>;

/** What is told of (`warn` and above, as a rule), to a file where one is named. */
export type Log = { level: string; file?: string };

/**
 * The web server without a route: cookies, forms, limits, headers, errors. API paths answer errors as JSON,
 * all other paths as a page. Its log names each request by id and never a body, a query or a cookie: links
 * carry tokens.
 */
export async function makeServer(options: {
  /** How many proxies of ours stand before Owed; 0 when none does. */
  proxies: number;
  log: Log;
  pageError: PageError;
}): Promise<FastifyInstance> {
  const fastify = Fastify({
    // Each proxy of ours adds one address at the end of X-Forwarded-For. What stands before them the caller
    // wrote:
    // believed, it would be a new address for every try, past all limits, and a false one under a consent.
    trustProxy: (_address: string, hop: number) => hop < options.proxies,
    bodyLimit: 1_048_576,
    requestTimeout: 120_000,
    genReqId: () => newId('request'),
    routerOptions: { maxParamLength: 200 },
    logger: {
      ...options.log,
      serializers: {
        req: (request: FastifyRequest) => ({ method: request.method, path: safePath(request.url) }),
        err: (error: Error) => ({ type: error.name, message: error.message, stack: error.stack ?? '' }),
      },
    },
    logController: new LogController({ disableRequestLogging: true }),
  });
  compressReplies(fastify);
  await fastify.register(cookie);
  await fastify.register(formbody, { bodyLimit: 262_144 });
  await fastify.register(helmet, {
    // Each page sets its own policy (pages need a nonce, the console its style attributes).
    contentSecurityPolicy: false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
    hsts: false,
  });
  await fastify.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, context) =>
      new Refusal('rate_limited', {
        message: `Too many tries. Wait ${Math.ceil(context.ttl / 1000)} seconds and try again.`,
        retryAfter: context.ttl / 1000,
      }),
  });
  fastify.setErrorHandler((error, request, reply) => onError(options.pageError, error, request, reply));
  fastify.setNotFoundHandler((request, reply) =>
    onError(options.pageError, new Refusal('not_found', 'There is nothing at this address.'), request, reply),
  );
  return fastify;
}

/** Links carry tokens in their last part, so a path is logged only as far as its second part. */
const safePath = (url: string): string =>
  url.startsWith('/v1/')
    ? (url.split('?')[0] ?? '')
    : (url.split(/[?]/)[0]?.split('/').slice(0, 3).join('/') ?? '');

function onError(pageError: PageError, error: unknown, request: FastifyRequest, reply: FastifyReply) {
  if (['/v1/', '/webhooks/', '/mail-in/'].some((start) => request.url.startsWith(start)))
    return sendApiError(request, reply, error);
  return pageError(request, reply, error);
}

export type Probe = { name: string; check(): Promise<string | undefined> };

/** `/healthz`: the process is alive. `/readyz`: it can serve, or what is wrong, probe by probe. */
export function serveHealth(app: Pick<App, 'fastify'>, probes: readonly Probe[]): void {
  app.fastify.get('/healthz', async () => ({ status: 'ok' }));
  app.fastify.get('/readyz', async (_request, reply) => {
    const checks = await Promise.all(
      probes.map(async (probe) => {
        const problem = await probe.check().catch((error: Error) => error.message);
        return [probe.name, problem ? { ok: false, problem } : { ok: true }] as const;
      }),
    );
    const ok = checks.every(([, check]) => check.ok);
    return reply
      .code(ok ? 200 : 503)
      .send({ status: ok ? 'ready' : 'not_ready', checks: Object.fromEntries(checks) });
  });
}
