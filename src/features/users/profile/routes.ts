import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { outboxOf } from '#features/correspondence/outbox.ts';
import { addOrganization } from '#features/users/profile/add-organization.ts';
import * as api from '#features/users/profile/api.ts';
import {
  confirmOwnEmailChange,
  requestOwnEmailChange,
  undoOwnEmailChange,
} from '#features/users/profile/change-own-email.ts';
import { changeOwnPassword } from '#features/users/profile/change-own-password.ts';
import { provePassword } from '#features/users/profile/prove-password.ts';
import { readOwnSessions, readProfile } from '#features/users/profile/queries.ts';
import { refuseHalfIn, refuseHalfInFirst } from '#features/users/second-factor/refuse-half-in.ts';
import type { App } from '#http/app.ts';
import { serve, servePublic } from '#http/serve.ts';
import { servePerson } from '#http/serve-person.ts';
import { refuseForeignOrigin } from '#http/session.ts';
import { systemNow } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';

const actor = systemActor('profile');

/** One's own sign-in: name, password, address, devices; and another organization with it. */
export function profileRoutes(
  app: App,
  deps: { newSandboxKeys(): { secretKey: string; publishableKey: string } },
) {
  const outbox = outboxOf(app.config);
  const profileOf = (userId: string) =>
    app.db.transaction(actor, (tx) => readProfile(tx, userId, systemNow()));
  servePerson(app, api.getProfile, ({ person }) => profileOf(person.userId), 600);
  servePerson(app, api.updateProfile, async ({ person, body }) => {
    await app.db.transaction(actor, (tx) =>
      tx.run(sql`update users set first_name = ${body.first_name}, last_name = ${body.last_name}
        where id = ${person.userId}`),
    );
    return profileOf(person.userId);
  });
  servePerson(
    app,
    api.changePassword,
    async ({ person, body }) => {
      await refuseHalfInFirst(app.db, person);
      const given = { password: body.password, newPassword: body.new_password };
      await changeOwnPassword(app.db, outbox, person, given);
      return { object: 'password_changed' as const };
    },
    10,
  );
  emailRoutes(app);
  sessionRoutes(app);
  serve(
    app,
    api.addOrganization,
    async ({ tx, actor: by, body }) => {
      const { name, mode, currency, time_zone: timeZone } = body;
      const input = {
        name,
        mode,
        currency,
        timeZone,
        secrets: app.secrets,
        sandboxKeys: deps.newSandboxKeys(),
      };
      const { organizationId } = await addOrganization(tx, by, input, systemNow());
      return { object: 'organization_added' as const, id: organizationId };
    },
    'system',
  );
}

function emailRoutes(app: App): void {
  const outbox = outboxOf(app.config);
  servePerson(
    app,
    api.requestEmailChange,
    async ({ person, body }) => {
      await refuseHalfInFirst(app.db, person);
      await provePassword(app.db, person, body.password);
      await app.db.transaction(actor, (tx) =>
        requestOwnEmailChange(tx, outbox, { ...person, newEmail: body.email }, systemNow()),
      );
      return { object: 'email_change_requested' as const };
    },
    10,
  );
  servePerson(
    app,
    api.confirmEmailChange,
    async ({ person, body }) =>
      app.db.transaction(actor, async (tx) => {
        const { userId, sessionId } = person;
        await refuseHalfIn(tx, person);
        await confirmOwnEmailChange(tx, outbox, { token: body.token, userId, sessionId }, systemNow());
        return readProfile(tx, userId, systemNow());
      }),
    10,
  );
  servePublic(
    app,
    api.undoEmailChange,
    async ({ request, body }) => {
      refuseForeignOrigin(app, request);
      const { email, passwordToken } = await app.db.transaction(actor, (tx) =>
        undoOwnEmailChange(tx, body.token, systemNow()),
      );
      return { object: 'email_restored' as const, email, password_token: passwordToken };
    },
    10,
  );
}

function sessionRoutes(app: App): void {
  const ended = (count: number) => ({ object: 'sessions_ended' as const, ended: count });
  servePerson(app, api.listOwnSessions, ({ person }) =>
    app.db.transaction(actor, (tx) => readOwnSessions(tx, person, systemNow())),
  );
  servePerson(app, api.endOwnSession, async ({ person, params }) => {
    const gone = await app.db.transaction(actor, (tx) =>
      tx.run(sql`delete from sessions where id = ${params.id} and user_id = ${person.userId}`),
    );
    if (gone === 0) throw notFound('session', params.id);
    return ended(gone);
  });
  servePerson(app, api.endOtherSessions, async ({ person }) =>
    ended(
      await app.db.transaction(actor, (tx) =>
        tx.run(sql`delete from sessions where user_id = ${person.userId} and id <> ${person.sessionId}`),
      ),
    ),
  );
}
