import { expiryStanding, type MethodState } from '#features/payment-methods/rules.ts';
import type { ChargeKind } from '#features/payments/payment-gateway.ts';
import type { CalendarDate } from '#lib/dates.ts';

/** Why a stored method cannot be charged now. */
export const unusables = [
  'method_gone',
  'method_expired',
  'needs_authorization',
  'method_blocked',
  'kind_barred',
] as const;
export type Unusable = (typeof unusables)[number];

export type StoredMethod = {
  id: string;
  customerId: string;
  kind: ChargeKind;
  funding: string | null;
  brand: string;
  state: MethodState;
  expiryYear: number | null;
  expiryMonth: number | null;
  storedToken: string;
  gatewayAccountId: string;
  /** Whether the customer's settings let this kind be used. */
  isAllowed: boolean;
};

/** A method serves the customer that stored it, while it is active, in date and of a kind that is allowed. */
export function whyUnusable(
  method: Omit<StoredMethod, 'funding' | 'brand' | 'id' | 'storedToken' | 'gatewayAccountId'> | undefined,
  ownerId: string,
  today: CalendarDate,
): Unusable | undefined {
  if (!method || method.customerId !== ownerId || method.state === 'removed') return 'method_gone';
  if (method.state === 'needs_authorization') return 'needs_authorization';
  if (method.state === 'blocked') return 'method_blocked';
  if (expiryStanding(method, today) === 'expired') return 'method_expired';
  return method.isAllowed ? undefined : 'kind_barred';
}
