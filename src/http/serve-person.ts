import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { z } from 'zod';
import { systemActor } from '#db/db.ts';
import type { App } from '#http/app.ts';
import { fastifyPath, type PublicContext, publicContext, sendResult } from '#http/serve.ts';
import { findSession, refuseForeignOrigin, staffCookie, stayAwake } from '#http/session.ts';
import type { Endpoint } from '#lib/endpoint.ts';
import { Refusal } from '#lib/errors.ts';

/** Who is at the desk, whichever organization the work is for. */
export type Person = {
  userId: string;
  email: string;
  firstName: string;
  lastName: string;
  sessionId: string;
  secondFactor: string | null;
};

export async function personOf(app: App, request: FastifyRequest): Promise<Person> {
  if (request.headers.authorization)
    throw new Refusal('not_found', 'This is about a person who is signed in. An API key is nobody.');
  const session = await findSession(app.db, request.cookies[staffCookie]);
  if (!session?.userId) throw new Refusal('unauthenticated', 'You are not signed in.');
  refuseForeignOrigin(app, request);
  if (request.method !== 'GET') await stayAwake(app.db, session);
  const user = await app.db.transaction(systemActor('session'), (tx) =>
    tx.row<Pick<Person, 'userId' | 'email' | 'firstName' | 'lastName'>>(sql`
      select id as user_id, email, first_name, last_name from users
      where id = ${session.userId} and disabled_at is null`),
  );
  if (!user) throw new Refusal('unauthenticated', 'This account is disabled.');
  return { ...user, sessionId: session.id, secondFactor: session.secondFactor };
}

export type PersonContext<E extends Endpoint> = PublicContext<E> & { person: Person };

/**
 * Mount an endpoint that is about who is signed in and not about an organization: open to one who belongs to
 * none, and to one whom an organization lets in only with a second factor, which is set up by these.
 */
export function servePerson<E extends Endpoint>(
  app: App,
  endpoint: E,
  handler: (context: PersonContext<E>) => Promise<z.input<E['reply']> | z.output<E['reply']>>,
  perMinute = 60,
): void {
  app.endpoints.push(endpoint);
  app.fastify.route({
    method: endpoint.method,
    url: fastifyPath(endpoint.path),
    config: { rateLimit: { max: perMinute, timeWindow: 60_000 } },
    handler: async (request, reply) => {
      const person = await personOf(app, request);
      const context = { ...publicContext(app, endpoint, request, reply), person };
      const result = await handler(context as PersonContext<E>);
      return sendResult(reply, endpoint, result);
    },
  });
}
