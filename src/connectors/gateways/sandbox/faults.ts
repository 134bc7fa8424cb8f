import type { Account } from './accounts.ts';
import type { Gateway } from './charge-routes.ts';
import { type Reply, refusal } from './wire.ts';

/** What a test may ask the gateway to do to its next effects, webhooks or lists of payouts. */
export const faultNames = [
  'drop_answer_after_commit',
  'drop_before_commit',
  'http_500_after_commit',
  'http_503_before_commit',
  'rate_limited',
  'slow_ms',
  'duplicate_webhooks',
  'out_of_order_webhooks',
  /** Every payout of the list is one minor unit more than the sum of its lines. */
  'payout_sum_wrong',
] as const;

export type FaultName = (typeof faultNames)[number];
export type Fault = { name: FaultName; left: number; retryAfter_s: number; slow_ms: number };

const isFaultName = (name: unknown): name is FaultName => faultNames.some((each) => each === name);
const whole = (value: unknown, fallback: number, most: number): number | undefined => {
  if (value === undefined) return fallback;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most
    ? value
    : undefined;
};

/** `{ faults: [{ fault, times?, retry_after_s?, slow_ms? }] }`; the list replaces what was set before. */
export function readFaults(body: Record<string, unknown>): Fault[] | undefined {
  if (!Array.isArray(body.faults) || body.faults.length > 20) return undefined;
  const faults: Fault[] = [];
  for (const item of body.faults as unknown[]) {
    const given = (item ?? {}) as Record<string, unknown>;
    const left = whole(given.times, 1, 10_000);
    const retryAfter_s = whole(given.retry_after_s, 1, 3600);
    const slow_ms = whole(given.slow_ms, 1000, 60_000);
    if (
      !isFaultName(given.fault) ||
      left === undefined ||
      retryAfter_s === undefined ||
      slow_ms === undefined
    ) {
      return undefined;
    }
    faults.push({ name: given.fault, left, retryAfter_s, slow_ms });
  }
  return faults;
}

/** What a fault meddles with: a request that has an effect, a webhook, a list of payouts. */
type Target = 'effect' | 'webhook' | 'payouts';
const elsewhere: Partial<Record<FaultName, Target>> = {
  duplicate_webhooks: 'webhook',
  out_of_order_webhooks: 'webhook',
  payout_sum_wrong: 'payouts',
};

/** Takes one of the first fault in the list that is meant for such a thing. */
export function takeFault(faults: Fault[], on: Target): Fault | undefined {
  const fault = faults.find((each) => each.left > 0 && (elsewhere[each.name] ?? 'effect') === on);
  if (fault) fault.left -= 1;
  return fault;
}

/** Runs a charge, a void, a refund or evidence, through whatever a test has asked to go wrong with it. */
export async function underFault(gateway: Gateway, account: Account, run: () => Reply): Promise<Reply> {
  const fault = takeFault(account.faults, 'effect');
  if (fault?.name === 'drop_before_commit') return { drop: true };
  if (fault?.name === 'http_503_before_commit')
    return refusal(503, 'unavailable', 'Nothing was done. Try again.');
  if (fault?.name === 'rate_limited') {
    const reply = refusal(429, 'rate_limited', 'Nothing was done. Try again later.');
    return { ...reply, headers: { 'retry-after': String(fault.retryAfter_s) } };
  }
  const answer = run();
  await gateway.synced();
  if (fault?.name === 'drop_answer_after_commit') return { drop: true };
  if (fault?.name === 'http_500_after_commit') return refusal(500, 'internal', 'Something went wrong.');
  if (fault?.name === 'slow_ms') await gateway.pause(fault.slow_ms);
  return answer;
}
