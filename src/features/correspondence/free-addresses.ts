import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';

/**
 * Somebody says that these addresses work: they are written to again, and what came back until now counts
 * no more. Answers what stood against each.
 */
export async function freeAddresses(
  tx: Tx,
  organizationId: string,
  emails: readonly string[],
): Promise<{ email: string; kind: string }[]> {
  await tx.run(sql`update message_news set counts = false
    where organization_id = ${organizationId} and email = any(${[...emails]}) and counts`);
  return tx.rows<{ email: string; kind: string }>(sql`
    delete from email_problems where organization_id = ${organizationId} and email = any(${[...emails]})
    returning email, kind`);
}
