import { systemActor } from '#db/db.ts';
import { outboxOf } from '#features/correspondence/outbox.ts';
import { readUser } from '#features/users/people-queries.ts';
import { provePassword } from '#features/users/profile/prove-password.ts';
import * as api from '#features/users/second-factor/api.ts';
import { passSecondStep } from '#features/users/second-factor/pass-second-step.ts';
import { refuseHalfIn, refuseHalfInFirst } from '#features/users/second-factor/refuse-half-in.ts';
import { resetSecondFactor } from '#features/users/second-factor/reset-second-factor.ts';
import {
  beginApp,
  confirmApp,
  newRecoveryCodes,
  turnOffApp,
} from '#features/users/second-factor/set-up-app.ts';
import { changeSignInPolicy, readSignInPolicy } from '#features/users/second-factor/sign-in-policy.ts';
import { signedIn } from '#features/users/signed-in-routes.ts';
import type { App } from '#http/app.ts';
import { serve, servePublic } from '#http/serve.ts';
import { servePerson } from '#http/serve-person.ts';
import { refuseForeignOrigin } from '#http/session.ts';
import { systemNow } from '#lib/dates.ts';

const actor = systemActor('second factor');

/** A second factor: its step in the sign-in, one's own, and an organization's rule. */
export function secondFactorRoutes(app: App): void {
  const deps = { secrets: app.secrets, outbox: outboxOf(app.config) };
  servePublic(
    app,
    api.passSecondStep,
    async (context) => {
      refuseForeignOrigin(app, context.request);
      return signedIn(context, await passSecondStep(app.db, deps, context.body));
    },
    20,
  );
  ownAppRoutes(app, deps);
  serve(
    app,
    api.resetSecondFactor,
    async ({ tx, actor: by, organization, now, params }) => {
      const whom = { organizationId: organization.id, userId: params.id, outbox: deps.outbox };
      await resetSecondFactor(tx, by, whom, now);
      return readUser(tx, organization.id, params.id);
    },
    'system',
  );
  serve(app, api.getSignInPolicy, ({ tx, organization }) => readSignInPolicy(tx, organization.id), 'system');
  serve(
    app,
    api.updateSignInPolicy,
    async ({ tx, actor: by, organization, now, body }) => {
      const change = { organizationId: organization.id, requireSecondFactor: body.require_second_factor };
      await changeSignInPolicy(tx, by, change, now);
      return readSignInPolicy(tx, organization.id);
    },
    'system',
  );
}

type Deps = Parameters<typeof passSecondStep>[1];

function ownAppRoutes(app: App, deps: Deps): void {
  servePerson(app, api.beginAuthenticator, async ({ person, body }) => {
    await refuseHalfInFirst(app.db, person);
    await provePassword(app.db, person, body.password);
    const setup = await app.db.transaction(actor, (tx) => beginApp(tx, app.secrets, person, systemNow()));
    return { object: 'authenticator_setup' as const, ...setup };
  });
  servePerson(
    app,
    api.confirmAuthenticator,
    async ({ person, body }) => {
      const codes = await app.db.transaction(actor, async (tx) => {
        await refuseHalfIn(tx, person);
        return confirmApp(tx, deps, { ...person, code: body.code }, systemNow());
      });
      return { object: 'recovery_codes' as const, codes };
    },
    10,
  );
  servePerson(app, api.turnOffAuthenticator, async ({ person, body }) => {
    await refuseHalfInFirst(app.db, person);
    await provePassword(app.db, person, body.password);
    await app.db.transaction(actor, (tx) => turnOffApp(tx, deps.outbox, person));
    return { object: 'authenticator_off' as const };
  });
  servePerson(app, api.renewRecoveryCodes, async ({ person, body }) => {
    await refuseHalfInFirst(app.db, person);
    await provePassword(app.db, person, body.password);
    const codes = await app.db.transaction(actor, (tx) =>
      newRecoveryCodes(tx, app.secrets, person, systemNow()),
    );
    return { object: 'recovery_codes' as const, codes };
  });
}
