import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { composeDraft, type InvoiceInput } from '#features/invoices/compose-draft.ts';
import { refuseOwnNumber, refuseTaken } from '#features/invoices/draft-invoice.ts';
import { issueInvoice } from '#features/invoices/issue-invoice.ts';
import { type InvoiceRow, readInvoice } from '#features/invoices/queries.ts';
import { refuseTakenNumber } from '#features/invoices/refuse-taken-number.ts';
import { dropInvoiceLines, writeInvoiceLines } from '#features/invoices/write-invoice-lines.ts';
import { Refusal } from '#lib/errors.ts';

/** The draft, locked; what is issued is neither rewritten nor deleted. */
async function lockDraft(tx: Tx, organizationId: string, invoiceId: string): Promise<InvoiceRow> {
  await tx.run(
    sql`select id from invoices where organization_id = ${organizationId} and id = ${invoiceId} for update`,
  );
  const invoice = await readInvoice(tx, organizationId, invoiceId);
  if (invoice.issuedAt)
    throw new Refusal(
      'state_refused',
      `Invoice ${invoice.number} is issued and keeps what it says. Void it instead.`,
    );
  return invoice;
}

/** Write a draft anew, whole; and issue it, where that is asked for. */
export async function rewriteDraft(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; invoiceId: string; invoice: InvoiceInput; issue: boolean },
  now: Date,
): Promise<void> {
  const { organizationId, invoiceId, invoice } = input;
  const before = await lockDraft(tx, organizationId, invoiceId);
  const { customerId, ...next } = await composeDraft(tx, organizationId, invoice, now);
  const number = invoice.number ?? before.number;
  if (number !== before.number) await refuseOwnNumber(tx, organizationId);
  await refuseTaken(tx, organizationId, { number, externalId: invoice.externalId, but: invoiceId });
  await refuseTakenNumber(() =>
    tx.run(sql`update invoices set customer_id = ${customerId}, number = ${number},
      external_id = ${next.externalId ?? before.externalId}, invoice_date = ${next.invoiceDate}, due_date = ${next.dueDate},
      terms = ${next.terms ?? null}, po_number = ${next.poNumber ?? null}, memo = ${next.memo ?? null},
      subtotal = ${next.subtotal}, tax = ${next.tax}, total = ${next.total}, discount = ${next.discount ?? 0n},
      discount_terms = ${next.discountTerms ?? ''}, tax_exempt_reason = ${next.taxExemptReason ?? null}, updated_at = ${now}
      where organization_id = ${organizationId} and id = ${invoiceId}`),
  );
  // Its files are shown to whoever it is for.
  await tx.run(sql`update files set customer_id = ${customerId}
    where organization_id = ${organizationId} and invoice_id = ${invoiceId} and customer_id <> ${customerId}`);
  await dropInvoiceLines(tx, organizationId, [invoiceId]);
  await writeInvoiceLines(tx, organizationId, [{ ...next, id: invoiceId }]);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'invoice.draft_rewritten',
      subjectId: invoiceId,
      customerId,
      data: { number, total: next.total },
    },
  ]);
  if (input.issue) await issueInvoice(tx, actor, { organizationId, invoiceId }, now);
}

/** Delete a draft: it was never owed, and nobody has seen it. */
export async function deleteDraft(
  tx: Tx,
  actor: Actor,
  { organizationId, invoiceId }: { organizationId: string; invoiceId: string },
  now: Date,
): Promise<{ number: string }> {
  const { number, customerId, total } = await lockDraft(tx, organizationId, invoiceId);
  const made = await tx.row(sql`select 1 from schedule_occurrences
    where organization_id = ${organizationId} and invoice_id = ${invoiceId}`);
  if (made)
    throw new Refusal(
      'state_refused',
      'A schedule made this draft, and its record names it. Void it instead.',
    );
  await dropInvoiceLines(tx, organizationId, [invoiceId]);
  // Whoever asked about it keeps the question.
  await tx.run(sql`update tickets set invoice_id = null
    where organization_id = ${organizationId} and invoice_id = ${invoiceId}`);
  await tx.run(
    sql`delete from files where organization_id = ${organizationId} and invoice_id = ${invoiceId}`,
  );
  await tx.run(sql`delete from invoices where organization_id = ${organizationId} and id = ${invoiceId}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'invoice.draft_deleted', subjectId: invoiceId, customerId, data: { number, total } },
  ]);
  return { number };
}
