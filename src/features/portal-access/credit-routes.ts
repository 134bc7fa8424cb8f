import type { FastifyReply } from 'fastify';
import { onBehalfOf } from '#db/db.ts';
import { useCredit } from '#features/credit-memos/use-credit.ts';
import type { CartShop } from '#features/portal-access/cart-routes.ts';
import { type Ask, allOf, goTo, textOf } from '#features/portal-access/page-routes.ts';
import { checkoutUrl, wordsOf } from '#features/portal-access/pay-urls.ts';
import { partRefused } from '#features/portal-access/read-checkout.ts';
import { Refusal } from '#lib/errors.ts';

/**
 * "Use my credit": it is put against the chosen invoices at once, and the checkout goes on with the rest.
 * Where nothing is left there is no charge at all.
 */
export async function takeCredit(ask: Ask, shop: CartShop): Promise<FastifyReply> {
  const { home } = shop.urls;
  const expected = textOf(ask.request, 'credit', 16);
  if (!/^[1-9]\d{0,12}$/.test(expected))
    throw new Refusal('invalid_request', 'Open your invoices and choose again what to pay.');
  const checkout = await shop.read((tx) => shop.readCheckout(tx, allOf(ask.request, 'pay')));
  if (partRefused(checkout, shop.seller.locale)) return goTo(ask.reply, `${home}?note=changed`);
  try {
    const { rest } = await ask.app.db.transaction(onBehalfOf(shop.actor), (tx) =>
      useCredit(
        tx,
        shop.actor,
        {
          organizationId: shop.seller.id,
          customerId: checkout.customer.id,
          lines: checkout.lines,
          expected: BigInt(expected),
        },
        shop.now,
      ),
    );
    const left = checkoutUrl(home, wordsOf(rest), 'credit_used');
    return goTo(ask.reply, rest.length > 0 ? left : `${home}?note=credit_paid`);
  } catch (error) {
    // A second click, or someone else who used it meanwhile: the list shows how things stand.
    if (!(error instanceof Refusal)) throw error;
    return goTo(ask.reply, `${home}?note=changed`);
  }
}
