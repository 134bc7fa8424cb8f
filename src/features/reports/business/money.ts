import { type RawBuilder, sql } from 'kysely';
import { type Field, type Filter, periodFields, periodOf } from '#features/reports/filter-fields.ts';
import type { Desk, Report, ReportColumn } from '#features/reports/report.ts';

const by = (...options: [value: string, label: string][]): Field => ({
  name: 'by',
  label: 'A row for each',
  kind: 'choice',
  options: options.map(([value, label]) => ({ value, label })),
});
const titleOf = (field: Field, value: string | undefined): string =>
  (field.kind === 'choice' && field.options.find((option) => option.value === value)?.label) || 'Row';
const money = (key: string, title: string): ReportColumn => ({ key, title, kind: 'money', sum: true });
const within = (
  desk: Desk,
  filter: Filter,
  day: 'invoice_date' | 'memo_date' | 'paper_date' | 'received_on' | 'entry_date',
) => {
  const { from, to } = periodOf(filter, desk);
  return sql`${sql.raw(day)} between ${from} and ${to}`;
};

/** The first day of a date's week, as text that sorts by day. */
const weekOf = (date: string, firstWeekday: number) =>
  sql`(${sql.raw(date)} - ((extract(dow from ${sql.raw(date)})::int - ${firstWeekday}::int + 7) % 7))::text`;

const salesBy = by(['customer', 'Customer'], ['item', 'Item'], ['week', 'Week from'], ['month', 'Month']);

/**
 * What each line of invoice or credit memo `d` brought: a discount on the whole and tax inside the prices
 * are taken off the lines in proportion, cut where the sums so far are rounded, so that the lines are the
 * paper to the cent.
 */
const soldByLine = (lines: 'invoice_lines' | 'credit_memo_lines', paper: 'invoice_id' | 'credit_memo_id') =>
  sql`select x.item_name, coalesce(round((d.total - d.tax)::numeric * x.up_to / nullif(x.whole, 0))
      - round((d.total - d.tax)::numeric * (x.up_to - x.amount) / nullif(x.whole, 0)), x.amount)::bigint as sold
    from (select item_name, amount, sum(amount) over (order by line_no) as up_to, sum(amount) over () as whole
      from ${sql.table(lines)} where organization_id = d.organization_id and ${sql.ref(paper)} = d.id) x`;

/** Invoices at their own dates, less the credits given in the same period; tax and late fees are no sales. */
export const sales: Report = {
  key: 'sales',
  title: 'Sales',
  answers: 'What was sold, to whom and when, net of credits?',
  group: 'earned',
  scope: 'invoices:read',
  fields: [...periodFields, salesBy],
  columns: (filter) => [
    { key: 'label', title: titleOf(salesBy, filter.by), kind: 'text' },
    { key: 'documents', title: 'Documents', kind: 'count' },
    money('sold', 'Sold'),
    money('credited', 'Credits'),
    money('net', 'Net'),
  ],
  statement: (desk, filter) => {
    const item = filter.by === 'item';
    const label = (date: string, other: string) =>
      filter.by === 'month'
        ? sql.raw(`to_char(${date}, 'YYYY-MM')`)
        : filter.by === 'week'
          ? weekOf(date, desk.firstWeekday)
          : sql.raw(other);
    const customer = filter.by === 'customer';
    const itemOr = (other: string) => `coalesce(nullif(l.item_name, ''), '${other}')`;
    const [ofInvoice, ofMemo] = item
      ? [itemOr('No item'), itemOr('Credits')]
      : ['d.customer_id', 'd.customer_id'];
    const invoiceLines = sql`cross join lateral (${soldByLine('invoice_lines', 'invoice_id')}) l`;
    const memoLines = sql`cross join lateral (${soldByLine('credit_memo_lines', 'credit_memo_id')}) l`;
    const sold = item ? sql`l.sold` : sql`d.total - d.tax`;
    return sql`select coalesce(c.display_name, s.label) as label, count(distinct s.id)::int as documents,
        sum(s.sold)::bigint as sold, sum(s.credited)::bigint as credited, sum(s.sold - s.credited)::bigint as net,
        s.currency, '/customers/' || c.id as link
      from (select d.id, d.currency, ${label('d.invoice_date', ofInvoice)} as label, ${sold} as sold, 0::bigint as credited
        from invoices d ${item ? invoiceLines : sql``}
        where d.organization_id = ${desk.organizationId} and d.issued_at is not null and d.voided_at is null
          and d.late_fee_of is null and ${within(desk, filter, 'invoice_date')}
        union all select d.id, d.currency, ${label('d.memo_date', ofMemo)}, 0, ${sold}
        from credit_memos d ${item ? memoLines : sql``}
        where d.organization_id = ${desk.organizationId} and d.issued_at is not null and d.voided_at is null
          and ${within(desk, filter, 'memo_date')}) s
      left join customers c on c.organization_id = ${desk.organizationId} and ${customer} and c.id = s.label
      group by s.label, c.id, c.display_name, s.currency
      order by ${filter.by === 'month' || filter.by === 'week' ? sql`s.label` : sql`sum(s.sold - s.credited) desc, s.label`}, s.currency`;
  },
  chart: () => ({ kind: 'rows', label: 'label', value: 'net' }),
};

