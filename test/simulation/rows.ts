import { sql } from 'kysely';
import type { Fleet } from './fleet.ts';
import { readLateFees } from './rows-late-fees.ts';

type Ledger = (sources: readonly string[], ...accounts: string[]) => bigint;
type Part = { id: string; of: string };

export type InvoiceRow = {
  id: string;
  applied: bigint;
  reserved: bigint;
  credited: bigint;
  fees: bigint;
  balanceDue: bigint;
  isVoid: boolean;
  isClosed: boolean;
  receivable: bigint;
};
type Payment = {
  id: string;
  state: string;
  kind: string;
  amount: bigint;
  applied: bigint;
  refunded: bigint;
  unappliedRefunded: bigint;
  isVoidAsked: boolean;
};
type Refund = { id: string; paymentId: string; state: string; amount: bigint; fromUnapplied: bigint };
type Memo = { id: string; total: bigint; applied: bigint; isVoid: boolean };
type Dispute = { id: string; paymentId: string; state: string; amount: bigint };

export type Rows = Awaited<ReturnType<typeof readRows>>;
const byId = <Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [row.id, row]));

/** All rows of a fleet, each with what the ledger says of it: of the row itself and of its parts. */
export async function readRows({ books }: Fleet) {
  const { organizationId: org } = books;
  return books.tx(async (tx) => {
    const invoices = await tx.rows<InvoiceRow>(sql`
      select i.id, i.applied, i.reserved, i.credited, i.fees, i.balance_due, i.voided_at is not null as is_void,
        i.closed_at is not null as is_closed,
        coalesce(l.receivable, 0)::bigint as receivable
      from invoices i left join (select invoice_id, sum(debit - credit) as receivable from journal_lines
        where organization_id = ${org} and account = 'accounts_receivable' group by invoice_id) l
        on l.invoice_id = i.id
      where i.organization_id = ${org}`);
    const payments = await tx.rows<Payment>(sql`
      select id, state, kind, amount, applied, refunded, unapplied_refunded,
        void_requested_at is not null and void_refused_at is null as is_void_asked
      from payments where organization_id = ${org}`);
    const refunds = await tx.rows<Refund>(sql`
      select id, payment_id, state, amount, from_unapplied from refunds where organization_id = ${org}`);
    const memos = await tx.rows<Memo>(sql`
      select id, total, applied, voided_at is not null as is_void from credit_memos where organization_id = ${org}`);
    const disputes = await tx.rows<Dispute>(sql`
      select id, payment_id, state, amount from chargebacks where organization_id = ${org}`);
    const methods = await tx.rows<{ id: string; state: string }>(sql`
      select id, state from payment_methods where organization_id = ${org}`);
    const parts = await tx.rows<Part>(sql`
      select id, payment_id as of from payment_applications where organization_id = ${org}
      union all select id, credit_memo_id from credit_applications where organization_id = ${org}
      union all select id, payment_id from refunds where organization_id = ${org}`);
    const entries = await tx.rows<{ source: string; account: string; sum: bigint }>(sql`
      select e.source_id as source, l.account, sum(l.debit - l.credit)::bigint as sum from journal_entries e
      join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
      where e.organization_id = ${org} and l.account <> 'accounts_receivable' group by 1, 2`);
    const ledger = ledgerOf(entries);
    const partsOf = Map.groupBy(parts, (part) => part.of);
    const whole = (id: string): string[] => [id, ...(partsOf.get(id) ?? []).map((part) => part.id)];
    return {
      ...(await readLateFees(tx, org)),
      invoices: byId(invoices),
      payments: byId(payments.map((row) => ({ ...row, ...ofPayment(ledger, whole(row.id)) }))),
      refunds: byId(refunds.map((row) => ({ ...row, moved: -ledger([row.id], ...held) }))),
      memos: byId(memos.map((row) => ({ ...row, left: -ledger(whole(row.id), 'unapplied_credit') }))),
      disputes: new Map(disputes.map((row) => [row.paymentId, { ...row, ...ofDispute(ledger, row.id) }])),
      methods: new Map(methods.map(({ id, state }) => [id, state])),
      ledger,
    };
  });
}

const held = ['gateway_clearing', 'undeposited_funds'];

function ledgerOf(entries: readonly { source: string; account: string; sum: bigint }[]): Ledger {
  const sums = new Map(entries.map(({ source, account, sum }) => [`${source} ${account}`, sum]));
  return (sources, ...accounts) =>
    sources
      .flatMap((source) => accounts.map((account) => sums.get(`${source} ${account}`) ?? 0n))
      .reduce((all, sum) => all + sum, 0n);
}

const ofPayment = (ledger: Ledger, sources: readonly string[]) => ({
  moved: ledger(sources, ...held),
  unapplied: -ledger(sources, 'unapplied_cash'),
  givenUp: ledger(sources, 'refunds'),
});

const ofDispute = (ledger: Ledger, id: string) => ({
  open: ledger([id], 'chargebacks_receivable'),
  held: -ledger([id], 'gateway_clearing'),
  lost: ledger([id], 'chargeback_losses'),
});
