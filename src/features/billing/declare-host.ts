import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { Refusal } from '#lib/errors.ts';

/** Say which organization bills the others of this installation, or that none does from now on. */
export async function declareHost(
  tx: Tx,
  actor: Actor,
  { organizationId, hosts }: { organizationId: string; hosts: boolean },
  now: Date,
): Promise<{ name: string }> {
  const row = await tx.row<{ name: string; hosts: boolean }>(sql`select name, hosts from organizations
    where id = ${organizationId} for update`);
  if (!row) throw new Refusal('not_found', `There is no organization ${organizationId}.`);
  if (row.hosts === hosts) return { name: row.name };
  const other = await tx.row<{ name: string }>(sql`select name from organizations
    where hosts and id <> ${organizationId}`);
  if (hosts && other)
    throw new Refusal('conflict', `${other.name} is the host already. Take that back first, with --off.`);
  const subscribed = await tx.row(sql`select 1 as one from billing_subscriptions where ended_on is null
    and (organization_id = ${organizationId} or subscriber_id = ${organizationId}) limit 1`);
  if (subscribed)
    throw new Refusal(
      'state_refused',
      hosts
        ? `${row.name} has a plan of another host. Cancel it first.`
        : 'Some organizations have a plan. Their plans have to end first.',
    );
  await tx.run(sql`update organizations set hosts = ${hosts} where id = ${organizationId}`);
  await record(tx, { actor, organizationId, now }, [
    { type: hosts ? 'billing.host_declared' : 'billing.host_ended', subjectId: organizationId },
  ]);
  return { name: row.name };
}
