import { type RawBuilder, sql } from 'kysely';
import { beginsWith } from '#db/begins-with.ts';
import type { Tx } from '#db/db.ts';
import { foundCustomers, wordsOf } from '#db/found-customers.ts';
import { isPastDue } from '#db/past-due.ts';
import type { MessageCell } from '#features/correspondence/channel-rules.ts';
import type { portalStates } from '#features/customers/api.ts';
import type { DoNotContact } from '#features/customers/setting-rules.ts';
import type { Address } from '#features/organizations/api.ts';
import { snake } from '#lib/casing.ts';
import { must, notFound } from '#lib/errors.ts';

export type CustomerRow = {
  id: string;
  displayName: string;
  externalId: string | null;
  businessName: string | null;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  ccEmails: string[];
  phone: string | null;
  billingAddress: Address;
  shippingAddress: Address;
  customerType: string | null;
  parentId: string | null;
  notes: string | null;
  termsDays: number | null;
  taxExemptReason: string | null;
  allowCard: boolean;
  allowBankAccount: boolean;
  allowPaypal: boolean;
  allowPartialPayments: boolean;
  allowPaymentPlans: boolean;
  sendReceipts: boolean;
  sendReminders: boolean;
  chargeLateFees: boolean;
  waiveNextLateFee: boolean;
  ignoreConflicts: boolean;
  billWithParent: boolean;
  messageCells: MessageCell[];
  dunningPolicyId: string | null;
  doNotContact: DoNotContact | null;
  collectorId: string | null;
  portalShowChildren: boolean;
  portalEditProfile: boolean;
  portalEditMethods: boolean;
  portalEditAutopay: boolean;
  active: boolean;
  mergedIntoId: string | null;
  createdAt: Date;
  updatedAt: Date;
};

const columns =
  sql.raw(`c.id, c.display_name, c.external_id, c.business_name, c.first_name, c.last_name, c.email,
  c.cc_emails, c.phone, c.billing_address, c.shipping_address, c.customer_type, c.parent_id, c.notes, c.terms_days,
  c.tax_exempt_reason,
  c.allow_card, c.allow_bank_account, c.allow_paypal, c.allow_partial_payments, c.allow_payment_plans, c.send_receipts,
  c.send_reminders, c.charge_late_fees, c.waive_next_late_fee, c.ignore_conflicts, c.bill_with_parent, c.message_cells,
  c.dunning_policy_id, c.do_not_contact, c.collector_id,
  c.portal_show_children, c.portal_edit_profile, c.portal_edit_methods, c.portal_edit_autopay,
  c.deactivated_at is null as active, c.merged_into_id, c.created_at, c.updated_at`);

type Figures = {
  id: string;
  openBalance: bigint;
  pastDueBalance: bigint;
  openInvoices: number;
  unappliedCash: bigint;
};
type PortalRow = {
  customerId: string;
  state: (typeof portalStates)[number];
  invitedAt: Date | null;
  lastSignInAt: Date | null;
  lockedUntil: Date | null;
};
type Page = { organizationId: string; currency: string; today: string };

/**
 * Money and portal state are added to a page's rows alone, so a list of a million is as quick as one of ten.
 */
async function present(tx: Tx, page: Page, rows: readonly CustomerRow[]) {
  const ids = rows.map((row) => row.id);
  const figures = await tx.rows<Figures>(sql`
    select c.id, coalesce(i.open_balance, 0)::bigint as open_balance, coalesce(i.past_due, 0)::bigint as past_due_balance,
      coalesce(i.open_invoices, 0)::int as open_invoices, coalesce(p.unapplied, 0)::bigint as unapplied_cash
    from unnest(${ids}::text[]) as c(id)
    left join lateral (select sum(balance_due) as open_balance, count(*) as open_invoices,
        sum(balance_due) filter (where ${isPastDue('invoices', page.today)}) as past_due
      from invoices where organization_id = ${page.organizationId} and customer_id = c.id
        and closed_at is null and issued_at is not null) i on true
    left join lateral (select sum(amount - fee - applied - unapplied_refunded) as unapplied from payments
      where organization_id = ${page.organizationId} and customer_id = c.id
        and posted_at is not null and ended_at is null) p on true`);
  const portals = await tx.rows<PortalRow>(
    sql`select * from portal_states(${page.organizationId}, ${ids}::text[])`,
  );
  const figuresOf = new Map(figures.map((row) => [row.id, row]));
  const portalOf = new Map(portals.map((row) => [row.customerId, row]));
  return rows.map((row) => {
    const { customerId: _, ...portal } = must(portalOf.get(row.id), 'portal state');
    const { id: __, ...money } = must(figuresOf.get(row.id), 'figures');
    return {
      object: 'customer' as const,
      ...snake(row),
      ...snake(money),
      currency: page.currency,
      portal: snake(portal),
    };
  });
}

