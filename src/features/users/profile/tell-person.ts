import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { mailingOrganization, queueUserMail, type UserMail } from '#features/users/queue-user-mail.ts';
import { organizationNow } from '#lib/clock.ts';

type Place = { id: string; clockOffsetMs: bigint; roles: string[] };

/** What somebody did to their own sign-in stands in the audit log of every organization that it opens. */
export async function recordForPerson(
  tx: Tx,
  { userId, by }: { userId: string; by?: Actor },
  type: string,
  data: Record<string, unknown> = {},
): Promise<void> {
  const places = await tx.rows<Place>(sql`
    select o.id, o.clock_offset_ms, ou.roles from organization_users ou join organizations o on o.id = ou.organization_id
    where ou.user_id = ${userId} and ou.disabled_at is null order by o.id limit 200`);
  for (const { id: organizationId, roles, ...clock } of places) {
    const actor: Actor = by ?? { kind: 'user', organizationId, userId, roles };
    await record(tx, { actor, organizationId, now: organizationNow(clock) }, [
      { type, subjectId: userId, data },
    ]);
  }
}

/** Mail to somebody about their own sign-in; one who works nowhere gets none. */
export async function mailPerson(tx: Tx, outbox: Outbox, userId: string, mail: UserMail): Promise<void> {
  const from = await mailingOrganization(tx, userId);
  if (from) await queueUserMail(tx, outbox, from.id, mail);
}
