import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { MailedInvoice } from '#features/invoices/send-invoice-mail.ts';
import type { Reader } from '#features/messenger/tell-rules.ts';

/** A customer that is told something, and who reads it for that customer. */
export type ToldCustomer = Reader & {
  customerId: string;
  /** Who owes; the reader may be its parent. */
  customerName: string;
  businessName: string | null;
  firstName: string | null;
  lastName: string | null;
  messageCells: string[];
  sendReminders: boolean;
  /** Neither it nor who reads for it is deactivated; nobody has said that either must be left alone. */
  isActive: boolean;
  mayBeContacted: boolean;
  statementLinkVersion: number;
};

/**
 * Who reads what a customer is told: the parent where it bills with one, as far up as that goes. Where either
 * may not be contacted, nothing is on.
 */
export const readToldCustomers = (
  tx: Tx,
  organizationId: string,
  customerIds: readonly string[],
): Promise<ToldCustomer[]> =>
  tx.rows<ToldCustomer>(sql`
    with recursive up(customer_id, reader_id, parent_id, depth) as (
      select id, id, case when bill_with_parent then parent_id end, 1 from customers
        where organization_id = ${organizationId} and id = any(${[...new Set(customerIds)]})
      union all
      select u.customer_id, p.id, case when p.bill_with_parent then p.parent_id end, u.depth + 1
        from up u join customers p on p.organization_id = ${organizationId} and p.id = u.parent_id
        where u.depth < 6)
    select distinct on (u.customer_id) u.customer_id, c.display_name as customer_name, c.statement_link_version,
      r.display_name, r.business_name, r.first_name, r.last_name, r.email, r.cc_emails, r.phone,
      r.billing_address, r.send_reminders,
      coalesce(c.deactivated_at, r.deactivated_at) is null as is_active,
      coalesce(c.do_not_contact, r.do_not_contact) is null as may_be_contacted,
      case when coalesce(c.do_not_contact, r.do_not_contact) is null then r.message_cells else '{}' end as message_cells
    from up u
      join customers c on c.organization_id = ${organizationId} and c.id = u.customer_id
      join customers r on r.organization_id = ${organizationId} and r.id = u.reader_id
    order by u.customer_id, u.depth desc`);

export type ToldInvoiceRow = MailedInvoice & { id: string; customerId: string; linkVersion: number };

/** The invoices as they stand now, locked: what is told of them is true when it is written. */
export const lockToldInvoices = (
  tx: Tx,
  organizationId: string,
  invoiceIds: readonly string[],
): Promise<ToldInvoiceRow[]> =>
  tx.rows<ToldInvoiceRow>(sql`
    select i.id, i.customer_id, i.number, i.currency, i.invoice_date, i.due_date, i.po_number, i.total,
      i.applied, i.credited, i.written_off, i.balance_due, i.reserved, i.issued_at, i.voided_at,
      i.link_version, c.display_name, c.business_name, c.first_name, c.last_name
    from invoices i join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    where i.organization_id = ${organizationId} and i.id = any(${[...new Set(invoiceIds)]})
    order by i.id for update of i`);

/** Which of these addresses mail is not sent to. */
export async function readEmailProblems(
  tx: Tx,
  organizationId: string,
  readers: readonly Pick<Reader, 'email' | 'ccEmails'>[],
): Promise<Set<string>> {
  const emails = readers.flatMap(({ email, ccEmails }) => [...(email ? [email] : []), ...ccEmails]);
  const rows = await tx.rows<{ email: string }>(sql`select email from email_problems
    where organization_id = ${organizationId} and email = any(${[...new Set(emails.map((each) => each.toLowerCase()))]})`);
  return new Set(rows.map(({ email }) => email));
}
