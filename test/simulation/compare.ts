import { sql } from 'kysely';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { type Fleet, fail, type Run } from './fleet.ts';
import { figuresOf, placeOf, stateOf, unappliedOf } from './reference-model.ts';

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
  moved: bigint;
  unapplied: bigint;
};

type Rows = { invoices: Map<string, InvoiceRow>; payments: Map<string, PaymentRow> };

/**
 * Every row of every world against the model: states, balances, reservations, and what the ledger says of
 * each.
 */
export async function compare(fleet: Fleet): Promise<void> {
  const { organizationId, tx } = fleet.books;
  const [invoices, payments] = await tx(async (open) => [
    await open.rows<InvoiceRow>(sql`
    select i.id, i.applied, i.reserved, i.balance_due, i.voided_at is not null as is_void,
      i.closed_at is not null as is_closed,
      coalesce(l.receivable, 0)::bigint as receivable
    from invoices i left join (select invoice_id, sum(debit - credit) as receivable from journal_lines
      where organization_id = ${organizationId} and account = 'accounts_receivable' group by invoice_id) l
      on l.invoice_id = i.id
    where i.organization_id = ${organizationId}`),
    await open.rows<PaymentRow>(sql`
    select p.id, p.state, p.kind, p.amount, p.applied, coalesce(l.moved, 0)::bigint as moved,
      coalesce(l.unapplied, 0)::bigint as unapplied
    from payments p left join (select e.source_id,
        sum(l.debit - l.credit)
          filter (where l.account in ('gateway_clearing', 'undeposited_funds')) as moved,
        sum(l.credit - l.debit) filter (where l.account = 'unapplied_cash') as unapplied
      from journal_entries e
      join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
      where e.organization_id = ${organizationId} group by e.source_id) l on l.source_id = p.id
    where p.organization_id = ${organizationId}`),
  ]);
  const rows = {
    invoices: new Map(invoices.map((row) => [row.id, row])),
    payments: new Map(payments.map((row) => [row.id, row])),
  };
  for (const run of fleet.runs) decide(fleet, run, rows);
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
  const { charges } = fleet.gateway;
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
    const model = {
      state: stateOf(payment, charges),
      amount: payment.amount,
      moved: isIn ? payment.amount : 0n,
      unapplied,
      applied: isIn ? payment.amount - unapplied : 0n,
    };
    const real = row && {
      state: row.state,
      amount: row.amount,
      moved: row.moved,
      unapplied: row.unapplied,
      applied: row.applied,
    };
    if (!isSame(model, real))
      fail(run, `payment ${payment.key} is ${show(real)}, and must be ${show(model)}`);
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
  const twice = await books.tx((tx) =>
    tx.rows<{ subjectId: string; type: string }>(sql`
    select subject_id, type from events
    where organization_id = ${books.organizationId} and type like 'payment.%'
    group by subject_id, type having count(*) > 1
    union all select stored_token, 'stored twice' from payment_methods
    where organization_id = ${books.organizationId}
    group by stored_token having count(*) > 1`),
  );
  if (twice.length > 0) fail(first, `happened twice (some seed of the fleet): ${JSON.stringify(twice)}`);
  const report = await checkLedger(books.db, books.organizationId);
  if (report.drift > 0) fail(first, `owed check (some seed of the fleet): ${report.problems.join('; ')}`);
}
