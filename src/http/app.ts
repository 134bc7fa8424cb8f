import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Config } from '#config.ts';
import type { Actor, Database } from '#db/db.ts';
import type { Endpoint } from '#lib/endpoint.ts';
import type { Origin } from '#lib/origin.ts';
import type { Secrets } from '#lib/secrets.ts';

/** What every route of one running Owed shares. Made in main.ts, once. */
export type App = {
  fastify: FastifyInstance;
  db: Database;
  secrets: Secrets;
  config: Pick<Config, 'baseUrl' | 'smtpUrl' | 'mailFrom' | 'mailInHost'>;
  /** Every endpoint that was mounted: /openapi.json and the stranger's walk read it. */
  endpoints: Endpoint[];
};

/** What a request needs to know of the organization it is in. */
export type OrganizationContext = {
  id: string;
  name: string;
  mode: 'live' | 'sandbox';
  currency: string;
  timeZone: string;
  locale: string;
  clockOffsetMs: bigint;
};

/** Who asks, once signed in. */
export type Caller = {
  actor: Actor;
  organization: OrganizationContext;
  now: Date;
  /** Of a browser session; an API key has none. */
  session?: { id: string; csrfSecret: string };
};

export const originOf = (request: FastifyRequest): Origin => ({
  ip: request.ip,
  userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
});

/** Where the browser sees this page: the gateway's fields answer that origin and no other. */
export function pageOrigin(app: App, request: FastifyRequest): string {
  const own = new URL(app.config.baseUrl);
  const here = `${request.protocol}://${request.host}`;
  return request.host === own.host || !URL.canParse(here) ? own.origin : new URL(here).origin;
}
