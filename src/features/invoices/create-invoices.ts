import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { type NewEvent, record } from '#db/events.ts';
import { type Line, snapshotOf } from '#features/invoices/rules.ts';
import { writeInvoiceLines } from '#features/invoices/write-invoice-lines.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { entryOfInvoice } from '#features/ledger/rules.ts';
import { newId } from '#lib/ids.ts';

export type NewInvoice = {
  customerId: string;
  number: string;
  externalId?: string | null | undefined;
  currency: string;
  invoiceDate: string;
  dueDate: string;
  terms?: string | null | undefined;
  poNumber?: string | null | undefined;
  memo?: string | null | undefined;
  subtotal: bigint;
  tax: bigint;
  total: bigint;
  discount?: bigint | undefined;
  discountTerms?: string | undefined;
  taxExemptReason?: string | null | undefined;
  lines: readonly Line[];
  /** The invoice that it is a late fee of. */
  lateFeeOf?: string;
};

/**
 * Put invoices on the books, as drafts or issued at once: rows, lines, journal entries and events in a
 * handful of statements for any number. Numbers and customers have been decided by the caller, under its
 * lock.
 */
export async function createInvoices(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    invoices: readonly NewInvoice[];
    issue: boolean;
    importBatchId?: string;
    quiet?: boolean;
  },
  now: Date,
): Promise<{ invoiceIds: string[] }> {
  const { organizationId, issue } = input;
  const invoices = input.invoices.map((invoice) => ({ ...invoice, id: newId('invoice'), revision: 0 }));
  const column = <T>(pick: (invoice: (typeof invoices)[number]) => T): T[] => invoices.map(pick);
  // An invoice over nothing is paid the moment it is issued.
  await tx.run(sql`
    insert into invoices (organization_id, id, customer_id, number, external_id, currency, invoice_date, due_date, terms,
      po_number, memo, subtotal, tax, total, late_fee_of, discount, discount_terms, tax_exempt_reason, issued_at, closed_at,
      import_batch_id, created_at, updated_at)
    select ${organizationId}, i.*, ${issue ? now : null}::timestamptz,
      case when ${issue} and i.total = 0 then ${now}::timestamptz end, ${input.importBatchId ?? null}, ${now}, ${now}
    from unnest(${column((i) => i.id)}::text[], ${column((i) => i.customerId)}::text[],
      ${column((i) => i.number)}::text[], ${column((i) => i.externalId ?? null)}::text[],
      ${column((i) => i.currency)}::text[], ${column((i) => i.invoiceDate)}::date[], ${column((i) => i.dueDate)}::date[],
      ${column((i) => i.terms ?? null)}::text[], ${column((i) => i.poNumber ?? null)}::text[],
      ${column((i) => i.memo ?? null)}::text[], ${column((i) => i.subtotal)}::bigint[], ${column((i) => i.tax)}::bigint[],
      ${column((i) => i.total)}::bigint[], ${column((i) => i.lateFeeOf ?? null)}::text[],
      ${column((i) => i.discount ?? 0n)}::bigint[], ${column((i) => i.discountTerms ?? '')}::text[],
      ${column((i) => i.taxExemptReason ?? null)}::text[])
      as i(id, customer_id, number, external_id, currency, invoice_date, due_date, terms, po_number, memo, subtotal, tax,
        total, late_fee_of, discount, discount_terms, tax_exempt_reason)`);
  await writeInvoiceLines(tx, organizationId, invoices);
  if (issue) await postEntries(tx, organizationId, invoices.map(entryOfInvoice), now);
  const quiet = input.quiet ?? Boolean(input.importBatchId);
  await record(
    tx,
    { actor, organizationId, now, quiet },
    invoices.map(
      (invoice): NewEvent => ({
        type: issue ? 'invoice.issued' : 'invoice.created',
        subjectId: invoice.id,
        customerId: invoice.customerId,
        data: {
          revision: 0,
          document: snapshotOf({
            ...invoice,
            terms: invoice.terms ?? null,
            poNumber: invoice.poNumber ?? null,
            memo: invoice.memo ?? null,
          }),
          ...(input.importBatchId ? { import_batch_id: input.importBatchId } : {}),
        },
      }),
    ),
  );
  return { invoiceIds: invoices.map((invoice) => invoice.id) };
}
