import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import {
  availableOf,
  type CreditLine,
  stateOfCreditMemo,
  taxesOfCredit,
} from '#features/credit-memos/rules.ts';
import { lineColumnNames } from '#features/invoices/line-columns.ts';
import { presentLine, presentTax } from '#features/invoices/present-line.ts';
import { snake } from '#lib/casing.ts';
import { must, notFound } from '#lib/errors.ts';

export type CreditMemoRow = {
  id: string;
  number: string;
  customerId: string;
  customerName: string;
  currency: string;
  memoDate: string;
  reason: string | null;
  subtotal: bigint;
  tax: bigint;
  taxInside: bigint;
  total: bigint;
  applied: bigint;
  issuedAt: Date | null;
  voidedAt: Date | null;
  createdAt: Date;
};

const selected =
  sql.raw(`select m.id, m.number, m.customer_id, c.display_name as customer_name, m.currency, m.memo_date,
    m.reason, m.subtotal, m.tax, m.tax_inside, m.total, m.applied, m.issued_at, m.voided_at, m.created_at
  from credit_memos m join customers c on c.organization_id = m.organization_id and c.id = m.customer_id`);

const presented = (row: CreditMemoRow) => ({
  object: 'credit_memo' as const,
  ...snake(row),
  state: stateOfCreditMemo(row),
  available: availableOf(row),
});

export async function readCreditMemo(tx: Tx, organizationId: string, id: string): Promise<CreditMemoRow> {
  const row = await tx.row<CreditMemoRow>(
    sql`${selected} where m.organization_id = ${organizationId} and m.id = ${id}`,
  );
  if (!row) throw notFound('credit memo', id);
  return row;
}

export async function getCreditMemo(tx: Tx, organizationId: string, id: string) {
  const row = await readCreditMemo(tx, organizationId, id);
  const lines = await readCreditLines(tx, organizationId, id);
  return {
    ...presented(row),
    lines: lines.map(({ tax, ...line }) => ({ ...presentLine(line), tax })),
    taxes: taxesOfCredit({ ...row, lines }).map(presentTax),
    applications: (await readCreditApplications(tx, organizationId, id)).map(snake),
  };
}

export const readCreditLines = (tx: Tx, organizationId: string, id: string) =>
  tx.rows<CreditLine>(sql`select ${lineColumnNames}, tax from credit_memo_lines
    where organization_id = ${organizationId} and credit_memo_id = ${id} order by line_no`);

export const readCreditApplications = (tx: Tx, organizationId: string, id: string) =>
  tx.rows<{ invoiceId: string; invoiceNumber: string; amount: bigint; state: 'applied' | 'ended' }>(sql`
    select a.invoice_id, i.number as invoice_number, a.amount, a.state from credit_applications a
    join invoices i on i.organization_id = a.organization_id and i.id = a.invoice_id
    where a.organization_id = ${organizationId} and a.credit_memo_id = ${id} order by a.id limit 500`);

const ofStatus = {
  all: sql`true`,
  draft: sql`m.issued_at is null and m.voided_at is null`,
  open: sql`m.issued_at is not null and m.voided_at is null and m.applied < m.total`,
  used: sql`m.issued_at is not null and m.voided_at is null and m.applied = m.total`,
  void: sql`m.voided_at is not null`,
};

export type CreditMemoFilter = {
  limit: number;
  startingAfter?: string | undefined;
  customerId?: string | undefined;
  status: keyof typeof ofStatus;
};

/** Newest first, a page at a time. */
export async function listCreditMemos(tx: Tx, organizationId: string, filter: CreditMemoFilter) {
  const conditions: RawBuilder<unknown>[] = [
    sql`m.organization_id = ${organizationId}`,
    ofStatus[filter.status],
  ];
  if (filter.customerId) conditions.push(sql`m.customer_id = ${filter.customerId}`);
  if (filter.startingAfter) conditions.push(sql`m.id < ${filter.startingAfter}`);
  const rows = await tx.rows<CreditMemoRow>(
    sql`${selected} where ${sql.join(conditions, sql` and `)} order by m.id desc limit ${filter.limit + 1}`,
  );
  return {
    object: 'list' as const,
    data: rows.slice(0, filter.limit).map(presented),
    has_more: rows.length > filter.limit,
  };
}

/** What a customer has left of issued credit memos. */
export async function readAvailableCredit(
  tx: Tx,
  organizationId: string,
  customerId: string,
): Promise<bigint> {
  const row = await tx.row<{ available: bigint }>(sql`
    select coalesce(sum(total - applied), 0)::bigint as available from credit_memos
    where organization_id = ${organizationId} and customer_id = ${customerId}
      and issued_at is not null and voided_at is null`);
  return must(row, 'a sum').available;
}
