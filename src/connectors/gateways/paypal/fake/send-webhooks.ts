import { setTimeout as sleep } from 'node:timers/promises';
import { systemNow } from '#lib/dates.ts';
import type { Capture, Dispute, Order, Refund } from './books.ts';
import { disputeView } from './dispute-routes.ts';
import { captureAlone, type Place, refundView, wholeOrder } from './order-view.ts';
import { signedHeaders } from './sign-webhook.ts';
import { newPaypalId, preciseInstant } from './wire.ts';

export type About = { order?: Order; capture?: Capture; refund?: Refund; dispute?: Dispute };
type Resource = { type: string; resource: object };

function resourceOf(place: Place, { order, capture, refund, dispute }: About): Resource {
  if (capture) return { type: 'capture', resource: captureAlone(place, capture) };
  if (refund) return { type: 'refund', resource: refundView(place, refund) };
  if (dispute) return { type: 'dispute', resource: disputeView(place, dispute) };
  return { type: 'checkout-order', resource: order ? wholeOrder(place, order) : {} };
}

export function eventOf(place: Place, type: string, about: About, now_ms: number): object {
  const { type: resource_type, resource } = resourceOf(place, about);
  const id = `WH-${newPaypalId(17)}-${newPaypalId(17)}`;
  return {
    id,
    event_version: '1.0',
    create_time: preciseInstant(now_ms),
    resource_type,
    resource_version: '2.0',
    event_type: type,
    summary: `The fake says ${type}.`,
    resource,
    links: [{ href: `${place.url}/v1/notifications/webhooks-events/${id}`, rel: 'self', method: 'GET' }],
  };
}

export type Sender = {
  send(event: object, how: { twice: boolean; late: boolean }): void;
  stop(): void;
};

const attempts_max = 5;

/** Delivers events at least once, in no promised order; one that is refused comes again a few times. */
export function newSender(place: Place, webhookId: string, endpoint: string): Sender {
  const stopping = new AbortController();

  const held: Buffer[] = [];

  async function deliver(body: Buffer): Promise<void> {
    let wait_ms = 0;
    for (let made = 0; made < attempts_max; made += 1) {
      await sleep(wait_ms, undefined, { signal: stopping.signal, ref: false });
      const headers = signedHeaders(body, { url: place.url, webhookId, sentAt: systemNow() });
      const response = await fetch(endpoint, {
        method: 'POST',
        headers,
        body: new Uint8Array(body),
        signal: stopping.signal,
      }).catch(() => undefined);
      await response?.body?.cancel();
      if (response?.ok) return;
      wait_ms = 20 * 2 ** made;
    }
  }

  async function deliverAll(bodies: Buffer[]): Promise<void> {
    try {
      for (const body of bodies) await deliver(body);
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
  }
  return {
    send(event, { twice, late }) {
      const body = Buffer.from(JSON.stringify(event));
      // A late one waits for the next, and comes after it.
      if (late) held.push(body);
      else void deliverAll([body, ...(twice ? [body] : []), ...held.splice(0)]);
    },
    stop: () => stopping.abort(),
  };
}
