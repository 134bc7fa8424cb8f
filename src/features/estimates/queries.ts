import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { estimateLink } from '#features/estimates/estimate-link.ts';
import { billed_bps, type EstimateState, type Share, stateOfEstimate } from '#features/estimates/rules.ts';
import { presentLine } from '#features/invoices/present-line.ts';
import { type InvoiceFacts, type Line, stateOfInvoice } from '#features/invoices/rules.ts';
import { snake } from '#lib/casing.ts';
import { notFound } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

export type EstimateRow = {
  organizationId: string;
  id: string;
  number: string;
  customerId: string;
  customerName: string;
  currency: string;
  estimateDate: string;
  expiresOn: string;
  poNumber: string | null;
  memo: string | null;
  subtotal: bigint;
  discount: bigint;
  discountTerms: string;
  tax: bigint;
  taxInside: bigint;
  total: bigint;
  depositPercent: string | null;
  deposit: bigint;
  depositAtOnce: boolean;
  revision: number;
  linkVersion: number;
  sentAt: Date | null;
  viewedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  answer: 'accepted' | 'declined' | null;
  answeredBy: string | null;
  answeredAt: Date | null;
  reason: string | null;
  takenBy: string | null;
  billedBps: number;
};

const selected = sql`select e.organization_id, e.id, e.number, e.customer_id, c.display_name as customer_name, e.currency,
    e.estimate_date, e.expires_on, e.po_number, e.memo, e.subtotal, e.discount, e.discount_terms, e.tax, e.tax_inside, e.total,
    e.deposit_percent, e.deposit, e.deposit_at_once, e.revision, e.link_version, e.sent_at, e.viewed_at, e.created_at,
    e.updated_at, e.answer, a.name as answered_by, a.answered_at, a.reason, a.taken_by, e.billed_bps
  from estimates e join customers c on c.organization_id = e.organization_id and c.id = e.customer_id
  left join estimate_answers a on a.organization_id = e.organization_id and a.estimate_id = e.id`;

export const stateOf = (row: EstimateRow, today: string): EstimateState =>
  stateOfEstimate({ ...row, isInvoiced: row.billedBps === 10_000 }, today);

export async function readEstimate(tx: Tx, organizationId: string, id: string): Promise<EstimateRow> {
  const row = await tx.row<EstimateRow>(
    sql`${selected} where e.organization_id = ${organizationId} and e.id = ${id}`,
  );
  if (!row) throw notFound('estimate', id);
  return row;
}

/** The estimate as it stands to the end of this transaction. */
export async function lockEstimate(tx: Tx, organizationId: string, id: string): Promise<EstimateRow> {
  await tx.run(
    sql`select id from estimates where organization_id = ${organizationId} and id = ${id} for update`,
  );
  return readEstimate(tx, organizationId, id);
}

export type LinkedEstimate = { id: string; organizationId: string; customerId: string; linkVersion: number };

/** The estimate that a link names, of whichever organization: read as the system, its signature decides. */
export const findLinkedEstimate = (tx: Tx, id: string): Promise<LinkedEstimate | undefined> =>
  tx.row<LinkedEstimate>(
    sql`select id, organization_id, customer_id, link_version from estimates where id = ${id}`,
  );

export const readEstimateLines = (tx: Tx, organizationId: string, id: string): Promise<Line[]> =>
  tx.rows<Line>(sql`select item_name, description, quantity, unit_price, amount, taxable, tax_rate,
      discount, service_date, taxes
    from estimate_lines where organization_id = ${organizationId} and estimate_id = ${id} order by line_no`);

export type BilledPart = Share &
  InvoiceFacts & {
    invoiceId: string;
    number: string;
    kind: 'deposit' | 'part';
    shareBps: number;
    total: bigint;
    deducted: bigint;
    creditMemoId: string | null;
    creditMemoNumber: string | null;
    /** The credit memo of the deduction still stands. */
    isDeducted: boolean;
  };

