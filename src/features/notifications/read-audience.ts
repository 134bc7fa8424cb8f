import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import {
  type AddressList,
  type Choice,
  chosenIn,
  type Reader,
} from '#features/notifications/notice-rules.ts';
import { must } from '#lib/errors.ts';
import { scopesOfRoles } from '#lib/roles.ts';
import { newToken } from '#lib/secrets.ts';

export const readChoices = (tx: Tx, organizationId: string): Promise<Choice[]> =>
  tx.rows<Choice>(
    sql`select reader, kind, channel from notice_choices where organization_id = ${organizationId}`,
  );

/** Everybody who works here, what each may see and has chosen, and the organization's own addresses. */
export async function readAudience(tx: Tx, organizationId: string) {
  const people = await tx.rows<Reader>(sql`select user_id, email, roles, own_scopes from staff_readers()`);
  const list = await tx.row<AddressList>(sql`
    select notify_emails, email, email_organization_receipts, email_failed_charges from organizations
    where id = ${organizationId}`);
  return {
    readers: people.map((reader) => ({ ...reader, scopes: scopesOfRoles(reader.roles, reader.ownScopes) })),
    list: must(list, 'the organization'),
    chosen: chosenIn(await readChoices(tx, organizationId)),
  };
}

/** What the links carry that stop mails to these people; made when first needed. */
export async function stopTokens(
  tx: Tx,
  organizationId: string,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (userIds.length === 0) return new Map();
  await tx.run(sql`
    insert into notice_readers (organization_id, user_id, stop_token)
    select ${organizationId}, u.* from unnest(${userIds}::text[], ${userIds.map(() => newToken())}::text[]) as u
    on conflict do nothing`);
  const rows = await tx.rows<{ userId: string; stopToken: string }>(sql`
    select user_id, stop_token from notice_readers
    where organization_id = ${organizationId} and user_id = any(${userIds}::text[])`);
  return new Map(rows.map(({ userId, stopToken }) => [userId, stopToken]));
}
