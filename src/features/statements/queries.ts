import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';

export type LinkedStatement = {
  id: string;
  organizationId: string;
  statementLinkVersion: number;
  shownId: string;
};

/** The customer that a statement link names. Whether the link is good is decided by its signature. */
export const findStatement = (tx: Tx, customerId: string): Promise<LinkedStatement | undefined> =>
  tx.row<LinkedStatement>(sql`
    with recursive own(id, into_id) as (select id, merged_into_id from customers where id = ${customerId}
      union select w.id, w.merged_into_id from own join customers w on w.id = own.into_id)
    select c.id, c.organization_id, c.statement_link_version,
      -- A link of a record that was merged shows the one it was merged into.
      (select id from own where into_id is null) as shown_id
    from customers c where c.id = ${customerId}`);
