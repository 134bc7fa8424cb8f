import { sql } from 'kysely';
import { asOfField, customerField, type Filter } from '#features/reports/filter-fields.ts';
import type { Desk, Report, ReportColumn } from '#features/reports/report.ts';

const buckets: readonly ReportColumn[] = [
  { key: 'current', title: 'Current', kind: 'money', sum: true },
  { key: 'upTo30', title: '1–30', kind: 'money', sum: true },
  { key: 'upTo60', title: '31–60', kind: 'money', sum: true },
  { key: 'upTo90', title: '61–90', kind: 'money', sum: true },
  { key: 'over90', title: '91+', kind: 'money', sum: true },
  { key: 'total', title: 'Total', kind: 'money', sum: true },
];

const asOf = (desk: Desk, filter: Filter): string => filter.as_of ?? desk.today;

/**
 * What stood in receivables at the end of a day, invoice by invoice: out of the journal, so that a payment
 * taken later, or taken back since, does not change it, and the sum is the account's.
 */
const owedOn = (desk: Desk, filter: Filter) => sql`
  select o.*, c.display_name as customer, i.number, i.invoice_date, i.due_date,
    greatest(${asOf(desk, filter)}::date - coalesce(${
      filter.basis === 'invoice_date' ? sql`i.invoice_date` : sql`i.due_date`
    }, ${asOf(desk, filter)}::date), 0) as days
  from (select l.customer_id, l.invoice_id, l.currency, sum(l.debit - l.credit)::bigint as owed
      from journal_lines l
        join journal_entries e on e.organization_id = ${desk.organizationId} and e.id = l.entry_id
      where l.organization_id = ${desk.organizationId} and l.account = 'accounts_receivable'
        and e.entry_date <= ${asOf(desk, filter)}
        ${filter.customer_id ? sql`and l.customer_id = ${filter.customer_id}` : sql``}
      group by l.customer_id, l.invoice_id, l.currency having sum(l.debit - l.credit) <> 0) o
    left join customers c on c.organization_id = ${desk.organizationId} and c.id = o.customer_id
    left join invoices i on i.organization_id = ${desk.organizationId} and i.id = o.invoice_id`;

const byInvoice = (filter: Filter): boolean => filter.by === 'invoice';

/** Who owes what, and since when. */
export const aging: Report = {
  key: 'aging',
  title: 'Aging',
  answers: 'Who owed how much at the end of a day, and how late was it?',
  group: 'owed',
  scope: 'invoices:read',
  fields: [
    asOfField,
    {
      name: 'by',
      label: 'A row for each',
      kind: 'choice',
      options: [
        { value: 'customer', label: 'Customer' },
        { value: 'invoice', label: 'Invoice' },
      ],
    },
    {
      name: 'basis',
      label: 'Age by',
      kind: 'choice',
      options: [
        { value: 'due_date', label: 'Due date' },
        { value: 'invoice_date', label: 'Invoice date' },
      ],
    },
    customerField,
  ],
  columns: (filter) =>
    byInvoice(filter)
      ? [
          { key: 'number', title: 'Invoice', kind: 'text' },
          { key: 'customer', title: 'Customer', kind: 'text' },
          { key: 'invoiceDate', title: 'Date', kind: 'date' },
          { key: 'dueDate', title: 'Due', kind: 'date' },
          { key: 'days', title: 'Days', kind: 'days' },
          { key: 'owed', title: 'Owed', kind: 'money', sum: true },
        ]
      : [
          { key: 'customer', title: 'Customer', kind: 'text' },
          { key: 'invoices', title: 'Invoices', kind: 'count', sum: true },
          ...buckets,
        ],
  statement: (desk, filter) =>
    byInvoice(filter)
      ? sql`select number, customer, invoice_date, due_date, days, owed, currency, '/invoices/' || invoice_id as link
        from (${owedOn(desk, filter)}) a order by customer, customer_id, due_date, invoice_id`
      : sql`select customer, count(*)::int as invoices, sum(owed) filter (where days = 0)::bigint as current,
          sum(owed) filter (where days between 1 and 30)::bigint as up_to30,
          sum(owed) filter (where days between 31 and 60)::bigint as up_to60,
          sum(owed) filter (where days between 61 and 90)::bigint as up_to90,
          sum(owed) filter (where days > 90)::bigint as over90, sum(owed)::bigint as total, currency,
          '/reports/aging?by=invoice&as_of=' || ${asOf(desk, filter)}::text || '&basis=' || ${filter.basis ?? 'due_date'}::text
            || '&customer_id=' || customer_id as link
        from (${owedOn(desk, filter)}) a group by customer_id, customer, currency order by customer, customer_id, currency`,
  chart: (filter) =>
    byInvoice(filter)
      ? undefined
      : { kind: 'totals', values: ['current', 'upTo30', 'upTo60', 'upTo90', 'over90'] },
  notes: () => [
    'Out of the journal as of that day, so the sum is that of accounts receivable. Age is by the dates that the invoices have now.',
    'What a payment under way will cover counts by its date until the money is in; the overview calls it current.',
  ],
};
