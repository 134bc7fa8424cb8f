import { sql } from 'kysely';
import type { Database } from '#db/db.ts';
import { workChange } from '#features/customer-defaults/work-change.ts';
import { organizationNow } from '#lib/clock.ts';
import { must } from '#lib/errors.ts';

type One = { organizationId: string; changeId: string };

/** One job for a change of settings and its undo: it does what the state asks for, from where it stands. */
export const customerDefaultJobs = ({ db }: { db: Database }) => ({
  'work-setting-change': async (one: One) => {
    const { organizationId } = one;
    const actor = { kind: 'job', organizationId, name: 'setting-change' } as const;
    const clock = await db.transaction(actor, (tx) =>
      tx.row<{ clockOffsetMs: bigint }>(
        sql`select clock_offset_ms from organizations where id = ${organizationId}`,
      ),
    );
    await workChange(db, one, () => organizationNow(must(clock, 'the organization')));
  },
});
