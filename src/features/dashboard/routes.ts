import * as api from '#features/dashboard/api.ts';
import { readAttention } from '#features/dashboard/attention.ts';
import { readFirstSteps } from '#features/dashboard/first-steps.ts';
import { readDashboard } from '#features/dashboard/queries.ts';
import { readPlaces } from '#features/dashboard/read-places.ts';
import { skipStep } from '#features/dashboard/skip-step.ts';
import type { App } from '#http/app.ts';
import { serve, servePublic } from '#http/serve.ts';
import { findSession, staffCookie } from '#http/session.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

export function dashboardRoutes(app: App): void {
  serve(app, api.getDashboard, ({ tx, organization, now, query }) =>
    readDashboard(tx, organization, query, now),
  );
  serve(app, api.getAttention, ({ tx, organization, now }) => readAttention(tx, organization, now));
  serve(app, api.getFirstSteps, ({ tx, organization }) => readFirstSteps(tx, organization.id));
  serve(app, api.skipStep, async ({ tx, actor, organization, now, body }) => {
    await skipStep(tx, actor, { organizationId: organization.id, ...body }, now);
    return readFirstSteps(tx, organization.id);
  });
  servePublic(app, api.listPlaces, async ({ request }) => {
    const session = await findSession(app.db, request.cookies[staffCookie]);
    if (!session?.userId) throw new Refusal('unauthenticated', 'You are not signed in.');
    const who = { userId: session.userId, hasSecondFactor: session.secondFactor !== null };
    return readPlaces(app.db, who, systemNow());
  });
}
