import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import {
  type InvoiceDocument,
  isSameDocument,
  type RevisableInvoice,
  refuseRevision,
} from '#features/invoices/revision-rules.ts';
import { type Line, snapshotOf } from '#features/invoices/rules.ts';
import { dropInvoiceLines, writeInvoiceLines } from '#features/invoices/write-invoice-lines.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { entryOfInvoice, reversalOfInvoice } from '#features/ledger/rules.ts';
import type { Tax } from '#features/taxes/rules.ts';

export type Revision = { invoiceId: string; document: InvoiceDocument };
export type RevisionVerdict =
  | { ok: true; changed: boolean; before: RevisableInvoice }
  | { ok: false; reason: string };

type StoredLine = [string, string, string, string, number, boolean, string, string, string | null, Tax[]];
type StoredInvoice = Omit<RevisableInvoice, 'lines'> & { lines: StoredLine[] };

const toLine = ([
  itemName,
  description,
  quantity,
  unitPrice,
  amount,
  taxable,
  taxRate,
  discount,
  serviceDate,
  taxes,
]: StoredLine): Line => ({
  itemName,
  description,
  quantity,
  unitPrice,
  amount: BigInt(amount),
  taxable,
  taxRate,
  discount,
  serviceDate,
  taxes,
});

/**
 * Invoices with their lines, by id, external id or number; locked (ids in order) where a decision rests on
 * them.
 */
export async function readRevisable(
  tx: Tx,
  organizationId: string,
  keys: { ids?: readonly string[]; externalIds?: readonly string[]; numbers?: readonly string[] },
  lock: boolean,
): Promise<RevisableInvoice[]> {
  const parts = [
    ['id', keys.ids],
    ['external_id', keys.externalIds],
    ['number', keys.numbers],
  ] as const;
  const wanted = parts.flatMap(([column, values]) =>
    values && values.length > 0
      ? [
          sql`select k.id from invoices k where k.organization_id = ${organizationId}
            and k.${sql.ref(column)} = any(${values}::text[])`,
        ]
      : [],
  );
  if (wanted.length === 0) return [];
  const chosen = sql`i.organization_id = ${organizationId} and i.id in (${sql.join(wanted, sql` union `)})`;
  // In a statement of its own: one that waits for a lock sees the row anew, but the old lines.
  if (lock) await tx.run(sql`select i.id from invoices i where ${chosen} order by i.id for update`);
  const rows = await tx.rows<StoredInvoice>(sql`
    select i.id, i.customer_id, i.number, i.external_id, i.currency, i.invoice_date, i.due_date, i.terms,
    i.po_number,
      i.memo, i.subtotal, i.tax, i.total, i.discount, i.discount_terms, i.tax_exempt_reason,
      i.fees, i.applied, i.credited, i.written_off, i.reserved,
      i.revision, i.late_fee_of,
      i.issued_at is not null as is_issued, i.voided_at is not null as is_void, i.import_batch_id,
      coalesce((select json_agg(json_build_array(l.item_name, l.description, l.quantity, l.unit_price,
      l.amount, l.taxable,
        l.tax_rate, l.discount, l.service_date, l.taxes) order by l.line_no) from invoice_lines l
        where l.organization_id = i.organization_id and l.invoice_id = i.id), '[]') as lines
    from invoices i where ${chosen} order by i.id`);
  return rows.map((row) => ({ ...row, lines: row.lines.map(toLine) }));
}

/**
 * Say anew what issued invoices say: the entry is reversed and posted again, the lines are replaced, the
 * revision is counted. Answers a verdict an item; what says the same already is left alone. The reversal
 * carries the date of the entry it takes back, so that no day between shows both.
 */
