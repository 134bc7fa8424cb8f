import type { Actor, Tx } from '#db/db.ts';
import { stopAutopay } from '#features/autopay/stop-autopay.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { pauseSchedulesOfCustomers } from '#features/schedules/pause-schedules-of-customers.ts';

type Which = { organizationId: string; customerIds: readonly string[] };

/** End a relationship: nothing is made or charged by itself any more; what is owed stays owed. */
export async function deactivateCustomers(
  tx: Tx,
  actor: Actor,
  { organizationId, customerIds }: Which,
  now: Date,
): Promise<void> {
  const patches = customerIds.map((id) => ({ id, active: false }));
  const { changed } = await updateCustomers(tx, actor, { organizationId, patches }, now);
  await stopStanding(tx, actor, { organizationId, customerIds: changed.map(({ id }) => id) }, now);
}

/** What would charge a customer or make invoices for it by itself. */
export async function stopStanding(
  tx: Tx,
  actor: Actor,
  { organizationId, customerIds }: Which,
  now: Date,
): Promise<void> {
  for (const customerId of customerIds)
    await stopAutopay(tx, actor, { organizationId, of: { customerId }, why: 'customer_inactive' }, now);
  await pauseSchedulesOfCustomers(tx, actor, { organizationId, customerIds }, now);
}

/** Take a relationship up again. What was stopped is started by whoever wants it, one by one. */
export async function reactivateCustomers(
  tx: Tx,
  actor: Actor,
  { organizationId, customerIds }: Which,
  now: Date,
): Promise<void> {
  const patches = customerIds.map((id) => ({ id, active: true }));
  await updateCustomers(tx, actor, { organizationId, patches }, now);
}
