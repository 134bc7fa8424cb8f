import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import * as api from '#features/users/api.ts';
import * as firstStart from '#features/users/first-start/api.ts';
import { claimInstallation } from '#features/users/installation.ts';
import { readPlaces } from '#features/users/place-queries.ts';
import { sessionOf } from '#features/users/queries.ts';
import { type SetUp, setUpBusiness } from '#features/users/set-up.ts';
import { signInUser } from '#features/users/sign-in.ts';
import { signedIn } from '#features/users/signed-in-routes.ts';
import type { App } from '#http/app.ts';
import { servePublic } from '#http/serve.ts';
import { closeSession, findSession, refuseForeignOrigin, staffCookie, stayAwake } from '#http/session.ts';
import { systemNow } from '#lib/dates.ts';
import { notFound, Refusal } from '#lib/errors.ts';

export function userRoutes(app: App, deps: { setUp: SetUp }): void {
  servePublic(
    app,
    api.signIn,
    async (context) => {
      refuseForeignOrigin(app, context.request);
      const entered = await signInUser(app.db, context.body);
      return 'secondStep' in entered
        ? { object: 'second_step' as const, token: entered.secondStep }
        : signedIn(context, entered);
    },
    20,
  );
  servePublic(
    app,
    api.getSession,
    async ({ request }) => {
      const session = await findSession(app.db, request.cookies[staffCookie]);
      if (!session?.userId) throw new Refusal('unauthenticated', 'You are not signed in.');
      return sessionOf(app.db, {
        userId: session.userId,
        organizationId: session.organizationId ?? undefined,
        secondFactor: session.secondFactor,
      });
    },
    600,
  );
  servePublic(app, api.signOut, async ({ request, reply }) => {
    refuseForeignOrigin(app, request);
    const token = request.cookies[staffCookie];
    if (token) await closeSession(app.db, token);
    reply.clearCookie(staffCookie, { path: '/' });
    return { object: 'signed_out' as const };
  });
  servePublic(
    app,
    api.stayAwake,
    async ({ request }) => {
      refuseForeignOrigin(app, request);
      const session = await findSession(app.db, request.cookies[staffCookie]);
      if (!session?.userId) throw new Refusal('unauthenticated', 'You are not signed in.');
      await stayAwake(app.db, session);
      return { object: 'awake' as const };
    },
    120,
  );
  servePublic(app, api.switchOrganization, async ({ request, body }) => {
    refuseForeignOrigin(app, request);
    const session = await findSession(app.db, request.cookies[staffCookie]);
    if (!session?.userId) throw new Refusal('unauthenticated', 'You are not signed in.');
    const moved = await app.db.transaction(systemActor('session'), (tx) =>
      tx.run(sql`
      update sessions s set organization_id = ou.organization_id from organization_users ou
      where s.id = ${session.id} and ou.user_id = s.user_id and ou.organization_id = ${body.organization_id}
        and ou.disabled_at is null`),
    );
    if (moved === 0) throw notFound('organization', body.organization_id);
    const { userId, secondFactor } = session;
    return sessionOf(app.db, { userId, organizationId: body.organization_id, secondFactor });
  });
  servePublic(app, api.listPlaces, async ({ request }) => {
    const session = await findSession(app.db, request.cookies[staffCookie]);
    if (!session?.userId) throw new Refusal('unauthenticated', 'You are not signed in.');
    const who = { userId: session.userId, hasSecondFactor: session.secondFactor !== null };
    return readPlaces(app.db, who, systemNow());
  });
  installationRoutes(app, deps);
}

function installationRoutes(app: App, deps: { setUp: SetUp }): void {
  servePublic(app, firstStart.getInstallation, async ({ query }) => {
    await app.db.transaction(systemActor('installation'), (tx) =>
      claimInstallation(tx, query.token, systemNow()),
    );
    return { object: 'installation' as const, open: true };
  });
  servePublic(
    app,
    firstStart.exploreSample,
    async (context) => signedIn(context, await deps.setUp.sample(context.body.token)),
    10,
  );
  servePublic(
    app,
    firstStart.setUpOrganization,
    async (context) => signedIn(context, await setUpBusiness(app.db, deps.setUp, context.body)),
    10,
  );
}
