import type { Tx } from '#db/db.ts';
import type { FeeNote } from '#features/card-fees/note-rules.ts';
import { readFeeNote } from '#features/card-fees/read-fee-notes.ts';
import type { CustomerRow } from '#features/customers/queries.ts';
import { discountLabel } from '#features/invoices/discount-rules.ts';
import { memoOf } from '#features/invoices/document-of-invoice.ts';
import { lineAmount } from '#features/invoices/line-rules.ts';
import type { InvoiceRow, PaymentOfInvoice } from '#features/invoices/queries.ts';
import type { LateFeesShown } from '#features/invoices/read-late-fees.ts';
import { type Line, payableNow, stateOfInvoice } from '#features/invoices/rules.ts';
import { sumsOf } from '#features/invoices/sum-rules.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import { standingOf } from '#features/payments/portal-rules.ts';
import type { PaymentKind, PaymentState } from '#features/payments/rules.ts';
import { addressLines } from '#lib/address-lines.ts';
import { dateIn, formatDate } from '#lib/dates.ts';
import { currencyDigits, formatMoney } from '#lib/money.ts';
import type { InvoiceStanding, Moment } from '#web/portal/views/invoice-page.ts';
import type { InvoiceSheet } from '#web/portal/views/invoice-sheet.ts';

export type InvoicePapers = {
  seller: OrganizationRow;
  customer: CustomerRow;
  invoice: InvoiceRow;
  lines: readonly Line[];
  payments: readonly PaymentOfInvoice[];
  lateFees: LateFeesShown;
  fee: FeeNote | undefined;
  /** What the organization shows with it, each with its address. */
  files?: InvoiceSheet['attachments'];
};

/** What the invoice's papers say of paying it by card. */
export const feeNoteOf = (
  tx: Tx,
  seller: OrganizationRow,
  invoice: InvoiceRow,
): Promise<FeeNote | undefined> =>
  readFeeNote(tx, seller, { ...invoice, base: payableNow(invoice), invoiceIds: [invoice.id] });

/** A draft is never shown to a payer, so it needs no word here. */
export function payerStanding(invoice: InvoiceRow): InvoiceStanding {
  const state = stateOfInvoice(invoice);
  return state === 'draft' ? 'void' : state;
}

/** The rows of an invoice as the page that its customer sees. */
export function sheetOf({
  seller,
  customer,
  invoice,
  lines,
  lateFees,
  fee,
  files,
}: InvoicePapers): InvoiceSheet {
  const ownCountry = seller.address.country ?? 'US';
  const person = [customer.firstName, customer.lastName].filter(Boolean).join(' ');
  const name = customer.businessName || customer.displayName;
  const address = addressLines(customer.billingAddress, ownCountry);
  return {
    number: invoice.number,
    currency: invoice.currency,
    issuedOn: invoice.invoiceDate,
    dueOn: invoice.dueDate,
    ...(invoice.terms ? { terms: invoice.terms } : {}),
    ...(invoice.poNumber ? { poNumber: invoice.poNumber } : {}),
    from: { name: seller.legalName || seller.name, lines: addressLines(seller.address) },
    billTo: { name, lines: person && person !== name ? [person, ...address] : address },
    lines: lines.map((line) => lineOnPage(line, invoice.currency)),
    sums: [...sumsOf(invoice, lines)],
    total: invoice.total,
    changes: [
      ...lateFees.fees.map(({ fellDueOn, amount }) => ({
        label: `Late fee, ${formatDate(fellDueOn, seller.locale)}`,
        amount,
      })),
      ...(invoice.applied > 0n ? [{ label: 'Payments', amount: -invoice.applied }] : []),
      ...(invoice.credited > 0n ? [{ label: 'Credits', amount: -invoice.credited }] : []),
      ...(invoice.writtenOff > 0n ? [{ label: 'Written off', amount: -invoice.writtenOff }] : []),
    ],
    balanceDue: invoice.voidedAt ? 0n : invoice.balanceDue,
    ...(fee ? { prices: fee.prices } : {}),
    ...memoOf(invoice.memo, lateFees.terms, fee?.sentence),
    ...(seller.invoiceFooter ? { footer: seller.invoiceFooter } : {}),
    attachments: files ?? [],
  };
}

export function lineOnPage(line: Line, currency: string): InvoiceSheet['lines'][number] {
  return {
    name: line.itemName || line.description,
    ...(line.itemName && line.description ? { description: line.description } : {}),
    quantity: line.quantity,
    unitPrice: unitPriceOf(line, currencyDigits(currency)),
    total: line.amount,
    ...(line.serviceDate ? { serviceOn: line.serviceDate } : {}),
    ...(line.discount ? { discount: discountLabel(line.discount) } : {}),
  };
}

/** Shown in minor units. A line that was given by its amount alone shows that amount once. */
function unitPriceOf(line: Line, digits: number): bigint {
  const one = lineAmount({ quantity: '1', unitPrice: line.unitPrice }, digits);
  return one === 0n && line.quantity === '1' ? line.amount : one;
}

/** What happened to the invoice, oldest first, as far as its payer took part in it. */
export function momentsOf({ seller, invoice, payments }: InvoicePapers): Moment[] {
  const on = (at: Date): string => dateIn(seller.timeZone, at);
  const money = (amount: bigint): string => formatMoney(amount, invoice.currency, seller.locale);
  const moments: Moment[] = [
    { on: invoice.issuedAt ? on(invoice.issuedAt) : invoice.invoiceDate, words: 'Invoice issued' },
  ];
  if (invoice.firstSentAt) moments.push({ on: on(invoice.firstSentAt), words: 'Sent to you' });
  for (const payment of payments) {
    const standing = standingOf(payment.kind as PaymentKind, payment.state as PaymentState);
    const [words, state] = {
      paid: [`Payment of ${money(payment.amount)} received`, 'done'],
      processing: [`Bank payment of ${money(payment.amount)} processing`, 'waiting'],
      waiting: [`Payment of ${money(payment.amount)} in progress`, 'waiting'],
      checking: [`Payment of ${money(payment.amount)} is being checked`, 'waiting'],
      declined: [`Payment of ${money(payment.amount)} was declined`, 'trouble'],
      returned: [`Payment of ${money(payment.amount)} was returned by the bank`, 'trouble'],
      voided: [`Payment of ${money(payment.amount)} was voided`, 'trouble'],
    }[standing] as [string, Moment['state'] & string];
    moments.push({ on: payment.receivedOn, words, state });
  }
  if (invoice.voidedAt) moments.push({ on: on(invoice.voidedAt), words: 'Invoice withdrawn' });
  return moments;
}
