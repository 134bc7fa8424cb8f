import type { FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { type App, type Caller, type OrganizationContext, originOf } from '#http/app.ts';
import { microBatcher } from '#lib/batcher.ts';
import { organizationNow } from '#lib/clock.ts';
import { secondsLater, systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import type { Origin } from '#lib/origin.ts';
import { hashToken, newToken, sameText, sha256 } from '#lib/secrets.ts';

export const staffCookie = 'owed_staff';
export const portalCookie = 'owed_portal';

/** A session's longest life, and for payers the idle time after which it ends; staff's is a setting. */
const limits = {
  staff: { life_s: 14 * 86_400 },
  portal: { idle_s: 3600 * 24, life_s: 30 * 86_400 },
} as const;

export type SecondFactor = 'app' | 'recovery_code' | 'passkey' | 'provider';

export async function openSession(
  db: Database,
  who: {
    userId?: string;
    portalUserId?: string;
    organizationId?: string;
    customerId?: string;
    /** What was asked for beside the password, or instead of it. */
    secondFactor?: SecondFactor | undefined;
  },
  origin: Origin,
): Promise<{ token: string; expiresAt: Date }> {
  const token = newToken();
  const now = systemNow();
  const expiresAt = secondsLater(now, (who.userId ? limits.staff : limits.portal).life_s);
  await db.transaction(systemActor('sign-in'), (tx) =>
    tx.run(sql`
    insert into sessions (id, token_hash, user_id, portal_user_id, organization_id, customer_id, csrf_secret, ip,
      user_agent, second_factor, created_at, last_seen_at, expires_at)
    values (${newId('session')}, ${hashToken(token)}, ${who.userId ?? null}, ${who.portalUserId ?? null},
      ${who.organizationId ?? null}, ${who.customerId ?? null}, ${newToken()}, ${origin.ip}, ${origin.userAgent},
      ${who.secondFactor ?? null}, ${now}, ${now}, ${expiresAt})`),
  );
  return { token, expiresAt };
}

export async function closeSession(db: Database, token: string): Promise<void> {
  await db.transaction(systemActor('sign-out'), (tx) =>
    tx.run(sql`delete from sessions where token_hash = ${hashToken(token)}`),
  );
}

export function setSessionCookie(
  app: App,
  reply: FastifyReply,
  name: string,
  session: { token: string; expiresAt: Date },
) {
  reply.setCookie(name, session.token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: app.config.baseUrl.startsWith('https:'),
    expires: session.expiresAt,
  });
}

export type SessionRow = {
  id: string;
  userId: string | null;
  portalUserId: string | null;
  organizationId: string | null;
  customerId: string | null;
  csrfSecret: string;
  lastSeenAt: Date;
  expiresAt: Date;
  /** Of its organization; a session of none yet rests as long as the shortest. */
  idleMinutes: number | null;
  secondFactor: SecondFactor | null;
};

/** The session behind a cookie, while it lives; a payer's idle clock is reset at most once a minute. */
export async function findSession(db: Database, token: string | undefined): Promise<SessionRow | undefined> {
  if (!token) return undefined;
  return db.transaction(systemActor('session'), async (tx) => {
    const session = await tx.row<SessionRow>(sql`
      select s.id, s.user_id, s.portal_user_id, s.organization_id, s.customer_id, s.csrf_secret, s.last_seen_at, s.expires_at,
        s.second_factor, o.idle_minutes
      from sessions s left join organizations o on o.id = s.organization_id where s.token_hash = ${hashToken(token)}`);
    const now = systemNow();
    if (!session || session.expiresAt <= now) return undefined;
    const idle_s = session.userId ? 60 * (session.idleMinutes ?? 15) : limits.portal.idle_s;
    if (secondsLater(session.lastSeenAt, idle_s) <= now) return undefined;
    // A page that asks by itself is nobody at the desk: staff stays by what is typed and clicked.
    if (!session.userId && secondsLater(session.lastSeenAt, 60) < now) {
      await tx.run(sql`update sessions set last_seen_at = ${now} where id = ${session.id}`);
    }
    return session;
  });
}

/** What a membership's own roles (not the built-in ones) allow. `ou` is the membership. */
export const ownScopes = sql`coalesce((select array_agg(distinct s.scope) from roles r, unnest(r.scopes) as s(scope)
  where r.organization_id = ou.organization_id and r.id = any(ou.own_roles)), '{}') as own_scopes`;

/** Someone is at the desk: the session's idle clock begins again. */
export async function stayAwake(db: Database, session: Pick<SessionRow, 'id' | 'lastSeenAt'>): Promise<void> {
  const now = systemNow();
  if (secondsLater(session.lastSeenAt, 10) > now) return;
  await db.transaction(systemActor('session'), (tx) =>
    tx.run(sql`update sessions set last_seen_at = ${now} where id = ${session.id}`),
  );
}

const organizationColumns = sql.raw(
  'o.id, o.name, o.mode, o.currency, o.time_zone, o.locale, o.clock_offset_ms',
);

/** Who asks by an API key (`Authorization: Bearer …`) or a staff session. Throws `unauthenticated`. */
export async function callerOf(app: App, request: FastifyRequest): Promise<Caller> {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  const origin = originOf(request);
  if (scheme === 'Bearer' && token) return apiKeyCaller(app, token, origin);
  const session = await findSession(app.db, request.cookies[staffCookie]);
  if (!session?.userId)
    throw new Refusal('unauthenticated', 'Sign in, or send an API key as a Bearer token.');
  if (!session.organizationId) throw new Refusal('unauthenticated', 'Choose an organization first.');
  refuseForeignOrigin(app, request);
  if (request.method !== 'GET') await stayAwake(app.db, session);
  const { userId, organizationId } = session;
  const row = await app.db.transaction(systemActor('session'), (tx) =>
    tx.row<OrganizationContext & { roles: string[]; ownScopes: string[]; requireSecondFactor: boolean }>(sql`
      select ${organizationColumns}, o.require_second_factor, ou.roles, ${ownScopes} from organization_users ou
      join organizations o on o.id = ou.organization_id join users u on u.id = ou.user_id
      where ou.user_id = ${userId} and ou.organization_id = ${organizationId} and u.disabled_at is null
        and ou.disabled_at is null`),
  );
  if (!row) throw new Refusal('unauthenticated', 'You no longer belong to this organization.');
  const { roles, ownScopes: own, requireSecondFactor, ...organization } = row;
  if (requireSecondFactor && !session.secondFactor)
    throw new Refusal(
      'forbidden',
      `${organization.name} asks for a second factor. Set one up in your profile, or sign in with a passkey.`,
    );
  return {
    actor: { kind: 'user', organizationId: organization.id, userId, roles, ownScopes: own, origin },
    organization,
    now: organizationNow(organization),
    session: { id: session.id, csrfSecret: session.csrfSecret },
  };
}

async function apiKeyCaller(app: App, token: string, origin: Origin): Promise<Caller> {
  const row = await apiKeyReader(app.db)(hashToken(token));
  if (!row) throw new Refusal('unauthenticated', 'This API key is unknown or revoked.');
  const { keyId, scopes, lastUsedAt, tokenHash, ...organization } = row;
  return {
    actor: { kind: 'api_key', organizationId: organization.id, apiKeyId: keyId, scopes, origin },
    organization,
    now: organizationNow(organization),
  };
}

type ApiKeyRow = OrganizationContext & {
  keyId: string;
  scopes: string[];
  lastUsedAt: Date | null;
  tokenHash: string;
};
type ApiKeyReader = (tokenHash: string) => Promise<ApiKeyRow | undefined>;
const apiKeyReaders = new WeakMap<Database, ApiKeyReader>();

/** Asked for every request, so requests that arrive together ask together; a revoked key is so at once. */
function apiKeyReader(db: Database): ApiKeyReader {
  const known = apiKeyReaders.get(db);
  if (known) return known;
  const reader = microBatcher<string, ApiKeyRow | undefined>((hashes) => readApiKeys(db, hashes), {
    maxBatch: 200,
    maxInFlight: 2,
  });
  apiKeyReaders.set(db, reader);
  return reader;
}

async function readApiKeys(db: Database, hashes: readonly string[]): Promise<(ApiKeyRow | undefined)[]> {
  return db.transaction(systemActor('api-key'), async (tx) => {
    const rows = await tx.rows<ApiKeyRow>(sql`
      select ${organizationColumns}, k.id as key_id, k.scopes, k.last_used_at, k.token_hash from api_keys k
      join organizations o on o.id = k.organization_id
      where k.token_hash = any(${[...new Set(hashes)]}) and k.revoked_at is null`);
    const now = systemNow();
    const unseen = rows.filter(({ lastUsedAt }) => !lastUsedAt || secondsLater(lastUsedAt, 60) < now);
    if (unseen.length > 0) {
      await tx.run(sql`update api_keys set last_used_at = ${now} where token_hash =
        any(${unseen.map(({ tokenHash }) => tokenHash)})`);
    }
    const byHash = new Map(rows.map((row) => [row.tokenHash, row]));
    return hashes.map((hash) => byHash.get(hash));
  });
}

/** A cookie is sent by the browser whoever wrote the page, so a write must come from a page of ours. */
export function refuseForeignOrigin(app: App, request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  const own =
    origin !== undefined &&
    (origin === new URL(app.config.baseUrl).origin ||
      (URL.canParse(origin) && new URL(origin).host === request.headers.host));
  if (site === 'same-origin' || own || (site === undefined && origin === undefined)) return;
  throw new Refusal('forbidden', 'This request came from another site. Open the page again and retry.');
}

/** A form's token: bound to the session, so another site cannot make it. */
export const csrfToken = (session: { csrfSecret: string }): string =>
  sha256(`csrf ${session.csrfSecret}`).slice(0, 32);
export function checkCsrf(session: { csrfSecret: string }, given: unknown): void {
  if (typeof given === 'string' && sameText(given, csrfToken(session))) return;
  throw new Refusal('forbidden', 'This form is from an earlier session. Open the page again and retry.');
}
