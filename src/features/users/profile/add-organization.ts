import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { createOrganization, type NewOrganization } from '#features/organizations/create-organization.ts';
import { knownFromPracticeAlone } from '#features/users/known-from-practice.ts';
import { isOwner } from '#features/users/role-rules.ts';
import { must, Refusal } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

/** So many organizations one person may own: a limit against mistakes, far above any need. */
const mostOwned = 100;

type User = { email: string; operator: boolean; isUnproved: boolean };

/** Set up another organization with the same sign-in. Owners may, and whoever hosts this Owed. */
export async function addOrganization(
  tx: Tx,
  actor: Actor,
  input: NewOrganization & { secrets: Pick<Secrets, 'encrypt'> },
  now: Date,
): Promise<{ organizationId: string }> {
  if (actor.kind !== 'user')
    throw new Refusal('forbidden', 'A person sets up an organization, not an API key. Sign in to do it.');
  const { userId } = actor;
  const user = must(
    await tx.row<User>(sql`select email, operator, ${knownFromPracticeAlone} as is_unproved from users u
      where id = ${userId} for update`),
    'the person',
  );
  const owned = await tx.rows<{ roles: string[] }>(sql`select roles from organization_users
    where user_id = ${userId} and 'superuser' = any(roles) and disabled_at is null limit ${mostOwned}`);
  if (!user.operator && !owned.some(({ roles }) => isOwner(roles)))
    throw new Refusal(
      'forbidden',
      'Only owners of an organization may add another one. Ask an owner of yours.',
    );
  if (input.mode === 'live' && user.isUnproved)
    throw new Refusal('forbidden', {
      message:
        'Your address is not proved: you are known from practice alone. Have whoever hosts this Owed invite you to a live one first.',
      param: 'mode',
    });
  if (owned.length >= mostOwned)
    throw new Refusal('state_refused', `One person may own ${mostOwned} organizations, and you do.`);
  const { organizationId } = await createOrganization(tx, actor, { email: user.email, ...input }, now);
  await tx.run(sql`insert into organization_users (organization_id, user_id, roles, created_at)
    values (${organizationId}, ${userId}, array['superuser'], ${now})`);
  // From where it was asked is told to the organization in which it was asked (decision 0022).
  const { origin: _, ...person } = actor;
  const by = { ...person, organizationId };
  await record(tx, { actor: by, organizationId, now }, [
    { type: 'user.created', subjectId: userId, data: { email: user.email, roles: ['superuser'] } },
  ]);
  return { organizationId };
}
