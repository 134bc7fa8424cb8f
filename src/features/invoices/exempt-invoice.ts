import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { readInvoice } from '#features/invoices/queries.ts';
import { Refusal } from '#lib/errors.ts';

type Exemptions = {
  remindersOff?: boolean | undefined;
  lateFeesOff?: boolean | undefined;
  receiptsOff?: boolean | undefined;
};

const names = { remindersOff: 'reminders', lateFeesOff: 'late_fees', receiptsOff: 'receipts' } as const;
const flags = Object.keys(names) as (keyof typeof names)[];

/** Exempt one invoice from reminders, late fees or receipts, or take the exemption back. */
export async function exemptInvoice(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; invoiceId: string } & Exemptions,
  now: Date,
): Promise<void> {
  const { organizationId, invoiceId } = input;
  await tx.run(
    sql`select id from invoices where organization_id = ${organizationId} and id = ${invoiceId} for update`,
  );
  const invoice = await readInvoice(tx, organizationId, invoiceId);
  const changed = flags.filter((flag) => input[flag] !== undefined && input[flag] !== invoice[flag]);
  if (changed.length === 0) return;
  if (invoice.voidedAt) {
    throw new Refusal('state_refused', 'This invoice is void: nothing is sent or charged for it any more.');
  }
  const after = { ...invoice, ...Object.fromEntries(changed.map((flag) => [flag, input[flag]])) };
  await tx.run(sql`update invoices set reminders_off = ${after.remindersOff}, late_fees_off = ${after.lateFeesOff},
    receipts_off = ${after.receiptsOff}, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${invoiceId}`);
  await record(
    tx,
    { actor, organizationId, now },
    changed.map((flag) => ({
      type: after[flag] ? 'invoice.exempted' : 'invoice.exemption_ended',
      subjectId: invoiceId,
      customerId: invoice.customerId,
      data: { number: invoice.number, of: names[flag] },
    })),
  );
}
