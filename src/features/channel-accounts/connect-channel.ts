import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { CarrierChannel } from '#features/correspondence/carriers.ts';
import { notFound } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type CheckedChannel = {
  organizationId: string;
  channel: CarrierChannel;
  vendor: string;
  /** Encrypted by the caller, after the carrier said yes to them. */
  credentials: Buffer;
  shown: string;
  vendorAccount: string;
};

/** Hand an organization's texts or letters to a carrier from now on; the one before is let go. */
export async function connectChannel(
  tx: Tx,
  actor: Actor,
  input: CheckedChannel,
  now: Date,
): Promise<{ channelAccountId: string }> {
  const { organizationId, channel } = input;
  await tx.run(sql`update channel_accounts set disconnected_at = ${now}
    where organization_id = ${organizationId} and channel = ${channel} and disconnected_at is null`);
  const channelAccountId = newId('channelAccount');
  await tx.run(sql`
    insert into channel_accounts (organization_id, id, channel, vendor, credentials, shown, vendor_account, checked_at,
      created_at)
    values (${organizationId}, ${channelAccountId}, ${channel}, ${input.vendor}, ${input.credentials}, ${input.shown},
      ${input.vendorAccount}, ${now}, ${now})`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'channel_account.connected',
      subjectId: channelAccountId,
      data: { channel, vendor: input.vendor, shown: input.shown },
    },
  ]);
  return { channelAccountId };
}

type One = { organizationId: string; channelAccountId: string };

/** Hand a carrier nothing more. */
export async function disconnectChannel(tx: Tx, actor: Actor, one: One, now: Date): Promise<void> {
  const { organizationId, channelAccountId } = one;
  const row = await tx.row<{ disconnectedAt: Date | null }>(sql`select disconnected_at from channel_accounts
    where organization_id = ${organizationId} and id = ${channelAccountId} for update`);
  if (!row) throw notFound('carrier', channelAccountId);
  if (row.disconnectedAt) return;
  await tx.run(sql`update channel_accounts set disconnected_at = ${now}
    where organization_id = ${organizationId} and id = ${channelAccountId}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'channel_account.disconnected', subjectId: channelAccountId },
  ]);
}

/** Keep what the carrier said when it was asked whether the credentials work. */
export async function recordChannelCheck(
  tx: Tx,
  one: One & { problem: string | null },
  now: Date,
): Promise<void> {
  await tx.run(sql`update channel_accounts set checked_at = ${now}, check_problem = ${one.problem}
    where organization_id = ${one.organizationId} and id = ${one.channelAccountId}`);
}
