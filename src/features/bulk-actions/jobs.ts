import { sql } from 'kysely';
import type { Deps, One } from '#features/bulk-actions/make-papers.ts';
import { workBulkAction } from '#features/bulk-actions/work-bulk-action.ts';
import { organizationNow } from '#lib/clock.ts';
import { must } from '#lib/errors.ts';

export const bulkActionJobs = ({ db, secrets, outbox }: Deps) => ({
  'work-bulk-action': async (one: One) => {
    const { organizationId } = one;
    const actor = { kind: 'job', organizationId, name: 'bulk-action' } as const;
    const clock = await db.transaction(actor, (tx) =>
      tx.row<{ clockOffsetMs: bigint }>(
        sql`select clock_offset_ms from organizations where id = ${organizationId}`,
      ),
    );
    await workBulkAction({ db, secrets, outbox }, one, () =>
      organizationNow(must(clock, 'the organization')),
    );
  },
});
