import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { must, Refusal } from '#lib/errors.ts';

/** Whether a person (`u`) has something beside the password. */
export const hasSecondFactor = sql`(exists (select from authenticator_apps a where a.user_id = u.id and a.secret is not null)
  or exists (select from passkeys p where p.user_id = u.id))`;

type Row = { requireSecondFactor: boolean; people: bigint; without: bigint };

export async function readSignInPolicy(tx: Tx, organizationId: string) {
  const row = await tx.row<Row>(sql`
    select o.require_second_factor, count(u.id) as people,
      count(u.id) filter (where not ${hasSecondFactor}) as without
    from organizations o left join organization_users ou on ou.organization_id = o.id and ou.disabled_at is null
    left join users u on u.id = ou.user_id and u.disabled_at is null
    where o.id = ${organizationId} group by o.id`);
  const { requireSecondFactor, people, without } = must(row, 'the organization');
  return {
    object: 'sign_in_policy' as const,
    require_second_factor: requireSecondFactor,
    people: Number(people),
    without_second_factor: Number(without),
  };
}

export type PolicyChange = {
  organizationId: string;
  requireSecondFactor?: boolean | undefined;
};

/**
 * Ask everybody for a second factor, or no longer. Who asks goes ahead, or would be out with the next
 * click.
 */
export async function changeSignInPolicy(
  tx: Tx,
  actor: Actor,
  change: PolicyChange,
  now: Date,
): Promise<void> {
  const { organizationId, requireSecondFactor } = change;
  if (requireSecondFactor === undefined) return;
  if (requireSecondFactor && actor.kind === 'user') {
    const own = await tx.row(
      sql`select 1 as has from users u where u.id = ${actor.userId} and ${hasSecondFactor}`,
    );
    if (!own)
      throw new Refusal('state_refused', {
        message: 'Set up your own second factor first, in your profile: it will be asked of you as well.',
        param: 'require_second_factor',
      });
  }
  await tx.run(sql`update organizations set require_second_factor = ${requireSecondFactor}
    where id = ${organizationId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'organization.sign_in_policy_changed',
      subjectId: organizationId,
      data: { changes: ['require_second_factor'], require_second_factor: requireSecondFactor },
    },
  ]);
}
