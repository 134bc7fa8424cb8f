import type { FastifyReply } from 'fastify';
import { type PayDeps, payNow, type Shop } from '#features/portal-access/checkout-routes.ts';
import { openErrand } from '#features/portal-access/errand.ts';
import { type Ask, queryOf } from '#features/portal-access/page-routes.ts';
import { Refusal } from '#lib/errors.ts';

/** Back from the vendor: what was agreed to there is charged. Loaded again, it is the same payment. */
export async function takeReturned(ask: Ask, deps: PayDeps, shop: Shop): Promise<FastifyReply> {
  const errand = openErrand(ask.app.secrets, queryOf(ask.request, 'errand') ?? '');
  const token = queryOf(ask.request, 'token') ?? '';
  if (!errand || token === '')
    throw new Refusal('invalid_request', 'Open the link in your mail and choose again how to pay.');
  const checkout = await shop.read((tx) => shop.readCheckout(tx, errand.words));
  return payNow(ask, deps, shop, {
    checkout,
    key: errand.key,
    choice: { kind: 'paypal', token, store: false },
    consents: [],
    // Nothing is ever added to what is paid at the vendor's.
    card: { kind: 'paypal', funding: null, brand: null },
    shown: { amount: 0n, at: undefined, by: { name: shop.name, ip: '', userAgent: '' } },
  });
}
