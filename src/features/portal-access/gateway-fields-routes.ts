import { type HostedSlot, hostedSlots } from '#features/payment-methods/hosted-slots.ts';
import type { Gateways, RoutedGateways } from '#features/payments/gateways.ts';
import type { Ask } from '#features/portal-access/page-routes.ts';
import { pageOrigin } from '#http/app.ts';

/** Where the fields for card and bank data are, for this page: each of the gateway that takes that kind. */
export const fieldSlots = (ask: Ask, gateways: Gateways, routed: RoutedGateways): HostedSlot[] =>
  hostedSlots(gateways, routed, pageOrigin(ask.app, ask.request));

/** The origins that a page may frame. */
export const originsOf = (slots: readonly HostedSlot[]): string[] => [
  ...new Set(slots.map(({ origin }) => origin)),
];
