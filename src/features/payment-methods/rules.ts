import { addDays, addMonths, daysBetween } from '#lib/dates.ts';

export type MethodState = 'active' | 'needs_authorization' | 'removed' | 'blocked';

/** What may still need a method: one count a reason. Whatever comes to use methods adds its own. */
export type MethodUses = { paymentsUnderWay: number; standing: readonly MethodUser[] };

/** Agreements under which a method is charged by itself. */
export const methodUsers = ['autopay', 'schedule', 'payment_plan'] as const;
export type MethodUser = (typeof methodUsers)[number];

/** What has to be changed or ended before the method can go. */
const userWords: Record<MethodUser, string> = {
  autopay: 'Autopay charges this method. Give autopay another method or switch it off first.',
  schedule: 'A running schedule charges this method. Stop the schedule, or give it another method, first.',
  payment_plan: 'A payment plan is charged to this method. Choose another one for the plan first.',
};

/** Why a stored method cannot be removed now; undefined when it can. */
export const removalRefusal = (uses: MethodUses): string | undefined =>
  uses.paymentsUnderWay > 0
    ? 'A payment with this method is under way. You can remove it once that is done.'
    : uses.standing.map((user) => userWords[user])[0];

type Expiry = { expiryYear: number | null; expiryMonth: number | null };

/** A card is good to the end of its month. */
export function lastDayOf(method: Expiry): string | undefined {
  if (method.expiryYear === null || method.expiryMonth === null) return undefined;
  const first = `${method.expiryYear}-${String(method.expiryMonth).padStart(2, '0')}-01`;
  return addDays(addMonths(first, 1), -1);
}

const notice_days = 30;

/** `expiring` from 30 days before its last day, `expired` after it; undefined while neither. */
export function expiryStanding(method: Expiry, today: string): 'expiring' | 'expired' | undefined {
  const last = lastDayOf(method);
  if (last === undefined) return undefined;
  const left = daysBetween(today, last);
  if (left < 0) return 'expired';
  return left <= notice_days ? 'expiring' : undefined;
}

export const isExpiring = (method: Expiry, today: string): boolean =>
  expiryStanding(method, today) === 'expiring';

/** Why a method cannot stand first; undefined when it can. */
export const defaultRefusal = (method: Expiry & { state: MethodState }, today: string): string | undefined =>
  method.state === 'needs_authorization'
    ? 'This bank account still needs its owner’s signed authorization.'
    : method.state !== 'active' || expiryStanding(method, today) === 'expired'
      ? 'This payment method has expired or is blocked. Choose another one.'
      : undefined;
