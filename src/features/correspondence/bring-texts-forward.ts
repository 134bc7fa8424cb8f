import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { claimText } from '#features/correspondence/claim-text.ts';

const day_ms = 86_400_000;

/**
 * A sandbox organization's clock is about to jump a day: the text messages whose hours open on the way go out
 * then, each at its own moment and by the same rules as ever, and those that wait longer have waited a day of
 * it.
 */
export async function bringTextsForward(
  tx: Tx,
  actor: Actor,
  organizationId: string,
  realNow: Date,
): Promise<void> {
  const waiting = sql`organization_id = ${organizationId} and channel = 'sms' and state = 'queued'`;
  const due = await tx.rows<{ id: string; at: Date }>(sql`
    select id, greatest(next_attempt_at, ${realNow}::timestamptz) as at from messages where ${waiting}
      and next_attempt_at <= ${new Date(realNow.getTime() + day_ms)} order by next_attempt_at, id`);
  for (const { id, at } of due) await claimText(tx, actor, { organizationId, messageId: id }, at);
  await tx.run(
    sql`update messages set next_attempt_at = next_attempt_at - interval '1 day' where ${waiting}`,
  );
}
