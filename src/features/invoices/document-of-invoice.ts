import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { readFeeNote } from '#features/card-fees/read-fee-notes.ts';
import { readLayout } from '#features/invoices/layout.ts';
import type { Layout } from '#features/invoices/layout-rules.ts';
import { payLink } from '#features/invoices/pay-link.ts';
import type {
  InvoiceDocument,
  InvoiceLine,
  LabelledAmount,
  Letterhead,
} from '#features/invoices/pdf/document.ts';
import { invoicePdf } from '#features/invoices/pdf/invoice-pdf.ts';
import { type InvoiceRow, readInvoice, readLines } from '#features/invoices/queries.ts';
import { type LateFeesShown, readLateFees } from '#features/invoices/read-late-fees.ts';
import { isPriced, type Line, payableNow, stateOfInvoice } from '#features/invoices/rules.ts';
import { type LabelledSum, partsOf } from '#features/invoices/sum-rules.ts';
import { addressLines, type PostalAddress } from '#lib/address-lines.ts';
import { formatDate } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import type { FileReply } from '#lib/file-reply.ts';
import { canonicalJson } from '#lib/json.ts';
import { currencyDigits, parseDecimal } from '#lib/money.ts';
import { type Secrets, sha256 } from '#lib/secrets.ts';

export type Links = { secrets: Pick<Secrets, 'sign'>; baseUrl: string };

export type Seller = {
  id: string;
  name: string;
  legalName: string | null;
  address: PostalAddress;
  email: string | null;
  phone: string | null;
  website: string | null;
  taxId: string | null;
  brandColor: string;
  accentColor: string | null;
  locale: string;
  timeZone: string;
  clockOffsetMs: bigint;
  invoiceFooter: string | null;
  logoBytes: Buffer | null;
  logoType: 'image/png' | 'image/jpeg' | 'image/svg+xml' | null;
};

export async function readSeller(tx: Tx, organizationId: string): Promise<Seller> {
  return must(
    await tx.row<Seller>(sql`
    select o.id, o.name, o.time_zone, o.clock_offset_ms, o.legal_name, o.address,
      o.email, o.phone, o.website, o.tax_id, o.brand_color, o.accent_color, o.locale,
      o.invoice_footer, l.bytes as logo_bytes, l.content_type as logo_type
    from organizations o left join organization_logos l on l.organization_id = o.id
      where o.id = ${organizationId}`),
    'the organization',
  );
}

/** Where paper is US Letter (Unicode CLDR, measurement data); everywhere else it is A4. */
const onLetter = new Set('BZ CA CL CO CR GT MX NI PA PH PR SV US VE'.split(' '));
export const paperOf = (country: string | undefined): InvoiceDocument['paper'] =>
  onLetter.has(country?.trim().toUpperCase() || 'US') ? 'letter' : 'a4';

/** What both documents say of the organization, and on what paper. */
export function sheetOf(seller: Seller): Pick<InvoiceDocument, 'organization' | 'paper' | 'locale'> {
  const organization: Letterhead = {
    name: seller.name,
    addressLines: addressLines(seller.address),
    color: seller.brandColor,
    ...(seller.accentColor ? { accent: seller.accentColor } : {}),
    ...(seller.legalName ? { legalName: seller.legalName } : {}),
    ...(seller.email ? { email: seller.email } : {}),
    ...(seller.phone ? { phone: seller.phone } : {}),
    ...(seller.website ? { website: seller.website } : {}),
    ...(seller.taxId ? { taxId: `Tax ID ${seller.taxId}` } : {}),
    ...(seller.logoBytes && seller.logoType
      ? { logo: { bytes: seller.logoBytes, type: seller.logoType } }
      : {}),
  };
  return { organization, paper: paperOf(seller.address.country), locale: seller.locale };
}

type Buyer = {
  displayName: string;
  businessName: string | null;
  firstName: string | null;
  lastName: string | null;
  billingAddress: PostalAddress;
  shippingAddress: PostalAddress;
};

export async function readBuyer(tx: Tx, organizationId: string, customerId: string): Promise<Buyer> {
  return must(
    await tx.row<Buyer>(sql`
    select display_name, business_name, first_name, last_name, billing_address, shipping_address
      from customers
    where organization_id = ${organizationId} and id = ${customerId}`),
    'the customer',
  );
}

