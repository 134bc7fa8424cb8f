import * as api from '#features/dashboard/api.ts';
import { readAttention } from '#features/dashboard/attention.ts';
import { readFirstSteps } from '#features/dashboard/first-steps.ts';
import { readDashboard } from '#features/dashboard/queries.ts';
import { skipStep } from '#features/dashboard/skip-step.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';

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
}
