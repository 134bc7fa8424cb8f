import type { FastifyReply } from 'fastify';
import { type PayerInvoice, readPayerInvoices } from '#features/invoices/portal-queries.ts';
import { payableNow } from '#features/invoices/rules.ts';
import { decideAmounts, readPayLines } from '#features/payments/portal-rules.ts';
import { type PayDeps, type Shop, sendCheckout } from '#features/portal-access/checkout-routes.ts';
import { sendInvoiceList } from '#features/portal-access/invoice-routes.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import { type Ask, allInQuery, allOf, goTo, queryOf, textOf } from '#features/portal-access/page-routes.ts';
import { checkoutUrl, wordsOf } from '#features/portal-access/pay-urls.ts';
import { readCheckout, type Shopper, shortInvoice } from '#features/portal-access/read-checkout.ts';
import { mayPayParts, type Visit } from '#features/portal-access/visit.ts';
import { isId } from '#lib/ids.ts';
import { least } from '#lib/money.ts';
import { checkoutPage } from '#web/portal/views/checkout-page.ts';

/** From the ticked invoices, with what was typed beside them, to the checkout. */
export async function chooseAmounts(ask: Ask, visit: Visit): Promise<FastifyReply> {
  const ids = [...new Set(allOf(ask.request, 'invoice').filter((id) => isId('invoice', id)))];
  const invoices = await visit.read((tx) => readPayerInvoices(tx, visit.scope, ids));
  const partial = mayPayParts(visit);
  const typedOf = (invoice: PayerInvoice): string | undefined =>
    partial ? textOf(ask.request, `amount_${invoice.id}`, 30) || undefined : undefined;
  const { lines, errors } = decideAmounts(
    invoices.map((invoice) => ({ ...invoice, payable: payableNow(invoice), typed: typedOf(invoice) })),
    { ...visit.seller, partial },
  );
  if (Object.keys(errors).length === 0) return goTo(ask.reply, checkoutUrl(visit.base, wordsOf(lines)));
  const typed = new Map(invoices.map((invoice) => [invoice.id, typedOf(invoice)]));
  const { invoice: message, ...fields } = errors;
  return sendInvoiceList(ask, visit, { form: { errors: fields, ...(message ? { message } : {}) }, typed });
}

export async function showCheckout(ask: Ask, deps: PayDeps, shop: CartShop): Promise<FastifyReply> {
  const words = allInQuery(ask.request, 'pay');
  if (!readPayLines(words)) return goTo(ask.reply, shop.urls.home);
  const checkout = await shop.read((tx) => shop.readCheckout(tx, words));
  // Paid meanwhile, or in another tab: the list shows how things stand.
  return shortInvoice(checkout)
    ? goTo(ask.reply, `${shop.urls.home}?note=changed`)
    : sendCheckout(ask, deps, shop, { checkout });
}

/** A shop whose home is a list of invoices. */
export type CartShop = Shop & { urls: { home: string } };
type Buyer = Pick<Shopper, 'payer' | 'storesFor' | 'vendorReturn'> & Pick<Shop, 'source' | 'name' | 'email'>;

/** The checkout of many invoices: the portal's and a statement link's differ by who stands there. */
export function cartOf(ask: Ask, visit: Visit, buyer: Buyer): CartShop {
  const { base, seller, scope, actor, now, today, customer } = visit;
  const shopper: Shopper = { ...buyer, seller, scope, today, only: undefined, creditOf: customer.id };
  return {
    ...shopper,
    ...buyer,
    actor,
    now,
    read: (work) => visit.read(work),
    readCheckout: (tx, words) => readCheckout(tx, shopper, words),
    shell: () => visit.shell(noteOf(queryOf(ask.request, 'note'))),
    urls: {
      pay: `${base}/pay`,
      terms: `${base}/terms`,
      home: base,
      payment: (id) => `${base}/payments/${id}`,
      choose: ({ words }) => checkoutUrl(base, words),
      again: ({ words }, note) => checkoutUrl(base, words, note ?? 'declined_before'),
    },
    page: async (shell, checkout, panel) =>
      checkoutPage(shell, {
        panel,
        backUrl: base,
        ...(checkout.credit > 0n
          ? {
              credit: {
                action: `${base}/credit`,
                usable: least(checkout.credit, checkout.total),
                available: checkout.credit,
                fields: checkout.words.map((word): [string, string] => ['pay', word]),
              },
            }
          : {}),
        lines: checkout.invoices.map((invoice) => ({
          number: invoice.number,
          dueOn: invoice.dueDate,
          balanceDue: invoice.balanceDue,
          amount: checkout.lines.find((line) => line.invoiceId === invoice.id)?.amount ?? 0n,
        })),
      }),
  };
}
