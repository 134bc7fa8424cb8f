import { sql } from 'kysely';
import type { Database } from '#db/db.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import { lookUpRefund, submitRefund } from '#features/refunds/submit-refund.ts';
import { submitVoid } from '#features/refunds/submit-void.ts';
import { dueGiveBacks, sweepRefunds } from '#features/refunds/sweep-refunds.ts';
import { systemNow } from '#lib/dates.ts';

type Deps = { db: Database; gateways: Pick<Gateways, 'open'> };
type OneRefund = { organizationId: string; refundId: string };

/** What the worker does for voids and refunds; schedule.ts says when the sweep runs. */
export const refundJobs = (deps: Deps) => ({
  'submit-refund': (payload: OneRefund) => submitRefund(deps, payload),
  'look-up-refund': (payload: OneRefund) => lookUpRefund(deps, payload),
  'submit-void': (payload: { organizationId: string; paymentId: string }) => submitVoid(deps, payload),
  'sweep-refunds': async () => {
    await sweepRefunds(deps.db, systemNow());
  },
});

/** A webhook hinted at refunds of these payments: ask what became of each. */
export async function lookUpRefundsOf(
  deps: Deps,
  organizationId: string,
  paymentIds: readonly string[],
): Promise<void> {
  const rows = await deps.db.transaction({ kind: 'job', organizationId, name: 'look-up-refund' }, (tx) =>
    tx.rows<{ id: string }>(sql`select id from refunds where organization_id = ${organizationId}
      and payment_id = any(${[...paymentIds]}) and state <> 'failed' and gateway_account_id is not null
      order by id limit 1000`),
  );
  for (const { id } of rows) await lookUpRefund(deps, { organizationId, refundId: id });
}

/** What falls due of them in one organization: for a sandbox clock that is moved. */
export async function workOffGiveBacks(deps: Deps, organizationId: string, now: Date): Promise<void> {
  const { refundIds, voidIds } = await dueGiveBacks(deps.db, organizationId, now);
  for (const paymentId of voidIds) await submitVoid(deps, { organizationId, paymentId });
  for (const refundId of refundIds) await lookUpRefund(deps, { organizationId, refundId });
}
