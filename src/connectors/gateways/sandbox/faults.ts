/** What a test may ask the gateway to do to its next charge requests or webhooks. */
export const faultNames = [
  'drop_answer_after_commit',
  'drop_before_commit',
  'http_500_after_commit',
  'http_503_before_commit',
  'rate_limited',
  'slow_ms',
  'duplicate_webhooks',
  'out_of_order_webhooks',
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

const onWebhooks = new Set<FaultName>(['duplicate_webhooks', 'out_of_order_webhooks']);

/**
 * Takes one of the first fault in the list that is meant for a charge request or, by choice, for a webhook.
 */
export function takeFault(faults: Fault[], on: 'charge' | 'webhook'): Fault | undefined {
  const fault = faults.find((each) => each.left > 0 && onWebhooks.has(each.name) === (on === 'webhook'));
  if (fault) fault.left -= 1;
  return fault;
}
