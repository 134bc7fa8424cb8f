import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { mailDispute } from '#features/collections/mail-dispute.ts';
import { rankDesk } from '#features/collections/rank-desk.ts';
import { tellDesk } from '#features/collections/tell-desk.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import type { Concern } from '#jobs/react.ts';
import { organizationNow } from '#lib/clock.ts';
import { type CalendarDate, dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type Reaction = { organizationId: string; subjectId: string };
type Clock = { now: Date; today: CalendarDate };

/** What the desk does when money came or went, and when a customer objects. */
export function collectionJobs({ db, outbox }: { db: Database; outbox: Outbox }) {
  const react =
    (name: string, work: (tx: Tx, actor: Actor, reaction: Reaction & Clock) => Promise<void>) =>
    async ({ organizationId, subjectId }: Reaction): Promise<void> => {
      const actor: Actor = { kind: 'job', organizationId, name };
      await db.transaction(actor, async (tx) => {
        await work(tx, actor, { organizationId, subjectId, ...(await readClock(tx, organizationId)) });
      });
    };
  const tell = react('tell-the-desk', (tx, actor, { now, ...reaction }) =>
    tellDesk(tx, actor, reaction, now),
  );
  return {
    'tell-the-desk': tell,
    'list-late-invoice': tell,
    'rank-desk': async ({ organizationId }: Reaction): Promise<void> => {
      const actor: Actor = { kind: 'job', organizationId, name: 'rank-desk' };
      const clock = await db.transaction(actor, (tx) => readClock(tx, organizationId));
      await rankDesk({ db }, { organizationId, ...clock });
    },
    'mail-dispute': react('mail-dispute', (tx, actor, { organizationId, subjectId: invoiceId, now }) =>
      mailDispute(tx, actor, { organizationId, invoiceId, outbox }, now),
    ),
  };
}

/** Of invoices that are issued, those whose due date has passed already: few, and on the desk at once. */
export const lateOnArrival: Concern = async (tx, organizationId, invoiceIds) => {
  const { today } = await readClock(tx, organizationId);
  const late = await tx.rows<{
    id: string;
  }>(sql`select id from invoices where organization_id = ${organizationId}
    and id = any(${[...invoiceIds]}) and due_date < ${today}::date and closed_at is null`);
  return new Set(late.map(({ id }) => id));
};

async function readClock(tx: Tx, organizationId: string): Promise<Clock> {
  const row = await tx.row<{ timeZone: string; clockOffsetMs: bigint }>(
    sql`select time_zone, clock_offset_ms from organizations where id = ${organizationId}`,
  );
  const clock = must(row, 'the organization');
  const now = organizationNow(clock);
  return { now, today: dateIn(clock.timeZone, now) };
}
