import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { composeDraft, type InvoiceInput } from '#features/invoices/compose-draft.ts';
import { createInvoices } from '#features/invoices/create-invoices.ts';
import { refuseTakenNumber } from '#features/invoices/refuse-taken-number.ts';
import { readSeries, takeNumbers } from '#features/invoices/take-numbers.ts';
import { must, Refusal } from '#lib/errors.ts';

/**
 * Write one invoice by hand or by API: number, dates and totals worked out, then a draft, or issued at once.
 */
export async function draftInvoice(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; invoice: InvoiceInput; issue: boolean },
  now: Date,
): Promise<{ invoiceId: string }> {
  const { organizationId, invoice, issue } = input;
  const composed = await composeDraft(tx, organizationId, invoice, now);
  if (invoice.number !== undefined) await refuseOwnNumber(tx, organizationId);
  const number = invoice.number ?? must((await takeNumbers(tx, organizationId, 1, !issue))[0], 'a number');
  await refuseTaken(tx, organizationId, { number, externalId: invoice.externalId });
  const { invoiceIds } = await refuseTakenNumber(() =>
    createInvoices(tx, actor, { organizationId, issue, invoices: [{ ...composed, number }] }, now),
  );
  return { invoiceId: must(invoiceIds[0], 'the new invoice') };
}

/** Where numbers follow one another without gaps, nobody chooses one. */
export async function refuseOwnNumber(tx: Tx, organizationId: string): Promise<void> {
  if (!(await readSeries(tx, organizationId)).isGapless) return;
  const message =
    'Numbers follow one another without gaps here. Leave it empty: the next one is taken at issue.';
  throw new Refusal('invalid_request', { message, param: 'number' });
}

export async function refuseTaken(
  tx: Tx,
  organizationId: string,
  wanted: { number: string; externalId: string | undefined; but?: string },
): Promise<void> {
  const { number, externalId = null, but = '' } = wanted;
  const taken = await tx.row<{
    number: string;
  }>(sql`select number from invoices where organization_id = ${organizationId}
    and (number = ${number} or external_id = ${externalId}) and id <> ${but} limit 1`);
  if (!taken) return;
  const param = taken.number === number ? 'number' : 'external_id';
  throw new Refusal('conflict', {
    message: `Invoice ${taken.number} has this ${param.replace('_', ' ')} already.`,
    param,
  });
}
