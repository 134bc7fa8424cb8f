import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { sendReceipts } from '#features/payments/send-receipts.ts';
import { sendReturnNotice } from '#features/payments/send-return-notice.ts';
import { organizationNow } from '#lib/clock.ts';
import { must } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

type Reaction = { organizationId: string; subjectId: string };

/** What the worker does when a payment moved. */
export function receiptJobs(deps: { db: Database; outbox: Outbox; secrets: Pick<Secrets, 'sign'> }) {
  const { outbox, secrets } = deps;
  const react =
    (
      name: string,
      command: (
        tx: Tx,
        actor: Actor,
        input: {
          organizationId: string;
          paymentId: string;
          outbox: Outbox;
          secrets: Pick<Secrets, 'sign'>;
        },
        now: Date,
      ) => Promise<void>,
    ) =>
    async ({ organizationId, subjectId }: Reaction): Promise<void> => {
      const actor: Actor = { kind: 'job', organizationId, name };
      await deps.db.transaction(actor, async (tx) => {
        const organization = await tx.row<{ clockOffsetMs: bigint }>(sql`
        select clock_offset_ms from organizations where id = ${organizationId}`);
        const now = organizationNow(must(organization, 'the organization'));
        await command(tx, actor, { organizationId, paymentId: subjectId, outbox, secrets }, now);
      });
    };
  return {
    'send-receipts': react('send-receipts', sendReceipts),
    'send-return-notice': react('send-return-notice', sendReturnNotice),
  };
}
