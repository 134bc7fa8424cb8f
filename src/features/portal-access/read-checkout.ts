import type { Tx } from '#db/db.ts';
import { offerWords } from '#features/autopay/offered-terms.ts';
import { readSetting } from '#features/autopay/queries.ts';
import { type FeeAgreement, readFeeAgreement } from '#features/card-fees/read-fee-agreement.ts';
import { readAvailableCredit } from '#features/credit-memos/queries.ts';
import { type CustomerRow, readCustomer } from '#features/customers/queries.ts';
import {
  countTries,
  type PayerInvoice,
  type PayerScope,
  readPayerInvoices,
} from '#features/invoices/portal-queries.ts';
import { payableNow } from '#features/invoices/rules.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import { type RoutedGateways, routedGateways } from '#features/payments/gateways.ts';
import { type PayLine, readPayLines, requestKeyOf, totalOf } from '#features/payments/portal-rules.ts';
import { type MethodRow, readMethods } from '#features/payments/queries.ts';
import type { FeeOffer } from '#features/portal-access/fee-rules.ts';
import { readFeeOffer } from '#features/portal-access/offer-fees.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { formatMoney } from '#lib/money.ts';

/** Who stands at the checkout, as far as it decides what is offered. */
export type Shopper = {
  seller: OrganizationRow;
  scope: PayerScope;
  /** Told apart in the request key: two people are two payers. */
  payer: string;
  /** Whose saved methods may be used and added to; nobody's for someone who came by a link. */
  storesFor: string | undefined;
  /** Whose credit may be used; nobody's by the link of one invoice. */
  creditOf: string | undefined;
  /** The one invoice that a link opens; undefined for all that the scope shows. */
  only: string | undefined;
  today: string;
  /**
   * Where a vendor that the payer is sent to sends them back. Undefined in the signed-in portal: such
   * vendors are offered by links alone.
   */
  vendorReturn: string | undefined;
};

export type AutopayOffer = { words: string; cardFee: FeeAgreement };

export type Checkout = {
  /** What is paid and how much of it, as an address and a form carry it. */
  words: readonly string[];
  total: bigint;
  /** What it is for, in the payer's words. */
  about: string;
  /** Kept with a payment that is for no invoice. */
  memo?: string;
  lines: readonly PayLine[];
  invoices: PayerInvoice[];
  customer: CustomerRow;
  methods: MethodRow[];
  routed: RoutedGateways;
  key: string;
  partial: boolean;
  mayStore: boolean;
  /** What is agreed to by the box that enables autopay; undefined where there is none. */
  autopay?: AutopayOffer | undefined;
  /** What is left of the customer’s credit memos. */
  credit: bigint;
  /** What each way to pay costs on top. */
  fees: FeeOffer;
};

/** Everything a checkout over these lines shows. Lines of strangers are as if they did not exist. */
export async function readCheckout(tx: Tx, shopper: Shopper, words: readonly string[]): Promise<Checkout> {
  const { seller, scope } = shopper;
  const lines = readPayLines(words);
  if (!lines) throw new Refusal('invalid_request', 'Open your invoices and choose again what to pay.');
  const ids = lines.map((line) => line.invoiceId);
  const invoices = await readPayerInvoices(tx, scope, ids);
  const isOpen = (id: string): boolean => shopper.only === undefined || shopper.only === id;
  const missing = ids.find((id) => !isOpen(id) || !invoices.some((invoice) => invoice.id === id));
  const customerId = invoices[0]?.customerId;
  if (missing || !customerId) throw notFound('invoice', missing ?? '');
  if (invoices.some((invoice) => invoice.customerId !== customerId)) {
    throw new Refusal(
      'invalid_request',
      'These invoices belong to different customers. Please pay those of one customer at a time.',
    );
  }
  const customer = await readCustomer(tx, seller.id, customerId);
  const own = shopper.storesFor === customerId;
  const methods = own ? await readMethods(tx, seller.id, customerId) : [];
  const total = totalOf(lines);
  return {
    words,
    total,
    about: invoices.map((invoice) => invoice.number).join(', '),
    lines,
    invoices,
    customer,
    methods,
    routed: await readRoutes(tx, shopper),
    key: requestKeyOf({
      payer: shopper.payer,
      words,
      standing: invoices,
      tries: await countTries(tx, seller.id, ids),
    }),
    partial: seller.allowPartialPayments && customer.allowPartialPayments,
    mayStore: own && customer.portalEditMethods,
    autopay: own ? await autopayOffer(tx, { ...shopper, customer }) : undefined,
    credit: shopper.creditOf === customerId ? await readAvailableCredit(tx, seller.id, customerId) : 0n,
    fees: await readFeeOffer(tx, { ...shopper, customerId, total, lines, methods }),
  };
}

/** Offered where the customer may set it and it does not run. */
export async function autopayOffer(
  tx: Tx,
  { seller, customer, today }: { seller: OrganizationRow; customer: CustomerRow; today: string },
): Promise<AutopayOffer | undefined> {
  if (!customer.portalEditAutopay || customer.billWithParent) return undefined;
  const setting = await readSetting(tx, seller.id, customer.id);
  if (setting && setting.endedAt === null) return undefined;
  const cardFee = await readFeeAgreement(tx, seller.id, today, { customerId: customer.id });
  return { words: offerWords(seller, cardFee), cardFee };
}

/** By which gateways this payer may pay. */
export async function readRoutes(tx: Tx, shopper: Shopper): Promise<RoutedGateways> {
  const { paypal, ...routed } = await routedGateways(tx, shopper.seller.id);
  return paypal && shopper.vendorReturn ? { ...routed, paypal } : routed;
}

/**
 * A part where parts are not allowed. That no more is paid than can be is decided under lock, when it is
 * charged.
 */
export function partRefused(checkout: Checkout, locale: string): string | undefined {
  if (checkout.partial) return undefined;
  const part = checkout.invoices.find(
    (invoice) =>
      (checkout.lines.find((line) => line.invoiceId === invoice.id)?.amount ?? 0n) < payableNow(invoice),
  );
  if (!part) return undefined;
  return `Invoice ${part.number} is paid in full: ${formatMoney(payableNow(part), part.currency, locale)}.`;
}

/** An invoice of which less can be paid by now than was chosen. */
export const shortInvoice = (checkout: Checkout): PayerInvoice | undefined =>
  checkout.invoices.find(
    (invoice) =>
      payableNow(invoice) < (checkout.lines.find((line) => line.invoiceId === invoice.id)?.amount ?? 0n),
  );

/** A bank account is among the ways to pay. */
export const isByBank = ({ routed, customer }: Pick<Checkout, 'routed' | 'customer'>): boolean =>
  routed.bank_account !== undefined && customer.allowBankAccount;
