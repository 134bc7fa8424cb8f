import { type RawBuilder, sql } from 'kysely';
import { isHostMail } from '#features/correspondence/host-mail.ts';

/** How a cell is written: an amount in the units people write, by the row's currency; else as it is. */
type Kind = 'text' | 'money';
export type SheetColumn = readonly [heading: string, value: string, kind?: Kind];

/** One CSV file: what stands in it, and from where. Money columns are written by the alias `currency`. */
export type Sheet = {
  name: string;
  columns: readonly SheetColumn[];
  from: (organizationId: string) => RawBuilder<unknown>;
};

const at = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const list = (column: string): string => `array_to_string(${column}, '; ')`;
const yes = (condition: string): string => `case when ${condition} then 'Y' else 'N' end`;

const address = (column: 'billing' | 'shipping', title: string): SheetColumn[] =>
  (
    [
      ['address 1', 'line1'],
      ['address 2', 'line2'],
      ['city', 'city'],
      ['region', 'region'],
      ['postal code', 'postal_code'],
      ['country', 'country'],
    ] as const
  ).map(([words, key]) => [`${title} ${words}`, `c.${column}_address ->> '${key}'`]);

const customerName: SheetColumn = ['Customer', 'c.display_name'];
const ofCustomer = sql`join customers c on c.organization_id = x.organization_id and c.id = x.customer_id`;
const invoiceState = `case when x.issued_at is null then 'draft' when x.voided_at is not null then 'void'
  when x.balance_due = 0 and x.written_off > 0 then 'written_off' when x.balance_due = 0 then 'paid'
  when x.reserved = x.balance_due then 'pending' else 'open' end`;

/** As the import reads them: headings that it knows, and rows that it takes. */
export const customerSheet: Sheet = {
  name: 'import/customers.csv',
  columns: [
    ['External ID', 'c.external_id'],
    ['Display name', 'c.display_name'],
    ['Business name', 'c.business_name'],
    ['First name', 'c.first_name'],
    ['Last name', 'c.last_name'],
    ['Email', 'c.email'],
    ['CC emails', list('c.cc_emails')],
    ['Phone', 'c.phone'],
    ...address('billing', 'Billing'),
    ...address('shipping', 'Shipping'),
    ['Customer type', 'c.customer_type'],
    ['Active', yes('c.deactivated_at is null')],
    ['Send reminders', yes('c.send_reminders')],
    ['Charge late fees', yes('c.charge_late_fees')],
    ['Notes', 'c.notes'],
    ['Terms days', 'c.terms_days'],
  ],
  // Whose record was merged has no papers of its own any more.
  from: (organizationId) => sql`from customers c where c.organization_id = ${organizationId}
    and c.merged_into_id is null order by c.id`,
};

/** As the import reads them; rates by the names under which it finds those in use. */
const itemSheet: Sheet = {
  name: 'import/items.csv',
  columns: [
    ['Name', 'i.name'],
    ['Description', 'i.description'],
    // Three decimals could be thousands: nobody is to be asked about a file of ours.
    ['Price of one', `i.unit_price || case when i.unit_price ~ '[.][0-9]{3}$' then '0' else '' end`],
    ['Currency', 'o.currency'],
    ['Taxable', yes('i.taxable or i.tax_rate_ids <> array[]::text[]')],
    [
      'Tax rates',
      `array_to_string(array(select t.name from unnest(i.tax_rate_ids) with ordinality as r(id, at)
        join tax_rates t on t.organization_id = i.organization_id and t.id = r.id and t.deactivated_at is null
        order by r.at), '; ')`,
    ],
    ['Active', yes('i.deactivated_at is null')],
  ],
  from: (organizationId) => sql`from items i join organizations o on o.id = i.organization_id
    where i.organization_id = ${organizationId} order by i.id`,
};

