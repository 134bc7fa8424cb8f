import { systemActor } from '#db/db.ts';
import { outboxOf } from '#features/correspondence/outbox.ts';
import * as api from '#features/oidc/api.ts';
import { beginAtProvider } from '#features/oidc/door-routes.ts';
import { readOwnIdentities, unlinkIdentity } from '#features/oidc/identities.ts';
import type { IdentityProvider } from '#features/oidc/identity-provider.ts';
import { findProvider } from '#features/oidc/read-providers.ts';
import { provePassword } from '#features/users/profile/prove-password.ts';
import { refuseHalfInFirst } from '#features/users/second-factor/refuse-half-in.ts';
import type { App } from '#http/app.ts';
import { servePerson } from '#http/serve-person.ts';
import { notFound } from '#lib/errors.ts';

const actor = systemActor('oidc');

/** One's own accounts at providers: connect another, which is a key as any other, or disconnect one. */
export function ownIdentityRoutes(app: App, identityProvider: IdentityProvider): void {
  const { db } = app;
  servePerson(app, api.listIdentities, ({ person }) =>
    db.transaction(actor, (tx) => readOwnIdentities(tx, person.userId)),
  );
  servePerson(app, api.deleteIdentity, async ({ person, params: { id } }) => {
    await db.transaction(actor, (tx) => unlinkIdentity(tx, outboxOf(app.config), person, id));
    return { object: 'identity_removed' as const, id };
  });
  servePerson(
    app,
    api.connectIdentity,
    async ({ person, body, reply }) => {
      const { userId } = person;
      await refuseHalfInFirst(db, person);
      const { provider, mayUse } = await db.transaction(actor, async (tx) => ({
        provider: await findProvider(tx, body.provider_id),
        mayUse: (await readOwnIdentities(tx, userId)).offered.some(({ id }) => id === body.provider_id),
      }));
      if (!provider || !mayUse) throw notFound('sign-in provider', body.provider_id);
      await provePassword(db, person, body.password);
      const url = await beginAtProvider({ app, identityProvider, reply }, { provider, userId });
      return { object: 'identity_connection' as const, url: url.href };
    },
    10,
  );
}
