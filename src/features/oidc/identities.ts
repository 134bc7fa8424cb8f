import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { mailPerson, recordForPerson } from '#features/users/profile/tell-person.ts';
import { refuseHalfIn } from '#features/users/second-factor/refuse-half-in.ts';
import { changedMail } from '#features/users/user-mails.ts';
import { notFound } from '#lib/errors.ts';

type Row = {
  id: string;
  providerId: string;
  label: string;
  email: string | null;
  createdAt: Date;
  lastUsedAt: Date | null;
};

/** The providers that somebody may connect, and those that are. */
export async function readOwnIdentities(tx: Tx, userId: string) {
  const linked =
    await tx.rows<Row>(sql`select i.id, i.provider_id, p.label, i.email, i.created_at, i.last_used_at
    from user_identities i join oidc_providers p on p.organization_id = i.organization_id and p.id = i.provider_id
    where i.user_id = ${userId} order by i.id limit 50`);
  const offered = await tx.rows<{ id: string; label: string }>(sql`
    (select p.id, p.label from oidc_providers p where p.for_all)
    union
    (select p.id, p.label from organization_users ou join oidc_providers p on p.organization_id = ou.organization_id
      where ou.user_id = ${userId} and ou.disabled_at is null)
    order by label, id limit 50`);
  return {
    object: 'identities' as const,
    linked: linked.map(({ providerId, createdAt, lastUsedAt, ...row }) => ({
      object: 'identity' as const,
      ...row,
      provider_id: providerId,
      created_at: createdAt,
      last_used_at: lastUsedAt,
    })),
    offered: offered.filter(({ id }) => !linked.some(({ providerId }) => providerId === id)),
  };
}

type Who = { userId: string; email: string; sessionId: string };

/** Disconnect one's own account of a provider: it opens nothing any more, and what it has opened ends. */
export async function unlinkIdentity(tx: Tx, outbox: Outbox, who: Who, id: string): Promise<void> {
  const { userId, email, sessionId } = who;
  await refuseHalfIn(tx, who);
  const gone = await tx.row<{ label: string; email: string | null }>(sql`
    delete from user_identities i using oidc_providers p
    where i.id = ${id} and i.user_id = ${userId} and p.organization_id = i.organization_id and p.id = i.provider_id
    returning p.label, i.email`);
  if (!gone) throw notFound('connected sign-in', id);
  await tx.run(
    sql`delete from sessions where user_id = ${userId} and id <> ${sessionId} and second_factor = 'provider'`,
  );
  const data = { provider: gone.label, email: gone.email };
  await recordForPerson(tx, { userId }, 'user.identity_unlinked', data);
  await mailPerson(tx, outbox, userId, changedMail(email, 'provider_disconnected'));
}
