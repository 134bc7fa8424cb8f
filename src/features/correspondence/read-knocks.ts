import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Knock } from '#features/correspondence/news-rules.ts';

/** More in a row make no difference. */
const most = 50;

/**
 * The newest messages that an address refused as full or disabled, and the newest one since that reached it:
 * delivered, or gone out with nothing bad said of it since, which is all that plain SMTP tells.
 */
export async function readKnocks(tx: Tx, organizationId: string, email: string): Promise<Knock[]> {
  const refused = await tx.rows<Omit<Knock, 'arrived'> & { customerId: string | null }>(sql`
    select n.message_id, n.at, m.customer_id from (select message_id, at from message_news
        where organization_id = ${organizationId} and email = ${email} and counts
        order by message_id desc limit ${most}) n
      join messages m on m.organization_id = ${organizationId} and m.id = n.message_id`);
  const first = refused.map(({ messageId }) => messageId).sort()[0];
  if (!first) return [];
  const arrived = await tx.row<Omit<Knock, 'arrived'>>(sql`
    select m.id as message_id, m.created_at as at from (
        select unnest(${refused.flatMap(({ customerId }) => customerId ?? [])}::text[]) as id
        union select id from customers where organization_id = ${organizationId} and lower(email) = ${email}) c
      cross join lateral (select id, created_at from messages m
        where organization_id = ${organizationId} and customer_id = c.id and m.id >= ${first} and channel = 'email'
          and sent_at is not null and state not in ('queued', 'failed', 'suppressed')
          and exists (select from unnest(to_emails || cc_emails) e where lower(e) = ${email})
          and not exists (select from unnest(refused_emails) e where lower(e) = ${email})
          and (not exists (select from message_news n where n.organization_id = ${organizationId} and n.message_id = m.id
              and n.email in (${email}, '') and n.kind in ('delayed', 'soft_bounced', 'bounced', 'complained'))
            or exists (select from message_news n where n.organization_id = ${organizationId} and n.message_id = m.id
              and n.email = ${email} and n.kind in ('delivered', 'opened', 'clicked')))
        order by m.id desc limit 1) m
    order by m.id desc limit 1`);
  return [
    ...refused.map(({ messageId, at }) => ({ messageId, at, arrived: false })),
    ...(arrived ? [{ ...arrived, arrived: true }] : []),
  ];
}
