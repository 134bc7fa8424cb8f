import type { chargeKinds } from '#features/gateway-accounts/api.ts';

export type Kind = (typeof chargeKinds)[number];

export const kindWords: Record<Kind, string> = {
  card: 'Cards',
  bank_account: 'Bank debits',
  paypal: 'PayPal',
};
