import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { createInvoices } from '#features/invoices/create-invoices.ts';
import { refuseTakenNumber } from '#features/invoices/refuse-taken-number.ts';
import { type LineInput, type Totals, totalsOf } from '#features/invoices/rules.ts';
import { takeNumbers } from '#features/invoices/take-numbers.ts';
import { addDays, dateIn } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import { currencyDigits, formatMoney, maxAmount } from '#lib/money.ts';

export type InvoiceInput = {
  customerId: string;
  number?: string | undefined;
  externalId?: string | undefined;
  invoiceDate?: string | undefined;
  dueDate?: string | undefined;
  terms?: string | undefined;
  poNumber?: string | undefined;
  memo?: string | undefined;
  lines: readonly LineInput[];
};

/**
 * Write one invoice by hand or by API: number, dates and totals worked out, then a draft, or issued at once.
 */
export async function draftInvoice(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; invoice: InvoiceInput; issue: boolean },
  now: Date,
): Promise<{ invoiceId: string }> {
  const { organizationId, invoice } = input;
  const seller = await readSeller(tx, organizationId);
  const customer = await tx.row<{ termsDays: number | null }>(sql`select terms_days from customers
    where organization_id = ${organizationId} and id = ${invoice.customerId} for share`);
  if (!customer)
    throw new Refusal('not_found', { message: 'There is no such customer.', param: 'customer_id' });
  const invoiceDate = invoice.invoiceDate ?? dateIn(seller.timeZone, now);
  const dueDate = invoice.dueDate ?? addDays(invoiceDate, customer.termsDays ?? seller.termsDays);
  if (dueDate < invoiceDate) {
    throw new Refusal('invalid_request', {
      message: 'The due date is before the invoice date.',
      param: 'due_date',
    });
  }
  const totals = totalsOf(invoice.lines, currencyDigits(seller.currency));
  if (totals.total < 0n) {
    throw new Refusal('invalid_request', {
      message: 'The total is below zero. Give a credit memo instead.',
      param: 'lines',
    });
  }
  refuseTooMuch(totals, seller.currency);
  const number = invoice.number ?? must((await takeNumbers(tx, organizationId, 1))[0], 'a number');
  await refuseTaken(tx, organizationId, number, invoice.externalId);
  const { invoiceIds } = await refuseTakenNumber(() =>
    createInvoices(
      tx,
      actor,
      {
        organizationId,
        issue: input.issue,
        invoices: [{ ...invoice, ...totals, number, currency: seller.currency, invoiceDate, dueDate }],
      },
      now,
    ),
  );
  return { invoiceId: must(invoiceIds[0], 'the new invoice') };
}

/** Beyond this no column holds an amount, and no reply could name it exactly. */
function refuseTooMuch({ lines, subtotal, tax, total }: Totals, currency: string): void {
  const isTooMuch = (amount: bigint): boolean => amount > maxAmount || amount < -maxAmount;
  if (![subtotal, tax, total, ...lines.map((line) => line.amount)].some(isTooMuch)) return;
  const message = `An amount is above ${formatMoney(maxAmount, currency)}, the most that an invoice may say.`;
  throw new Refusal('invalid_request', { message, param: 'lines' });
}

async function readSeller(tx: Tx, organizationId: string) {
  const seller = await tx.row<{ timeZone: string; currency: string; termsDays: number }>(sql`
    select time_zone, currency, terms_days from organizations where id = ${organizationId}`);
  return must(seller, 'the organization');
}

async function refuseTaken(
  tx: Tx,
  organizationId: string,
  number: string,
  externalId: string | undefined,
): Promise<void> {
  const taken = await tx.row<{
    number: string;
  }>(sql`select number from invoices where organization_id = ${organizationId}
    and (number = ${number} or external_id = ${externalId ?? null}) limit 1`);
  if (!taken) return;
  const param = taken.number === number ? 'number' : 'external_id';
  throw new Refusal('conflict', {
    message: `Invoice ${taken.number} has this ${param.replace('_', ' ')} already.`,
    param,
  });
}
