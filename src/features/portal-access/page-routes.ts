import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import type { App } from '#http/app.ts';
import { refuseForeignOrigin } from '#http/session.ts';
import { dateIn } from '#lib/dates.ts';
import { newToken } from '#lib/secrets.ts';
import type { Html } from '#ui/html.ts';
import type { Notice } from '#web/portal/views/parts.ts';
import type { Organization, PortalShell } from '#web/portal/views/shell.ts';

/** One request to a page of the portal. */
export type Ask = { app: App; request: FastifyRequest; reply: FastifyReply };

/** Thrown where a request has to go somewhere else first: to sign in, or to the step that is still open. */
export class Detour extends Error {
  readonly location: string;
  constructor(location: string) {
    super(`go to ${location}`);
    this.location = location;
  }
}

type Route = { method: 'GET' | 'POST'; url: string; perMinute?: number };

/** Mount a page. What is posted must come from a page of ours; a detour becomes a redirect. */
export function portalRoute(app: App, route: Route, handler: (ask: Ask) => Promise<FastifyReply>): void {
  app.fastify.route({
    method: route.method,
    url: route.url,
    ...(route.perMinute ? { config: { rateLimit: { max: route.perMinute, timeWindow: 60_000 } } } : {}),
    handler: async (request, reply) => {
      refuseForeignOrigin(app, request);
      try {
        return await handler({ app, request, reply });
      } catch (error) {
        if (error instanceof Detour) return goTo(reply, error.location);
        throw error;
      }
    },
  });
}

export const goTo = (reply: FastifyReply, location: string): FastifyReply =>
  reply.header('cache-control', 'no-store').redirect(location, 303);

/**
 * Send a page under a policy that lets it load our own files, frame the gateway's fields, and nothing else.
 */
export function sendPage(
  reply: FastifyReply,
  page: Html,
  options: { nonce: string; frameOrigins?: readonly string[]; status?: number },
): FastifyReply {
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${options.nonce}'`,
    `script-src 'nonce-${options.nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    `frame-src ${options.frameOrigins?.join(' ') || "'none'"}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return reply
    .code(options.status ?? 200)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', policy)
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'same-origin')
    .send(page.toString());
}

export const isHead = (request: FastifyRequest): boolean => request.method === 'HEAD';
export const paramOf = (request: FastifyRequest, name: string): string =>
  (request.params as Record<string, string>)[name] ?? '';

type Values = Record<string, unknown>;
const listIn = (values: unknown, name: string): string[] => {
  const value = (values as Values | null | undefined)?.[name];
  return (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string');
};

/** What a form posted: a text is cut to its longest and trimmed, except a password. */
export const textOf = (request: FastifyRequest, name: string, max = 200): string =>
  (listIn(request.body, name)[0] ?? '').trim().slice(0, max);
export const secretOf = (request: FastifyRequest, name: string): string =>
  (listIn(request.body, name)[0] ?? '').slice(0, 300);
export const allOf = (request: FastifyRequest, name: string): string[] =>
  listIn(request.body, name).slice(0, 500);
export const queryOf = (request: FastifyRequest, name: string): string | undefined =>
  listIn(request.query, name)[0]?.slice(0, 500);
export const allInQuery = (request: FastifyRequest, name: string): string[] =>
  listIn(request.query, name).slice(0, 500);

/** Of pages that stand for no organization in particular. */
export const defaultLocale = 'en-US';

/** The business as its customers know it. */
export const facade = ({ supportEmail, supportPhone, ...seller }: OrganizationRow): Organization => ({
  name: seller.name,
  locale: seller.locale,
  brandColor: seller.brandColor,
  ...(seller.accentColor ? { accentColor: seller.accentColor } : {}),
  ...(seller.iconHash ? { iconUrl: `/icons/${seller.id}/${seller.iconHash.slice(0, 16)}` } : {}),
  ...(seller.logoHash ? { logoUrl: `/logos/${seller.id}/${seller.logoHash.slice(0, 16)}` } : {}),
  ...((supportEmail ?? seller.email) ? { email: supportEmail ?? seller.email ?? '' } : {}),
  ...((supportPhone ?? seller.phone) ? { phone: supportPhone ?? seller.phone ?? '' } : {}),
});

export function newShell(
  csrf: string,
  seller: OrganizationRow | undefined,
  flash: Notice | undefined,
): PortalShell {
  return {
    organization: seller ? facade(seller) : { name: 'your suppliers', locale: defaultLocale },
    csrf,
    nonce: newToken(),
    practice: seller?.mode === 'sandbox',
    ...(seller ? { askUrl: `/portal/ask?organization=${seller.id}` } : {}),
    ...(flash ? { flash } : {}),
  };
}

/** A moment in words: `10:42 AM EST`, with the day where it is another one. */
export function momentWords(
  at: Date,
  now: Date,
  { timeZone: zone, locale }: { timeZone: string; locale: string },
): string {
  const sameDay = dateIn(zone, at) === dateIn(zone, now);
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
    ...(sameDay ? {} : { month: 'short', day: 'numeric' }),
  }).format(at);
}
