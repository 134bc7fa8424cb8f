import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { readerJoin } from '#features/invoices/read-sendable.ts';
import { type InvoiceFacts, payableNow, stateOfInvoice } from '#features/invoices/rules.ts';
import type { Reader, ReminderFacts } from '#features/reminders/eligibility-rules.ts';
import type { ReminderLimit } from '#features/reminders/limit-rules.ts';
import type { Chooses } from '#features/reminders/read-policies.ts';
import type { PostalAddress } from '#lib/address-lines.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

/** What holds for all invoices of an organization on a day. */
export type Setting = {
  isLive: boolean;
  sendToInactive: boolean;
  locale: string;
  limit: ReminderLimit | null;
};

export async function readSetting(tx: Tx, organizationId: string, now: Date): Promise<Setting> {
  const { messages, days, ...setting } = must(
    await tx.row<Omit<Setting, 'limit'> & { messages: number | null; days: number }>(sql`
      select coalesce(automatic_messages_since <= ${now}, false) as is_live, send_to_inactive, locale,
        reminder_limit_messages as messages, reminder_limit_days as days
      from organizations where id = ${organizationId}`),
    'the organization',
  );
  return { ...setting, limit: messages === null ? null : { messages, days } };
}

/** On which day, and within which limit: a DayPlan has these. */
type OnDay = { organizationId: string; today: CalendarDate; setting: Pick<Setting, 'limit'> };

export type InvoiceToRemind = {
  id: string;
  customerId: string;
  number: string;
  currency: string;
  dueDate: string;
  chooses: Chooses;
  lastFeeWarnedOn: string | null;
  facts: Omit<ReminderFacts, 'isLive' | 'sendToInactive' | 'limit'>;
};

type Row = InvoiceFacts & {
  id: string;
  customerId: string;
  number: string;
  currency: string;
  remindersOff: boolean;
  lastRemindedOn: string | null;
  lastFeeWarnedOn: string | null;
  readerId: string;
  readerName: string;
  sendReminders: boolean;
  isActive: boolean;
  mayBeContacted: boolean;
  cells: string[];
  email: string | null;
  emailProblem: string | null;
  takesMail: boolean;
  phone: string | null;
  billingAddress: PostalAddress;
  addressConfirmed: boolean;
  customerType: string | null;
  dunningPolicyId: string | null;
  disputed: boolean;
  restsUntil: string | null;
  promisedOn: string | null;
  isOnPlan: boolean;
};

/**
 * Everything that decisions rest on, of the invoices that `where` chooses. Who reads is the customer, or the
 * parent that it bills with: then the parent’s settings, policy and address count (product-a 5.7).
 */
export async function readFacts(
  tx: Tx,
  day: OnDay,
  where: RawBuilder<unknown>,
  lock = false,
): Promise<InvoiceToRemind[]> {
  const { organizationId } = day;
  const rows = await tx.rows<Row>(sql`
    select i.id, i.customer_id, i.number, i.currency, i.due_date, i.issued_at, i.voided_at, i.balance_due,
      i.reserved, i.written_off, i.reminders_off, i.last_reminded_on, i.last_fee_warned_on,
      r.id as reader_id, r.display_name as reader_name, r.send_reminders,
      coalesce(c.deactivated_at, r.deactivated_at) is null as is_active,
      coalesce(c.do_not_contact, r.do_not_contact) is null as may_be_contacted,
      r.message_cells as cells, r.email, r.phone, r.billing_address, r.address_state = 'confirmed' as address_confirmed,
      r.customer_type, r.dunning_policy_id, e.reason as email_problem,
      (r.email is not null and e.email is null) or (cardinality(r.cc_emails) > 0 and exists (
        select from (select lower(cc) as email from unnest(r.cc_emails) cc offset 0) k where not exists (
          select from email_problems x where x.organization_id = i.organization_id and x.email = k.email))) as takes_mail,
      d.id is not null as disputed, d.rests_until, p.promised_on,
      i.payment_plan_id is not null as is_on_plan
    from invoices i
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    ${readerJoin}
    left join email_problems e on e.organization_id = i.organization_id and e.email = r.email_key
    left join disputes d on d.organization_id = i.organization_id and d.invoice_id = i.id and d.state = 'open'
    left join promises_to_pay p on p.organization_id = i.organization_id and p.invoice_id = i.id
      and p.state = 'open'
    where i.organization_id = ${organizationId} and ${where}
    ${lock ? sql`order by i.id for update of i` : sql``}`);
  const remindedOn = await readRemindedOn(tx, day, rows);
  return rows.map((row) => toFacts(row, remindedOn.get(row.customerId) ?? []));
}

/** Of the reminder `b` something left, or still waits to: what was held back uses up no limit. */
export const hasLeft = sql.raw(`exists (select from messages m where m.organization_id = b.organization_id
  and m.id = any(b.message_ids) and m.state <> 'suppressed' offset 0)`);

/**
 * On which days each of these customers was reminded last. What went in several channels, or of several
 * invoices in one message, went once. Read after the lock: what another worker has sent is seen.
 */
async function readRemindedOn(
  tx: Tx,
  day: OnDay,
  rows: readonly Row[],
): Promise<ReadonlyMap<string, string[]>> {
  const { organizationId, today } = day;
  const { limit } = day.setting;
  if (!limit || rows.length === 0) return new Map();
  const ids = [...new Set(rows.map(({ customerId }) => customerId))];
  const reminded = await tx.rows<{ customerId: string; days: string[] }>(sql`
    select customer_id, ((array_agg(sent_on::text order by sent_on desc))[1:${limit.messages}]) as days from (
      select distinct customer_id, message_ids[1], sent_on from reminders b
      where organization_id = ${organizationId} and customer_id = any(${ids}::text[]) and state = 'sent'
        and sent_on > ${addDays(today, -limit.days)} and ${hasLeft}) one
    group by customer_id`);
  return new Map(reminded.map(({ customerId, days }) => [customerId, days]));
}

function toFacts(row: Row, remindedOn: readonly string[]): InvoiceToRemind {
  const { id, customerId, number, currency, dueDate, customerType, dunningPolicyId } = row;
  const reader: Reader = {
    id: row.readerId,
    name: row.readerName,
    sendReminders: row.sendReminders,
    isActive: row.isActive,
    mayBeContacted: row.mayBeContacted,
    cells: row.cells,
    email: row.email,
    emailProblem: row.emailProblem,
    takesMail: row.takesMail,
    phone: row.phone,
    hasAddress: Boolean(row.billingAddress.line1?.trim()),
    addressConfirmed: row.addressConfirmed,
  };
  return {
    ...{ id, customerId, number, currency, dueDate },
    chooses: { customerType, dunningPolicyId },
    lastFeeWarnedOn: row.lastFeeWarnedOn,
    facts: {
      reader,
      remindedOn,
      invoice: {
        state: stateOfInvoice(row),
        payable: payableNow(row),
        dueDate,
        remindersOff: row.remindersOff,
        lastOn: row.lastRemindedOn,
      },
      dispute: row.disputed ? { restsUntil: row.restsUntil } : null,
      promise: row.promisedOn ? { promisedOn: row.promisedOn } : null,
      isOnPlan: row.isOnPlan,
    },
  };
}
