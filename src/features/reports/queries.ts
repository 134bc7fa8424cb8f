import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { billedWith } from '#features/customers/billed-with.ts';
import { wayToResend } from '#features/reports/rules.ts';
import { snake } from '#lib/casing.ts';
import { notFound } from '#lib/errors.ts';

type Page = { organizationId: string; limit: number; startingAfter?: string | undefined };

type ConflictRow = {
  id: string;
  displayName: string;
  phone: string | null;
  parentId: string | null;
  parentName: string | null;
  /** How many bill with it: its mail is theirs, too. */
  subCustomers: number;
  openInvoices: number;
  openBalance: bigint;
  oldestDueDate: string;
  currency: string;
};

const mostOwing = 1000;

/**
 * Whose invoices are open, from customer to customer by the index of just these; undefined where they are
 * many, or where those without an address are few: then these are looked at one by one.
 */
async function fewOwing(tx: Tx, organizationId: string): Promise<string[] | undefined> {
  const without = await tx.row<{
    count: number;
  }>(sql`select count(*)::int as count from (select 1 from customers
    where organization_id = ${organizationId} and email is null and deactivated_at is null limit ${mostOwing + 1}) x`);
  if (!without || without.count <= mostOwing) return undefined;
  const next = (after: RawBuilder<unknown>) => sql`(select customer_id from invoices
    where organization_id = ${organizationId} and closed_at is null and issued_at is not null ${after}
    order by customer_id limit 1)`;
  const rows = await tx.rows<{ customerId: string }>(sql`
    with recursive owing(customer_id) as (
      ${next(sql``)}
      union all
      select ${next(sql`and customer_id > owing.customer_id`)} from owing where owing.customer_id is not null)
    select customer_id from owing where customer_id is not null limit ${mostOwing + 1}`);
  return rows.length > mostOwing ? undefined : rows.map(({ customerId }) => customerId);
}

type Choice = { organizationId: string; view: 'open' | 'ignored' };

/**
 * Who has no address, and owes or reads for one who does. Whoever bills with a parent is not among them: its
 * mail goes to the parent, who is.
 */
const inConflict = ({ organizationId, view }: Choice, owing: string[] | undefined) => sql`
  from customers c where c.organization_id = ${organizationId} and c.email is null and c.deactivated_at is null
    and c.ignore_conflicts = ${view === 'ignored'}
    and not c.bill_with_parent
    and ${
      owing
        ? sql`c.id in (select case when o.bill_with_parent then billed_to(${organizationId}, o.id) else o.id end
            from customers o where o.organization_id = ${organizationId} and o.id = any(${owing}::text[]))`
        : owes(organizationId)
    }`;

/** By itself, or through those that bill with it: only where there are such is it asked how far they go. */
const owes = (organizationId: string) => {
  const open = (whose: RawBuilder<unknown>) => sql`exists (select from invoices i
    where i.organization_id = ${organizationId} and i.customer_id ${whose} and i.closed_at is null
      and i.issued_at is not null)`;
  return sql`(${open(sql`= c.id`)}
    or (exists (select from customers s where s.organization_id = ${organizationId} and s.parent_id = c.id and s.bill_with_parent)
      and ${open(sql`in ${billedWith(organizationId, sql`c.id`)}`)}))`;
};

/** How many there are, counted no further than `most`. */
export async function countEmailConflicts(tx: Tx, organizationId: string, most: number): Promise<number> {
  const owing = await fewOwing(tx, organizationId);
  const found = inConflict({ organizationId, view: 'open' }, owing);
  const [row] = await tx.list<{ count: number }>(
    sql`select count(*)::int as count from (select 1 ${found} limit ${most}) x`,
  );
  return row?.count ?? 0;
}

/**
 * By name. Of customers without an address and customers who owe, the fewer are looked at, so that a crowd of
 * old customers without either does not matter.
 */
