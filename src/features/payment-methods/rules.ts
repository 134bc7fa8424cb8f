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

export const maxDrawing_bytes = 102_400;
const pngHead = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const pngEnd = Buffer.from([0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);

/** The drawing as the page's canvas writes it; undefined for anything that is no small picture. */
export function readDrawing(dataUrl: string): Buffer | undefined {
  const [, base64] = /^data:image\/png;base64,([A-Za-z0-9+/]+={0,2})$/.exec(dataUrl) ?? [];
  if (base64 === undefined || base64.length > maxDrawing_bytes * 1.4) return undefined;
  const image = Buffer.from(base64, 'base64');
  const isPng = image.subarray(0, 8).equals(pngHead) && image.subarray(-8).equals(pngEnd);
  return isPng && image.length <= maxDrawing_bytes ? image : undefined;
}
