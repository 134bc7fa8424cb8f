import { sql } from 'kysely';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { type Fleet, fail, type Run } from './fleet.ts';
import { wordOf } from './model-refunds.ts';
import { clearedInAll } from './payouts.ts';
import type { ModelPayment } from './reference-model.ts';
import { stands, stateOfRefund } from './reference-refunds.ts';

/**
 * At the end, when nothing is in doubt: our books and the gateway's agree on every charge, and `owed check`
 * on the rest.
 */
export async function audit(fleet: Fleet): Promise<void> {
  const { books, gateway, runs } = fleet;
  const first = runs[0] as Run;
  for (const fault of gateway.faults) fail(first, `at the gateway: ${fault}`);
  for (const run of runs) {
    for (const payment of run.world.payments.filter(isSent)) {
      const charge = gateway.charges.get(payment.id);
      if (!charge) fail(run, `${payment.key} was asked for and never reached the gateway`);
      if (charge?.amount !== payment.amount)
        fail(run, `${payment.key}: the gateway charged ${charge?.amount}`);
      if (payment.heard !== (charge?.path.length ?? 0) - 1)
        fail(run, `${payment.key} has news that the books never heard`);
    }
  }
  const charged = runs.flatMap((run) => run.world.payments).filter(isSent).length;
  if (gateway.charges.size !== charged)
    fail(first, `the gateway made ${gateway.charges.size} charges for ${charged} payments`);
  auditRefunds(fleet);
  auditDebits(fleet);
  await auditClearing(fleet);
  const twice = await books.tx((tx) =>
    tx.rows<{ subjectId: string; type: string }>(sql`
    select subject_id, type from events
    where organization_id = ${books.organizationId} and type like 'payment.%'
      and type not like 'payment.void\\_%' and type not in ('payment.applied', 'payment.unapplied')
    group by subject_id, type having count(*) > 1
    union all select data ->> 'refund_id', type from events
    where organization_id = ${books.organizationId} and type like 'refund.%' and data ? 'refund_id'
    group by data ->> 'refund_id', type having count(*) > 1
    union all select subject_id, type from events
    where organization_id = ${books.organizationId} and type like 'chargeback.%'
    group by subject_id, type having count(*) > 1
    union all select stored_token, 'stored twice' from payment_methods
    where organization_id = ${books.organizationId}
    group by stored_token having count(*) > 1`),
  );
  if (twice.length > 0) fail(first, `happened twice (some seed of the fleet): ${JSON.stringify(twice)}`);
  const report = await checkLedger(books.db, books.organizationId);
  if (report.drift > 0) fail(first, `owed check (some seed of the fleet): ${report.problems.join('; ')}`);
}

const isSent = ({ way, isDropped }: ModelPayment): boolean => way !== 'hand' && !isDropped;

/** What the gateway holds by its own books is what ours say it holds: charges less what went back or out. */
async function auditClearing(fleet: Fleet): Promise<void> {
  const { books, gateway, runs } = fleet;
  const row = await books.tx((tx) =>
    tx.row<{ held: bigint }>(sql`select coalesce(sum(debit - credit), 0)::bigint as held from journal_lines
    where organization_id = ${books.organizationId} and account = 'gateway_clearing'`),
  );
  const charged = [...gateway.charges.values()].filter((charge) => wordOf(charge) === 'settled');
  const back = [...gateway.refunds.values()].filter((refund) => refund.path.at(refund.at) !== 'failed');
  const total = (list: readonly { amount: bigint }[]) => list.reduce((sum, { amount }) => sum + amount, 0n);
  const disputed = [...gateway.disputes.values()].filter(({ path }) => path.at(-1) !== 'won');
  const held = total(charged) - total(back) - total(disputed) - clearedInAll(fleet);
  if (row?.held !== held) fail(runs[0] as Run, `the gateway holds ${held}, our books say ${row?.held}`);
}

/** What the gateway gave back, and what it holds for us, is what our rows say. */
function auditRefunds({ gateway, runs }: Fleet): void {
  for (const run of runs) {
    for (const refund of run.world.refunds.filter(({ byHand }) => !byHand)) {
      const real = gateway.refunds.get(refund.id);
      const isInDoubt = stateOfRefund(refund, gateway.refunds) === 'unknown';
      const payment = run.world.payments.find(({ key }) => key === refund.payment);
      if (!real && !refund.isDropped && !(isInDoubt && payment && !stands(payment, gateway.charges)))
        fail(run, `refund ${refund.key} was asked for and never reached the gateway`);
      if (!real) continue;
      if (real.amount !== refund.amount) fail(run, `${refund.key}: the gateway gave back ${real.amount}`);
      if (refund.heard !== real.path.length - 1)
        fail(run, `refund ${refund.key} has news that the books never heard`);
    }
  }
}

/**
 * Promise 8 by what the gateway received, whatever our rules say: never a fourth debit of an account for an
 * invoice without one that was paid. What an ended account must not see is a fault at the gateway.
 */
function auditDebits({ gateway, runs }: Fleet): void {
  for (const run of runs) {
    const received = run.world.payments.filter(
      ({ id, method }) => method !== undefined && gateway.charges.has(id),
    );
    for (const { method } of received) {
      const account = received.filter((each) => each.method === method);
      for (const invoice of new Set(account.flatMap(({ asked }) => asked.map((part) => part.invoice))))
        auditSeries(
          gateway,
          run,
          account.filter(({ asked }) => asked.some((part) => part.invoice === invoice)),
        );
    }
  }
}

function auditSeries({ charges }: Fleet['gateway'], run: Run, debits: readonly ModelPayment[]): void {
  let tries = 0;
  for (const { id, key } of debits) {
    const charge = charges.get(id);
    const word = wordOf(charge);
    if (word === 'declined' || word === 'voided') continue;
    // It may have come back later: when the next one was asked for, it was paid.
    tries = charge?.path.slice(0, charge.at + 1).includes('settled') ? 0 : tries + 1;
    if (tries > 3) fail(run, `${key} is the fourth debit of its account for an invoice, and none was paid`);
  }
}
