import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import { type InvitationFacts, invitationRefusal } from '#features/portal-access/rules.ts';
import { Refusal } from '#lib/errors.ts';

export type InvitationReport = {
  invited: string[];
  skipped: { customerId: string; displayName: string; reason: string }[];
};

type Row = InvitationFacts & { id: string; displayName: string; email: string | null };

/**
 * Invite customers into the portal, or again. Each that cannot be invited says why; the mails themselves are
 * written by a job, because the links in them belong to no organization.
 */
export async function inviteCustomers(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; customerIds: readonly string[] },
  now: Date,
): Promise<InvitationReport> {
  const { organizationId } = input;
  const ids = [...new Set(input.customerIds)];
  const rows = await tx.rows<Row>(sql`
    select c.id, c.display_name, c.email, c.deactivated_at is null as active, p.state as portal_state,
      coalesce(i.recent_sends, '{}') as recent_sends
    from customers c join portal_states(${organizationId}, ${ids}::text[]) p on p.customer_id = c.id
    left join portal_invitations i on i.organization_id = c.organization_id and i.customer_id = c.id
    where c.organization_id = ${organizationId} and c.id = any(${ids}) order by c.id for update of c`);
  const unknown = ids.find((id) => !rows.some((row) => row.id === id));
  if (unknown)
    throw new Refusal('not_found', { message: `No customer has the id ${unknown}.`, param: 'customer_ids' });
  const skipped = rows.flatMap((row) => {
    const reason = invitationRefusal(row, now);
    return reason ? [{ customerId: row.id, displayName: row.displayName, reason }] : [];
  });
  const invited = rows
    .filter((row) => !skipped.some((each) => each.customerId === row.id))
    .map((row) => row.id);
  if (invited.length > 0) await writeInvitations(tx, actor, { organizationId, customerIds: invited }, now);
  return { invited, skipped };
}

async function writeInvitations(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; customerIds: string[] },
  now: Date,
): Promise<void> {
  const { organizationId, customerIds } = input;
  const sends = await tx.rows<{ customerId: string; sends: number }>(sql`
    insert into portal_invitations as i (organization_id, customer_id, email, sends, recent_sends,
    first_sent_at, last_sent_at)
    select organization_id, id, email, 1, array[${now}::timestamptz], ${now}, ${now} from customers
    where organization_id = ${organizationId} and id = any(${customerIds})
    on conflict (organization_id, customer_id) do update set email = excluded.email, sends = i.sends + 1,
      last_sent_at = excluded.last_sent_at, revoked_at = null,
      recent_sends = (i.recent_sends || excluded.recent_sends)[greatest(1, cardinality(i.recent_sends) - 8):],
      portal_user_id = case when lower(i.email) = lower(excluded.email) then i.portal_user_id end
    returning customer_id, sends`);
  await record(
    tx,
    { actor, organizationId, now },
    customerIds.map((id) => ({
      type: 'portal.invited',
      subjectId: id,
      customerId: id,
      data: { send: sends.find((each) => each.customerId === id)?.sends ?? 1 },
    })),
  );
  const chunk = 50;
  await enqueue(
    tx,
    Array.from({ length: Math.ceil(sends.length / chunk) }, (_, at) => ({
      job: 'send-portal-invitations',
      payload: { organizationId, sends: sends.slice(at * chunk, (at + 1) * chunk) },
    })),
  );
}
