import { compareMore, isSame, show } from './compare-more.ts';
import { type Fleet, fail, type Run } from './fleet.ts';
import { compareLateFees } from './late-fees.ts';
import { comparePayouts } from './payouts.ts';
import { figuresOf, placeOf, stateOf, unappliedOf } from './reference-model.ts';
import { refundFigures, stateOfRefund } from './reference-refunds.ts';
import { type Rows, readRows } from './rows.ts';

/**
 * Every row of every world against the model: states, balances, reservations, and what the ledger says of
 * each.
 */
export async function compare(fleet: Fleet): Promise<void> {
  const rows = await readRows(fleet);
  for (const run of fleet.runs) decide(fleet, run, rows);
  await comparePayouts(fleet, rows.ledger);
  for (const what of ['payments', 'refunds', 'memos', 'disputes', 'invoices'] as const) {
    const expected = fleet.runs.reduce((count, { world }) => count + world[what].length, 0);
    if (rows[what].size !== expected)
      fail(
        fleet.runs[0] as Run,
        `${rows[what].size} ${what} stand where ${expected} were accepted (some seed of the fleet)`,
      );
  }
}

/** Of the worlds that may be, the one that the rows agree with. */
function decide(fleet: Fleet, run: Run, rows: Rows): void {
  const [other, ...more] = run.otherwise;
  try {
    compareRun(fleet, run, rows);
    run.otherwise = [];
  } catch (error) {
    if (!other) throw error;
    run.world = other;
    run.otherwise = more;
    decide(fleet, run, rows);
  }
}

function compareRun(fleet: Fleet, run: Run, rows: Rows): void {
  compareMore(fleet, run, rows);
  compareLateFees(run, rows);
  const { charges, refunds } = fleet.gateway;
  run.invoiceIds.forEach((id, at) => {
    const { applied, reserved, credited, due } = figuresOf(run.world, charges, at);
    const row = rows.invoices.get(id);
    const isVoid = run.world.invoices[at]?.isVoid ?? false;
    const model = { applied, reserved, credited, receivable: due, isVoid, isClosed: isVoid || due === 0n };
    if (!isSame(model, row)) fail(run, `invoice #${at} is ${show(row)}, and must be ${show(model)}`);
    if (row && !isVoid && row.balanceDue !== due)
      fail(run, `invoice #${at}: due ${row.balanceDue}, must be ${due}`);
  });
  for (const payment of run.world.payments) {
    const row = rows.payments.get(payment.id);
    const isIn = placeOf(payment, charges) === 'applied';
    const unapplied = unappliedOf(payment, charges);
    const back = refundFigures(run.world, refunds, payment.key);
    const model = {
      state: stateOf(payment, charges),
      amount: payment.amount,
      refunded: back.refunded,
      unappliedRefunded: back.unappliedRefunded,
      moved: (isIn ? payment.amount : 0n) - back.booked,
      unapplied: isIn ? unapplied - back.fromCash : 0n,
      givenUp: isIn ? back.booked - back.fromCash : back.booked,
      applied: isIn ? payment.amount - unapplied : 0n,
      isVoidAsked: payment.way === 'hand' ? payment.isVoid : payment.voidWish === 'asked',
    };
    if (!isSame(model, row)) fail(run, `payment ${payment.key} is ${show(row)}, and must be ${show(model)}`);
  }
  for (const refund of run.world.refunds) {
    const row = rows.refunds.get(refund.id);
    const state = stateOfRefund(refund, refunds);
    const model = {
      state,
      amount: refund.amount,
      fromUnapplied: refund.unapplied,
      moved: state === 'submitted' || state === 'settled' ? refund.amount : 0n,
    };
    if (!isSame(model, row)) fail(run, `refund ${refund.key} is ${show(row)}, and must be ${show(model)}`);
  }
}
