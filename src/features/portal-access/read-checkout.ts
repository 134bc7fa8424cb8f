import type { Tx } from '#db/db.ts';
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
import { type PayLine, requestKeyOf } from '#features/payments/portal-rules.ts';
import { type MethodRow, readMethods } from '#features/payments/queries.ts';
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
  /** The one invoice that a link opens; undefined for all that the scope shows. */
  only: string | undefined;
};

export type Checkout = {
  lines: readonly PayLine[];
  invoices: PayerInvoice[];
  customer: CustomerRow;
  methods: MethodRow[];
  routed: RoutedGateways;
  key: string;
  partial: boolean;
  mayStore: boolean;
  /** What is left of the customer’s credit memos; offered only to those who are signed in. */
  credit: bigint;
};

/** Everything a checkout over these lines shows. Lines of strangers are as if they did not exist. */
export async function readCheckout(tx: Tx, shopper: Shopper, lines: readonly PayLine[]): Promise<Checkout> {
  const { seller, scope } = shopper;
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
  return {
    lines,
    invoices,
    customer,
    methods: own ? await readMethods(tx, seller.id, customerId) : [],
    routed: await routedGateways(tx, seller.id),
    key: requestKeyOf({
      payer: shopper.payer,
      lines,
      standing: invoices,
      tries: await countTries(tx, seller.id, ids),
    }),
    partial: seller.allowPartialPayments && customer.allowPartialPayments,
    mayStore: own && customer.portalEditMethods,
    credit: own ? await readAvailableCredit(tx, seller.id, customerId) : 0n,
  };
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