export async function reviseInvoices(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; revisions: readonly Revision[]; importBatchId?: string },
  now: Date,
): Promise<RevisionVerdict[]> {
  const { organizationId, importBatchId } = input;
  const found = await readRevisable(
    tx,
    organizationId,
    { ids: input.revisions.map((r) => r.invoiceId) },
    true,
  );
  const byId = new Map(found.map((invoice) => [invoice.id, invoice]));
  const revised = new Map<string, RevisableInvoice>();
  const verdicts = input.revisions.map(({ invoiceId, document }): RevisionVerdict => {
    const stored = byId.get(invoiceId);
    if (!stored) return { ok: false, reason: 'There is no such invoice.' };
    // Two in one batch are one revision, which says what the later one does.
    const before = revised.get(invoiceId) ?? stored;
    if (isSameDocument(before, document)) return { ok: true, changed: false, before };
    const reason = refuseRevision(before, document);
    if (reason) return { ok: false, reason };
    revised.set(invoiceId, { ...stored, ...document, revision: stored.revision + 1 });
    return { ok: true, changed: true, before };
  });
  if (revised.size === 0) return verdicts;
  const after = [...revised.values()];
  await writeRevisions(tx, organizationId, after, now);
  const before = after.flatMap(({ id }) => byId.get(id) ?? []);
  const entries = [
    ...before.map((invoice) => reversalOfInvoice(invoice, invoice.invoiceDate)),
    ...after.map(entryOfInvoice),
  ];
  await postEntries(tx, organizationId, entries, now);
  await record(
    tx,
    { actor, organizationId, now, quiet: Boolean(importBatchId) },
    after.map((invoice) => ({
      type: 'invoice.revised',
      subjectId: invoice.id,
      customerId: invoice.customerId,
      data: {
        revision: invoice.revision,
        document: snapshotOf(invoice),
        ...(importBatchId ? { import_batch_id: importBatchId } : {}),
      },
    })),
  );
  return verdicts;
}

async function writeRevisions(
  tx: Tx,
  organizationId: string,
  invoices: readonly RevisableInvoice[],
  now: Date,
): Promise<void> {
  const column = <T>(pick: (invoice: RevisableInvoice) => T): T[] => invoices.map(pick);
  await tx.run(sql`
    update invoices i set customer_id = r.customer_id, number = r.number, external_id = r.external_id,
      currency = r.currency, invoice_date = r.invoice_date, due_date = r.due_date, terms = r.terms,
      po_number = r.po_number, memo = r.memo, subtotal = r.subtotal, tax = r.tax, total = r.total,
      discount = r.discount, discount_terms = r.discount_terms, tax_exempt_reason = r.tax_exempt_reason,
      revision = r.revision, revised_at = ${now},
      -- The link in the mail of the customer it was must not open the papers of the one it is.
      link_version = i.link_version + case when i.customer_id = r.customer_id then 0 else 1 end,
      closed_at = case when r.total + i.fees - i.applied - i.credited - i.written_off = 0
        then coalesce(i.closed_at, ${now}::timestamptz) end, updated_at = ${now}
    from unnest(${column((i) => i.id)}::text[], ${column((i) => i.customerId)}::text[],
    ${column((i) => i.number)}::text[],
      ${column((i) => i.externalId)}::text[], ${column((i) => i.currency)}::text[],
      ${column((i) => i.invoiceDate)}::date[],
      ${column((i) => i.dueDate)}::date[], ${column((i) => i.terms)}::text[],
      ${column((i) => i.poNumber)}::text[],
      ${column((i) => i.memo)}::text[], ${column((i) => i.subtotal)}::bigint[],
      ${column((i) => i.tax)}::bigint[],
      ${column((i) => i.total)}::bigint[], ${column((i) => i.revision)}::int[],
      ${column((i) => i.discount ?? 0n)}::bigint[], ${column((i) => i.discountTerms ?? '')}::text[],
      ${column((i) => i.taxExemptReason ?? null)}::text[]) as r(id, customer_id, number,
      external_id,
      currency, invoice_date, due_date, terms, po_number, memo, subtotal, tax, total, revision,
      discount, discount_terms, tax_exempt_reason)
    where i.organization_id = ${organizationId} and i.id = r.id`);
  await dropInvoiceLines(
    tx,
    organizationId,
    column((i) => i.id),
  );
  await writeInvoiceLines(tx, organizationId, invoices);
}
