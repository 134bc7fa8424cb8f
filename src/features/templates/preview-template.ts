import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Template } from '#features/correspondence/templates.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { composeMessage } from '#features/messenger/compose-message.ts';
import { paymentValues } from '#features/messenger/payment-values.ts';
import { compositionOf, readKnown } from '#features/messenger/tell-customers.ts';
import { isAboutOne } from '#features/templates/rules.ts';
import { refuseBadWords, refuseOddChannel, type Which } from '#features/templates/set-template.ts';
import { addDays, dateIn, formatDate } from '#lib/dates.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';
import { formatMoney } from '#lib/money.ts';

export type Draft = Which &
  MailMakings &
  Template & { customerId?: string | undefined; invoiceId?: string | undefined };

/** The message as a customer would get it now: made by the same hand that makes the real one. */
export async function previewTemplate(tx: Tx, input: Draft, now: Date) {
  refuseOddChannel(input);
  refuseBadWords(input);
  const { type, channel } = input;
  const { customerId, invoiceIds } = await chosen(tx, input);
  // The mail that a person sends is made as that of a new invoice is.
  const tell = {
    type: type === 'invoice' ? ('new_invoice' as const) : type,
    customerId,
    invoiceIds,
    key: 'preview',
  };
  const known = await readKnown(tx, { ...input, tells: [tell] }, now);
  const customer = must(known.customers.get(customerId), 'the customer');
  const { from, today } = known;
  // A fee is known when it is posted, and a payment when it has come; here each stands for any.
  const paid = { amount: 12_050n, currency: from.currency, receivedOn: dateIn(from.timeZone, now) };
  const values = {
    ...paymentValues({ ...paid, kind: 'card', methodBrand: 'visa', methodLast4: '4242' }, from.locale),
    'late_fee.amount': formatMoney(2500n, from.currency, from.locale),
    'late_fee.date': formatDate(addDays(dateIn(from.timeZone, now), 3), from.locale),
  };
  const made = compositionOf(known, { ...tell, values }, customer);
  return {
    ...composeMessage(made, channel, input),
    today,
    customer: { id: customerId, display_name: customer.customerName },
    invoiceId: made.isStatement ? undefined : invoiceIds[0],
    invoice_numbers: made.invoices.map(({ number }) => number),
  };
}

/** The invoice that was asked for, or the newest open one; for a statement all that its customer owes. */
async function chosen(tx: Tx, input: Draft): Promise<{ customerId: string; invoiceIds: string[] }> {
  const { organizationId } = input;
  const open = sql`organization_id = ${organizationId} and issued_at is not null and voided_at is null`;
  const found = await tx.row<{ id: string; customerId: string }>(sql`
    select id, customer_id from invoices where ${open}
      ${input.invoiceId ? sql`and id = ${input.invoiceId}` : sql``}
      ${input.customerId ? sql`and customer_id = ${input.customerId}` : sql``}
    order by closed_at is ${input.type === 'paid_invoice' ? sql`` : sql`not`} null, id desc limit 1`);
  if (!found) {
    if (input.invoiceId) throw notFound('invoice', input.invoiceId);
    throw new Refusal(
      'state_refused',
      input.customerId
        ? 'This customer has no invoice to show the words with. Choose another.'
        : 'There is no invoice yet to show the words with. Write one first.',
    );
  }
  if (isAboutOne(input.type)) return { customerId: found.customerId, invoiceIds: [found.id] };
  const owed = await tx.rows<{ id: string }>(sql`
    select id from invoices where ${open} and customer_id = ${found.customerId} and closed_at is null
    order by due_date, id limit 50`);
  return {
    customerId: found.customerId,
    invoiceIds: owed.length > 0 ? owed.map(({ id }) => id) : [found.id],
  };
}
