import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { EInvoiceFormat } from '#features/e-invoices/rules.ts';
import { notFound } from '#lib/errors.ts';

/** Say which structured form goes along with an organization's invoices. */
export async function setEInvoicePolicy(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; format: EInvoiceFormat },
  now: Date,
): Promise<void> {
  const { organizationId, format } = input;
  await tx.run(sql`insert into e_invoice_policies (organization_id, format, updated_at)
    values (${organizationId}, ${format}, ${now})
    on conflict (organization_id) do update set format = excluded.format, updated_at = excluded.updated_at`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'e_invoice.policy_set', subjectId: organizationId, data: { format } },
  ]);
}

export type EInvoiceBuyer = {
  /** Null: as the organization does. */
  format: EInvoiceFormat | null;
  taxId: string | null;
  buyerReference: string | null;
};

/** Say what one customer wants instead, and what the standard asks about them. */
export async function setEInvoiceBuyer(
  tx: Tx,
  actor: Actor,
  input: EInvoiceBuyer & { organizationId: string; customerId: string },
  now: Date,
): Promise<void> {
  const { organizationId, customerId, format, taxId, buyerReference } = input;
  const known = await tx.row(sql`select 1 as known from customers
    where organization_id = ${organizationId} and id = ${customerId} for share`);
  if (!known) throw notFound('customer', customerId);
  await tx.run(sql`
    insert into e_invoice_buyers (organization_id, customer_id, format, tax_id, buyer_reference, updated_at)
    values (${organizationId}, ${customerId}, ${format}, ${taxId}, ${buyerReference}, ${now})
    on conflict (organization_id, customer_id) do update set format = excluded.format, tax_id = excluded.tax_id,
      buyer_reference = excluded.buyer_reference, updated_at = excluded.updated_at`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'e_invoice.buyer_set', subjectId: customerId, customerId, data: { format, tax_id: taxId } },
  ]);
}

export async function readEInvoicePolicy(tx: Tx, organizationId: string): Promise<EInvoiceFormat> {
  const row = await tx.row<{ format: EInvoiceFormat }>(
    sql`select format from e_invoice_policies where organization_id = ${organizationId}`,
  );
  return row?.format ?? 'none';
}

export async function readEInvoiceBuyer(
  tx: Tx,
  organizationId: string,
  customerId: string,
): Promise<EInvoiceBuyer> {
  const row = await tx.row<EInvoiceBuyer>(sql`select b.format, b.tax_id, b.buyer_reference
    from customers c left join e_invoice_buyers b on b.organization_id = c.organization_id and b.customer_id = c.id
    where c.organization_id = ${organizationId} and c.id = ${customerId}`);
  if (!row) throw notFound('customer', customerId);
  return row;
}
