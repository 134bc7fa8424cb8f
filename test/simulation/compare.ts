import { sql } from 'kysely';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { type Fleet, fail, type Run } from './fleet.ts';
import { wordOf } from './model-refunds.ts';
import { figuresOf, placeOf, stateOf, unappliedOf } from './reference-model.ts';
import { refundFigures, stands, stateOfRefund } from './reference-refunds.ts';

type InvoiceRow = {
  id: string;
  applied: bigint;
  reserved: bigint;
  balanceDue: bigint;
  isVoid: boolean;
  isClosed: boolean;
  receivable: bigint;
};
type PaymentRow = {
  id: string;
  state: string;
  kind: string;
  amount: bigint;
  applied: bigint;
  refunded: bigint;
  unappliedRefunded: bigint;
  moved: bigint;
  unapplied: bigint;
  givenUp: bigint;
};
type RefundRow = { id: string; state: string; amount: bigint; fromUnapplied: bigint; moved: bigint };

type Rows = {
  invoices: Map<string, InvoiceRow>;
  payments: Map<string, PaymentRow>;
  refunds: Map<string, RefundRow>;
};

/**
 * Every row of every world against the model: states, balances, reservations, and what the ledger says of
 * each.
 */
export async function compare(fleet: Fleet): Promise<void> {
  const { organizationId, tx } = fleet.books;
  const [invoices, payments, refunds] = await tx(async (open) => [
    await open.rows<InvoiceRow>(sql`
    select i.id, i.applied, i.reserved, i.balance_due, i.voided_at is not null as is_void,
      i.closed_at is not null as is_closed,
      coalesce(l.receivable, 0)::bigint as receivable
    from invoices i left join (select invoice_id, sum(debit - credit) as receivable from journal_lines
      where organization_id = ${organizationId} and account = 'accounts_receivable' group by invoice_id) l
      on l.invoice_id = i.id
    where i.organization_id = ${organizationId}`),
    await open.rows<PaymentRow>(sql`
    select p.id, p.state, p.kind, p.amount, p.applied, p.refunded, p.unapplied_refunded,
      coalesce(l.moved, 0)::bigint as moved, coalesce(l.unapplied, 0)::bigint as unapplied,
      coalesce(l.given_up, 0)::bigint as given_up
    from payments p left join (select coalesce(f.payment_id, e.source_id) as source_id,
        sum(l.debit - l.credit) filter (where l.account = 'refunds') as given_up,
        sum(l.debit - l.credit)
          filter (where l.account in ('gateway_clearing', 'undeposited_funds')) as moved,
        sum(l.credit - l.debit) filter (where l.account = 'unapplied_cash') as unapplied
      from journal_entries e
      join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
      left join refunds f on f.organization_id = e.organization_id and f.id = e.source_id
      where e.organization_id = ${organizationId} group by 1) l on l.source_id = p.id
    where p.organization_id = ${organizationId}`),
    await open.rows<RefundRow>(sql`
    select r.id, r.state, r.amount, r.from_unapplied, coalesce((select sum(l.credit - l.debit) from journal_entries e
      join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
      where e.organization_id = r.organization_id and e.source_id = r.id
        and l.account in ('gateway_clearing', 'undeposited_funds')), 0)::bigint as moved
    from refunds r where r.organization_id = ${organizationId}`),
  ]);
  const rows = {
    invoices: new Map(invoices.map((row) => [row.id, row])),
    payments: new Map(payments.map((row) => [row.id, row])),
    refunds: new Map(refunds.map((row) => [row.id, row])),
  };
  for (const run of fleet.runs) decide(fleet, run, rows);
  const asked = fleet.runs.reduce((count, run) => count + run.world.refunds.length, 0);
  if (refunds.length !== asked)
    fail(fleet.runs[0] as Run, `${refunds.length} refunds stand where ${asked} were accepted`);
  const expected = fleet.runs.reduce((count, run) => count + run.world.payments.length, 0);
  if (payments.length !== expected)
    fail(
      fleet.runs[0] as Run,
      `${payments.length} payments stand where ${expected} were accepted (some seed of the fleet)`,
    );
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
  const { charges, refunds } = fleet.gateway;
  run.invoiceIds.forEach((id, at) => {
    const { applied, reserved, due } = figuresOf(run.world, charges, at);
    const row = rows.invoices.get(id);
    const isVoid = run.world.invoices[at]?.isVoid ?? false;
    const model = { applied, reserved, receivable: due, isVoid, isClosed: isVoid || due === 0n };
    const real = row && {
      applied: row.applied,
      reserved: row.reserved,
      receivable: row.receivable,
      isVoid: row.isVoid,
      isClosed: row.isClosed,
    };
    if (!isSame(model, real)) fail(run, `invoice #${at} is ${show(real)}, and must be ${show(model)}`);
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

const isSame = (a: Record<string, unknown>, b: Record<string, unknown> | undefined): boolean =>
  b !== undefined && Object.keys(a).every((key) => a[key] === b[key]);
const show = (value: object | undefined): string =>
  value
    ? Object.entries(value)
        .map(([key, item]) => `${key} ${item}`)
        .join(', ')
    : 'not there';

/**
 * At the end, when nothing is in doubt: our books and the gateway's agree on every charge, and `owed check`
 * on the rest.
 */
export async function audit(fleet: Fleet): Promise<void> {
  const { books, gateway, runs } = fleet;
  const first = runs[0] as Run;
  for (const fault of gateway.faults) fail(first, `at the gateway: ${fault}`);
  for (const run of runs) {
    for (const payment of run.world.payments.filter(({ way }) => way !== 'hand')) {
      const charge = gateway.charges.get(payment.id);
      if (!charge) fail(run, `${payment.key} was asked for and never reached the gateway`);
      if (charge?.amount !== payment.amount)
        fail(run, `${payment.key}: the gateway charged ${charge?.amount}`);
      if (payment.heard !== (charge?.path.length ?? 0) - 1)
        fail(run, `${payment.key} has news that the books never heard`);
    }
  }
  const charged = runs.flatMap((run) => run.world.payments).filter(({ way }) => way !== 'hand').length;
  if (gateway.charges.size !== charged)
    fail(first, `the gateway made ${gateway.charges.size} charges for ${charged} payments`);
  auditRefunds(fleet);
  await auditClearing(fleet);
  const twice = await books.tx((tx) =>
    tx.rows<{ subjectId: string; type: string }>(sql`
    select subject_id, type from events
    where organization_id = ${books.organizationId} and type like 'payment.%'
      and type not like 'payment.void\\_%'
    group by subject_id, type having count(*) > 1
    union all select data ->> 'refund_id', type from events
    where organization_id = ${books.organizationId} and type like 'refund.%' and data ? 'refund_id'
    group by data ->> 'refund_id', type having count(*) > 1
    union all select stored_token, 'stored twice' from payment_methods
    where organization_id = ${books.organizationId}
    group by stored_token having count(*) > 1`),
  );
  if (twice.length > 0) fail(first, `happened twice (some seed of the fleet): ${JSON.stringify(twice)}`);
  const report = await checkLedger(books.db, books.organizationId);
  if (report.drift > 0) fail(first, `owed check (some seed of the fleet): ${report.problems.join('; ')}`);
}

/** What the gateway holds by its own books is what ours say it holds: charges less what went back. */
async function auditClearing({ books, gateway, runs }: Fleet): Promise<void> {
  const row = await books.tx((tx) =>
    tx.row<{ held: bigint }>(sql`select coalesce(sum(debit - credit), 0)::bigint as held from journal_lines
    where organization_id = ${books.organizationId} and account = 'gateway_clearing'`),
  );
  const charged = [...gateway.charges.values()].filter((charge) => wordOf(charge) === 'settled');
  const back = [...gateway.refunds.values()].filter((refund) => refund.path.at(refund.at) !== 'failed');
  const total = (list: readonly { amount: bigint }[]) => list.reduce((sum, { amount }) => sum + amount, 0n);
  const held = total(charged) - total(back);
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
