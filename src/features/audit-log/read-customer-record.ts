import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { actorOf } from '#features/audit-log/event-rules.ts';
import { actingAs } from '#features/audit-log/origin-rules.ts';
import { notFound } from '#lib/errors.ts';

type Row = { createdAt: Date; updatedAt: Date };
type Act = {
  type: string;
  actorKind: string;
  actorId: string | null;
  actorName: string | null;
  occurredAt: Date;
};

/** When a customer came onto the books and was last changed, and who did it, where that is known. */
export async function readCustomerRecord(tx: Tx, organizationId: string, id: string) {
  const row = await tx.row<Row>(sql`select created_at, updated_at from customers
    where organization_id = ${organizationId} and id = ${id}`);
  if (!row) throw notFound('customer', id);
  const acts = await tx.rows<Act>(sql`
    select e.type, e.actor_kind, e.actor_id, e.occurred_at, case e.actor_kind when 'user' then staff_name(e.actor_id)
      when 'api_key' then (select k.name from api_keys k
        where k.organization_id = e.organization_id and k.id = e.actor_id) end as actor_name
    from events e where e.organization_id = ${organizationId} and e.subject_id = ${id} and e.type like 'customer.%'
      and e.occurred_at in (${row.createdAt}::timestamptz, ${row.updatedAt}::timestamptz)
    order by e.id desc limit 20`);
  const by = (at: Date, fits: (type: string) => boolean): string | null => {
    const act = acts.find((each) => each.occurredAt.getTime() === at.getTime() && fits(each.type));
    if (!act) return null;
    const actor = { kind: act.actorKind, id: act.actorId, name: act.actorName };
    return actingAs(actor)?.name ?? actorOf({ type: act.type, subject_id: id, actor, data: {} });
  };
  return {
    object: 'customer_record' as const,
    created_at: row.createdAt,
    created_by: by(row.createdAt, (type) => type === 'customer.created'),
    updated_at: row.updatedAt,
    updated_by: by(row.updatedAt, () => true),
  };
}
