import type { AtOnce } from '#lib/endpoint.ts';
import { Refusal } from '#lib/errors.ts';

/** Lets so many through at once, of all and of one organization; the others are told to come again. */
export function turnsOf({ all, organization, busy }: AtOnce) {
  const running = new Map<string, number>();
  let taken = 0;
  return async <T>(organizationId: string, work: () => Promise<T>): Promise<T> => {
    const own = running.get(organizationId) ?? 0;
    if (taken >= all || own >= organization)
      throw new Refusal('rate_limited', { message: busy, retryAfter: 30 });
    taken += 1;
    running.set(organizationId, own + 1);
    try {
      return await work();
    } finally {
      taken -= 1;
      const left = (running.get(organizationId) ?? 1) - 1;
      if (left > 0) running.set(organizationId, left);
      else running.delete(organizationId);
    }
  };
}
