import { type RawBuilder, sql } from 'kysely';
import { beginsWith } from '#db/begins-with.ts';
import type { Tx } from '#db/db.ts';
import { foundCustomers } from '#db/found-customers.ts';
import { isPastDue } from '#db/past-due.ts';
import {
  daysLate,
  type InvoiceFacts,
  type Line,
  payableNow,
  stateOfInvoice,
} from '#features/invoices/rules.ts';
import { snake } from '#lib/casing.ts';
import { must, notFound } from '#lib/errors.ts';

export type InvoiceRow = InvoiceFacts & {
  id: string;
  number: string;
  externalId: string | null;
  customerId: string;
  customerName: string;
  customerEmail: string | null;
  currency: string;
  invoiceDate: string;
  terms: string | null;
  poNumber: string | null;
  memo: string | null;
  subtotal: bigint;
  discount: bigint;
  discountTerms: string;
  taxExemptReason: string | null;
  tax: bigint;
  total: bigint;
  fees: bigint;
  applied: bigint;
  credited: bigint;
  revision: number;
  linkVersion: number;
  remindersOff: boolean;
  lateFeesOff: boolean;
  receiptsOff: boolean;
  /** It is over a late fee of that invoice. */
  lateFeeOf: string | null;
  lateFeeOfNumber: string | null;
  closedAt: Date | null;
  firstSentAt: Date | null;
  lastSentAt: Date | null;
  lastViewedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
};

const columns = sql.raw(`i.id, i.number, i.external_id, i.customer_id, c.display_name as customer_name,
  c.email as customer_email, i.currency, i.invoice_date, i.due_date, i.terms, i.po_number, i.memo, i.subtotal, i.discount,
  i.discount_terms, i.tax_exempt_reason, i.tax,
  i.total, i.fees, i.applied, i.credited, i.written_off, i.balance_due, i.reserved, i.revision, i.link_version,
  i.reminders_off, i.late_fees_off, i.receipts_off, i.late_fee_of,
  (select o.number from invoices o where o.organization_id = i.organization_id and o.id = i.late_fee_of) as late_fee_of_number,
  i.issued_at, i.voided_at, i.closed_at, i.first_sent_at, i.last_sent_at, i.last_viewed_at, i.created_at, i.updated_at`);
const joined = sql.raw('join customers c on c.organization_id = i.organization_id and c.id = i.customer_id');

export async function readInvoice(tx: Tx, organizationId: string, id: string): Promise<InvoiceRow> {
  const row = await tx.row<InvoiceRow>(sql`select ${columns} from invoices i ${joined}
    where i.organization_id = ${organizationId} and i.id = ${id}`);
  if (!row) throw notFound('invoice', id);
  return row;
}

export async function readLines(tx: Tx, organizationId: string, invoiceId: string): Promise<Line[]> {
  return tx.rows<Line>(sql`select item_name, description, quantity, unit_price, amount, taxable, tax_rate,
      discount, service_date, taxes
    from invoice_lines where organization_id = ${organizationId} and invoice_id = ${invoiceId} order by line_no`);
}

export type PaymentOfInvoice = {
  paymentId: string;
  amount: bigint;
  state: string;
  kind: string;
  receivedOn: string;
};
export async function readPaymentsOf(
  tx: Tx,
  organizationId: string,
  invoiceId: string,
): Promise<PaymentOfInvoice[]> {
  return tx.rows<PaymentOfInvoice>(sql`
    select p.id as payment_id, a.amount, p.state, p.kind, p.received_on from payment_applications a
    join payments p on p.organization_id = a.organization_id and p.id = a.payment_id
    where a.organization_id = ${organizationId} and a.invoice_id = ${invoiceId} order by a.id limit 200`);
}

/** As the API shows it: state and lateness derived as of `today`. */
export function presentInvoice(row: InvoiceRow, today: string) {
  const late = daysLate(row, today);
  return {
    object: 'invoice' as const,
    ...snake(row),
    payable_now: payableNow(row),
    state: stateOfInvoice(row),
    past_due: late > 0,
    days_late: late,
  };
}

export type InvoiceConditions = {
  q?: string | undefined;
  customerId?: string | undefined;
  status: 'all' | 'open' | 'current' | 'past_due' | 'pending' | 'draft' | 'paid' | 'closed';
  currency?: string | undefined;
  dueFrom?: string | undefined;
  dueTo?: string | undefined;
  /** These alone. */
  ids?: readonly string[] | undefined;
};
export type InvoiceFilter = InvoiceConditions & {
  limit: number;
  startingAfter?: string | undefined;
  sort: string;
};

const sortColumns: Record<string, string> = {
  invoice_date: 'invoice_date',
  due_date: 'due_date',
  total: 'total',
  number: 'number',
};

/**
 * One page by a sort that an index serves, from the last row seen: as quick at a million invoices as at ten.
 */
