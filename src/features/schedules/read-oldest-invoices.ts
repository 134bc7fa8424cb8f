import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { lockInvoices } from '#features/payments/lock-invoices.ts';
import type { OpenInvoice } from '#features/schedules/payment-rules.ts';

/** Enough for any amount that is charged again and again. */
const mostInvoices = 100;

/**
 * What each customer owes, the oldest due first, locked: a payment that comes by itself is put against it.
 * Invoices that a plan pays or that are in dispute are left alone.
 */
export async function lockOldestInvoices(
  tx: Tx,
  organizationId: string,
  customerIds: readonly string[],
): Promise<Map<string, OpenInvoice[]>> {
  const wanted = [...new Set(customerIds)];
  const found = await tx.rows<{ id: string; customerId: string }>(sql`
    select i.id, i.customer_id from unnest(${wanted}::text[]) as c(id) cross join lateral (
      select i.id, i.customer_id, i.due_date from invoices i
      where i.organization_id = ${organizationId} and i.customer_id = c.id and i.closed_at is null
        and i.issued_at is not null and i.balance_due > i.reserved and i.payment_plan_id is null
        and not exists (select from disputes d where d.organization_id = i.organization_id and d.invoice_id = i.id
          and d.state = 'open')
      order by i.due_date, i.id limit ${mostInvoices}) i
    order by i.due_date, i.id`);
  const locked = await lockInvoices(
    tx,
    organizationId,
    found.map(({ id }) => id),
  );
  const byCustomer = new Map<string, OpenInvoice[]>();
  for (const { id, customerId } of found) {
    const invoice = locked.get(id);
    if (!invoice?.isOpen) continue;
    const payable = invoice.balanceDue - invoice.reserved;
    byCustomer.set(customerId, [...(byCustomer.get(customerId) ?? []), { id, payable }]);
  }
  return byCustomer;
}
