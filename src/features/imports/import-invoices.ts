import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { AcceptedInvoice } from '#features/imports/decide-invoices.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import { planOnce } from '#features/imports/plan-cache.ts';
import { type NewChange, writeChanges } from '#features/imports/write-changes.ts';
import { createInvoices } from '#features/invoices/create-invoices.ts';
import { reviseInvoices } from '#features/invoices/revise-invoices.ts';
import { accepted as acceptedPayment } from '#features/payments/decide-batch.ts';
import { recordPayments } from '#features/payments/record-payments.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

/** Names the payment that a batch recorded for an invoice: once, and found again by undo. */
export const paymentKey = (batchId: string, invoiceId: string): string => `import:${batchId}:${invoiceId}`;

type Written = { row: AcceptedInvoice; invoiceId: string };

/** Bring the invoices of a chunk onto the books: new ones issued, known ones revised, paid ones paid. */
export async function importInvoices(
  tx: Tx,
  context: ImportContext,
  accepted: readonly AcceptedInvoice[],
): Promise<void> {
  const {
    actor,
    batch: { organizationId, id: importBatchId },
    now,
  } = context;
  const created = accepted.filter((row) => row.action === 'create');
  const updated = accepted.filter((row) => row.action === 'update');
  const written: Written[] = [];
  const changes: NewChange[] = [];
  await planOnce(tx);
  await addItems(tx, context, [...created, ...updated]);
  if (created.length > 0) {
    const invoices = created.map(({ document }) => document);
    const { invoiceIds } = await createInvoices(
      tx,
      actor,
      { organizationId, invoices, issue: true, importBatchId },
      now,
    );
    written.push(...created.map((row, at) => ({ row, invoiceId: must(invoiceIds[at], 'the new invoice') })));
    changes.push(...written.map(({ row, invoiceId }) => ({ lineNo: lineOf(row), targetId: invoiceId })));
  }
  if (updated.length > 0) {
    const revisions = updated.map(({ existing, document }) => ({ invoiceId: existing.id, document }));
    const verdicts = await reviseInvoices(tx, actor, { organizationId, revisions, importBatchId }, now);
    updated.forEach((row, at) => {
      const verdict = must(verdicts[at], 'the verdict');
      if (!verdict.ok) throw new Error(`refused after it was decided: ${verdict.reason}`);
      const revisedTo = row.existing.revision + (verdict.changed ? 1 : 0);
      written.push({ row, invoiceId: row.existing.id });
      changes.push({
        lineNo: lineOf(row),
        targetId: row.existing.id,
        before: { ...row.existing, revisedTo },
      });
    });
  }
  await recordPaid(
    tx,
    context,
    written.filter(({ row }) => row.pay > 0n),
  );
  await writeChanges(tx, context, changes);
}

const lineOf = ({ draft }: AcceptedInvoice): number => must(draft.lineNos[0], 'the first line');

/** Paid before it came to us: the file knows no date, so the money counts as received with the invoice. */
async function recordPaid(tx: Tx, context: ImportContext, paid: readonly Written[]): Promise<void> {
  if (paid.length === 0) return;
  const {
    actor,
    batch: { organizationId, id, fileName },
    now,
    today,
  } = context;
  const payments = paid.map(({ row: { document, pay }, invoiceId }) => ({
    requestKey: paymentKey(id, invoiceId),
    customerId: document.customerId,
    kind: 'other' as const,
    source: 'import' as const,
    amount: pay,
    currency: document.currency,
    receivedOn: document.invoiceDate < today ? document.invoiceDate : today,
    memo: `Paid before the import of ${fileName}`,
    sendReceipt: false,
    applications: [{ invoiceId, amount: pay }],
  }));
  const verdicts = await recordPayments(tx, actor, { organizationId, payments, quiet: true }, now);
  for (const verdict of verdicts) acceptedPayment(verdict);
}

/** Items that the lines name and we do not know yet. */
async function addItems(tx: Tx, context: ImportContext, rows: readonly AcceptedInvoice[]): Promise<void> {
  const {
    batch: { organizationId, id },
    now,
  } = context;
  const items = new Map(rows.flatMap(({ document }) => document.lines.map((line) => [line.itemName, line])));
  items.delete('');
  if (items.size === 0) return;
  const named = [...items];
  await tx.run(sql`
    insert into items (organization_id, id, name, unit_price, taxable, import_batch_id, created_at)
    select ${organizationId}, n.id, n.name, n.unit_price, n.taxable, ${id}, ${now}
    from unnest(${named.map(() => newId('item'))}::text[], ${named.map(([name]) => name)}::text[],
      ${named.map(([, line]) => line.unitPrice)}::text[], ${named.map(([, line]) => line.taxable)}::boolean[])
      as n(id, name, unit_price, taxable)
    where not exists (select from items i where i.organization_id = ${organizationId}
    and lower(i.name) = lower(n.name))
    on conflict do nothing`);
}
