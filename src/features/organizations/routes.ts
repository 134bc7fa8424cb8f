import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { advanceClock, type DailyWork } from '#features/organizations/advance-clock.ts';
import * as api from '#features/organizations/api.ts';
import { createApiKey } from '#features/organizations/create-api-key.ts';
import { pictureRoutes } from '#features/organizations/picture-routes.ts';
import { checkAddress, setPortalAddress } from '#features/organizations/portal-address.ts';
import {
  listEvents,
  presentOrganization,
  readOrganization,
  searchAll,
} from '#features/organizations/queries.ts';
import { revokeApiKey } from '#features/organizations/revoke-api-key.ts';
import { removeIcon, setIcon } from '#features/organizations/set-icon.ts';
import { setLogo } from '#features/organizations/set-logo.ts';
import { updateOrganization } from '#features/organizations/update-organization.ts';
import type { App } from '#http/app.ts';
import { serve, serveJourney } from '#http/serve.ts';
import { camel, snake } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import { scopesOf } from '#lib/roles.ts';

type KeyRow = {
  id: string;
  name: string;
  last4: string;
  scopes: never[];
  createdAt: Date;
  lastUsedAt: Date | null;
};
const readKeys = (tx: Tx, organizationId: string, id: string | null, limit: number) =>
  tx.rows<KeyRow>(sql`
  select id, name, last4, scopes, created_at, last_used_at from api_keys where organization_id = ${organizationId}
    and (${id}::text is null or id = ${id}) and (revoked_at is null or ${id}::text is not null) order by id desc limit ${limit}`);
const presentKey = (row: KeyRow) => ({ object: 'api_key' as const, ...snake(row) });

export function organizationRoutes(app: App, deps: { dailyWork: DailyWork }): void {
  const one = async (tx: Tx, id: string) =>
    presentOrganization(await readOrganization(tx, id), app.config.baseUrl);
  serve(app, api.getOrganization, ({ tx, organization }) => one(tx, organization.id));
  serve(app, api.updateOrganization, async ({ tx, actor, organization, now, body }) => {
    await updateOrganization(tx, actor, { organizationId: organization.id, changes: body }, now);
    return one(tx, organization.id);
  });
  serve(app, api.putLogo, async ({ tx, actor, organization, now, body }) => {
    const bytes = Buffer.from(body.base64, 'base64');
    await setLogo(tx, actor, { organizationId: organization.id, contentType: body.content_type, bytes }, now);
    return one(tx, organization.id);
  });
  serve(app, api.putIcon, async ({ tx, actor, organization, now, body }) => {
    const bytes = Buffer.from(body.base64, 'base64');
    await setIcon(tx, actor, { organizationId: organization.id, contentType: body.content_type, bytes }, now);
    return one(tx, organization.id);
  });
  serve(app, api.removeIcon, async ({ tx, actor, organization, now }) => {
    await removeIcon(tx, actor, organization.id, now);
    return one(tx, organization.id);
  });
  serve(
    app,
    api.checkPortalAddress,
    ({ tx, organization, query }) => checkAddress(tx, organization.id, query.slug, app.config.baseUrl),
    'system',
  );
  serve(app, api.setPortalAddress, async ({ tx, actor, organization, now, body }) => {
    await setPortalAddress(tx, actor, { organizationId: organization.id, slug: body.slug }, now);
    return one(tx, organization.id);
  });
  serve(app, api.listEvents, ({ tx, organization, query }) => listEvents(tx, organization.id, camel(query)));
  serve(app, api.search, ({ tx, actor, organization, query }) =>
    searchAll(tx, organization.id, query.q, scopesOf(actor)),
  );
  apiKeyRoutes(app);
  serveJourney(app, api.advanceClock, async ({ caller, body }) => {
    const { organization } = caller;
    const actor = { ...caller.actor, organizationId: organization.id } as Parameters<typeof advanceClock>[2];
    const { now } = await advanceClock(app.db, deps.dailyWork, actor, body.days);
    return {
      object: 'clock' as const,
      now,
      today: dateIn(organization.timeZone, now),
      days: body.days,
      pending: false,
    };
  });
  pictureRoutes(app);
}

function apiKeyRoutes(app: App): void {
  serve(app, api.listApiKeys, async ({ tx, organization, query }) => ({
    object: 'list' as const,
    data: (await readKeys(tx, organization.id, null, query.limit)).map(presentKey),
    has_more: false,
  }));
  // Not through the idempotency store, which would keep the token.
  serveJourney(app, api.createApiKey, async ({ caller, body }) => {
    refuseMoreThanOwn(caller.actor, body.scopes);
    return app.db.transaction(caller.actor, async (tx) => {
      const { apiKeyId, token } = await createApiKey(
        tx,
        caller.actor,
        { organizationId: caller.organization.id, ...body },
        caller.now,
      );
      const row = must((await readKeys(tx, caller.organization.id, apiKeyId, 1))[0], 'the new key');
      return { ...presentKey(row), token };
    });
  });
  serve(app, api.revokeApiKey, async ({ tx, actor, organization, now, params }) => {
    await revokeApiKey(tx, actor, { organizationId: organization.id, apiKeyId: params.id }, now);
    return presentKey(must((await readKeys(tx, organization.id, params.id, 1))[0], 'the key'));
  });
}

/** Who may make keys could otherwise make themselves one that pays, imports and reads everything. */
function refuseMoreThanOwn(actor: Actor, asked: readonly string[]): void {
  const own = scopesOf(actor);
  const beyond = asked.find((scope) => !own.has(scope));
  if (!beyond) return;
  const message = `You do not have the permission ${beyond} yourself, so a key of yours cannot. Ask a superuser to make the key.`;
  throw new Refusal('forbidden', { message, param: 'scopes' });
}