/** What was billed of an estimate, oldest first. */
export const readBilledParts = (tx: Tx, organizationId: string, estimateId: string): Promise<BilledPart[]> =>
  tx.rows<BilledPart>(sql`
    select p.invoice_id, i.number, p.kind, p.share_bps, p.line_amounts, p.discount, p.tax, p.tax_inside, p.deducted, p.credit_memo_id,
      m.number as credit_memo_number, coalesce(m.voided_at is null, false) as is_deducted, i.total, i.issued_at,
      i.voided_at, i.balance_due, i.reserved, i.written_off, i.due_date
    from estimate_invoices p
    join invoices i on i.organization_id = p.organization_id and i.id = p.invoice_id
    left join credit_memos m on m.organization_id = p.organization_id and m.id = p.credit_memo_id
    where p.organization_id = ${organizationId} and p.estimate_id = ${estimateId} order by p.invoice_id limit 500`);

export type EstimateOfInvoice = { id: string; number: string; kind: 'deposit' | 'part'; total: bigint };

/** The estimate that an invoice was made from. */
export const readEstimateOfInvoice = (
  tx: Tx,
  organizationId: string,
  invoiceId: string,
): Promise<EstimateOfInvoice | undefined> =>
  tx.row<EstimateOfInvoice>(sql`select e.id, e.number, p.kind, e.total from estimate_invoices p
    join estimates e on e.organization_id = p.organization_id and e.id = p.estimate_id
    where p.organization_id = ${organizationId} and p.invoice_id = ${invoiceId}`);

export type Presenting = { secrets: Pick<Secrets, 'sign'>; baseUrl: string; today: string };

export function presentEstimate(row: EstimateRow, { today }: Pick<Presenting, 'today'>) {
  const { organizationId, linkVersion, takenBy, depositPercent, ...rest } = row;
  return {
    object: 'estimate' as const,
    ...snake(rest),
    deposit_percent: depositPercent,
    by_staff: takenBy !== null,
    state: stateOf(row, today),
  };
}

/** One estimate with its lines and what was billed of it. */
export async function getEstimate(tx: Tx, organizationId: string, id: string, presenting: Presenting) {
  const row = await readEstimate(tx, organizationId, id);
  const parts = await readBilledParts(tx, organizationId, id);
  return {
    ...presentEstimate(row, presenting),
    lines: (await readEstimateLines(tx, organizationId, id)).map(presentLine),
    invoices: parts.map((part) => ({
      invoice_id: part.invoiceId,
      number: part.number,
      kind: part.kind,
      share_bps: part.shareBps,
      total: part.total,
      balance_due: part.balanceDue,
      deducted: part.deducted,
      credit_memo_id: part.creditMemoId,
      credit_memo_number: part.creditMemoNumber,
      state: stateOfInvoice(part),
    })),
    left_bps: 10_000 - billed_bps(parts.filter(({ kind, voidedAt }) => kind === 'part' && !voidedAt)),
    url: estimateLink(presenting.secrets, presenting.baseUrl, row),
  };
}

const unanswered = sql`e.answer is null`;
const ofStatus = (status: string, today: string): RawBuilder<unknown> =>
  ({
    draft: sql`${unanswered} and e.sent_at is null and e.expires_on >= ${today}`,
    open: sql`${unanswered} and e.sent_at is not null and e.expires_on >= ${today}`,
    accepted: sql`e.answer = 'accepted' and (e.billed_bps = 10000) = false`,
    declined: sql`e.answer = 'declined'`,
    expired: sql`${unanswered} and e.expires_on < ${today}`,
    invoiced: sql`e.answer = 'accepted' and (e.billed_bps = 10000) = true`,
  })[status] ?? sql`true`;

export type EstimateFilter = {
  limit: number;
  startingAfter?: string | undefined;
  customerId?: string | undefined;
  status: string;
};

/** Newest first, a page at a time. */
export async function listEstimates(tx: Tx, organizationId: string, today: string, filter: EstimateFilter) {
  const conditions = [sql`e.organization_id = ${organizationId}`, ofStatus(filter.status, today)];
  if (filter.customerId) conditions.push(sql`e.customer_id = ${filter.customerId}`);
  if (filter.startingAfter) conditions.push(sql`e.id < ${filter.startingAfter}`);
  const rows = await tx.list<EstimateRow>(
    sql`${selected} where ${sql.join(conditions, sql` and `)} order by e.id desc limit ${filter.limit + 1}`,
  );
  return {
    object: 'list' as const,
    data: rows.slice(0, filter.limit).map((row) => presentEstimate(row, { today })),
    has_more: rows.length > filter.limit,
  };
}
