import { sql } from 'kysely';
import { type Deps, workDataExport } from '#features/data-exports/work-data-export.ts';
import { organizationNow } from '#lib/clock.ts';
import { must } from '#lib/errors.ts';

export const dataExportJobs = ({ db, secrets, outbox }: Deps) => ({
  'work-data-export': async (one: { organizationId: string; exportId: string }) => {
    const { organizationId } = one;
    const actor = { kind: 'job', organizationId, name: 'data-export' } as const;
    const clock = await db.transaction(actor, (tx) =>
      tx.row<{ clockOffsetMs: bigint }>(
        sql`select clock_offset_ms from organizations where id = ${organizationId}`,
      ),
    );
    await workDataExport({ db, secrets, outbox }, one, () =>
      organizationNow(must(clock, 'the organization')),
    );
  },
});
