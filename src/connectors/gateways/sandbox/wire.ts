import type { IncomingMessage } from 'node:http';
import type { Account, BookedCharge, BookedDispute, BookedRefund } from './accounts.ts';
import { type ChargeStatus, correctedInstrument, noticeOfChange, returnReason } from './charge-life.ts';
import { disputeReason } from './dispute-life.ts';
import type { Clock } from './facts.ts';
import { type Move, movesDone, statusAt } from './moves.ts';
import type { BalanceLine } from './payout-lines.ts';
import { type Payout, payoutAmount } from './payouts.ts';
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

/** How far a charge has come; its first state is there from the start. */
export const chargeDone = (charge: BookedCharge, now_ms: number): number =>
  Math.max(1, movesDone(charge.moves, now_ms));

/** Before anything moved: a charge as it was first answered. */
export const firstAnswer = Number.NEGATIVE_INFINITY;

/** The clock goes into the journal with what was done by it. */
export const clockOf = ({ clock }: Account): { clock?: Clock } => (clock ? { clock } : {});

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
  const done = chargeDone(charge, now_ms);
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
    change: changeOf(charge, done),
    amount_refunded: charge.refunds
      .filter((refund) => statusAt(refund, now_ms) !== 'failed')
      .reduce((total, refund) => total + refund.amount, 0),
    history: charge.moves.slice(0, charge.hiddenLookups > 0 ? 0 : done).map(moveOnWire),
  };
}

const moveOnWire = (move: Move<string>): object => ({ status: move.status, at: instant(move.at_ms) });

/** The bank's notice, once the debit was collected. */
function changeOf({ instrument, moves }: BookedCharge, done: number): object | undefined {
  const corrected = instrument && correctedInstrument(instrument);
  if (!corrected || !moves.slice(0, done).some((move) => move.status === 'collected')) return undefined;
  return { ...noticeOfChange, corrected_last4: corrected.last4 };
}

export function refundOnWire(refund: BookedRefund, now_ms: number): object {
  const status = statusAt(refund, now_ms) ?? 'submitted';
  return {
    object: 'refund',
    id: refund.id,
    refund_id: refund.refundId,
    payment_id: refund.paymentId,
    status,
    amount: refund.amount,
    currency: refund.currency,
    created: instant(refund.created_ms),
    failure: status === 'failed' ? refund.failure : undefined,
  };
}

export function disputeOnWire(dispute: BookedDispute, now_ms: number): object {
  const { id, charge, amount, due_ms, moves } = dispute;
  return {
    object: 'dispute',
    id,
    charge_id: charge.id,
    payment_id: charge.paymentId,
    status: statusAt(dispute, now_ms),
    amount,
    currency: charge.currency,
    reason: disputeReason,
    opened: instant(moves[0]?.at_ms ?? 0),
    evidence_due: instant(due_ms),
    history: moves.slice(0, movesDone(moves, now_ms)).map(moveOnWire),
  };
}

/** Amounts are strings here: a sum of many charges may be more than a JSON number holds exactly. */
export const payoutOnWire = (payout: Payout, now_ms: number, wrongBy: bigint): object => ({
  object: 'payout',
  id: payout.id,
  kind: payout.kind,
  status: statusAt(payout, now_ms),
  amount: String(payoutAmount(payout) + wrongBy),
  currency: payout.currency,
  made_on: payout.madeOn,
  arrives_on: payout.arrivesOn,
  lines: payout.lines.size,
});

export const lineOnWire = (line: BalanceLine): object => ({
  id: line.id,
  kind: line.kind,
  payment_id: line.paymentId,
  refund_id: line.refundId,
  gross: String(line.gross),
  fee: String(line.fee),
  net: String(line.gross - line.fee),
  description: line.description,
  on: instant(line.at_ms).slice(0, 10),
});
