import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemNow } from '#lib/dates.ts';
import type { Delivery, GatewayLab, Trouble } from '../gateway-lab.ts';
import type { FaultName } from './faults.ts';
import { publishableKeyOf, signatureHeader, signWebhook, webhookSecretOf } from './keys.ts';
import { sandboxGateway } from './sandbox-gateway.ts';
import { type Behaviour, testBankAccounts, testBanks, testCard, testCards } from './test-numbers.ts';

/**
 * Other tests of Owed use these two as well: a key pair out of nothing, and a token as the hosted fields make
 * it.
 */
export const newSecretKey = (): string => `sk_sandbox_${randomBytes(16).toString('hex')}`;

export async function sandboxToken(url: string, secretKey: string, behaviour: Behaviour): Promise<string> {
  const bank = testBankAccounts.find((each) => each.behaviour === behaviour);
  const card = testCards.find((each) => each.behaviour === behaviour) ?? testCard('approve');
  const answer = await askSandbox(url, publishableKeyOf(secretKey), 'POST /v1/tokens', {
    ...(bank
      ? {
          type: 'bank_account',
          routing_number: testBanks[0]?.routingNumber,
          account_number: bank.accountNumber,
        }
      : {
          type: 'card',
          number: card.number,
          expiry: '12 / 39',
          cvc: card.brand === 'amex' ? '1234' : '123',
        }),
  });
  if (typeof answer.token !== 'string') throw new Error('the sandbox made no token');
  return answer.token;
}

export async function askSandbox(
  url: string,
  key: string,
  what: `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`,
  body?: object,
): Promise<Record<string, unknown>> {
  const [method = 'GET', path = '/'] = what.split(' ');
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: body ? JSON.stringify(body) : null,
  });
  return (await response.json()) as Record<string, unknown>;
}

export type Receiver = {
  url: string;
  at(path: string): Delivery[];
  refuseNext(count: number): void;
  stop(): void;
};

/** The other end of the webhooks: keeps what comes, by path. */
export async function startReceiver(): Promise<Receiver> {
  const received = new Map<string, Delivery[]>();
  let refusing = 0;
  const server = createServer(async (asked, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked as AsyncIterable<Buffer>) chunks.push(chunk);
    const headers = Object.fromEntries(
      Object.entries(asked.headers).map(([name, value]) => [name, value?.toString()]),
    );
    refusing -= 1;
    if (refusing >= 0) return response.writeHead(503).end();
    const path = asked.url ?? '/';
    received.set(path, [...(received.get(path) ?? []), { raw: Buffer.concat(chunks), headers }]);
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    at: (path) => received.get(path) ?? [],
    refuseNext: (count) => {
      refusing = count;
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

export async function until(holds: () => boolean): Promise<void> {
  for (let waited_ms = 0; !holds(); waited_ms += 10) {
    if (waited_ms > 5_000) throw new Error('waited five seconds in vain');
    await sleep(10);
  }
}

const faults: Record<Trouble, FaultName> = {
  dropBeforeCommit: 'drop_before_commit',
  dropAfterCommit: 'drop_answer_after_commit',
  unavailableOnce: 'http_503_before_commit',
  rateLimitedOnce: 'rate_limited',
};

/** An account of its own at a running sandbox whose slow answers take longer than `hasty_ms`. */
export async function sandboxLab(url: string, receiver: Receiver, hasty_ms: number): Promise<GatewayLab> {
  const secretKey = newSecretKey();
  const webhookSecret = webhookSecretOf(secretKey);
  const path = `/${publishableKeyOf(secretKey)}`;
  const token = (behaviour: Behaviour) => (): Promise<string> => sandboxToken(url, secretKey, behaviour);
  await askSandbox(url, secretKey, 'PUT /v1/webhook-endpoint', { url: receiver.url + path });
  return {
    gateway: sandboxGateway({ url, secretKey, timeout_ms: 5_000 }),
    hasty: sandboxGateway({ url, secretKey, timeout_ms: hasty_ms }),
    unreachable: sandboxGateway({ url: 'http://127.0.0.1:2', secretKey, timeout_ms: 300 }),
    start: new Date('2026-03-02T15:00:00Z'),
    tokens: {
      approve: token('approve'),
      decline: token('decline'),
      slow: token('slow'),
      lostAnswer: token('lost_answer'),
      errorAfterCommit: token('error_after_commit'),
      processing: token('unknown_until_looked_up_twice'),
      bankSettles: token('settle'),
      bankReturns: token('return_r01'),
      bankReturnsLate: token('return_r10'),
      refundFails: token('refund_fails'),
      disputes: token('disputed'),
    },
    winningEvidence: 'winning_evidence',
    payoutsAfter_days: 1,
    async trouble(trouble) {
      await askSandbox(url, secretKey, 'POST /v1/faults', {
        faults: [{ fault: faults[trouble], retry_after_s: 0 }],
      });
    },
    async captured() {
      type Booked = { payment_id: string; status: string; amount: number; currency: string };
      const { data } = (await askSandbox(url, secretKey, 'GET /v1/charges')) as { data: Booked[] };
      return data
        .filter((each) => !['declined', 'returned', 'voided'].includes(each.status))
        .map((each) => ({
          paymentId: each.payment_id,
          amount: BigInt(each.amount),
          currency: each.currency,
        }));
    },
    async refunded() {
      type Back = { refund_id: string; payment_id: string; status: string; amount: number; currency: string };
      const { data } = (await askSandbox(url, secretKey, 'GET /v1/refunds')) as { data: Back[] };
      return data
        .filter((each) => each.status !== 'failed')
        .map(({ refund_id: refundId, payment_id: paymentId, amount, currency }) => ({
          refundId,
          paymentId,
          amount: BigInt(amount),
          currency,
        }));
    },
    signedWebhook(paymentId, sentAt) {
      const raw = Buffer.from(JSON.stringify({ id: 'evt_1', data: { payment_id: paymentId } }));
      return { raw, headers: { [signatureHeader]: signWebhook(webhookSecret, raw, sentAt) } };
    },
    async webhooks(atLeast) {
      await until(() => receiver.at(path).length >= atLeast);
      return receiver.at(path);
    },
    neverShown: [secretKey, webhookSecret, ...testCards.map((card) => card.number)],
    now: systemNow,
    async close() {},
  };
}