export async function listInvoices(
  tx: Tx,
  organizationId: string,
  today: string,
  filter: InvoiceFilter,
): Promise<{ rows: InvoiceRow[]; hasMore: boolean }> {
  const descending = filter.sort.startsWith('-');
  const column = must(sortColumns[filter.sort.replace('-', '')], 'a sort that the API allows');
  const conditions: RawBuilder<unknown>[] = [];
  if (filter.startingAfter) {
    const after = await readInvoice(tx, organizationId, filter.startingAfter);
    const value = {
      invoice_date: after.invoiceDate,
      due_date: after.dueDate,
      total: after.total,
      number: after.number,
    }[column];
    const operator = sql.raw(descending ? '<' : '>');
    conditions.push(sql`(i.${sql.ref(column)}, i.id) ${operator} (${value}, ${after.id})`);
  }
  const direction = sql.raw(descending ? 'desc' : 'asc');
  // What is found, or due in a time, is gathered by its own index and then sorted. Left to choose, the
  // planner walks the
  // sort's index in the hope of meeting it soon, and may walk past a million.
  const gathers =
    filter.q !== undefined ||
    filter.status === 'pending' ||
    (column !== 'due_date' && (filter.dueFrom ?? filter.dueTo) !== undefined);
  const asked = { organizationId, today, ...filter };
  const matching = matchingInvoices(asked, conditions, gathers ? sql`offset 0` : sql``);
  // The page is cut before customers are joined, so the join touches its rows alone.
  const rows = await tx.list<InvoiceRow>(sql`
    select ${columns} from (select i.* from (${matching}) i
      order by i.${sql.ref(column)} ${direction}, i.id ${direction} limit ${filter.limit + 1}) i ${joined}
    order by i.${sql.ref(column)} ${direction}, i.id ${direction}`);
  return { rows: rows.slice(0, filter.limit), hasMore: rows.length > filter.limit };
}

type Asked = InvoiceConditions & { organizationId: string; today: string };

/** All that a filter finds, in no order: for work over many of them. */
export function matchingInvoices(
  { organizationId, today, ...filter }: Asked,
  more: RawBuilder<unknown>[] = [],
  end: RawBuilder<unknown> = sql``,
): RawBuilder<unknown> {
  const own = [sql`i.organization_id = ${organizationId}`, ...filterConditions(filter, today), ...more];
  const from = filter.q ? found(filter.q, organizationId) : sql`invoices i`;
  // Each half of what is current has an index; both in one condition would have none.
  const halves = [
    sql`i.due_date >= ${today}::date`,
    sql`i.due_date < ${today}::date and i.reserved = i.balance_due`,
  ];
  const parts = filter.status === 'current' ? halves : [sql`true`];
  return sql.join(
    parts.map((part) => sql`select i.* from ${from} where ${sql.join([...own, part], sql` and `)} ${end}`),
    sql` union all `,
  );
}

function filterConditions(filter: InvoiceConditions, today: string): RawBuilder<unknown>[] {
  const open = sql`i.closed_at is null and i.issued_at is not null`;
  const byStatus = {
    all: [],
    open: [open],
    current: [open],
    past_due: [open, isPastDue('i', today)],
    pending: [open, sql`i.reserved = i.balance_due`],
    draft: [sql`i.issued_at is null`],
    paid: [sql`i.closed_at is not null and i.voided_at is null and i.written_off = 0`],
    closed: [sql`i.closed_at is not null`],
  }[filter.status];
  const conditions: RawBuilder<unknown>[] = [...byStatus];
  if (filter.customerId) conditions.push(sql`i.customer_id = ${filter.customerId}`);
  if (filter.currency) conditions.push(sql`i.currency = ${filter.currency}`);
  if (filter.dueFrom) conditions.push(sql`i.due_date >= ${filter.dueFrom}`);
  if (filter.dueTo) conditions.push(sql`i.due_date <= ${filter.dueTo}`);
  if (filter.ids) conditions.push(sql`i.id = any(${[...filter.ids]})`);
  return conditions;
}

/** Each by its id: a plan that takes them for thousands would read the whole table instead. */
const found = (q: string, organizationId: string): RawBuilder<unknown> =>
  sql`(${search(q, organizationId)}) f cross join lateral (select * from invoices n
    where n.organization_id = ${organizationId} and n.id = f.id offset 0) i`;

/**
 * By the beginning of the number or the PO number, or by the customer. Each is cut to what an index finds
 * quickly.
 */
function search(q: string, organizationId: string): RawBuilder<unknown> {
  const begins = (column: RawBuilder<unknown>, text: string) => sql`(select n.id from invoices n
    where n.organization_id = ${organizationId} and ${beginsWith(column, text)} limit 500)`;
  const typed = [...new Set([q, q.toUpperCase()])];
  const numbers = [sql`n.number`, sql`n.po_number collate "C"`].flatMap((column) =>
    typed.map((text) => begins(column, text)),
  );
  return sql`
    ${sql.join(numbers, sql` union `)}
    union
    (select n.id from invoices n where n.organization_id = ${organizationId} and n.customer_id in (
      ${foundCustomers(organizationId, q, 100)}) limit 2000)`;
}
