import { sql } from 'kysely';
import { type Actor, type Database, systemActor } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { recordChargeback } from '#features/chargebacks/record-chargeback.ts';
import { type Gateways, readGatewayAccount } from '#features/payments/gateways.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn, secondsLater } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type OneAccount = { organizationId: string; gatewayAccountId: string };
type Row = { chargebacksReadTo: Date | null; timeZone: string; clockOffsetMs: bigint };

const day_s = 86_400;
// Vendors' lists lag behind, and a chargeback comes up to 120 days after its payment.
const again_s = 2 * day_s;
const first_s = 120 * day_s;

/** The journey of chargebacks: ask the gateway what was disputed or decided of late, and record each. */
export async function pullChargebacks(
  deps: { db: Database; gateways: Pick<Gateways, 'open'> },
  one: OneAccount,
): Promise<number> {
  const { organizationId, gatewayAccountId } = one;
  const actor: Actor = { kind: 'job', organizationId, name: 'pull-chargebacks' };
  const from = await deps.db.transaction(actor, async (tx) => {
    const row = must(
      await tx.row<Row>(sql`select g.chargebacks_read_to, o.time_zone, o.clock_offset_ms from gateway_accounts g
        join organizations o on o.id = g.organization_id
        where g.organization_id = ${organizationId} and g.id = ${gatewayAccountId}`),
      'the gateway account',
    );
    return { ...row, account: await readGatewayAccount(tx, organizationId, gatewayAccountId) };
  });
  const now = organizationNow(from);
  const since = from.chargebacksReadTo
    ? secondsLater(from.chargebacksReadTo, -again_s)
    : secondsLater(now, -first_s);
  const found = (await deps.gateways.open(from.account).chargebacks?.list({ since, at: now })) ?? [];
  const today = dateIn(from.timeZone, now);
  for (const chargeback of found)
    await deps.db.transaction(actor, (tx) => recordChargeback(tx, actor, { ...one, chargeback, today }, now));
  await deps.db.transaction(actor, (tx) =>
    tx.run(sql`update gateway_accounts set chargebacks_read_to = ${now}
      where organization_id = ${organizationId} and id = ${gatewayAccountId}`),
  );
  return found.length;
}

/** Ask about chargebacks at every gateway account that has taken money in the last half year. */
export async function sweepChargebacks(db: Database): Promise<void> {
  await db.transaction(systemActor('sweep-chargebacks'), async (tx) => {
    const accounts = await tx.rows<OneAccount>(sql`
      select organization_id, id as gateway_account_id from gateway_accounts g where exists (select from payments p
        where p.organization_id = g.organization_id and p.gateway_account_id = g.id) order by id limit 10000`);
    await enqueue(
      tx,
      accounts.map((account) => ({
        job: 'pull-chargebacks',
        key: `chargebacks:${account.gatewayAccountId}`,
        payload: account,
      })),
    );
  });
}
