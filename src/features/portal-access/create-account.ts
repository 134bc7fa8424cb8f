import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { findLink } from '#features/portal-access/link-tokens.ts';
import type { Realm } from '#features/portal-access/queries.ts';
import { recordSteps } from '#features/portal-access/record-steps.ts';
import { linkProblem, sameEmail } from '#features/portal-access/rules.ts';
import { plainEmail } from '#features/users/rules.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type AccountVerdict =
  | { verdict: 'created' | 'exists'; portalUserId: string }
  | { verdict: 'not_invited' }
  | { verdict: 'link'; problem: 'unknown' | 'expired' | 'used' };

/**
 * Step two: make the login that an invitation opens, under the invited address and no other. The password
 * arrives hashed. Opening it twice answers the login that exists.
 */
export async function createAccount(
  tx: Tx,
  input: { token: string; email: string; passwordHash: string },
  now: Date,
): Promise<AccountVerdict> {
  const link = await findLink(tx, input.token);
  const problem = linkProblem(link, 'portal_invitation', now);
  if (!link || (problem && problem !== 'used')) return { verdict: 'link', problem: problem ?? 'unknown' };
  if (!sameEmail(link.email, input.email)) return { verdict: 'not_invited' };
  const { mode, clockOffsetMs } = await readHost(tx, must(link.organizationId, 'the inviting organization'));
  const email = plainEmail(link.email);
  const known = () =>
    tx.row<{ id: string }>(
      sql`select id from portal_users where realm = ${mode} and lower(email) = ${email}`,
    );
  const before = await known();
  if (before) return { verdict: 'exists', portalUserId: before.id };
  if (problem) return { verdict: 'link', problem };
  const id = newId('portalUser');
  const made = await tx.run(sql`insert into portal_users (id, realm, email, password_hash, created_at)
    values (${id}, ${mode}, ${link.email}, ${input.passwordHash}, ${now}) on conflict do nothing`);
  if (made === 0)
    return { verdict: 'exists', portalUserId: must(await known(), 'the login made meanwhile').id };
  await tx.run(sql`update link_tokens set used_at = ${now}, portal_user_id = ${id} where id = ${link.id}`);
  await tx.run(sql`update portal_invitations i set portal_user_id = ${id} from organizations o
    where o.id = i.organization_id and o.mode = ${mode} and lower(i.email) = ${email}
    and i.revoked_at is null`);
  if (link.organizationId && link.customerId) {
    await recordSteps(tx, 'portal.account_created', { id }, [
      { organizationId: link.organizationId, customerId: link.customerId, clockOffsetMs },
    ]);
  }
  return { verdict: 'created', portalUserId: id };
}

async function readHost(tx: Tx, organizationId: string): Promise<{ mode: Realm; clockOffsetMs: bigint }> {
  const row = await tx.row<{ mode: Realm; clockOffsetMs: bigint }>(sql`
    select mode, clock_offset_ms from organizations where id = ${organizationId}`);
  return must(row, 'the inviting organization');
}
