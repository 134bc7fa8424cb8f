import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { ProfileRow } from '#features/portal-access/queries.ts';
import { organizationNow } from '#lib/clock.ts';
import type { Origin } from '#lib/origin.ts';

/** The actor that a portal user is in one of its profiles. */
export const inProfile = (
  portalUserId: string,
  profile: Pick<ProfileRow, 'organizationId' | 'customerId'>,
  origin?: Origin,
): Actor & { kind: 'portal_user' } => ({
  kind: 'portal_user',
  organizationId: profile.organizationId,
  portalUserId,
  customerId: profile.customerId,
  ...(origin ? { origin } : {}),
});

/**
 * Each organization has its own log: what a portal user did is told to those it concerns, about their
 * customer.
 */
export async function recordSteps(
  tx: Tx,
  type: string,
  who: { id: string; origin?: Origin | undefined },
  profiles: readonly Pick<ProfileRow, 'organizationId' | 'customerId' | 'clockOffsetMs'>[],
): Promise<void> {
  for (const profile of profiles) {
    await record(
      tx,
      {
        actor: inProfile(who.id, profile, who.origin),
        organizationId: profile.organizationId,
        now: organizationNow(profile),
      },
      [
        {
          type,
          subjectId: profile.customerId,
          customerId: profile.customerId,
          data: { portal_user_id: who.id },
        },
      ],
    );
  }
}
