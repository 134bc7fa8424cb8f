import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { MethodUser } from '#features/payment-methods/rules.ts';

const underWay = sql.raw(`('pending', 'unknown', 'submitted', 'accepted', 'collected')`);

/** How many payments are under way with each of these methods; those without any are left out. */
export async function paymentsUnderWay(
  tx: Tx,
  input: { organizationId: string; customerId: string },
): Promise<Map<string, number>> {
  const rows = await tx.rows<{ id: string; count: number }>(sql`
    select payment_method_id as id, count(*)::int as count from payments
    where organization_id = ${input.organizationId} and customer_id = ${input.customerId}
    and payment_method_id is not null
      and state in ${underWay} group by payment_method_id`);
  return new Map(rows.map((row) => [row.id, row.count]));
}

/** The methods that have an authorization of their own. */
export async function signedMethods(
  tx: Tx,
  organizationId: string,
  customerId: string,
): Promise<Set<string>> {
  const rows = await tx.rows<{ id: string }>(sql`select distinct payment_method_id as id from authorizations
    where organization_id = ${organizationId} and customer_id = ${customerId} and kind = 'bank_debit'
      and payment_id is null and payment_method_id is not null`);
  return new Set(rows.map(({ id }) => id));
}

/** By which agreements each of these methods is charged; those of none are left out. A line for each kind. */
export async function standingUses(
  tx: Tx,
  organizationId: string,
  methodIds: readonly string[],
): Promise<Map<string, MethodUser[]>> {
  const rows = await tx.rows<{ id: string; user: MethodUser }>(sql`
    select distinct u.id, u.user from (
      select payment_method_id as id, 'autopay' as user from autopays
        where organization_id = ${organizationId} and payment_method_id = any(${[...methodIds]}::text[]) and ended_at is null
      union all
      select payment_method_id, 'schedule' from schedules
        where organization_id = ${organizationId} and payment_method_id = any(${[...methodIds]}::text[])
          and state = 'running' and payment_plan_id is null
      union all select payment_method_id, 'payment_plan' from payment_plans where organization_id = ${organizationId}
        and payment_method_id = any(${[...methodIds]}::text[]) and state in ('requested', 'approved', 'active')
    ) u order by u.user`);
  const uses = new Map<string, MethodUser[]>();
  for (const { id, user } of rows) uses.set(id, [...(uses.get(id) ?? []), user]);
  return uses;
}
