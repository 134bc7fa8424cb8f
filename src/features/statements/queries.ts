import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';

export type LinkedStatement = { id: string; organizationId: string; statementLinkVersion: number };

/** The customer that a statement link names. Whether the link is good is decided by its signature. */
export const findStatement = (tx: Tx, customerId: string): Promise<LinkedStatement | undefined> =>
  tx.row<LinkedStatement>(sql`
    select id, organization_id, statement_link_version from customers where id = ${customerId}`);
