import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Person } from '#features/oidc/rules.ts';

type Row = { userId: string; isDisabled: boolean; isOperator: boolean; worksFor: string[] };

const person = sql`select u.id as user_id, u.disabled_at is not null as is_disabled, u.operator as is_operator,
  coalesce((select array_agg(ou.organization_id::text order by ou.created_at, ou.organization_id)
    from organization_users ou where ou.user_id = u.id and ou.disabled_at is null), '{}') as works_for from users u`;

export const personById = (tx: Tx, userId: string): Promise<Person | undefined> =>
  tx.row<Row>(sql`${person} where u.id = ${userId}`);

export const personByEmail = (tx: Tx, email: string): Promise<Person | undefined> =>
  tx.row<Row>(sql`${person} where lower(u.email) = lower(${email})`);

/** Who the account of a provider was connected with. */
export const personBySubject = (
  tx: Tx,
  { organizationId, id }: { organizationId: string; id: string },
  subject: string,
): Promise<Person | undefined> =>
  tx.row<Row>(sql`${person} where u.id = (select i.user_id from user_identities i
    where i.organization_id = ${organizationId} and i.provider_id = ${id} and i.subject = ${subject})`);
