import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { channelsOf } from '#features/correspondence/channel-rules.ts';
import type { LocalDay } from '#features/days/work-day.ts';
import { type MessengerSettings, readMessengerSettings } from '#features/messenger/read-candidates.ts';
import { readToldCustomers, type ToldCustomer } from '#features/messenger/read-told.ts';
import { isLive, statementDayUpTo } from '#features/messenger/rules.ts';
import type { MessengerDeps } from '#features/messenger/send-new-invoices.ts';
import { type Tell, tellCustomers } from '#features/messenger/tell-customers.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

/** The statement day whose statements have yet to go; undefined when there is none. */
export function statementDayDue(
  settings: MessengerSettings,
  { today, now }: { today: CalendarDate; now: Date },
): CalendarDate | undefined {
  const { statementDay, statementsFrom, statementsDoneFor } = settings;
  if (statementDay === null || !isLive(settings, now)) return undefined;
  const day = statementDayUpTo(today, statementDay);
  const isBefore = (limit: CalendarDate | null): boolean => limit !== null && day < limit;
  return isBefore(statementsFrom) || (statementsDoneFor !== null && day <= statementsDoneFor)
    ? undefined
    : day;
}

/** One statement: whose, who reads it, and what is on it. */
export type StatementDue = Row & { reader: ToldCustomer };
type Row = { customerId: string; customerName: string; invoiceIds: string[]; total: bigint };

const perBatch = 50;

/**
 * The part of a day that sends statements: once a customer and month. After an outage the newest statement
 * day is worked, and those before it are not made up for.
 */
export async function workStatements(
  deps: MessengerDeps,
  { organizationId, today, now }: LocalDay,
): Promise<void> {
  const { db, secrets, outbox } = deps;
  const actor: Actor = { kind: 'job', organizationId, name: 'statements' };
  const settings = await db.transaction(actor, (tx) => readMessengerSettings(tx, organizationId));
  const day = statementDayDue(settings, { today, now });
  if (!day) return;
  let after: string | undefined = '';
  while (after !== undefined) {
    const from: string = after;
    after = await db.transaction(actor, async (tx) => {
      const page = { after: from, limit: perBatch, sendToInactive: settings.sendToInactive };
      const { due, last } = await readStatementsDue(tx, organizationId, page);
      const tells = due.map(({ customerId, invoiceIds }): Tell => {
        const key = `statement:${customerId}:${day.slice(0, 7)}`;
        return { type: 'statement', customerId, invoiceIds, key };
      });
      await tellCustomers(tx, actor, { secrets, outbox, organizationId, tells }, now);
      return last;
    });
  }
  await db.transaction(actor, (tx) =>
    tx.run(sql`update organizations set statements_done_for = ${day} where id = ${organizationId}`),
  );
}

type Page = { after: string; limit: number; sendToInactive: boolean };

/**
 * A page of customers with something to pay, and what their statements hold. Whoever bills with a parent that
 * sees its invoices is on the parent's; what a customer's page shows together is on one statement. As with
 * reminders, neither who owes nor who reads may be deactivated.
 */
export async function readStatementsDue(
  tx: Tx,
  organizationId: string,
  page: Page,
): Promise<{ due: StatementDue[]; last: string | undefined }> {
  const owing = await tx.list<{ customerId: string }>(sql`select i.customer_id from invoices i
      join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
        and (c.deactivated_at is null or ${page.sendToInactive})
    where i.organization_id = ${organizationId} and i.customer_id > ${page.after} and i.closed_at is null
      and i.issued_at is not null and i.reserved < i.balance_due
    group by i.customer_id order by i.customer_id limit ${page.limit}`);
  const ids = owing.map(({ customerId }) => customerId);
  const rows =
    ids.length === 0
      ? []
      : await tx.rows<Row>(sql`
    with recursive up(id, depth) as (
      select id, 1 from customers where organization_id = ${organizationId} and id = any(${ids})
      union select p.id, u.depth + 1 from up u
        join customers c on c.organization_id = ${organizationId} and c.id = u.id and c.bill_with_parent
        join customers p on p.organization_id = ${organizationId} and p.id = c.parent_id and p.portal_show_children
        where u.depth < 6),
    holder as (
      select distinct h.id, h.display_name, h.portal_show_children from up u
      join customers h on h.organization_id = ${organizationId} and h.id = u.id
      where not exists (select from customers p where p.organization_id = ${organizationId}
        and p.id = h.parent_id and h.bill_with_parent and p.portal_show_children)),
    shown(holder_id, id, depth) as (
      select id, id, 1 from holder
      union select s.holder_id, c.id, s.depth + 1 from shown s
        join holder h on h.id = s.holder_id and h.portal_show_children
        join customers c on c.organization_id = ${organizationId} and c.parent_id = s.id
        where s.depth < 7)
    select h.id as customer_id, h.display_name as customer_name,
      array_agg(i.id::text order by i.due_date, i.id) as invoice_ids, sum(i.balance_due)::bigint as total
    from holder h join (select distinct holder_id, id from shown) s on s.holder_id = h.id
      join invoices i on i.organization_id = ${organizationId} and i.customer_id = s.id and i.closed_at is null
        and i.issued_at is not null
    group by h.id, h.display_name order by h.id`);
  const readers = new Map(
    (
      await readToldCustomers(
        tx,
        organizationId,
        rows.map(({ customerId }) => customerId),
      )
    ).map((each) => [each.customerId, each]),
  );
  const due = rows
    .map((row) => ({ ...row, reader: must(readers.get(row.customerId), 'the reader') }))
    .filter(
      ({ reader }) =>
        (reader.isActive || page.sendToInactive) &&
        reader.sendReminders &&
        channelsOf(reader.messageCells, 'statement').length > 0,
    );
  return { due, last: ids.length === page.limit ? ids.at(-1) : undefined };
}
