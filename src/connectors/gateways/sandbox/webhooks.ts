import { setTimeout as sleep } from 'node:timers/promises';
import { systemNow } from '#lib/dates.ts';
import type { Account } from './accounts.ts';
import { eventOf } from './events.ts';
import { takeFault } from './faults.ts';
import { signatureHeader, signWebhook } from './keys.ts';
import type { News } from './moves.ts';

export type Webhooks = {
  announce(account: Account, news: Pick<News, 'mover' | 'status'>): void;
  stop(): void;
};

export type WebhookOptions = {
  /** The wait before the second attempt; each later one is four times longer. */
  backoff_ms: number;
  attempts_max: number;
};

const timeout_ms = 5_000;
const waiting_max = 10_000;
const swap_ms = 150;

/**
 * Tells an account's endpoint what happened, at least once and in no promised order. What cannot be delivered
 * is given up after the last attempt: a webhook is a hint, and the API has the truth.
 */
export function newWebhooks(options: WebhookOptions): Webhooks {
  const stopping = new AbortController();
  let waiting = 0;

  async function attempt(endpoint: { url: string; webhookSecret: string }, body: string): Promise<boolean> {
    try {
      const response = await fetch(endpoint.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [signatureHeader]: signWebhook(endpoint.webhookSecret, body, systemNow()),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(timeout_ms)]),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      // The receiver is down, slow or gone: the next attempt is the remedy, and its count is the limit.
      return false;
    }
  }

  async function deliver(account: Account, body: string, first_ms: number): Promise<void> {
    let wait_ms = first_ms;
    for (let made = 0; made < options.attempts_max && account.endpoint; made += 1) {
      if (wait_ms > 0) await sleep(wait_ms, undefined, { signal: stopping.signal, ref: false });
      if (await attempt(account.endpoint, body)) return;
      wait_ms = options.backoff_ms * 4 ** made;
    }
  }

  function send(account: Account, body: string, first_ms: number): void {
    if (waiting >= waiting_max) return;
    waiting += 1;
    deliver(account, body, first_ms)
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      })
      .finally(() => {
        waiting -= 1;
      });
  }

  return {
    announce(account, news) {
      if (!account.endpoint) return;
      const fault = takeFault(account.faults, 'webhook')?.name;
      const body = JSON.stringify(eventOf(news, systemNow()));
      send(account, body, fault === 'out_of_order_webhooks' ? swap_ms : 0);
      if (fault === 'duplicate_webhooks') send(account, body, 0);
    },
    stop: () => stopping.abort(),
  };
}
