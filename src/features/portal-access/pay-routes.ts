import { type CartShop, cartOf, chooseAmounts, showCheckout } from '#features/portal-access/cart-routes.ts';
import { type PayDeps, takePayment } from '#features/portal-access/checkout-routes.ts';
import { takeCredit } from '#features/portal-access/credit-routes.ts';
import { type Ask, portalRoute } from '#features/portal-access/page-routes.ts';
import { checkMember, type Payer, payerOf, visitOf } from '#features/portal-access/payer-routes.ts';
import type { App } from '#http/app.ts';

/** From the ticked invoices to the checkout, and from there to the charge. */
export function payRoutes(app: App, deps: PayDeps): void {
  const checked = async (ask: Ask): Promise<Payer> => {
    const payer = await payerOf(ask);
    checkMember(ask, payer);
    return payer;
  };
  portalRoute(app, { method: 'POST', url: '/portal/checkout' }, async (ask) =>
    chooseAmounts(ask, visitOf(ask, await checked(ask))),
  );
  portalRoute(app, { method: 'GET', url: '/portal/pay' }, async (ask) =>
    showCheckout(ask, deps, shopOf(ask, await payerOf(ask))),
  );
  portalRoute(app, { method: 'POST', url: '/portal/pay', perMinute: 60 }, async (ask) =>
    takePayment(ask, deps, shopOf(ask, await checked(ask))),
  );
  portalRoute(app, { method: 'POST', url: '/portal/credit', perMinute: 60 }, async (ask) =>
    takeCredit(ask, shopOf(ask, await checked(ask))),
  );
}

const shopOf = (ask: Ask, payer: Payer): CartShop =>
  cartOf(ask, visitOf(ask, payer), {
    payer: payer.person.id,
    storesFor: payer.customer.id,
    vendorReturn: undefined,
    source: 'portal',
    name: payer.person.name ?? payer.customer.displayName,
    email: payer.person.email,
  });
