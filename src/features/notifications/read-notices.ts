import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { stopTokens } from '#features/notifications/read-audience.ts';
import { notFound } from '#lib/errors.ts';

/** Somebody has read a notice, or all up to it. */
export async function readNotices(
  tx: Tx,
  actor: Actor & { kind: 'user' },
  input: { noticeId: string; andOlder: boolean },
): Promise<void> {
  const { organizationId, userId } = actor;
  const { noticeId, andOlder } = input;
  const known = await tx.row(
    sql`select id from notices where organization_id = ${organizationId} and id = ${noticeId}`,
  );
  if (!known) throw notFound('notice', noticeId);
  if (!andOlder) {
    await tx.run(sql`insert into notice_reads (organization_id, user_id, notice_id)
      values (${organizationId}, ${userId}, ${noticeId}) on conflict do nothing`);
    return;
  }
  await stopTokens(tx, organizationId, [userId]);
  await tx.run(sql`update notice_readers set seen_through = greatest(seen_through, ${noticeId})
    where organization_id = ${organizationId} and user_id = ${userId}`);
  await tx.run(sql`delete from notice_reads where organization_id = ${organizationId} and user_id = ${userId}
    and notice_id <= ${noticeId}`);
}
