import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type Actor, systemActor, type Tx } from '#db/db.ts';
import type { App, Caller, OrganizationContext } from '#http/app.ts';
import { originOf } from '#http/app.ts';
import { turnsOf } from '#http/at-once.ts';
import { refusalOf } from '#http/errors.ts';
import { once, type StoredReply } from '#http/idempotency.ts';
import { callerOf } from '#http/session.ts';
import type { Endpoint } from '#lib/endpoint.ts';
import { Refusal } from '#lib/errors.ts';
import { canonicalJson } from '#lib/json.ts';
import type { Origin } from '#lib/origin.ts';
import { demand, scopesOf } from '#lib/roles.ts';
import { sha256 } from '#lib/secrets.ts';

export type Context<E extends Endpoint> = {
  tx: Tx;
  actor: Actor;
  organization: OrganizationContext;
  now: Date;
  params: z.output<E['params']>;
  query: z.output<E['query']>;
  body: z.output<E['body']>;
  origin: Origin;
  request: FastifyRequest;
  /** Of the browser that asks; an API key has none. */
  sessionId: string | undefined;
};

type Handler<E extends Endpoint> = (
  context: Context<E>,
) => Promise<z.input<E['reply']> | z.output<E['reply']>>;

export const parse = <S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> => {
  const result = schema.safeDecode(value as never);
  if (!result.success) throw refusalOf(result.error, where);
  return result.data;
};

export const fastifyPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

/**
 * Mount an endpoint: who asks, may they, is it well formed; then one transaction, and at most once for a key.
 * Users are of no organization, so what is about them reads as `system` and names the organization itself.
 */
export function serve<E extends Endpoint>(
  app: App,
  endpoint: E,
  handler: Handler<E>,
  as: 'caller' | 'system' = 'caller',
): void {
  app.endpoints.push(endpoint);
  const inTurn = endpoint.atOnce ? turnsOf(endpoint.atOnce) : undefined;
  app.fastify.route({
    method: endpoint.method,
    url: fastifyPath(endpoint.path),
    ...(endpoint.bodyLimit ? { bodyLimit: endpoint.bodyLimit } : {}),
    handler: async (request, reply) => {
      const caller = await authorize(app, endpoint, request);
      const input = {
        params: parse(endpoint.params, request.params, 'path'),
        query: parse(endpoint.query, request.query, 'query'),
        body: parse(endpoint.body, request.body ?? undefined, 'body'),
      };
      const work = async (tx: Tx): Promise<StoredReply> => {
        const { actor, organization, now } = caller;
        const by = { actor, organization, now, sessionId: caller.session?.id };
        const context = { ...input, ...by, tx, origin: originOf(request), request };
        const result = await handler(context as Context<E>);
        return { status: endpoint.status, response: JSON.stringify(endpoint.reply.encode(result as never)) };
      };
      const transact = () =>
        app.db.transaction(
          as === 'system' ? systemActor(endpoint.path) : caller.actor,
          (tx) => runOnce(tx, request, caller, work),
          request.id,
        );
      return send(reply, await (inTurn ? inTurn(caller.organization.id, transact) : transact()));
    },
  });
}

/** What a public endpoint gets: no caller, and no transaction of its own. */
export type PublicContext<E extends Endpoint> = {
  app: App;
  params: z.output<E['params']>;
  query: z.output<E['query']>;
  body: z.output<E['body']>;
  origin: Origin;
  request: FastifyRequest;
  reply: FastifyReply;
};

/** Mount an endpoint that anyone may call: signing in, for one. `perMinute` is how often one address may. */
export function servePublic<E extends Endpoint>(
  app: App,
  endpoint: E,
  handler: (context: PublicContext<E>) => Promise<z.input<E['reply']> | z.output<E['reply']>>,
  perMinute = 30,
): void {
  app.endpoints.push(endpoint);
  app.fastify.route({
    method: endpoint.method,
    url: fastifyPath(endpoint.path),
    config: { rateLimit: { max: perMinute, timeWindow: 60_000 } },
    handler: async (request, reply) => {
      const context = publicContext(app, endpoint, request, reply);
      return sendResult(reply, endpoint, await handler(context as PublicContext<E>));
    },
  });
}

export const publicContext = (
  app: App,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
) => ({
  app,
  request,
  reply,
  params: parse(endpoint.params, request.params, 'path'),
  query: parse(endpoint.query, request.query, 'query'),
  body: parse(endpoint.body, request.body ?? undefined, 'body'),
  origin: originOf(request),
});

export const sendResult = (reply: FastifyReply, endpoint: Endpoint, result: unknown): FastifyReply =>
  send(reply, {
    status: endpoint.status,
    response: JSON.stringify(endpoint.reply.encode(result as never)),
  });

export type JourneyContext<E extends Endpoint> = {
  caller: Caller;
  params: z.output<E['params']>;
  query: z.output<E['query']>;
  body: z.output<E['body']>;
  origin: Origin;
  request: FastifyRequest;
  reply: FastifyReply;
  idempotencyKey: string | undefined;
};

/**
 * Mount an endpoint whose work is not one transaction of its own: it is batched with others, or crosses the
 * network. It is given the idempotency key and must make the second try harmless itself.
 */
export function serveJourney<E extends Endpoint>(
  app: App,
  endpoint: E,
  handler: (context: JourneyContext<E>) => Promise<z.input<E['reply']> | z.output<E['reply']>>,
): void {
  app.endpoints.push(endpoint);
  app.fastify.route({
    method: endpoint.method,
    url: fastifyPath(endpoint.path),
    ...(endpoint.bodyLimit ? { bodyLimit: endpoint.bodyLimit } : {}),
    handler: async (request, reply) => {
      const caller = await authorize(app, endpoint, request);
      const context = {
        caller,
        request,
        reply,
        params: parse(endpoint.params, request.params, 'path'),
        query: parse(endpoint.query, request.query, 'query'),
        body: parse(endpoint.body, request.body ?? undefined, 'body'),
        origin: originOf(request),
        idempotencyKey: idempotencyKeyOf(request),
      };
      return sendResult(reply, endpoint, await handler(context as JourneyContext<E>));
    },
  });
}

function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') return undefined;
  if (key.length <= 200) return key;
  throw new Refusal('invalid_request', {
    message: 'Idempotency-Key: at most 200 characters',
    param: 'Idempotency-Key',
  });
}

export async function authorize(app: App, endpoint: Endpoint, request: FastifyRequest): Promise<Caller> {
  const caller = await callerOf(app, request);
  const { scope, orScope } = endpoint;
  if (scope === 'signed_in' || (orScope && scopesOf(caller.actor).has(orScope))) return caller;
  demand(caller.actor, scope);
  return caller;
}

async function runOnce(
  tx: Tx,
  request: FastifyRequest,
  caller: Caller,
  work: (tx: Tx) => Promise<StoredReply>,
) {
  const key = idempotencyKeyOf(request);
  if (request.method === 'GET' || key === undefined) return work(tx);
  const scope =
    caller.actor.kind === 'api_key'
      ? caller.actor.apiKeyId
      : caller.actor.kind === 'user'
        ? caller.actor.userId
        : caller.actor.kind;
  const requestHash = sha256(`${request.method} ${request.url} ${canonicalJson(request.body ?? null)}`);
  const organizationId = caller.organization.id;
  return once(tx, { organizationId, scope, key, requestHash, now: caller.now }, () => work(tx));
}

function send(reply: FastifyReply, done: StoredReply): FastifyReply {
  return reply
    .code(done.status)
    .header('content-type', 'application/json; charset=utf-8')
    .send(done.response);
}
