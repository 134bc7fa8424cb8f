import { sql } from 'kysely';
import { type Actor, type Database, systemActor } from '#db/db.ts';
import type { LocalDay } from '#features/days/work-day.ts';
import { changeTicket } from '#features/support/change-ticket.ts';
import { closesAfter_days, type Desk, forgottenAfter_days } from '#features/support/rules.ts';
import { secondsLater } from '#lib/dates.ts';

const day_s = 86_400;
const batch = 200;

/**
 * Tickets on which nobody has said anything for a week, though they are solved or wait for their asker, are
 * closed; questions that no address stood by are forgotten.
 */
export async function restTickets(db: Database, { organizationId, now }: LocalDay): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId, name: 'rest-tickets' };
  const before = secondsLater(now, -closesAfter_days * day_s);
  for (let more = true; more; ) {
    more = await db.transaction(actor, async (tx) => {
      const rows = await tx.rows<{ id: string; desk: Desk }>(sql`
        select id, desk from tickets where organization_id = ${organizationId} and state in ('waiting', 'solved')
          and updated_at <= ${before} order by updated_at limit ${batch} for update skip locked`);
      for (const { id, desk } of rows)
        await changeTicket(
          tx,
          actor,
          {
            ...{ organizationId, ticketId: id, desk, side: 'system' },
            author: { name: 'Owed' },
            change: { state: 'closed' },
          },
          now,
        );
      return rows.length === batch;
    });
  }
  // As the system: to the organization itself what is not confirmed does not exist.
  await db.transaction(systemActor('rest-tickets'), (tx) =>
    tx.run(sql`delete from tickets where organization_id = ${organizationId} and state = 'unconfirmed'
      and updated_at <= ${secondsLater(now, -forgottenAfter_days * day_s)}`),
  );
}
