import { type RawBuilder, sql } from 'kysely';
import { chasingRests } from '#db/chasing-rests.ts';
import type { Tx } from '#db/db.ts';
import type { BulkAction, CustomerTraits, InvoiceTraits, Subject } from '#features/bulk-actions/rules.ts';
import { type CustomerConditions, customerConditions } from '#features/customers/queries.ts';
import { type InvoiceConditions, matchingInvoices } from '#features/invoices/queries.ts';
import { readerJoin } from '#features/invoices/read-sendable.ts';

export type BulkSettings = {
  reason?: string | undefined;
  customerType?: string | null | undefined;
  dunningPolicyId?: string | null | undefined;
};

/** Which rows: chosen one by one, or all that a filter finds. */
export type Chosen =
  | { subject: Subject; ids: readonly string[] }
  | { subject: 'invoices'; filter: InvoiceConditions }
  | { subject: 'customers'; filter: CustomerConditions };

export type Ask = {
  organizationId: string;
  action: BulkAction;
  chosen: Chosen;
  settings: BulkSettings;
  today: string;
};

export type ChosenRow = { id: string; label: string; customerId: string; dueDate: string | null } & (
  | InvoiceTraits
  | CustomerTraits
);

const invoiceTraits = (
  today: string,
) => sql`i.issued_at is not null as issued, i.voided_at is not null as voided,
  i.balance_due > 0 as owed, i.balance_due > 0 and i.reserved = i.balance_due as covered, i.reserved > 0 as reserved,
  i.written_off > 0 as written_off, i.applied > 0 or i.credited > 0 as paid_some, r.email is not null as has_email,
  coalesce((i.last_sent_at at time zone o.time_zone)::date = ${today}::date, false) as sent_today,
  i.reminders_off, not r.send_reminders as customer_reminders_off,
  coalesce(c.do_not_contact, r.do_not_contact) is not null as do_not_contact,
  i.closed_at is null and ${chasingRests('i', today)} as rests`;

const invoiceSource = sql`join organizations o on o.id = i.organization_id
  join customers c on c.organization_id = i.organization_id and c.id = i.customer_id ${readerJoin}`;

const customerTraits = ({ action, settings }: Pick<Ask, 'action' | 'settings'>) => {
  const same =
    action === 'set_type'
      ? sql`c.customer_type is not distinct from ${settings.customerType ?? null}`
      : action === 'set_policy'
        ? sql`c.dunning_policy_id is not distinct from ${settings.dunningPolicyId ?? null}`
        : sql`false`;
  return sql`c.deactivated_at is null as active, c.merged_into_id is not null as merged, ${same} as same,
    r.email is not null as has_email, ${action === 'invite' ? sql`p.state` : sql`''`} as portal_state,
    ${action === 'send_statement' ? owes : sql`true`} as owes`;
};
/** What is open of the customer, or of who bills with it. */
const owes = sql`exists (select from invoices i where i.organization_id = c.organization_id and i.closed_at is null
    and i.issued_at is not null and i.customer_id = c.id)
  or exists (select from customers k join invoices i on i.organization_id = k.organization_id and i.customer_id = k.id
    and i.closed_at is null and i.issued_at is not null
    where k.organization_id = c.organization_id and k.parent_id = c.id and k.bill_with_parent)`;

const customerSource = (action: BulkAction, organizationId: string) =>
  action === 'invite'
    ? sql`${readerJoin} left join portal_states(${organizationId}, (select array_agg(id::text) from c)) p
        on p.customer_id = c.id`
    : readerJoin;

/** So many of what was chosen, by their ids, behind the one where the work stands. */
async function slice(
  tx: Tx,
  ask: Ask,
  by: { after: string; before?: Date | undefined; limit: number },
): Promise<RawBuilder<unknown>> {
  const { organizationId, chosen } = ask;
  const table = sql.table(chosen.subject);
  const madeBefore = by.before ? sql`and x.created_at <= ${by.before}` : sql``;
  const within =
    'ids' in chosen
      ? sql`select t.* from ${table} t where t.organization_id = ${organizationId} and t.id = any(${[...chosen.ids]})`
      : chosen.subject === 'invoices'
        ? matchingInvoices(
            { organizationId, today: ask.today, ...chosen.filter },
            [], // What words find is few and has its own index; by ids, the planner walks past all others.
            chosen.filter.q === undefined ? sql`` : sql`offset 0`,
          )
        : sql`select c.* from customers c where ${sql.join(
            await customerConditions(tx, organizationId, chosen.filter),
            sql` and `,
          )}`;
  return sql`select * from (${within}) x where x.id > ${by.after} ${madeBefore} order by x.id limit ${by.limit}`;
}

/** The next rows, with what decides about each. */
export async function readChosenRows(
  tx: Tx,
  ask: Ask,
  by: { after: string; before?: Date | undefined; limit: number },
): Promise<ChosenRow[]> {
  const some = await slice(tx, ask, by);
  return tx.list<ChosenRow>(
    ask.chosen.subject === 'invoices'
      ? sql`with i as materialized (${some}) select i.id, i.number as label, i.customer_id, i.due_date,
          ${invoiceTraits(ask.today)} from i ${invoiceSource} order by i.id`
      : sql`with c as materialized (${some}) select c.id, c.display_name as label, c.id as customer_id,
          null as due_date, ${customerTraits(ask)} from c ${customerSource(ask.action, ask.organizationId)} order by c.id`,
  );
}

export type Counted = { count: number; traits: InvoiceTraits | CustomerTraits };

/** How many there are of each kind, of the first so many: the rules then say what becomes of a kind. */
export async function countChosen(tx: Tx, ask: Ask, most: number): Promise<Counted[]> {
  const some = await slice(tx, ask, { after: '', limit: most });
  const rows = await tx.list<(InvoiceTraits | CustomerTraits) & { count: number }>(
    ask.chosen.subject === 'invoices'
      ? sql`with i as materialized (${some}) select k.*, count(*)::int as count
          from (select ${invoiceTraits(ask.today)} from i ${invoiceSource}) k
          group by issued, voided, owed, covered, reserved, written_off, paid_some, has_email, sent_today, reminders_off,
            customer_reminders_off, do_not_contact, rests`
      : sql`with c as materialized (${some}) select k.*, count(*)::int as count
          from (select ${customerTraits(ask)} from c ${customerSource(ask.action, ask.organizationId)}) k
          group by active, merged, same, has_email, portal_state, owes`,
  );
  return rows.map(({ count, ...traits }) => ({ count, traits: traits as InvoiceTraits | CustomerTraits }));
}

/** How many were chosen: what is asked for by id is counted once. */
export async function countAll(tx: Tx, ask: Ask): Promise<number> {
  const some = await slice(tx, ask, { after: '', limit: 2_000_000 });
  const row = await tx.list<{ count: number }>(sql`select count(*)::int as count from (${some}) n`);
  return row[0]?.count ?? 0;
}
