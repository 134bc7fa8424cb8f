import type { GatewayAccount, Gateways } from '#features/payments/gateways.ts';
import type { HostedFields } from '#features/payments/payment-gateway.ts';
import { type Ask, pageOrigin } from '#features/portal-access/page-routes.ts';

/** Where the fields for card and bank data are, for this page; undefined where the gateway has none. */
export function fieldsOf(ask: Ask, gateways: Gateways, account: GatewayAccount): HostedFields | undefined {
  const parentOrigin = pageOrigin(ask.app, ask.request);
  const fieldsUrl = `${parentOrigin}/gateway-fields/${account.id}`;
  return gateways.open(account).hostedFields?.({ parentOrigin, fieldsUrl });
}
