import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { readAutopayDays } from '#features/autopay/read-facts.ts';
import { readToldCustomers, type ToldCustomer } from '#features/messenger/read-told.ts';
import type { AddressedInvoice, MessengerRule } from '#features/messenger/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { must, notFound } from '#lib/errors.ts';

export type MessengerSettings = MessengerRule & {
  timeZone: string;
  currency: string;
  workHour: number;
  /** At most so many reminders to a customer in so many days; null: no limit. */
  reminderLimitMessages: number | null;
  reminderLimitDays: number;
  statementDay: number | null;
  statementsFrom: string | null;
  statementsDoneFor: string | null;
};

export async function readMessengerSettings(tx: Tx, organizationId: string): Promise<MessengerSettings> {
  return must(
    await tx.row<MessengerSettings>(sql`select automatic_messages_since, new_invoice_when,
      new_invoice_delay_days, new_invoices_since, send_to_inactive, time_zone, currency, work_hour,
      reminder_limit_messages, reminder_limit_days, statement_day, statements_from, statements_done_for
    from organizations where id = ${organizationId}`),
    'the organization',
  );
}

export type Candidate = AddressedInvoice & {
  id: string;
  number: string;
  customerId: string;
  customerName: string;
  revision: number;
  /** Who reads what is told of it. */
  reader: ToldCustomer;
};
type Row = Omit<Candidate, 'messageCells' | 'customerIsActive' | 'mayBeContacted' | 'reader' | 'autopayOn'>;

const columns = sql.raw(`i.id, i.number, i.customer_id, c.display_name as customer_name, i.revision,
  i.invoice_date, i.due_date, i.balance_due, i.reserved, i.written_off, i.issued_at, i.voided_at, i.first_sent_at,
  (i.issued_at at time zone o.time_zone)::date as issued_on,
  coalesce(not b.send_invoices, false) as import_is_quiet`);
const joined = sql.raw(`invoices i join organizations o on o.id = i.organization_id
  join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
  left join import_batches b on b.organization_id = i.organization_id and b.id = i.import_batch_id`);

/** These invoices, locked, with what decides whether their customers are told of them. */
export async function lockCandidates(
  tx: Tx,
  organizationId: string,
  invoiceIds: readonly string[],
  today: CalendarDate,
): Promise<Candidate[]> {
  const rows = await tx.rows<Row>(sql`select ${columns} from ${joined}
    where i.organization_id = ${organizationId} and i.id = any(${[...invoiceIds]}) order by i.id
    for update of i`);
  return withReaders(tx, organizationId, { rows, today });
}

/** One of them as it stands, for who only wants to know. */
export async function readCandidate(
  tx: Tx,
  organizationId: string,
  { invoiceId, today }: { invoiceId: string; today: CalendarDate },
): Promise<Candidate> {
  const rows = await tx.rows<Row>(sql`select ${columns} from ${joined}
    where i.organization_id = ${organizationId} and i.id = ${invoiceId}`);
  const [candidate] = await withReaders(tx, organizationId, { rows, today });
  if (!candidate) throw notFound('invoice', invoiceId);
  return candidate;
}

export type Place = { issuedAt: Date; id: string };

/** Open invoices that nobody was ever sent, in the order in which they were issued, from a place on. */
export async function readUnsent(
  tx: Tx,
  organizationId: string,
  page: { after: Place | undefined; since: Date | null; limit: number; today: CalendarDate },
): Promise<Candidate[]> {
  const { after, since } = page;
  const from: RawBuilder<unknown>[] = [
    ...(since ? [sql`and i.issued_at >= ${since}`] : []),
    ...(after ? [sql`and (i.issued_at, i.id) > (${after.issuedAt}, ${after.id})`] : []),
  ];
  const rows = await tx.list<Row>(sql`select ${columns} from ${joined}
    where i.organization_id = ${organizationId} and i.first_sent_at is null and i.closed_at is null
      and i.issued_at is not null ${sql.join(from, sql` `)}
    order by i.issued_at, i.id limit ${page.limit}`);
  return withReaders(tx, organizationId, { rows, today: page.today });
}

async function withReaders(
  tx: Tx,
  organizationId: string,
  { rows, today }: { rows: readonly Row[]; today: CalendarDate },
): Promise<Candidate[]> {
  if (rows.length === 0) return [];
  const customers = await readToldCustomers(
    tx,
    organizationId,
    rows.map(({ customerId }) => customerId),
  );
  const readers = new Map(customers.map((each) => [each.customerId, each]));
  const autopay = await readAutopayDays(
    tx,
    organizationId,
    rows.map(({ id }) => id),
    today,
  );
  return rows.map((row) => {
    const reader = must(readers.get(row.customerId), 'the customer');
    const autopayOn = autopay.get(row.id) ?? null;
    const { messageCells, mayBeContacted, isActive: customerIsActive } = reader;
    return { ...row, reader, messageCells, customerIsActive, mayBeContacted, autopayOn };
  });
}
