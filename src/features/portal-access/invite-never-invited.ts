import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { inviteCustomers } from '#features/portal-access/invite-customers.ts';

const chunk = 200;
const neverInvited = sql.raw(`c.deactivated_at is null
  and not exists (select from portal_invitations i where i.organization_id = c.organization_id
  and i.customer_id = c.id)
  and not exists (select from portal_memberships m where m.organization_id = c.organization_id
  and m.customer_id = c.id)`);

/**
 * Ask for everyone who was never invited: how many that are, some of those who cannot be, and a job for the
 * rest.
 */
export async function requestAllInvitations(tx: Tx, organizationId: string) {
  const counted = await tx.row<{ count: number }>(sql`select count(*)::int as count from customers c
    where c.organization_id = ${organizationId} and c.email is not null and ${neverInvited}`);
  const skipped = await tx.rows<{ customerId: string; displayName: string }>(sql`
    select c.id as customer_id, c.display_name from customers c
    where c.organization_id = ${organizationId} and c.email is null and ${neverInvited}
    order by c.id limit 100`);
  const invited = counted?.count ?? 0;
  if (invited > 0) {
    await enqueue(tx, [
      {
        job: 'invite-never-invited',
        key: `invite-all:${organizationId}`,
        payload: { organizationId, after: '' },
      },
    ]);
  }
  return {
    invited,
    skipped: skipped.map((row) => ({ ...row, reason: 'The customer has no e-mail address. Add one first.' })),
  };
}

/** Invite the next few hundred, and ask for the rest: each chunk is a transaction of its own. */
export async function inviteNextChunk(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; after: string },
  now: Date,
): Promise<{ invited: number }> {
  const { organizationId, after } = input;
  const rows = await tx.rows<{
    id: string;
  }>(sql`select c.id from customers c where c.organization_id = ${organizationId}
    and c.id > ${after} and c.email is not null and ${neverInvited} order by c.id limit ${chunk}`);
  const last = rows.at(-1);
  if (!last) return { invited: 0 };
  const { invited } = await inviteCustomers(
    tx,
    actor,
    { organizationId, customerIds: rows.map((row) => row.id) },
    now,
  );
  if (rows.length === chunk) {
    await enqueue(tx, [{ job: 'invite-never-invited', payload: { organizationId, after: last.id } }]);
  }
  return { invited: invited.length };
}
