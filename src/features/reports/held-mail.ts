import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { customerMailKinds } from '#features/correspondence/message-kind-rules.ts';

type Row = { id: string; displayName: string; email: string; mails: number; newestAt: Date };

/** The same words as the index messages_to_send_again, of what is written to customers. */
export const toSendAgain = sql`m.put_right_at is null and m.customer_id is not null
  and (m.state = 'bounced' or m.suppressed_by = 'email_problem') and m.kind = any(${customerMailKinds}::text[])`;

/** How much of a customer's mail did not arrive or was held back. */
export async function countHeldMail(tx: Tx, organizationId: string, customerId: string): Promise<number> {
  const row = await tx.row<{ count: number }>(sql`select count(*)::int as count from (select 1 from messages m
    where m.organization_id = ${organizationId} and m.customer_id = ${customerId} and ${toSendAgain} and not m.security
    limit 1000) x`);
  return row?.count ?? 0;
}

/** Customers whose address works now, with mail that did not reach them while it did not. */
export async function listHeldMail(
  tx: Tx,
  page: { organizationId: string; limit: number; startingAfter?: string | undefined },
) {
  const { organizationId, limit, startingAfter } = page;
  const rows = await tx.list<Row>(sql`
    select c.id, c.display_name, c.email, held.mails, held.newest_at
    from (select m.customer_id, count(*)::int as mails, max(m.created_at) as newest_at from messages m
      where m.organization_id = ${organizationId} and ${toSendAgain} and not m.security
        ${startingAfter ? sql`and m.customer_id > ${startingAfter}` : sql``}
      group by m.customer_id) held
    join customers c on c.organization_id = ${organizationId} and c.id = held.customer_id
    where c.email is not null and not exists (select from email_problems p
      where p.organization_id = ${organizationId} and p.email = c.email_key)
    order by c.id limit ${limit + 1}`);
  return {
    object: 'list' as const,
    has_more: rows.length > limit,
    data: rows.slice(0, limit).map((row) => ({
      object: 'held_mail' as const,
      id: row.id,
      display_name: row.displayName,
      email: row.email,
      mails: row.mails,
      newest_at: row.newestAt,
    })),
  };
}
