import { createHmac } from 'node:crypto';
import { systemNow } from '#lib/dates.ts';
import { type Account, type Endpoint, newStripeId, now_s, type SentEvent } from './account.ts';
import { shown } from './expand.ts';

export const fakeApiVersion = '2026-10-28.endive';

/** `t=…,v1=…` over `t.body`, with the clock of the machine: signatures know no test clock. */
export function signature(secret: string, body: string, at: Date): string {
  const t = Math.floor(at.getTime() / 1000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}

export function eventBody(account: Account, type: string, object: unknown): SentEvent {
  const event = {
    id: newStripeId('evt'),
    object: 'event',
    api_version: fakeApiVersion,
    created: now_s(account),
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  };
  return event;
}

/** Says what happened, as it stood then. Delivery waits for nobody, and promises no order. */
export function tell(account: Account, thing: { id: string; object: string }, what: string): void {
  const type = `${thing.object === 'dispute' ? 'charge.dispute' : thing.object}.${what}`;
  const event = eventBody(account, type, shown(account, thing));
  account.events.push(event);
  const { endpoint } = account;
  if (!endpoint?.events.some((each) => each === '*' || each === type)) return;
  queueOf(endpoint).push(event);
}

const queues = new WeakMap<Endpoint, SentEvent[]>();

function queueOf(endpoint: Endpoint): SentEvent[] {
  const waiting = queues.get(endpoint);
  if (waiting) return waiting;
  const queue: SentEvent[] = [];
  queues.set(endpoint, queue);
  setImmediate(() => {
    queues.delete(endpoint);
    void deliver(endpoint, queue);
  });
  return queue;
}

async function deliver(endpoint: Endpoint, queue: SentEvent[]): Promise<void> {
  const inOrder = endpoint.backwards ? [...queue].reverse() : queue;
  const all = endpoint.twice ? inOrder.flatMap((event) => [event, event]) : inOrder;
  for (const event of all) {
    const body = JSON.stringify(event, null, 2);
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': signature(endpoint.secret, body, systemNow()),
    };
    // Whoever listens may have gone: a webhook that is lost is lost.
    await fetch(endpoint.url, { method: 'POST', body, headers }).catch(() => undefined);
  }
}
