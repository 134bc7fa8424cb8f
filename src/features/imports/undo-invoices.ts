import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import { planOnce } from '#features/imports/plan-cache.ts';
import { readOwnPayments, takeBackOwnPayments } from '#features/imports/undo-payments.ts';
import { type Change, type InvoiceBefore, type Kept, keepInvoice } from '#features/imports/undo-rules.ts';
import { readRevisable, reviseInvoices } from '#features/invoices/revise-invoices.ts';
import type { RevisableInvoice } from '#features/invoices/revision-rules.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { reversalOfInvoice } from '#features/ledger/rules.ts';
import { must } from '#lib/errors.ts';

type Back = { invoice: RevisableInvoice; before: InvoiceBefore | undefined };

/**
 * Take invoices of the batch back: made ones end void with their number free, revised ones say again what
 * they said.
 */
export async function undoInvoices(
  tx: Tx,
  context: ImportContext,
  changes: readonly Change[],
): Promise<Kept[]> {
  const { organizationId } = context.batch;
  const ids = changes.map(({ targetId }) => targetId);
  const invoices = new Map(
    (await readRevisable(tx, organizationId, { ids }, true)).map((invoice) => [invoice.id, invoice]),
  );
  const payments = await readOwnPayments(tx, context, ids);
  const sent = await findSent(tx, organizationId, changes);
  const taken = await findTaken(tx, organizationId, changes);
  const kept: Kept[] = [];
  const back: Back[] = [];
  for (const { lineNo, targetId, before: stored } of changes) {
    const invoice = must(invoices.get(targetId), 'the invoice of a change');
    const before = stored ? toBefore(stored) : undefined;
    const own = payments.get(targetId);
    const reason = keepInvoice({
      invoice,
      before,
      ownPaid: own ? (own.isIntact ? own.amount : undefined) : 0n,
      isSent: sent.has(targetId),
      isOldKeyTaken: taken.has(targetId),
    });
    if (reason) kept.push({ lineNo, value: invoice.number, reason });
    else back.push({ invoice, before });
  }
  await planOnce(tx);
  await takeBackOwnPayments(
    tx,
    context,
    back.flatMap(({ invoice }) => payments.get(invoice.id) ?? []),
  );
  await restore(tx, context, back);
  await endMade(
    tx,
    context,
    back.flatMap(({ invoice, before }) => (before ? [] : [invoice])),
  );
  return kept;
}

const bigints = [
  'subtotal',
  'discount',
  'tax',
  'total',
  'fees',
  'applied',
  'credited',
  'writtenOff',
  'reserved',
] as const;

/** JSON has no bigint: amounts come back as the numbers that toJson made of them. */
function toBefore(stored: Record<string, unknown>): InvoiceBefore {
  const amounts = Object.fromEntries(bigints.map((key) => [key, BigInt(Number(stored[key] ?? 0))]));
  const before = stored as InvoiceBefore;
  return {
    ...before,
    ...amounts,
    lines: before.lines.map((line) => ({ ...line, amount: BigInt(Number(line.amount)) })),
  };
}

async function findSent(tx: Tx, organizationId: string, changes: readonly Change[]): Promise<Set<string>> {
  const rows = await tx.rows<{ id: string }>(sql`
    select c.id from unnest(${changes.map((c) => c.targetId)}::text[],
    ${changes.map((c) => c.changedAt)}::timestamptz[])
      as c(id, changed_at)
    where exists (select from messages m where m.organization_id = ${organizationId} and m.invoice_id = c.id
      and m.state <> 'suppressed' and m.created_at >= c.changed_at)`);
  return new Set(rows.map(({ id }) => id));
}

/** Revised invoices whose number or external id of before is another's by now. */
async function findTaken(tx: Tx, organizationId: string, changes: readonly Change[]): Promise<Set<string>> {
  const restored = changes.flatMap(({ targetId, before }) =>
    before ? [{ targetId, before: toBefore(before) }] : [],
  );
  if (restored.length === 0) return new Set();
  const rows = await tx.rows<{ id: string }>(sql`
    select r.id from unnest(${restored.map((r) => r.targetId)}::text[],
    ${restored.map((r) => r.before.number)}::text[],
      ${restored.map((r) => r.before.externalId)}::text[]) as r(id, number, external_id)
    where exists (select from invoices i where i.organization_id = ${organizationId} and i.number = r.number
    and i.id <> r.id)
      or exists (select from invoices i where i.organization_id = ${organizationId}
      and i.external_id = r.external_id
        and i.id <> r.id)`);
  return new Set(rows.map(({ id }) => id));
}

async function restore(tx: Tx, { actor, batch, now }: ImportContext, back: readonly Back[]): Promise<void> {
  const revisions = back.flatMap(({ invoice, before }) =>
    before ? [{ invoiceId: invoice.id, document: before }] : [],
  );
  const input = { organizationId: batch.organizationId, revisions, importBatchId: batch.id };
  for (const verdict of await reviseInvoices(tx, actor, input, now)) {
    if (!verdict.ok) throw new Error(`refused after it was decided: ${verdict.reason}`);
  }
}

/**
 * Entries are never deleted: they are reversed on their own day, and the invoice stays as a void one, whose
 * number and external id a corrected file may use (docs/decisions/0006).
 */
async function endMade(
  tx: Tx,
  { actor, batch, now }: ImportContext,
  invoices: readonly RevisableInvoice[],
): Promise<void> {
  if (invoices.length === 0) return;
  const { organizationId } = batch;
  await tx.run(sql`update invoices set voided_at = ${now}, closed_at = ${now}, updated_at = ${now},
    external_id = null,
    number = left(number, 40) || ' (undone ' || right(id, 8) || ')'
    where organization_id = ${organizationId} and id = any(${invoices.map(({ id }) => id)}::text[])`);
  await postEntries(
    tx,
    organizationId,
    invoices.map((invoice) => reversalOfInvoice(invoice, invoice.invoiceDate)),
    now,
  );
  await record(
    tx,
    { actor, organizationId, now, quiet: true },
    invoices.map((invoice) => ({
      type: 'invoice.voided',
      subjectId: invoice.id,
      customerId: invoice.customerId,
      data: {
        reason: 'The import was undone.',
        was_issued: true,
        number: invoice.number,
        import_batch_id: batch.id,
      },
    })),
  );
}
