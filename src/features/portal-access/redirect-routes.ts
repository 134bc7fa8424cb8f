import type { FastifyReply } from 'fastify';
import type { PayDeps, Shop } from '#features/portal-access/checkout-routes.ts';
import { sealErrand } from '#features/portal-access/errand.ts';
import { type Ask, sendPage } from '#features/portal-access/page-routes.ts';
import type { Checkout } from '#features/portal-access/read-checkout.ts';
import { pageOrigin } from '#http/app.ts';
import { Refusal } from '#lib/errors.ts';
import { redirectPage } from '#web/portal/views/redirect-page.ts';

/** The payer chose PayPal: an order is made there, and the payer sent to agree to it. */
export async function sendToVendor(
  ask: Ask,
  deps: PayDeps,
  shop: Shop,
  checkout: Checkout,
): Promise<FastifyReply> {
  const account = checkout.routed.paypal;
  const redirect = account && deps.gateways.open(account).redirect;
  if (!redirect || !shop.vendorReturn)
    throw new Refusal('unavailable', 'PayPal is not connected. Choose another way to pay.');
  const origin = pageOrigin(ask.app, ask.request);
  const errand = sealErrand(ask.app.secrets, checkout);
  const { url } = await redirect.begin({
    checkoutId: checkout.key,
    amount: checkout.total,
    currency: shop.seller.currency,
    description: checkout.about.slice(0, 120),
    returnUrl: `${origin}${shop.vendorReturn}?errand=${errand}`,
    cancelUrl: `${origin}${shop.urls.again(checkout, 'cancelled')}`,
  });
  const shell = shop.shell();
  return sendPage(ask.reply, redirectPage(shell, { url, vendor: 'PayPal' }), { nonce: shell.nonce });
}