export const sheets: readonly Sheet[] = [
  customerSheet,
  itemSheet,
  {
    name: 'customers.csv',
    columns: [
      ['ID', 'c.id'],
      ...customerSheet.columns,
      ['Merged into', 'c.merged_into_id'],
      ['Created', at('c.created_at')],
    ],
    from: (organizationId) => sql`from customers c where c.organization_id = ${organizationId} order by c.id`,
  },
  {
    name: 'invoices.csv',
    columns: [
      ['ID', 'x.id'],
      ['Number', 'x.number'],
      ['Customer ID', 'x.customer_id'],
      customerName,
      ['State', invoiceState],
      ['Invoice date', 'x.invoice_date'],
      ['Due date', 'x.due_date'],
      ['PO number', 'x.po_number'],
      ['Memo', 'x.memo'],
      ['Currency', 'x.currency'],
      ['Subtotal', 'x.subtotal', 'money'],
      ['Discount', 'x.discount', 'money'],
      ['Tax', 'x.tax', 'money'],
      ['Total', 'x.total', 'money'],
      ['Late fees', 'x.fees', 'money'],
      ['Applied', 'x.applied', 'money'],
      ['Credited', 'x.credited', 'money'],
      ['Written off', 'x.written_off', 'money'],
      ['Balance due', 'x.balance_due', 'money'],
      ['Issued', at('x.issued_at')],
      ['Voided', at('x.voided_at')],
    ],
    from: (organizationId) =>
      sql`from invoices x ${ofCustomer} where x.organization_id = ${organizationId} order by x.id`,
  },
  {
    name: 'invoice-lines.csv',
    columns: [
      ['Invoice ID', 'x.id'],
      ['Invoice', 'x.number'],
      ['Line', 'l.line_no'],
      ['Item', 'l.item_name'],
      ['Description', 'l.description'],
      ['Quantity', 'l.quantity'],
      ['Unit price', 'l.unit_price'],
      ['Discount', 'l.discount'],
      ['Amount', 'l.amount', 'money'],
      ['Currency', 'x.currency'],
      ['Taxable', yes('l.taxable')],
      ['Tax rate', 'l.tax_rate'],
      ['Service date', 'l.service_date'],
    ],
    from: (
      organizationId,
    ) => sql`from invoice_lines l join invoices x on x.organization_id = l.organization_id
      and x.id = l.invoice_id where l.organization_id = ${organizationId} order by l.invoice_id, l.line_no`,
  },
  {
    name: 'payments.csv',
    columns: [
      ['ID', 'x.id'],
      ['Customer ID', 'x.customer_id'],
      customerName,
      ['Kind', 'x.kind'],
      ['Source', 'x.source'],
      ['State', 'x.state'],
      ['Received on', 'x.received_on'],
      ['Reference', 'x.reference'],
      ['Memo', 'x.memo'],
      ['Currency', 'x.currency'],
      ['Amount', 'x.amount', 'money'],
      ['Fee', 'x.fee', 'money'],
      ['Applied', 'x.applied', 'money'],
      ['Refunded', 'x.refunded', 'money'],
      ['Gateway reference', 'x.gateway_reference'],
      ['Posted', at('x.posted_at')],
      ['Settled', at('x.settled_at')],
      ['Ended', at('x.ended_at')],
    ],
    from: (organizationId) =>
      sql`from payments x ${ofCustomer} where x.organization_id = ${organizationId} order by x.id`,
  },
  {
    name: 'payment-applications.csv',
    columns: [
      ['Payment ID', 'a.payment_id'],
      ['Invoice ID', 'a.invoice_id'],
      ['Invoice', 'x.number'],
      ['Amount', 'a.amount', 'money'],
      ['Currency', 'x.currency'],
      ['State', 'a.state'],
      ['Applied', at('a.applied_at')],
      ['Ended', at('a.ended_at')],
    ],
    from: (
      organizationId,
    ) => sql`from payment_applications a join invoices x on x.organization_id = a.organization_id
      and x.id = a.invoice_id where a.organization_id = ${organizationId} order by a.id`,
  },
  {
    name: 'credit-memos.csv',
    columns: [
      ['ID', 'x.id'],
      ['Number', 'x.number'],
      ['Customer ID', 'x.customer_id'],
      customerName,
      ['Date', 'x.memo_date'],
      ['Currency', 'x.currency'],
      ['Subtotal', 'x.subtotal', 'money'],
      ['Total', 'x.total', 'money'],
      ['Issued', at('x.issued_at')],
      ['Voided', at('x.voided_at')],
    ],
    from: (organizationId) =>
      sql`from credit_memos x ${ofCustomer} where x.organization_id = ${organizationId} order by x.id`,
  },
  {
    name: 'refunds.csv',
    columns: [
      ['ID', 'x.id'],
      ['Payment ID', 'x.payment_id'],
      ['Customer ID', 'x.customer_id'],
      customerName,
      ['State', 'x.state'],
      ['Currency', 'x.currency'],
      ['Amount', 'x.amount', 'money'],
      ['Requested', at('x.requested_at')],
    ],
    from: (organizationId) =>
      sql`from refunds x ${ofCustomer} where x.organization_id = ${organizationId} order by x.id`,
  },
  {
    name: 'deposits.csv',
    columns: [
      ['ID', 'x.id'],
      ['Kind', 'x.kind'],
      ['State', 'x.state'],
      ['Made on', 'x.made_on'],
      ['Arrives on', 'x.arrives_on'],
      ['Currency', 'x.currency'],
      ['Gross', 'x.gross', 'money'],
      ['Fees', 'x.fees', 'money'],
      ['Returned', 'x.returned', 'money'],
      ['Amount', 'x.amount', 'money'],
    ],
    from: (organizationId) => sql`from deposits x where x.organization_id = ${organizationId} order by x.id`,
  },
  {
    name: 'journal.csv',
    columns: [
      ['Entry ID', 'e.id'],
      ['Date', 'e.entry_date'],
      ['Kind', 'e.kind'],
      ['Of', 'e.source_id'],
      ['Line', 'x.line_no'],
      ['Account', 'a.name'],
      ['Customer ID', 'x.customer_id'],
      ['Invoice ID', 'x.invoice_id'],
      ['Currency', 'x.currency'],
      ['Debit', 'x.debit', 'money'],
      ['Credit', 'x.credit', 'money'],
    ],
    from: (organizationId) => sql`from journal_lines x
      join journal_entries e on e.organization_id = x.organization_id and e.id = x.entry_id
      left join ledger_accounts a on a.organization_id = x.organization_id and a.key = x.account
      where x.organization_id = ${organizationId} order by x.entry_id, x.line_no`,
  },
  {
    name: 'messages.csv',
    columns: [
      ['ID', 'x.id'],
      ['Kind', 'x.kind'],
      ['Channel', 'x.channel'],
      ['State', 'x.state'],
      ['Customer ID', 'x.customer_id'],
      ['Invoice ID', 'x.invoice_id'],
      ['To', list('x.to_emails')],
      ['Copies to', list('x.cc_emails')],
      ['Subject', 'x.subject'],
      ['Created', at('x.created_at')],
    ],
    from: (organizationId) => sql`from messages x where x.organization_id = ${organizationId}
      and not ${isHostMail(sql`x.organization_id`, sql`x.id`)} order by x.id`,
  },
  {
    name: 'notes.csv',
    columns: [
      ['Customer ID', 'x.customer_id'],
      customerName,
      ['Invoice ID', 'x.invoice_id'],
      ['Outcome', 'x.outcome'],
      ['Text', 'x.text'],
      ['By', 'staff_name(x.user_id)'],
      ['Written', at('x.created_at')],
    ],
    from: (organizationId) =>
      sql`from customer_notes x ${ofCustomer} where x.organization_id = ${organizationId} order by x.id`,
  },
];