const paymentsBy = by(['kind', 'Method'], ['gateway', 'Gateway'], ['day', 'Day']);

/** What came in and stayed: payments that came back are none. */
export const payments: Report = {
  key: 'payments',
  title: 'Payments',
  answers: 'What came in, by which way, and what of it went back?',
  group: 'earned',
  scope: 'payments:read',
  fields: [...periodFields, paymentsBy],
  columns: (filter) => [
    { key: 'label', title: titleOf(paymentsBy, filter.by), kind: filter.by === 'day' ? 'date' : 'text' },
    { key: 'payments', title: 'Payments', kind: 'count', sum: true },
    money('amount', 'Received'),
    money('fees', 'Of it card fees'),
    money('discounts', 'Bank discounts'),
    money('refunded', 'Refunded'),
    money('net', 'Net'),
    money('processorFees', 'Processor fees'),
  ],
  statement: (desk, filter) => {
    const label =
      filter.by === 'day'
        ? sql`p.received_on`
        : filter.by === 'gateway'
          ? sql`coalesce(initcap(replace(g.vendor, '_', ' ')), 'By hand')`
          : sql`initcap(replace(p.kind, '_', ' '))`;
    return sql`select ${label} as label, count(*)::int as payments, sum(p.amount)::bigint as amount,
        sum(greatest(p.fee, 0))::bigint as fees, sum(-least(p.fee, 0))::bigint as discounts, sum(p.refunded)::bigint as refunded,
        sum(p.amount - p.refunded)::bigint as net, coalesce(sum(k.fee), 0)::bigint as processor_fees, p.currency
      from payments p
        left join gateway_accounts g on g.organization_id = ${desk.organizationId} and g.id = p.gateway_account_id
        left join lateral (select sum(l.fee) as fee from deposit_lines l join deposits d
            on d.organization_id = l.organization_id and d.id = l.deposit_id and d.state in ('in_transit', 'paid')
          where l.organization_id = ${desk.organizationId} and l.payment_id = p.id) k on true
      where p.organization_id = ${desk.organizationId} and p.posted_at is not null and p.ended_at is null
        and ${within(desk, filter, 'received_on')}
      group by 1, p.currency order by ${filter.by === 'day' ? sql`1` : sql`sum(p.amount) desc, 1`}, p.currency`;
  },
  chart: () => ({ kind: 'rows', label: 'label', value: 'amount' }),
  notes: () => [
    'Bank discounts were taken off before: invoices were paid with what was received, less card fees, plus them.',
    'Refunds count with the payment that they give back, by the day that it was received.',
    'Processor fees are what gateways kept of payments that a payout names; net is before them.',
  ],
};

const rateName = sql`case when t.percent is null then t.name else t.name || ' ' || t.percent || ' %' end as rate`;

/**
 * What invoices took of tax and credit memos take back, by rate: the one place that says so. A paper has one
 * sum of tax for each rate, over its taxable lines.
 */
const taxOfPapers = (
  desk: Desk,
) => sql`(select i.id as paper_id, i.invoice_date as paper_date, i.currency, i.total, t.tax, t.taxable, ${rateName}
  from invoices i join invoice_taxes t on t.organization_id = i.organization_id and t.invoice_id = i.id
  where i.organization_id = ${desk.organizationId} and i.issued_at is not null and i.voided_at is null
    and t.tax <> 0
  union all select m.id, m.memo_date, m.currency, m.total, -t.tax, -t.taxable, ${rateName}
  from credit_memos m join credit_memo_taxes t on t.organization_id = m.organization_id and t.credit_memo_id = m.id
  where m.organization_id = ${desk.organizationId} and m.issued_at is not null and m.voided_at is null
    and t.tax <> 0)`;

const listOf = (...kinds: string[]) => sql.join(kinds.map((kind) => sql.lit(kind)));
const movesCredit = listOf('credit_applied', 'credit_unapplied');
const paysInvoice = listOf(
  'payment_posted',
  'payment_reversed',
  'payment_applied',
  'payment_unapplied',
  'refund_posted',
  'refund_reversed',
  'credit_applied',
  'credit_unapplied',
);

/**
 * What was paid of each invoice, by money and by credit, less what was refunded, and what was used of each
 * credit memo: up to and before each day on which that changed, from the paper's beginning, so that the
 * cents of several days are those of the whole.
 */
