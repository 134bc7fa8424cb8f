import { sql } from 'kysely';
import type { Actor, Database } from '#db/db.ts';
import { followVoidInvoice } from '#features/late-fees/follow-void-invoice.ts';
import { organizationNow } from '#lib/clock.ts';
import { must } from '#lib/errors.ts';

/** What late fees do when an invoice ends. */
export function lateFeeJobs({ db }: { db: Database }) {
  return {
    'follow-void-invoice': async (reaction: { organizationId: string; subjectId: string }): Promise<void> => {
      const { organizationId, subjectId: invoiceId } = reaction;
      const actor: Actor = { kind: 'job', organizationId, name: 'follow-void-invoice' };
      await db.transaction(actor, async (tx) => {
        const clock = await tx.row<{ clockOffsetMs: bigint }>(
          sql`select clock_offset_ms from organizations where id = ${organizationId}`,
        );
        const now = organizationNow(must(clock, 'the organization'));
        await followVoidInvoice(tx, actor, { organizationId, invoiceId }, now);
      });
    },
  };
}
