import type { Gateways, RoutedGateways } from '#features/payments/gateways.ts';

export type HostedSlot = { kind: 'card' | 'bank_account'; url: string; origin: string };

/** Where the fields for card and bank data are, for a page of this origin: of the gateway that takes each. */
export function hostedSlots(gateways: Gateways, routed: RoutedGateways, parentOrigin: string): HostedSlot[] {
  return (['card', 'bank_account'] as const).flatMap((kind) => {
    const account = routed[kind];
    if (!account) return [];
    const fieldsUrl = `${parentOrigin}/gateway-fields/${account.id}`;
    const fields = gateways.open(account).hostedFields?.({ parentOrigin, fieldsUrl });
    if (!fields) return [];
    return [{ kind, url: kind === 'card' ? fields.cardUrl : fields.bankAccountUrl, origin: fields.origin }];
  });
}