export function addresseeOf(buyer: Buyer, ownCountry: string | undefined): InvoiceDocument['customer'] {
  const person = [buyer.firstName, buyer.lastName].filter(Boolean).join(' ');
  const name = buyer.businessName || buyer.displayName;
  const lines = addressLines(buyer.billingAddress, ownCountry);
  return { name, addressLines: person && person !== name ? [person, ...lines] : lines };
}

/** What of an invoice is printed. One that is being written has it too, before it is a row. */
export type PrintedInvoice = Omit<
  InvoiceRow,
  | 'externalId'
  | 'customerName'
  | 'customerEmail'
  | 'revision'
  | 'remindersOff'
  | 'lateFeesOff'
  | 'receiptsOff'
  | 'lateFeeOf'
  | 'lateFeeOfNumber'
  | 'closedAt'
  | 'firstSentAt'
  | 'lastSentAt'
  | 'lastViewedAt'
  | 'createdAt'
>;

/**
 * The invoice as its document, from the rows as they stand. Read as staff or as the payer: both see the same.
 */
export async function documentOfInvoice(
  tx: Tx,
  links: Links,
  organizationId: string,
  invoiceId: string,
): Promise<InvoiceDocument> {
  const invoice = await readInvoice(tx, organizationId, invoiceId);
  const lines = await readLines(tx, organizationId, invoiceId);
  const lateFees = await readLateFees(tx, organizationId, invoice);
  return documentFrom(tx, links, organizationId, { invoice, lines, lateFees });
}

export async function documentFrom(
  tx: Tx,
  links: Links,
  organizationId: string,
  given: { invoice: PrintedInvoice; lines: readonly Line[]; lateFees: LateFeesShown },
): Promise<InvoiceDocument> {
  const { invoice, lines, lateFees } = given;
  const seller = await readSeller(tx, organizationId);
  const buyer = await readBuyer(tx, organizationId, invoice.customerId);
  const layout = await readLayout(tx, organizationId);
  const money = (amount: bigint) => ({ amount, currency: invoice.currency });
  const fee = await readFeeNote(tx, seller, {
    ...invoice,
    base: payableNow(invoice),
    invoiceIds: [invoice.id],
  });
  const state = stateOfInvoice(invoice);
  const ownLines = addressLines(seller.address);
  const parts = partsOf(invoice, lines);
  const labelled = (some: LabelledSum[]) =>
    some.map(({ label, amount }) => ({ label, amount: money(amount) }));
  const exempt = invoice.taxExemptReason ? `Tax exempt: ${invoice.taxExemptReason}` : undefined;
  return {
    ...sheetOf(seller),
    ...partiesOf(seller, buyer),
    ...tableOf(lines, invoice.currency, layout),
    theme: layout.theme,
    labels: { billTo: layout.bill_to_label, shipTo: layout.ship_to_label },
    number: invoice.number,
    currency: invoice.currency,
    createdAt: invoice.updatedAt,
    status: state === 'written_off' ? 'paid' : state === 'pending' ? 'open' : state,
    invoiceDate: invoice.invoiceDate,
    dueDate: invoice.dueDate,
    ...(invoice.terms ? { terms: invoice.terms } : {}),
    ...(invoice.poNumber ? { poNumber: invoice.poNumber } : {}),
    subtotal: money(invoice.subtotal),
    discounts: labelled(parts.discounts),
    taxes: [...labelled(parts.onTop), ...lateFeesOf(invoice, lateFees, seller.locale)],
    taxesInside: labelled(parts.inside),
    total: money(invoice.total + invoice.fees),
    applied: money(invoice.applied),
    credits: money(invoice.credited + invoice.writtenOff),
    balanceDue: money(state === 'void' ? 0n : invoice.balanceDue),
    prices: (fee?.prices ?? []).map(({ label, amount }) => ({ label, amount: money(amount) })),
    ...memoOf(layout.show_memo ? invoice.memo : null, exempt, lateFees.terms, fee?.sentence),
    ...(seller.invoiceFooter ? { footer: seller.invoiceFooter } : {}),
    ...(state === 'open' || state === 'pending'
      ? { payUrl: payLink(links.secrets, links.baseUrl, { ...invoice, organizationId }) }
      : {}),
    ...(ownLines.length > 0
      ? { remitTo: { name: seller.legalName || seller.name, addressLines: ownLines } }
      : {}),
  };
}

