import { sql } from 'kysely';
import { compareMore, isSame, type MoreRows, readMore, show } from './compare-more.ts';
import { type Fleet, fail, type Run } from './fleet.ts';
import { comparePayouts } from './payouts.ts';
import { figuresOf, placeOf, stateOf, unappliedOf } from './reference-model.ts';
import { refundFigures, stateOfRefund } from './reference-refunds.ts';

type InvoiceRow = {
  id: string;
  applied: bigint;
  reserved: bigint;
  credited: bigint;
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
  isVoidAsked: boolean;
};
type RefundRow = { id: string; state: string; amount: bigint; fromUnapplied: bigint; moved: bigint };

type Rows = MoreRows & {
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
    select i.id, i.applied, i.reserved, i.credited, i.balance_due, i.voided_at is not null as is_void,
      i.closed_at is not null as is_closed,
      coalesce(l.receivable, 0)::bigint as receivable
    from invoices i left join (select invoice_id, sum(debit - credit) as receivable from journal_lines
      where organization_id = ${organizationId} and account = 'accounts_receivable' group by invoice_id) l
      on l.invoice_id = i.id
    where i.organization_id = ${organizationId}`),
    await open.rows<PaymentRow>(sql`
    select p.id, p.state, p.kind, p.amount, p.applied, p.refunded, p.unapplied_refunded,
      coalesce(l.moved, 0)::bigint as moved, coalesce(l.unapplied, 0)::bigint as unapplied,
      coalesce(l.given_up, 0)::bigint as given_up,
      p.void_requested_at is not null and p.void_refused_at is null as is_void_asked
    from payments p left join (select coalesce(f.payment_id, a.payment_id, e.source_id) as source_id,
        sum(l.debit - l.credit) filter (where l.account = 'refunds') as given_up,
        sum(l.debit - l.credit)
          filter (where l.account in ('gateway_clearing', 'undeposited_funds')) as moved,
        sum(l.credit - l.debit) filter (where l.account = 'unapplied_cash') as unapplied
      from journal_entries e
      join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
      left join refunds f on f.organization_id = e.organization_id and f.id = e.source_id
      left join payment_applications a on a.organization_id = e.organization_id and a.id = e.source_id
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
    ...(await readMore(fleet)),
    invoices: new Map(invoices.map((row) => [row.id, row])),
    payments: new Map(payments.map((row) => [row.id, row])),
    refunds: new Map(refunds.map((row) => [row.id, row])),
  };
  for (const run of fleet.runs) decide(fleet, run, rows);
  await comparePayouts(fleet);
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
  compareMore(fleet, run, rows);
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
