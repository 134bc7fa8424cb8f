import type { Gateways, RoutedGateways } from '#features/payments/gateways.ts';
import { type Ask, pageOrigin } from '#features/portal-access/page-routes.ts';
import type { FieldSlot } from '#web/portal/views/payment-panel.ts';

/** Where the fields for card and bank data are, for this page: each of the gateway that takes that kind. */
export function fieldSlots(ask: Ask, gateways: Gateways, routed: RoutedGateways): FieldSlot[] {
  const parentOrigin = pageOrigin(ask.app, ask.request);
  return (['card', 'bank_account'] as const).flatMap((kind) => {
    const account = routed[kind];
    if (!account) return [];
    const fieldsUrl = `${parentOrigin}/gateway-fields/${account.id}`;
    const fields = gateways.open(account).hostedFields?.({ parentOrigin, fieldsUrl });
    if (!fields) return [];
    return [{ kind, url: kind === 'card' ? fields.cardUrl : fields.bankAccountUrl, origin: fields.origin }];
  });
}

/** The origins that a page may frame. */
export const originsOf = (slots: readonly FieldSlot[]): string[] => [
  ...new Set(slots.map(({ origin }) => origin)),
];
