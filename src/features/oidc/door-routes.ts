import type { FastifyReply, FastifyRequest } from 'fastify';
import { systemActor } from '#db/db.ts';
import { outboxOf } from '#features/correspondence/outbox.ts';
import { type Attempt, beginAttempt, takeAttempt } from '#features/oidc/attempts.ts';
import { connectByProvider, enterByProvider } from '#features/oidc/enter-by-provider.ts';
import { type IdentityProvider, newSecret } from '#features/oidc/identity-provider.ts';
import { findProvider, keysOf, type ProviderRow } from '#features/oidc/read-providers.ts';
import { attemptLife_s, type Claims, ownPath, type RefusedSignIn } from '#features/oidc/rules.ts';
import { hashPassword } from '#features/users/passwords.ts';
import { type App, originOf } from '#http/app.ts';
import { findSession, openSession, setSessionCookie, staffCookie } from '#http/session.ts';
import { secondsLater, systemNow } from '#lib/dates.ts';
import { isId } from '#lib/ids.ts';
import { newToken } from '#lib/secrets.ts';

/** The half of a sign-in under way that stays in the browser. */
const browserCookie = 'owed_oidc';
const callbackPath = '/oidc/callback';
export const redirectUriOf = (app: App): string => `${app.config.baseUrl}${callbackPath}`;

type Door = { app: App; identityProvider: IdentityProvider; reply: FastifyReply };
type Begun = { provider: ProviderRow; userId?: string | undefined; returnTo?: string | undefined };

/** Ask where the provider's sign-in is, with nothing open; then remember what comes back must match. */
export async function beginAtProvider({ app, identityProvider, reply }: Door, begun: Begun): Promise<URL> {
  const { provider, userId, returnTo } = begun;
  const secret = newSecret();
  const url = await identityProvider.begin(keysOf(app.secrets, provider), secret, redirectUriOf(app));
  const browser = newToken();
  const now = systemNow();
  await app.db.transaction(systemActor('oidc'), (tx) =>
    beginAttempt(tx, { providerId: provider.id, secret, browser, userId, returnTo }, now),
  );
  reply.setCookie(browserCookie, `${browser}.${secret.state}`, {
    path: '/oidc',
    httpOnly: true,
    // Lax: the provider's page sends the browser back here by a link.
    sameSite: 'lax',
    secure: app.config.baseUrl.startsWith('https:'),
    expires: secondsLater(now, attemptLife_s),
  });
  return url;
}

const signInPage = (refuse: RefusedSignIn): string => `/console/sign-in?refused=${refuse}`;
const ownPage = (said: string): string => `/console/profile?${said}`;
const perMinute = (max: number) => ({ config: { rateLimit: { max, timeWindow: 60_000 } } });

/** What a browser walks through: out to the provider, and back. */
export function oidcDoorRoutes(app: App, identityProvider: IdentityProvider): void {
  app.fastify.get<{ Params: { id: string }; Querystring: { next?: string } }>(
    '/oidc/:id/start',
    perMinute(20),
    async (request, reply) => {
      const { id } = request.params;
      const provider = isId('oidcProvider', id)
        ? await app.db.transaction(systemActor('oidc'), (tx) => findProvider(tx, id))
        : undefined;
      if (!provider) return reply.redirect(signInPage('gone'));
      const next = typeof request.query.next === 'string' ? ownPath(request.query.next) : undefined;
      try {
        const url = await beginAtProvider({ app, identityProvider, reply }, { provider, returnTo: next });
        return reply.redirect(url.href);
      } catch (error) {
        request.log.warn({ err: error, provider: id }, 'a sign-in provider did not answer');
        return reply.redirect(signInPage('unreachable'));
      }
    },
  );
  app.fastify.get<{ Querystring: Record<string, string | string[]> }>(
    callbackPath,
    perMinute(30),
    async (request, reply) => {
      reply.header('cache-control', 'no-store').clearCookie(browserCookie, { path: '/oidc' });
      return reply.redirect(await comeBack(app, identityProvider, { request, reply }));
    },
  );
}

type Visit = { request: FastifyRequest; reply: FastifyReply };

/** The page that the browser goes on to. */
async function comeBack(app: App, identityProvider: IdentityProvider, visit: Visit): Promise<string> {
  const { request } = visit;
  const cameBack = new URL(request.url, app.config.baseUrl);
  const [browser = '', state = ''] = (request.cookies[browserCookie] ?? '').split('.');
  const isOurs = state !== '' && cameBack.searchParams.get('state') === state;
  const attempt = isOurs
    ? await app.db.transaction(systemActor('oidc'), (tx) => takeAttempt(tx, { state, browser }, systemNow()))
    : undefined;
  if (!attempt) return signInPage('expired');
  const page = attempt.userId ? (refuse: RefusedSignIn) => ownPage(`refused=${refuse}`) : signInPage;
  const provider = await app.db.transaction(systemActor('oidc'), (tx) =>
    findProvider(tx, attempt.providerId),
  );
  if (!provider) return page('gone');
  if (cameBack.searchParams.has('error')) {
    request.log.warn(
      { provider: provider.id, error: cameBack.searchParams.get('error') },
      'sign-in refused there',
    );
    return page('cancelled');
  }
  const { nonce, codeVerifier } = attempt;
  let claims: Claims;
  try {
    const secret = { state, nonce, codeVerifier };
    claims = await identityProvider.finish(keysOf(app.secrets, provider), secret, cameBack);
  } catch (error) {
    request.log.warn({ err: error, provider: provider.id }, 'a sign-in could not be finished');
    return page(isTrouble(error) ? 'unreachable' : 'refused');
  }
  return attempt.userId
    ? connected(app, visit, { providerId: provider.id, claims, userId: attempt.userId })
    : entered(app, visit, { attempt, claims });
}

/** The network's fault, and not that of what came over it. */
const isTrouble = (error: unknown): boolean =>
  error instanceof Error && 'code' in error
    ? error.code === 'OAUTH_TIMEOUT' || error.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM'
    : error instanceof TypeError;

async function entered(
  app: App,
  { request, reply }: Visit,
  { attempt, claims }: { attempt: Attempt; claims: Claims },
) {
  const passwordHash = await hashPassword(newToken());
  const asked = { providerId: attempt.providerId, claims, passwordHash };
  const who = await app.db.transaction(systemActor('oidc'), (tx) =>
    enterByProvider(tx, outboxOf(app.config), asked, systemNow()),
  );
  if ('refuse' in who) return signInPage(who.refuse);
  const { userId, organizationId } = who;
  const session = await openSession(
    app.db,
    { userId, secondFactor: 'provider', ...(organizationId ? { organizationId } : {}) },
    originOf(request),
  );
  setSessionCookie(app, reply, staffCookie, session);
  return `/console${attempt.returnTo ?? '/'}`;
}

async function connected(
  app: App,
  { request }: Visit,
  asked: { providerId: string; claims: Claims; userId: string },
): Promise<string> {
  const session = await findSession(app.db, request.cookies[staffCookie]);
  if (session?.userId !== asked.userId) return signInPage('signed_out');
  const answer = await app.db.transaction(systemActor('oidc'), (tx) =>
    connectByProvider(tx, outboxOf(app.config), asked, systemNow()),
  );
  return ownPage('refuse' in answer ? `refused=${answer.refuse}` : 'connected=yes');
}
