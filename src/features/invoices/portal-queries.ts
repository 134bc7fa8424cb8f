import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { isPastDue } from '#db/past-due.ts';
import { type InvoiceRow, readInvoice } from '#features/invoices/queries.ts';
import type { InvoiceFacts } from '#features/invoices/rules.ts';
import { must, notFound } from '#lib/errors.ts';

/**
 * Whose papers a payer sees: one customer's, or with the sub-customers' whose invoices show with the
 * parent's.
 */
export type PayerScope = { organizationId: string; customerIds: readonly string[] };

export type PayerInvoice = InvoiceFacts & {
  id: string;
  number: string;
  customerId: string;
  customerName: string;
  invoiceDate: string;
  total: bigint;
  currency: string;
};

const columns =
  sql.raw(`i.id, i.number, i.customer_id, c.display_name as customer_name, i.invoice_date, i.due_date,
    i.total,
  i.currency, i.written_off, i.balance_due, i.reserved, i.issued_at, i.voided_at`);
const joined = sql.raw('join customers c on c.organization_id = i.organization_id and c.id = i.customer_id');
const mine = (scope: PayerScope): RawBuilder<unknown> =>
  sql`i.organization_id = ${scope.organizationId} and i.customer_id = any(${[...scope.customerIds]})
    and i.issued_at is not null`;

type Page = { limit: number; after?: string | undefined };
type Rows = { rows: PayerInvoice[]; nextAfter: string | undefined };

const paged = (rows: PayerInvoice[], limit: number): Rows => ({
  rows: rows.slice(0, limit),
  nextAfter: rows.length > limit ? rows[limit - 1]?.id : undefined,
});

/** Open invoices, the first to fall due first. */
export async function listOpenInvoices(tx: Tx, scope: PayerScope, page: Page): Promise<Rows> {
  const after = page.after
    ? sql`and (i.due_date, i.id) > (select due_date, id from invoices a
      where a.organization_id = ${scope.organizationId} and a.id = ${page.after})`
    : sql``;
  return paged(
    await tx.rows<PayerInvoice>(sql`select ${columns} from invoices i ${joined}
    where ${mine(scope)} and i.closed_at is null ${after} order by i.due_date, i.id limit ${page.limit + 1}`),
    page.limit,
  );
}

/** Every invoice ever issued, newest first. */
export async function listPastInvoices(tx: Tx, scope: PayerScope, page: Page): Promise<Rows> {
  const after = page.after
    ? sql`and (i.invoice_date, i.id) < (select invoice_date, id from invoices a
      where a.organization_id = ${scope.organizationId} and a.id = ${page.after})`
    : sql``;
  return paged(
    await tx.rows<PayerInvoice>(sql`select ${columns} from invoices i ${joined}
    where ${mine(scope)} ${after} order by i.invoice_date desc, i.id desc limit ${page.limit + 1}`),
    page.limit,
  );
}

export async function openTotals(
  tx: Tx,
  scope: PayerScope,
  today: string,
): Promise<{ balanceDue: bigint; pastDue: bigint }> {
  return must(
    await tx.row<{ balanceDue: bigint; pastDue: bigint }>(sql`
    select coalesce(sum(i.balance_due), 0)::bigint as balance_due,
      coalesce(sum(i.balance_due - i.reserved) filter (where ${isPastDue('i', today)}), 0)::bigint as
      past_due
    from invoices i where ${mine(scope)} and i.closed_at is null`),
    'sums',
  );
}

/** The named invoices that are the payer's; others are as if they did not exist. Earliest due first. */
export const readPayerInvoices = (
  tx: Tx,
  scope: PayerScope,
  ids: readonly string[],
): Promise<PayerInvoice[]> =>
  tx.rows<PayerInvoice>(sql`select ${columns} from invoices i ${joined}
    where ${mine(scope)} and i.id = any(${[...ids]}) order by i.due_date, i.id`);

export async function readPayerInvoice(tx: Tx, scope: PayerScope, id: string): Promise<InvoiceRow> {
  const row = await readInvoice(tx, scope.organizationId, id);
  if (!row.issuedAt || !scope.customerIds.includes(row.customerId)) throw notFound('invoice', id);
  return row;
}

/**
 * How many payments were ever asked for on these invoices: with it, a request key tells one try from the
 * next.
 */
export async function countTries(
  tx: Tx,
  organizationId: string,
  invoiceIds: readonly string[],
): Promise<number> {
  const row = await tx.row<{ tries: number }>(sql`select count(*)::int as tries from payment_applications
    where organization_id = ${organizationId} and invoice_id = any(${[...invoiceIds]})`);
  return row?.tries ?? 0;
}

export type LinkedInvoice = { id: string; organizationId: string; customerId: string; linkVersion: number };

/** The invoice that a mailed link names. Whether the link is good is decided by its signature. */
export const findLinkedInvoice = (tx: Tx, id: string): Promise<LinkedInvoice | undefined> =>
  tx.row<LinkedInvoice>(sql`
  select id, organization_id, customer_id, link_version from invoices where id = ${id}
  and issued_at is not null`);
