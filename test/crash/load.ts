import { setTimeout as sleep } from 'node:timers/promises';
import { sandboxToken } from '#connectors/gateways/sandbox/sandbox-lab.ts';
import type { Behaviour } from '#connectors/gateways/sandbox/test-numbers.ts';
import { newId } from '#lib/ids.ts';
import type { Random } from '#lib/random.ts';

/** One thing that a client wants done once. It keeps its key until it has an answer that it may rely on. */
export type Intent = {
  key: string;
  path: '/v1/charges' | '/v1/payments';
  body: Record<string, unknown>;
  amount: number;
  behaviour: Behaviour | 'hand';
  /** Set by a 2xx; it must hold for ever. */
  paymentId?: string;
  /** Set by a 4xx: nothing of it may exist. */
  refused?: string;
  sent: number;
};

export type Target = { baseUrl: string; apiKey: string; gatewayUrl: string; secretKey: string };

/** A client that is slow to give up would hide that the server is dead. */
const patience_ms = 15_000;

export async function call(
  target: Target,
  method: 'GET' | 'POST',
  path: string,
  send: { key?: string; body?: object; patience_ms?: number } = {},
) {
  const reply = await fetch(target.baseUrl + path, {
    method,
    signal: AbortSignal.timeout(send.patience_ms ?? patience_ms),
    body: send.body ? JSON.stringify(send.body) : null,
    headers: {
      authorization: `Bearer ${target.apiKey}`,
      ...(send.body ? { 'content-type': 'application/json' } : {}),
      ...(send.key ? { 'idempotency-key': send.key } : {}),
    },
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

/** Send it once. Whatever is neither a yes nor a no leaves it to be sent again with the same key. */
export async function send(target: Target, intent: Intent): Promise<void> {
  intent.sent += 1;
  const reply = await call(target, 'POST', intent.path, intent).catch(() => undefined);
  if (!reply || reply.status >= 500) return;
  if (reply.status < 300) {
    const id = String(reply.body.id);
    if (intent.paymentId !== undefined && intent.paymentId !== id)
      throw new Error(`${intent.key} was answered with two payments`);
    intent.paymentId = id;
    return;
  }
  const code = (reply.body.error as { code: string }).code;
  if (intent.paymentId !== undefined) throw new Error(`${intent.key} was accepted and then refused: ${code}`);
  intent.refused = code;
}

export const isOpen = (intent: Intent): boolean =>
  intent.paymentId === undefined && intent.refused === undefined;

export type OpenInvoice = { id: string; customer_id: string; payable_now: number };

export async function openInvoices(target: Target): Promise<OpenInvoice[]> {
  const { body } = await call(target, 'GET', '/v1/invoices?status=open&limit=100&sort=due_date');
  return (body.data as OpenInvoice[]).filter((invoice) => invoice.payable_now > 0);
}

const behaviours: readonly Behaviour[] = [
  'approve',
  'approve',
  'approve',
  'approve',
  'lost_answer',
  'lost_answer',
  'slow',
  'error_after_commit',
  'error_after_commit',
  'unknown_until_looked_up_twice',
  'decline',
  'settle',
  'return_r01',
];

async function draw(target: Target, invoices: readonly OpenInvoice[], random: Random): Promise<Intent> {
  const invoice = random.pick(invoices);
  const others = invoices.filter((each) => each.customer_id === invoice.customer_id);
  const chosen = others.filter((each) => each === invoice || random.chance(0.3));
  const applications = chosen.map(({ id, payable_now }) => ({
    invoice_id: id,
    amount: random.int(1, Math.max(1, Math.floor(payable_now / 60))),
  }));
  const amount = applications.reduce(
    (sum, part) => sum + part.amount,
    random.chance(0.2) ? random.int(1, 99) : 0,
  );
  const base = { customer_id: invoice.customer_id, amount, applications, send_receipt: random.chance(0.2) };
  const intent = { key: newId('request'), amount, sent: 0 };
  if (random.chance(0.35))
    return { ...intent, path: '/v1/payments', behaviour: 'hand', body: { ...base, kind: 'check' } };
  const behaviour = random.pick(behaviours);
  const token = await sandboxToken(target.gatewayUrl, target.secretKey, behaviour);
  const kind = behaviour === 'settle' || behaviour === 'return_r01' ? 'bank_account' : 'card';
  return { ...intent, path: '/v1/charges', behaviour, body: { ...base, token, kind } };
}

/** Clients that ask without pause until they are told to stop; some ask the same thing twice at once. */
export function startLoad(target: Target, invoices: readonly OpenInvoice[], random: Random, clients = 12) {
  const intents: Intent[] = [];
  let isRunning = true;
  const client = async () => {
    while (isRunning) {
      const intent = await draw(target, invoices, random);
      intents.push(intent);
      await Promise.all(
        random.chance(0.15) ? [send(target, intent), send(target, intent)] : [send(target, intent)],
      );
      // A dead server answers at once, and nobody asks it a thousand times a second.
      if (isOpen(intent)) await sleep(100);
    }
  };
  const done = Promise.all(Array.from({ length: clients }, client));
  return {
    intents,
    async stop() {
      isRunning = false;
      await done;
    },
  };
}
