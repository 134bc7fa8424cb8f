import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { isPlaceholder } from '#features/invoices/numbering-rules.ts';
import { readInvoice, readLines } from '#features/invoices/queries.ts';
import { snapshotOf } from '#features/invoices/rules.ts';
import { takeNumbers } from '#features/invoices/take-numbers.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { entryOfInvoice } from '#features/ledger/rules.ts';
import { must, Refusal } from '#lib/errors.ts';

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
  const draft = await readInvoice(tx, organizationId, invoiceId);
  if (draft.issuedAt) throw new Refusal('state_refused', 'This invoice has been issued already.');
  // Where numbers have no gaps, this is the moment that takes one; it is given back if this does not commit.
  const number = isPlaceholder(draft.number)
    ? must((await takeNumbers(tx, organizationId, 1))[0], 'a number')
    : draft.number;
  const invoice = { ...draft, number };
  await tx.run(sql`update invoices set number = ${number}, issued_at = ${now}, updated_at = ${now},
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
