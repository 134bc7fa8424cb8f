export type MethodToRemove = { state: 'active' | 'removed' | 'blocked'; paymentsUnderWay: number };

/** Why a stored method cannot be removed now; undefined when it can. */
export const removalRefusal = (method: MethodToRemove): string | undefined =>
  method.paymentsUnderWay > 0
    ? 'A payment with this method is under way. You can remove it once that is done.'
    : undefined;

/** Cards within this many days of their last are shown as expiring. */
export function isExpiring(
  method: { expiryYear: number | null; expiryMonth: number | null },
  today: string,
): boolean {
  if (method.expiryYear === null || method.expiryMonth === null) return false;
  const [year = 0, month = 0] = today.split('-').map(Number);
  const left = (method.expiryYear - year) * 12 + (method.expiryMonth - month);
  return left >= 0 && left <= 1;
}