function partiesOf(seller: Seller, buyer: Buyer): Pick<InvoiceDocument, 'customer' | 'shipTo'> {
  const { country } = seller.address;
  const shipTo = addressLines(buyer.shippingAddress, country);
  const customer = addresseeOf(buyer, country);
  const isElsewhere =
    shipTo.length > 0 && shipTo.join() !== addressLines(buyer.billingAddress, country).join();
  return { customer, ...(isElsewhere ? { shipTo: { name: customer.name, addressLines: shipTo } } : {}) };
}

/** The lines, and the columns that the organization shows and these lines fill. */
function tableOf(
  lines: readonly Line[],
  currency: string,
  layout: Layout,
): Pick<InvoiceDocument, 'columns' | 'lines'> {
  const printed = lines.map((line) => lineOf(line, currency));
  const hasPrices = printed.some((line) => line.unitPrice !== undefined);
  const shown = new Set<string>(layout.columns);
  return {
    lines: printed,
    columns: {
      item: shown.has('item') && lines.some((line) => line.itemName !== ''),
      serviceDate: shown.has('service_date') && lines.some((line) => line.serviceDate),
      description: shown.has('description') && lines.some((line) => line.description !== ''),
      quantity: shown.has('quantity') && (hasPrices || lines.some((line) => line.quantity !== '1')),
      unitPrice: shown.has('unit_price') && hasPrices,
      discount: shown.has('discount') && lines.some((line) => line.discount),
      taxes: shown.has('taxes') && lines.some((line) => line.taxable),
      amount: shown.has('amount'),
    },
  };
}

export function lineOf(line: Line, currency: string): InvoiceLine {
  const unitPrice = parseDecimal(line.unitPrice, currency);
  const isProduct = isPriced(line, currencyDigits(currency));
  return {
    ...(line.itemName ? { item: line.itemName } : {}),
    ...(line.description ? { description: line.description } : {}),
    ...(isProduct || line.quantity !== '1' ? { quantity: line.quantity } : {}),
    ...(isProduct && unitPrice !== undefined ? { unitPrice: { amount: unitPrice, currency } } : {}),
    amount: { amount: line.amount, currency },
    ...(line.serviceDate ? { serviceDate: line.serviceDate } : {}),
    ...(line.discount ? { discount: line.discount } : {}),
    ...(line.taxes && line.taxes.length > 0 ? { taxes: line.taxes.map(({ name }) => name) } : {}),
    taxable: line.taxable,
  };
}

const lateFeesOf = (invoice: PrintedInvoice, { fees }: LateFeesShown, locale: string): LabelledAmount[] =>
  fees.map(({ fellDueOn, amount }) => ({
    label: `Late fee, ${formatDate(fellDueOn, locale)}`,
    amount: { amount, currency: invoice.currency },
  }));

/** The memo, and below it what else is to be read: the terms of late fees, what a card costs. */
export function memoOf(...said: (string | null | undefined)[]): { memo?: string } {
  const parts = said.filter(Boolean);
  return parts.length > 0 ? { memo: parts.join('\n\n') } : {};
}

/** Changes exactly when the document does. */
export function versionOf(document: { createdAt: Date; organization: Letterhead }): string {
  const { logo, ...organization } = document.organization;
  return canonicalJson({
    ...document,
    createdAt: document.createdAt.toISOString(),
    organization: { ...organization, ...(logo ? { logo: sha256(logo.bytes) } : {}) },
  });
}

/** A name that any disk takes. */
export const fileNameOf = (kind: string, number: string): string =>
  `${kind} ${number.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.pdf`;

/** The invoice as a file, for whoever may see the invoice: read first, set with nothing open. */
export async function invoiceFile(
  deps: Links & { db: Database },
  actor: Actor,
  invoice: { organizationId: string; invoiceId: string },
): Promise<FileReply> {
  const document = await deps.db.transaction(actor, (tx) =>
    documentOfInvoice(tx, deps, invoice.organizationId, invoice.invoiceId),
  );
  return fileOfDocument(document);
}

export const fileOfDocument = (document: InvoiceDocument): FileReply => ({
  contentType: 'application/pdf',
  fileName: fileNameOf('Invoice', document.number),
  version: versionOf(document),
  render: () => invoicePdf(document),
});
