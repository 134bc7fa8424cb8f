import type { IncomingMessage } from 'node:http';
import type { Account, BookedCharge } from './accounts.ts';
import { type ChargeStatus, movesDone, returnReason } from './charge-life.ts';
import type { Instrument } from './read-instrument.ts';

/** What a route answers. `drop` closes the socket without a word, as a broken network does. */
export type Reply =
  | { status: number; json: object; headers?: Record<string, string> }
  | { status: number; html: string; headers: Record<string, string> }
  | { status: number; bytes: Buffer; headers: Record<string, string> }
  | { drop: true };

export type Call = {
  url: URL;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
  /** The path's captured part. */
  id: string;
  account: Account;
  secretKey: string;
  /** The account's clock at this request. */
  now_ms: number;
};

/** Our ids as they come in a header or a path: nothing that would have to be escaped in either. */
export const isKey = (text: unknown): text is string =>
  typeof text === 'string' && /^[\w.-]{1,200}$/.test(text);

export const refusal = (status: number, code: string, message: string, field?: string): Reply => ({
  status,
  json: { error: { code, message, ...(field === undefined ? {} : { field }) } },
});

export const visibleStatus = (charge: BookedCharge, done: number): ChargeStatus =>
  charge.hiddenLookups > 0 ? 'processing' : (charge.moves[done - 1]?.status ?? 'processing');

const instant = (at_ms: number): string => new Date(at_ms).toISOString();

export const instrumentOnWire = (instrument: Instrument): object => ({
  kind: instrument.kind,
  brand: instrument.brand,
  last4: instrument.last4,
  expiry: instrument.expiry,
  funding: instrument.funding,
});

/** A charge as it stands at `now_ms`. */
export function chargeOnWire(charge: BookedCharge, now_ms: number): object {
  const done = movesDone(charge.moves, now_ms);
  const status = visibleStatus(charge, done);
  return {
    object: 'charge',
    id: charge.id,
    payment_id: charge.paymentId,
    status,
    amount: charge.amount,
    currency: charge.currency,
    description: charge.description,
    customer_id: charge.customerId,
    created: instant(charge.created_ms),
    method: charge.instrument && instrumentOnWire(charge.instrument),
    stored_token: charge.storedToken,
    decline: charge.decline,
    return:
      status === 'returned' && charge.instrument ? returnReason(charge.instrument.behaviour) : undefined,
    history: charge.moves
      .slice(0, charge.hiddenLookups > 0 ? 0 : done)
      .map((move) => ({ status: move.status, at: instant(move.at_ms) })),
  };
}
