import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { MailedInvoice } from '#features/invoices/send-invoice-mail.ts';
import type { InvoiceToSend } from '#features/invoices/send-invoice-rules.ts';

export type Sendable = MailedInvoice &
  InvoiceToSend & { id: string; customerId: string; linkVersion: number; lastSentAt: Date | null };

/**
 * `r`, who reads what is for the customer `c`: itself, or the parent it bills with, as far up as that goes.
 * `offset 0` makes it a look into an index for each: the planner, left free, has tried all customers for all.
 */
export const readerJoin = sql.raw(`cross join lateral (select n.* from customers n
    where n.organization_id = c.organization_id and n.id = (case when not c.bill_with_parent then c.id::text else (
      with recursive up(id, parent_id, depth) as (select c.id::text, c.parent_id::text, 0
        union all
        select p.id::text, case when p.bill_with_parent then p.parent_id::text end, u.depth + 1 from up u
          join customers p on p.organization_id = c.organization_id and p.id = u.parent_id where u.depth < 6)
      select up.id from up order by up.depth desc limit 1) end) offset 0) r`);

/** Invoices with their readers, as a mail needs them. */
export const readSendable = (
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
  lock: 'locked' | 'as they are',
): Promise<Sendable[]> =>
  tx.rows<Sendable>(sql`
    select i.id, i.customer_id, i.number, i.currency, i.invoice_date, i.due_date, i.po_number, i.total,
      i.applied, i.credited, i.written_off, i.balance_due, i.reserved, i.issued_at, i.voided_at,
      i.link_version, i.last_sent_at, c.display_name, c.display_name as customer_name, r.business_name,
      r.first_name, r.last_name, r.email as customer_email, r.cc_emails
    from invoices i join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    ${readerJoin}
    where i.organization_id = ${organizationId} and i.id = any(${[...new Set(ids)]}) order by i.id
      ${lock === 'locked' ? sql`for update of i` : sql``}`);
