import { systemActor, type Tx } from '#db/db.ts';
import * as api from '#features/oidc/api.ts';
import { oidcDoorRoutes, redirectUriOf } from '#features/oidc/door-routes.ts';
import type { IdentityProvider, ProviderKeys } from '#features/oidc/identity-provider.ts';
import { ownIdentityRoutes } from '#features/oidc/own-identity-routes.ts';
import {
  keysOf,
  lockProvider,
  offeredProviders,
  type ProviderRow,
  readProviders,
} from '#features/oidc/read-providers.ts';
import {
  addProvider,
  changeProvider,
  isOperator,
  isOwnerHere,
  refuseNotDoorkeeper,
  removeProvider,
} from '#features/oidc/save-provider.ts';
import type { App } from '#http/app.ts';
import { serve, serveJourney, servePublic } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { must } from '#lib/errors.ts';

const present = (row: ProviderRow) => ({
  object: 'oidc_provider' as const,
  id: row.id,
  label: row.label,
  issuer: row.issuer,
  client_id: row.clientId,
  has_secret: row.clientSecret !== null,
  for_all: row.forAll,
  email_domains: [...row.emailDomains],
  is_trusted: row.isTrusted,
  links_by_email: row.linksByEmail,
  creates_users: row.createsUsers,
  first_roles: [...row.firstRoles, ...row.firstOwnRoles],
  password_allowed: row.passwordAllowed,
  people: Number(row.people),
  created_at: row.createdAt,
});

const one = async (tx: Tx, organizationId: string, id: string) =>
  present(
    must(
      (await readProviders(tx, organizationId)).find((row) => row.id === id),
      'the provider',
    ),
  );

export function oidcRoutes(app: App, identityProvider: IdentityProvider): void {
  const redirectUri = redirectUriOf(app);
  serve(app, api.listProviders, async ({ tx, actor, organization }) => ({
    object: 'list' as const,
    data: (await readProviders(tx, organization.id)).map(present),
    has_more: false,
    redirect_uri: redirectUri,
    may_change: isOwnerHere(actor),
    may_for_all: await isOperator(tx, actor),
  }));
  savingRoutes(app, identityProvider);
  serve(
    app,
    api.deleteProvider,
    async ({ tx, actor, organization, now, params }) => {
      await removeProvider(tx, actor, { organizationId: organization.id, id: params.id }, now);
      return { object: 'oidc_provider_removed' as const, id: params.id };
    },
    'system',
  );
  servePublic(app, api.offeredProviders, async ({ query }) => ({
    object: 'list' as const,
    data: await app.db.transaction(systemActor('sign-in'), (tx) => offeredProviders(tx, query.email)),
    has_more: false,
  }));
  ownIdentityRoutes(app, identityProvider);
  oidcDoorRoutes(app, identityProvider);
}

/** They ask the provider first, so none is one transaction; their bodies hold a secret, so none is stored. */
function savingRoutes(app: App, identityProvider: IdentityProvider): void {
  const redirectUri = redirectUriOf(app);
  // Left out: as it was; empty or null: none.
  const sealed = (secret: string | null | undefined) =>
    secret === undefined ? undefined : secret ? app.secrets.encrypt(secret) : null;
  serveJourney(app, api.createProvider, async ({ caller, body }) => {
    const { issuer, for_all: forAll, client_secret: secret, ...rules } = body;
    const { actor, organization, now } = caller;
    const keys = {
      issuer,
      clientId: rules.client_id,
      clientSecret: secret ?? undefined,
      publicOnly: !forAll,
    };
    await app.db.transaction(actor, (tx) => refuseNotDoorkeeper(tx, actor, forAll));
    await identityProvider.check(keys, redirectUri);
    const settings = { ...camel(rules), clientSecret: sealed(secret) };
    return app.db.transaction(actor, async (tx) => {
      const id = await addProvider(
        tx,
        actor,
        { organizationId: organization.id, issuer, forAll, settings },
        now,
      );
      return one(tx, organization.id, id);
    });
  });
  serveJourney(app, api.updateProvider, async ({ caller, body, params }) => {
    const { client_secret: secret, ...rules } = body;
    const { actor, organization, now } = caller;
    const { id } = params;
    const before = await app.db.transaction(actor, async (tx) => {
      const row = await lockProvider(tx, organization.id, id);
      await refuseNotDoorkeeper(tx, actor, row.forAll);
      return row;
    });
    const keys = withSecret(keysOf(app.secrets, before), secret);
    if (secret !== undefined || rules.client_id !== before.clientId)
      await identityProvider.check({ ...keys, clientId: rules.client_id }, redirectUri);
    const settings = { ...camel(rules), clientSecret: sealed(secret) };
    return app.db.transaction(actor, async (tx) => {
      await changeProvider(tx, actor, { organizationId: organization.id, id, settings }, now);
      return one(tx, organization.id, id);
    });
  });
  serveJourney(app, api.checkProvider, async ({ caller, body }) => {
    const { actor, organization } = caller;
    const { id, issuer, client_id: clientId, client_secret: secret, for_all: forAll } = body;
    const saved = id
      ? await app.db.transaction(actor, (tx) => lockProvider(tx, organization.id, id))
      : undefined;
    const isAll = saved ? saved.forAll : forAll;
    await app.db.transaction(actor, (tx) => refuseNotDoorkeeper(tx, actor, isAll));
    // A secret goes to the issuer that it was saved for, and to no other.
    const keys = saved
      ? keysOf(app.secrets, saved)
      : { issuer, clientId, clientSecret: undefined, publicOnly: !isAll };
    await identityProvider.check({ ...withSecret(keys, secret), clientId }, redirectUri);
    return { object: 'oidc_provider_check' as const, works: true as const };
  });
}

const withSecret = (keys: ProviderKeys, secret: string | null | undefined): ProviderKeys =>
  secret === undefined ? keys : { ...keys, clientSecret: secret ?? undefined };
