import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { readInvoice, readLines } from '#features/invoices/queries.ts';
import { snapshotOf } from '#features/invoices/rules.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { entryOfInvoice } from '#features/ledger/rules.ts';
import { Refusal } from '#lib/errors.ts';

/** Issue a draft: from now on the customer owes it and the books show it. */
export async function issueInvoice(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; invoiceId: string },
  now: Date,
): Promise<void> {
  const { organizationId, invoiceId } = input;
  await tx.run(
    sql`select id from invoices where organization_id = ${organizationId} and id = ${invoiceId} for update`,
  );
  const invoice = await readInvoice(tx, organizationId, invoiceId);
  if (invoice.issuedAt) throw new Refusal('state_refused', 'This invoice has been issued already.');
  await tx.run(sql`update invoices set issued_at = ${now}, updated_at = ${now},
    closed_at = case when total = 0 then ${now}::timestamptz end
    where organization_id = ${organizationId} and id = ${invoiceId}`);
  await postEntries(tx, organizationId, [entryOfInvoice(invoice)], now);
  const document = snapshotOf({ ...invoice, lines: await readLines(tx, organizationId, invoiceId) });
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'invoice.issued',
      subjectId: invoiceId,
      customerId: invoice.customerId,
      data: { revision: invoice.revision, document },
    },
  ]);
}