export async function listEmailConflicts(tx: Tx, page: Page & { view: 'open' | 'ignored' }) {
  const { organizationId, limit } = page;
  const after = page.startingAfter
    ? await tx.row<{ nameKey: string; id: string }>(sql`select name_key, id from customers
        where organization_id = ${organizationId} and id = ${page.startingAfter}`)
    : undefined;
  const owing = await fewOwing(tx, organizationId);
  if (page.startingAfter && !after) throw notFound('customer', page.startingAfter);
  const rows = await tx.list<ConflictRow>(sql`
    with found as (
      select c.id, c.name_key, c.display_name, c.phone, c.parent_id,
        array${billedWith(organizationId, sql`c.id`)} as reads_for ${inConflict(page, owing)}
        ${after ? sql`and (c.name_key, c.id) > (${after.nameKey}, ${after.id})` : sql``}
      order by c.name_key, c.id limit ${limit + 1})
    select f.id, f.display_name, f.phone,
      cardinality(f.reads_for) - 1 as sub_customers, p.id as parent_id, p.display_name as parent_name, o.currency,
      i.open_invoices, i.open_balance, i.oldest_due_date
    from found f join organizations o on o.id = ${organizationId}
      left join customers p on p.organization_id = ${organizationId} and p.id = f.parent_id
      cross join lateral (select count(*)::int as open_invoices, sum(balance_due)::bigint as open_balance,
          min(due_date) as oldest_due_date
        from invoices where organization_id = ${organizationId} and closed_at is null and issued_at is not null
          and customer_id in (select id from unnest(f.reads_for) as id)) i
    order by f.name_key, f.id`);
  return {
    object: 'list' as const,
    has_more: rows.length > limit,
    data: rows.slice(0, limit).map(({ parentId, parentName, ...row }) => ({
      object: 'email_conflict' as const,
      ...snake(row),
      parent: parentId && parentName ? { id: parentId, display_name: parentName } : null,
    })),
  };
}

type BouncedRow = {
  id: string;
  kind: string;
  subject: string;
  state: 'failed' | 'soft_bounced' | 'bounced' | 'complained';
  reason: string | null;
  at: Date;
  emails: string[];
  heldBack: string[];
  security: boolean;
  awaitsDocument: boolean;
  customerId: string | null;
  displayName: string | null;
  email: string | null;
  invoiceId: string | null;
  number: string | null;
};

/** Newest first, by the index of just these. */
export async function listBouncedEmails(tx: Tx, page: Page & { customerId?: string | undefined }) {
  const { organizationId, limit } = page;
  const rows = await tx.list<BouncedRow>(sql`
    with found as (
      select m.* from messages m where m.organization_id = ${organizationId} and m.channel = 'email'
        and m.state in ('failed', 'soft_bounced', 'bounced', 'complained') and m.put_right_at is null
        ${page.customerId ? sql`and m.customer_id = ${page.customerId}` : sql``}
        ${page.startingAfter ? sql`and m.id < ${page.startingAfter}` : sql``}
      order by m.id desc limit ${limit + 1})
    select f.id, f.kind, f.security, f.awaits_document, f.subject, f.state, f.last_error as reason,
      coalesce(n.at, f.sent_at, f.created_at) as at,
      coalesce(n.emails, case when f.state = 'failed' then array(select e from unnest(f.to_emails || f.cc_emails) e
        where e <> all (f.accepted_emails)) end, f.to_emails) as emails,
      array(select p.email from email_problems p where p.organization_id = ${organizationId}
        and p.email = any(k.emails)) as held_back,
      c.id as customer_id, c.display_name, c.email, i.id as invoice_id, i.number
    from found f
      cross join lateral (select array(select lower(e) from unnest(f.to_emails || f.cc_emails) e) as emails offset 0) k
      left join customers c on c.organization_id = ${organizationId} and c.id = f.customer_id
      left join invoices i on i.organization_id = ${organizationId} and i.id = f.invoice_id
      left join lateral (select max(at) as at, array_agg(distinct email) filter (where email <> '') as emails
        from message_news where organization_id = ${organizationId} and message_id = f.id
          and kind in ('delayed', 'soft_bounced', 'bounced', 'complained')) n on true
    order by f.id desc`);
  return {
    object: 'list' as const,
    has_more: rows.length > limit,
    data: rows.slice(0, limit).map((row) => ({
      object: 'bounced_email' as const,
      id: row.id,
      kind: row.kind,
      subject: row.subject,
      state: row.state,
      reason: row.reason,
      at: row.at,
      emails: row.emails,
      held_back: row.heldBack,
      can_resend: wayToResend(row) !== 'refused',
      customer:
        row.customerId && row.displayName
          ? { id: row.customerId, display_name: row.displayName, email: row.email }
          : null,
      invoice: row.invoiceId && row.number ? { id: row.invoiceId, number: row.number } : null,
    })),
  };
}
