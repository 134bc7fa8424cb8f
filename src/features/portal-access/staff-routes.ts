import * as api from '#features/portal-access/api.ts';
import { inviteCustomers } from '#features/portal-access/invite-customers.ts';
import { requestAllInvitations } from '#features/portal-access/invite-never-invited.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { snake } from '#lib/casing.ts';

/** Staff invites: one customer, many, or all who never were. */
export function invitationRoutes(app: App): void {
  serve(app, api.inviteCustomers, async ({ tx, actor, organization, now, body }) => {
    const about = { object: 'invitation_report' as const };
    if ('all_never_invited' in body) {
      const { invited, skipped } = await requestAllInvitations(tx, organization.id);
      return { ...about, invited, skipped: skipped.map(snake), in_background: true };
    }
    const { invited, skipped } = await inviteCustomers(
      tx,
      actor,
      { organizationId: organization.id, customerIds: body.customer_ids },
      now,
    );
    return { ...about, invited: invited.length, skipped: skipped.map(snake), in_background: false };
  });
}
