import type { Behaviour } from '#connectors/gateways/sandbox/test-numbers.ts';

/** One thing that a client wants done once. It keeps its key until it has an answer that it may rely on. */
export type Intent = {
  key: string;
  what: 'charge' | 'payment' | 'refund' | 'void' | 'credit' | 'apply credit';
  path: string;
  body: Record<string, unknown>;
  amount: number;
  behaviour?: Behaviour;
  /** Set by a 2xx; it must hold for ever. Of the payment, refund or credit memo that it made or moved. */
  madeId?: string;
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
    if (intent.madeId !== undefined && intent.madeId !== id)
      throw new Error(`${intent.key} was answered with two of them`);
    intent.madeId = id;
    // What could not be given back when it was first asked may be a moment later.
    if (isFickle(intent)) delete intent.refused;
    return;
  }
  const code = (reply.body.error as { code: string }).code;
  if (intent.madeId === undefined) intent.refused = code;
  else if (!isFickle(intent)) throw new Error(`${intent.key} was accepted and then refused: ${code}`);
}

const isFickle = ({ what }: Intent): boolean => what !== 'charge' && what !== 'payment';

export const isOpen = (intent: Intent): boolean =>
  intent.madeId === undefined && intent.refused === undefined;