const paidByDay = (desk: Desk, filter: Filter) => {
  const org = desk.organizationId;
  const paid = sql`select l.invoice_id as paper_id, e.entry_date, l.credit - l.debit as moved from journal_entries e
    join journal_lines l on l.organization_id = ${org} and l.entry_id = e.id
      and l.account in ('accounts_receivable', 'refunds') and l.invoice_id is not null
    where e.organization_id = ${org} and e.kind in (${paysInvoice})`;
  const used = sql`select a.credit_memo_id as paper_id, e.entry_date, l.debit - l.credit as moved from journal_entries e
    join credit_applications a on a.organization_id = ${org} and a.id = e.source_id
    join journal_lines l on l.organization_id = ${org} and l.entry_id = e.id and l.account = 'unapplied_credit'
    where e.organization_id = ${org} and e.kind in (${movesCredit})`;
  const changed = (moves: RawBuilder<unknown>) => sql`select paper_id, entry_date,
      sum(sum(moved)) over (partition by paper_id order by entry_date) as paid
    from (${moves}) m
    where paper_id in (select paper_id from (${moves}) n where ${within(desk, filter, 'entry_date')})
    group by paper_id, entry_date`;
  return sql`select paper_id, entry_date, paid as up_to,
      coalesce(lag(paid) over (partition by paper_id order by entry_date), 0) as before
    from (${changed(paid)} union all ${changed(used)}) s`;
};

/** Of a figure of a paper, the share that so much of its total is; late fees are paid last. */
const shareOf = (figure: 'tax' | 'taxable', paid: 'up_to' | 'before') =>
  sql`round(${sql.ref(`t.${figure}`)}::numeric * least(greatest(${sql.ref(`p.${paid}`)}, 0), t.total) / nullif(t.total, 0))`;

export const tax: Report = {
  key: 'tax',
  title: 'Sales tax',
  answers: 'How much tax was charged or collected, at which rate?',
  group: 'earned',
  scope: 'invoices:read',
  fields: [
    ...periodFields,
    {
      name: 'basis',
      label: 'Basis',
      kind: 'choice',
      options: [
        { value: 'accrual', label: 'Accrual: when invoiced' },
        { value: 'cash', label: 'Cash: when paid' },
      ],
    },
  ],
  columns: () => [
    { key: 'month', title: 'Month', kind: 'text' },
    { key: 'rate', title: 'Rate', kind: 'text' },
    money('taxable', 'Taxable'),
    money('tax', 'Tax'),
  ],
  statement: (desk, filter) =>
    filter.basis === 'cash'
      ? sql`select month, rate, sum(taxable)::bigint as taxable, sum(tax)::bigint as tax, currency from (
          select to_char(p.entry_date, 'YYYY-MM') as month, t.rate,
          sum(${shareOf('taxable', 'up_to')} - ${shareOf('taxable', 'before')})::bigint as taxable,
          sum(${shareOf('tax', 'up_to')} - ${shareOf('tax', 'before')})::bigint as tax, t.currency
        from (${paidByDay(desk, filter)}) p join ${taxOfPapers(desk)} t on t.paper_id = p.paper_id
        where t.total > 0 and ${within(desk, filter, 'entry_date')}
        group by 1, t.rate, t.currency
        union all select to_char(t.paper_date, 'YYYY-MM'), t.rate, sum(t.taxable)::bigint, sum(t.tax)::bigint, t.currency
        from ${taxOfPapers(desk)} t where t.total = 0 and ${within(desk, filter, 'paper_date')} group by 1, 2, 5) x
        group by month, rate, currency having sum(taxable) <> 0 or sum(tax) <> 0 order by month, rate, currency`
      : sql`select to_char(t.paper_date, 'YYYY-MM') as month, t.rate, sum(t.taxable)::bigint as taxable,
          sum(t.tax)::bigint as tax, t.currency
        from ${taxOfPapers(desk)} t where ${within(desk, filter, 'paper_date')}
        group by 1, t.rate, t.currency order by month, rate, currency`,
  notes: (_, filter) =>
    filter.basis === 'cash'
      ? [
          'Each payment carries the share of its invoice’s tax that it paid; what goes beyond the invoice pays late fees, which bear none.',
          'Credit pays an invoice as money does, and on the same day takes back the share of its own tax that was used.',
          'A refund takes back the share that it gives back, on its own day. What has nothing to pay counts when invoiced.',
        ]
      : ['Credit memos take their tax off at its rate, in the month of their date.'],
};

/** Money of customers that is on no invoice. */
export const unappliedCash: Report = {
  key: 'unapplied-cash',
  title: 'Unapplied cash',
  answers: 'Which payments are not, or not wholly, on an invoice?',
  group: 'owed',
  scope: 'payments:read',
  fields: [],
  columns: () => [
    { key: 'customer', title: 'Customer', kind: 'text' },
    { key: 'receivedOn', title: 'Received', kind: 'date' },
    { key: 'kind', title: 'Method', kind: 'text' },
    { key: 'reference', title: 'Reference', kind: 'text' },
    money('amount', 'Received'),
    money('left', 'Unapplied'),
  ],
  statement: (
    desk,
  ) => sql`select c.display_name as customer, p.received_on, initcap(replace(p.kind, '_', ' ')) as kind,
      p.reference, p.amount, (p.amount - p.fee - p.applied - p.unapplied_refunded)::bigint as left, p.currency,
      '/payments/' || p.id as link
    from payments p join customers c on c.organization_id = ${desk.organizationId} and c.id = p.customer_id
    where p.organization_id = ${desk.organizationId} and p.posted_at is not null and p.ended_at is null
      and p.amount - p.fee - p.applied - p.unapplied_refunded > 0
    order by p.received_on, p.id`,
};
