import type { Outbox } from '#features/correspondence/outbox.ts';
import * as api from '#features/portal-access/api.ts';
import { helpPortalPerson } from '#features/portal-access/help-portal-person.ts';
import { readPortalPeople } from '#features/portal-access/read-portal-people.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { systemNow } from '#lib/dates.ts';

/** Why can't they sign in: for staff, with what helps. Logins are of no organization: read as the system. */
export function portalPeopleRoutes(app: App, mail: Outbox): void {
  serve(
    app,
    api.listPortalPeople,
    ({ tx, organization, params }) => readPortalPeople(tx, organization.id, params.id, systemNow()),
    'system',
  );
  serve(
    app,
    api.helpPortalPerson,
    async ({ tx, actor, organization, now, params, body }) => {
      const { portal_user_id: portalUserId, remedy } = body;
      const about = { organizationId: organization.id, customerId: params.id, portalUserId };
      const realNow = systemNow();
      await helpPortalPerson(tx, actor, { ...about, remedy, mail }, { now, realNow });
      return readPortalPeople(tx, organization.id, params.id, realNow);
    },
    'system',
  );
}