export async function getCustomer(tx: Tx, page: Page, id: string) {
  const row = await readCustomer(tx, page.organizationId, id);
  return must((await present(tx, page, [row]))[0], 'the customer');
}

export async function readCustomer(tx: Tx, organizationId: string, id: string): Promise<CustomerRow> {
  const row = await tx.row<CustomerRow>(sql`select ${columns} from customers c
    where c.organization_id = ${organizationId} and c.id = ${id}`);
  if (!row) throw notFound('customer', id);
  return row;
}

export type CustomerFilter = {
  limit: number;
  startingAfter?: string | undefined;
  q?: string | undefined;
  status: 'active' | 'inactive' | 'all';
  customerType?: string | undefined;
  /** These alone. */
  ids?: readonly string[] | undefined;
  sort: 'display_name' | '-created_at';
};
export type CustomerConditions = Pick<CustomerFilter, 'q' | 'status' | 'customerType' | 'ids'>;

/** What a filter asks of a customer. */
export async function customerConditions(
  tx: Tx,
  organizationId: string,
  { status, customerType, q, ids }: CustomerConditions,
): Promise<RawBuilder<unknown>[]> {
  return [
    sql`c.organization_id = ${organizationId}`,
    ...(status === 'active' ? [sql`c.deactivated_at is null`] : []),
    ...(status === 'inactive' ? [sql`c.deactivated_at is not null`] : []),
    ...(customerType === undefined ? [] : [sql`c.customer_type = ${customerType}`]),
    ...(q ? [await foundBy(tx, organizationId, q)] : []),
    ...(ids ? [sql`c.id = any(${[...ids]})`] : []),
  ];
}

/** By name; what is found by words comes in two parts, those whose name begins so before the rest. */
export async function listCustomers(tx: Tx, page: Page, filter: CustomerFilter) {
  const after = filter.startingAfter
    ? await readCustomer(tx, page.organizationId, filter.startingAfter)
    : undefined;
  const rows =
    filter.q && filter.sort === 'display_name'
      ? await readFound(tx, page, { ...filter, q: filter.q, after })
      : await readSorted(tx, await customerConditions(tx, page.organizationId, filter), { ...filter, after });
  const has_more = rows.length > filter.limit;
  return { object: 'list' as const, data: await present(tx, page, rows.slice(0, filter.limit)), has_more };
}

type Next = Pick<CustomerFilter, 'limit' | 'sort'> & { after: CustomerRow | undefined };

/** One more than asked for, which tells whether there are more. */
function readSorted(tx: Tx, conditions: RawBuilder<unknown>[], { limit, sort, after }: Next) {
  const [key, order] =
    sort === 'display_name'
      ? [sql`(c.name_key, c.id) > (lower(${after?.displayName}), ${after?.id})`, sql`c.name_key, c.id`]
      : [sql`(c.created_at, c.id) < (${after?.createdAt}, ${after?.id})`, sql`c.created_at desc, c.id desc`];
  return tx.list<CustomerRow>(sql`select ${columns} from customers c
    where ${sql.join(after ? [...conditions, key] : conditions, sql` and `)} order by ${order} limit ${limit + 1}`);
}

/**
 * A word that begins a quarter of all names would be sought among all names before them. So they have a part
 * of their own: a run of the index. A word inside of so many is met soon wherever one looks.
 */
async function readFound(tx: Tx, page: Page, { after, ...filter }: CustomerFilter & Next & { q: string }) {
  const { organizationId } = page;
  const begins = beginsWith(sql`c.name_key`, filter.q.trim().toLowerCase());
  const isPast =
    after !== undefined &&
    (await tx.row(sql`select from customers c where c.organization_id = ${organizationId} and c.id = ${after.id}
      and ${begins}`)) === undefined;
  const { q: _, ...unsought } = filter;
  const first = isPast
    ? []
    : await readSorted(tx, [...(await customerConditions(tx, organizationId, unsought)), begins], {
        ...filter,
        after,
      });
  if (first.length > filter.limit) return first;
  const others = [...(await customerConditions(tx, organizationId, filter)), sql`not ${begins}`];
  const rest = { ...filter, limit: filter.limit - first.length, after: isPast ? after : undefined };
  return [...first, ...(await readSorted(tx, others, rest))];
}

const few = 1000;

/** A few are named one by one. So many that every page is full of them are met on the way. */
async function foundBy(tx: Tx, organizationId: string, q: string): Promise<RawBuilder<unknown>> {
  const words = wordsOf(q);
  if (!words) return sql`true`;
  const found = await tx.rows<{ id: string }>(foundCustomers(organizationId, q, few + 1));
  return found.length > few
    ? sql`c.search @@ to_tsquery('simple', ${words})`
    : sql`c.id = any(${found.map(({ id }) => id)}::text[])`;
}
