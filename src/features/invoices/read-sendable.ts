import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { MailedInvoice } from '#features/invoices/send-invoice-mail.ts';
import type { InvoiceToSend } from '#features/invoices/send-invoice-rules.ts';

export type Sendable = MailedInvoice &
  InvoiceToSend & { id: string; customerId: string; linkVersion: number; lastSentAt: Date | null };

/**
 * `r`, who reads what is for the customer `c`: whoever bills with a parent has its mail go there, as far up
 * as that goes.
 */
export const readerJoin = sql.raw(`left join lateral (with recursive up(id, parent_id, depth) as (
        select p.id, case when p.bill_with_parent then p.parent_id end, 1 from customers p
          where p.organization_id = c.organization_id and p.id = c.parent_id and c.bill_with_parent
        union all
        select p.id, case when p.bill_with_parent then p.parent_id end, u.depth + 1 from up u
          join customers p on p.organization_id = c.organization_id and p.id = u.parent_id where u.depth < 6)
      select id from up order by depth desc limit 1) payer on true
    join customers r on r.organization_id = c.organization_id and r.id = coalesce(payer.id, c.id)`);

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
