import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Ceiling } from '#features/late-fees/ceiling-rules.ts';
import { presentInvoice, presentLateFee, presentPolicy } from '#features/late-fees/present.ts';
import { readFacts } from '#features/late-fees/read-facts.ts';
import { readPolicies, readRanges } from '#features/late-fees/read-policies.ts';
import { type LateFee, type NoLateFee, nextLateFee, policyFor } from '#features/late-fees/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { must, notFound } from '#lib/errors.ts';

/** What law and trade say on a day, and what the organization has looked up itself. */
export const readCeilings = (tx: Tx, organizationId: string, today: CalendarDate): Promise<Ceiling[]> =>
  tx.list<Ceiling>(sql`
    (select distinct on (jurisdiction, basis, title) null as id, jurisdiction, basis, title, figure, currency, says,
      severity, source, verified_on
    from late_fee_ceilings
    where effective_from <= ${today} and (effective_to is null or ${today} < effective_to)
    order by jurisdiction, basis, title, effective_from desc)
    union all
    (select id, jurisdiction, basis, title, figure, currency, says, severity, source, verified_on
    from late_fee_own_ceilings where organization_id = ${organizationId} order by jurisdiction, id limit 500)`);

/** The newest version, or what there would be to begin with. */
export async function currentPolicy(tx: Tx, organizationId: string, today: CalendarDate) {
  const policies = await readPolicies(tx, organizationId);
  const organization = must(
    await tx.row<{ currency: string; jurisdiction: string | null }>(sql`
      select o.currency, (select min(c.jurisdiction) from late_fee_ceilings c
        where c.jurisdiction = o.address ->> 'country') as jurisdiction
      from organizations o where o.id = ${organizationId}`),
    'the organization',
  );
  return presentPolicy(policies.at(-1), { ...organization, effective_from: today });
}

export type LateFeeRow = {
  id: string;
  customerId: string;
  customerName: string;
  invoiceId: string;
  invoiceNumber: string;
  sequence: number;
  policyVersion: number;
  state: 'posted' | 'waived' | 'removed';
  fellDueOn: string;
  amount: bigint;
  currency: string;
  reason: string;
  creditMemoId: string | null;
  ownInvoiceId: string | null;
  ownInvoiceNumber: string | null;
  createdAt: Date;
  removedAt: Date | null;
};

export type LateFeeFilter = {
  limit: number;
  id?: string | undefined;
  startingAfter?: string | undefined;
  customerId?: string | undefined;
  invoiceId?: string | undefined;
  state?: LateFeeRow['state'] | undefined;
};

/** Posted, waived and removed late fees, newest first, a page at a time. */
export async function listLateFees(tx: Tx, organizationId: string, filter: LateFeeFilter) {
  const conditions: RawBuilder<unknown>[] = [sql`f.organization_id = ${organizationId}`];
  if (filter.id) conditions.push(sql`f.id = ${filter.id}`);
  if (filter.customerId) conditions.push(sql`f.customer_id = ${filter.customerId}`);
  if (filter.invoiceId) conditions.push(sql`f.invoice_id = ${filter.invoiceId}`);
  if (filter.state) conditions.push(sql`f.state = ${filter.state}`);
  if (filter.startingAfter) conditions.push(sql`f.id < ${filter.startingAfter}`);
  // The page is cut before names are joined, so the join touches its rows alone.
  const rows = await tx.list<LateFeeRow>(sql`
    select f.id, f.customer_id, c.display_name as customer_name, f.invoice_id, i.number as invoice_number, f.sequence,
      f.policy_version, f.state, f.fell_due_on, f.amount, f.currency, f.reason, f.credit_memo_id,
      f.own_invoice_id, w.number as own_invoice_number, f.created_at, f.removed_at
    from (select f.* from late_fees f where ${sql.join(conditions, sql` and `)} order by f.id desc
      limit ${filter.limit + 1}) f
    join customers c on c.organization_id = f.organization_id and c.id = f.customer_id
    join invoices i on i.organization_id = f.organization_id and i.id = f.invoice_id
    left join invoices w on w.organization_id = f.organization_id and w.id = f.own_invoice_id
    order by f.id desc`);
  return { rows: rows.slice(0, filter.limit), hasMore: rows.length > filter.limit };
}

/** The next late fee of each of these invoices as it stands today, or why there is none. */
export async function nextLateFeesOf(
  tx: Tx,
  organizationId: string,
  invoiceIds: readonly string[],
  today: CalendarDate,
): Promise<Map<string, LateFee | { none: NoLateFee }>> {
  const ranges = await readRanges(tx, organizationId);
  const facts = await readFacts(tx, organizationId, invoiceIds);
  return new Map(
    facts.map((invoice) => [invoice.id, nextLateFee(invoice, policyFor(ranges, invoice.dueDate), today)]),
  );
}

/** The late fees of one invoice: those that were, and the next. */
export async function lateFeesOfInvoice(
  tx: Tx,
  organizationId: string,
  invoiceId: string,
  today: CalendarDate,
) {
  const next = (await nextLateFeesOf(tx, organizationId, [invoiceId], today)).get(invoiceId);
  if (!next) throw notFound('invoice', invoiceId);
  const [invoice] = await readFacts(tx, organizationId, [invoiceId]);
  const { rows } = await listLateFees(tx, organizationId, { invoiceId, limit: 400 });
  return presentInvoice({ fees: rows, next, waivesNext: must(invoice, 'the invoice').waivesNext });
}

export async function readLateFee(tx: Tx, organizationId: string, id: string) {
  const { rows } = await listLateFees(tx, organizationId, { id, limit: 1 });
  const [row] = rows;
  if (!row) throw notFound('late fee', id);
  return presentLateFee(row);
}
