import { sql } from 'kysely';
import { systemActor, type Tx } from '#db/db.ts';
import { type OrganizationRow, readOrganization } from '#features/organizations/queries.ts';
import { type Ask, defaultLocale, newShell, queryOf } from '#features/portal-access/page-routes.ts';
import { checkCsrf, csrfToken } from '#http/session.ts';
import { isId } from '#lib/ids.ts';
import { newToken } from '#lib/secrets.ts';
import type { Notice } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

const doorCookie = 'owed_portal_door';
const hostCookie = 'owed_portal_host';

/** Someone who is not signed in, or not yet: their forms are bound to their browser all the same. */
export type Door = { secret: string; host: OrganizationRow | undefined; timeZone: string; locale: string };

/**
 * Whose door it is: the organization whose mail was opened in this browser last, or the only one there is.
 * Links of several organizations lead to the same sign-in, so it may be nobody's in particular.
 */
export async function openDoor(ask: Ask, host?: OrganizationRow): Promise<Door> {
  const { request } = ask;
  const known = request.cookies[doorCookie];
  const secret = known && /^[\w-]{32}$/.test(known) ? known : newToken();
  if (secret !== known) setCookie(ask, doorCookie, secret);
  const named = [queryOf(request, 'organization'), request.cookies[hostCookie]].find(
    (id) => id && isId('organization', id),
  );
  const found =
    host ?? (await ask.app.db.transaction(systemActor('portal door'), (tx) => findHost(tx, named)));
  const { timeZone = 'UTC', locale = defaultLocale } = found ?? {};
  return { secret, host: found, timeZone, locale };
}

/** A door that names nobody: for links that are not ours, which must not learn whose they might have been. */
export async function blankDoor(ask: Ask): Promise<Door> {
  return { secret: (await openDoor(ask)).secret, host: undefined, timeZone: 'UTC', locale: defaultLocale };
}

export const rememberHost = (ask: Ask, organizationId: string): void =>
  setCookie(ask, hostCookie, organizationId);

function setCookie({ app, reply }: Ask, name: string, value: string): void {
  reply.setCookie(name, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: app.config.baseUrl.startsWith('https:'),
    maxAge: 90 * 86_400,
  });
}

async function findHost(tx: Tx, named: string | undefined): Promise<OrganizationRow | undefined> {
  const ids = await tx.rows<{ id: string; mode: string }>(sql`
    select id, mode from organizations where (${named ?? null}::text is null or id = ${named ?? null})
    order by mode, created_at limit 3`);
  const live = ids.filter((row) => row.mode === 'live');
  const only = named || ids.length === 1 ? ids[0] : live.length === 1 ? live[0] : undefined;
  if (only) return readOrganization(tx, only.id);
  return named ? findHost(tx, undefined) : undefined;
}

export const doorShell = (door: Door, flash?: Notice): PortalShell =>
  newShell(csrfToken({ csrfSecret: door.secret }), door.host, flash);

/** The form must have been made for this browser. */
export const checkDoor = (ask: Ask, door: Door): void =>
  checkCsrf({ csrfSecret: door.secret }, (ask.request.body as Record<string, unknown> | undefined)?.csrf);
