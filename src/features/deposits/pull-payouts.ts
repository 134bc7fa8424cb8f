import { sql } from 'kysely';
import type { Actor, Database } from '#db/db.ts';
import { systemActor } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { recordPayout } from '#features/deposits/record-payout.ts';
import { type GatewayAccount, type Gateways, readGatewayAccount } from '#features/payments/gateways.ts';
import { organizationNow } from '#lib/clock.ts';
import { addDays, dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type OneAccount = { organizationId: string; gatewayAccountId: string };

// A payout may change for some days after it was made: it arrives, or the bank sends it back.
const again_days = 14;
const first_days = 60;

/**
 * The journey of payouts: ask the gateway what it paid out of late, and record each in its own transaction.
 */
export async function pullPayouts(
  deps: { db: Database; gateways: Pick<Gateways, 'open'> },
  one: OneAccount,
): Promise<number> {
  const { organizationId, gatewayAccountId } = one;
  const actor: Actor = { kind: 'job', organizationId, name: 'pull-payouts' };
  const from = await deps.db.transaction(actor, async (tx) => {
    type Row = { payoutsReadTo: string | null; timeZone: string; clockOffsetMs: bigint };
    const row = must(
      await tx.row<Row>(sql`select g.payouts_read_to, o.time_zone, o.clock_offset_ms from gateway_accounts g
        join organizations o on o.id = g.organization_id
        where g.organization_id = ${organizationId} and g.id = ${gatewayAccountId}`),
      'the gateway account',
    );
    const account: GatewayAccount = await readGatewayAccount(tx, organizationId, gatewayAccountId);
    return { ...row, account };
  });
  const now = organizationNow(from);
  const today = dateIn(from.timeZone, now);
  const since = from.payoutsReadTo ? addDays(from.payoutsReadTo, -again_days) : addDays(today, -first_days);
  const payouts = (await deps.gateways.open(from.account).payouts?.list({ since, at: now })) ?? [];
  for (const payout of payouts)
    await deps.db.transaction(actor, (tx) => recordPayout(tx, actor, { ...one, payout }, now));
  await deps.db.transaction(actor, (tx) =>
    tx.run(sql`update gateway_accounts set payouts_read_to = ${today}
      where organization_id = ${organizationId} and id = ${gatewayAccountId}`),
  );
  return payouts.length;
}

/** Ask for the payouts of every gateway account that has taken money; disconnected ones still pay out. */
export async function sweepPayouts(db: Database): Promise<void> {
  await db.transaction(systemActor('sweep-payouts'), async (tx) => {
    const accounts = await tx.rows<OneAccount>(sql`
      select organization_id, id as gateway_account_id from gateway_accounts g where exists (select from payments p
        where p.organization_id = g.organization_id and p.gateway_account_id = g.id) order by id limit 10000`);
    await enqueue(
      tx,
      accounts.map((account) => ({
        job: 'pull-payouts',
        key: `payouts:${account.gatewayAccountId}`,
        payload: account,
      })),
    );
  });
}

/** The accounts of one organization, for a sandbox clock that moves. */
export async function gatewayAccountsOf(db: Database, organizationId: string): Promise<string[]> {
  const rows = await db.transaction({ kind: 'job', organizationId, name: 'advance-clock' }, (tx) =>
    tx.rows<{ id: string }>(
      sql`select id from gateway_accounts where organization_id = ${organizationId} order by id`,
    ),
  );
  return rows.map(({ id }) => id);
}
