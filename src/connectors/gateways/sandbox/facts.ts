import type { Account, BookedCharge, BookedDispute, Charge, Refund } from './accounts.ts';
import { correctedInstrument, movesOf, voidedMoves } from './charge-life.ts';
import { answeredMoves, disputeId, disputeMoves, disputeSpan } from './dispute-life.ts';
import { movesDone, reached, setMoving } from './moves.ts';
import { linesOf } from './payout-lines.ts';
import { rebook } from './payouts.ts';
import type { Instrument } from './read-instrument.ts';
import { refundFailure, refundMoves } from './refund-life.ts';

/** The furthest instant a request has named, and the machine's own time when it did. */
export type Clock = { named_ms: number; heard_ms: number };

/**
 * One fact: what the journal holds, and the only way the memory changes. `a` is the account. Kinds and fields
 * are only ever added: journals of every earlier version must still be read.
 */
export type Fact =
  | { k: 'token'; a: string; token: string; instrument: Instrument; expires_ms: number }
  | { k: 'charge'; a: string; charge: Charge; usedToken?: string; clock?: Clock }
  | { k: 'method'; a: string; token: string; methodId?: string; instrument: Instrument; usedToken?: string }
  | { k: 'removed'; a: string; token: string }
  | { k: 'looked_up'; a: string; paymentId: string }
  | { k: 'endpoint'; a: string; url: string; webhookSecret: string }
  | { k: 'clock'; a: string; clock: Clock }
  | { k: 'void'; a: string; paymentId: string; at_ms: number; clock?: Clock }
  | { k: 'refund'; a: string; refund: Refund; clock?: Clock }
  | { k: 'evidence'; a: string; disputeId: string; evidence: Evidence; clock?: Clock };

/** What is kept of evidence: not its words, which may be about a person, but whether they win. */
export type Evidence = { wins: boolean; fingerprint: string; at_ms: number };

export function applyFact(account: Account, fact: Fact): void {
  if ('usedToken' in fact && fact.usedToken !== undefined) {
    const token = account.tokens.get(fact.usedToken);
    if (token) token.used = true;
  }
  if ('clock' in fact && fact.clock) account.clock = fact.clock;
  switch (fact.k) {
    case 'token': {
      const { instrument, expires_ms } = fact;
      account.tokens.set(fact.token, { instrument, expires_ms, used: false });
      return;
    }
    case 'charge':
      bookCharge(account, fact.charge);
      return;
    case 'method': {
      const method = { token: fact.token, instrument: fact.instrument, removed: false };
      account.methods.set(fact.token, method);
      if (fact.methodId !== undefined) account.methodsById.set(fact.methodId, method);
      return;
    }
    case 'removed': {
      const method = account.methods.get(fact.token);
      if (method) method.removed = true;
      return;
    }
    case 'looked_up': {
      const charge = account.charges.get(fact.paymentId);
      if (charge) charge.hiddenLookups -= 1;
      return;
    }
    case 'endpoint':
      account.endpoint = { url: fact.url, webhookSecret: fact.webhookSecret };
      return;
    case 'void':
      bookVoid(account, fact.paymentId, fact.at_ms);
      return;
    case 'refund':
      bookRefund(account, fact.refund);
      return;
    case 'evidence':
      bookEvidence(account, fact.disputeId, fact.evidence);
      return;
  }
}

function bookCharge(account: Account, charge: Charge): void {
  const hidden = charge.instrument?.behaviour === 'unknown_until_looked_up_twice' && !charge.decline;
  const booked: BookedCharge = {
    ...charge,
    object: 'charge',
    place: account.list.length,
    moves: movesOf(charge.instrument, charge.decline !== undefined, charge.created_ms),
    announced: 1,
    hiddenLookups: hidden ? 2 : 0,
    refunds: [],
    lines: [],
  };
  account.charges.set(charge.paymentId, booked);
  account.list.push(booked);
  setMoving(account, booked);
  openDispute(account, booked);
  expectCorrection(account, booked);
  rebook(account, booked, linesOf(booked));
}

function openDispute(account: Account, charge: BookedCharge): void {
  const settled_ms = reached(charge.moves, 'settled');
  if (charge.instrument?.behaviour !== 'disputed' || settled_ms === undefined) return;
  const span = disputeSpan(settled_ms);
  const dispute: BookedDispute = {
    object: 'dispute',
    id: disputeId(charge.id),
    charge,
    amount: charge.amount,
    due_ms: span.due_ms,
    moves: disputeMoves(span),
    announced: 0,
  };
  charge.dispute = dispute;
  account.disputes.set(dispute.id, dispute);
  setMoving(account, dispute);
}

/** The holder disputes what is still with the business: nothing, once all was given back. */
function lessenDispute(account: Account, charge: BookedCharge, refund: Refund): void {
  const { dispute } = charge;
  if (!dispute || (reached(dispute.moves, 'opened') ?? 0) <= refund.created_ms) return;
  dispute.amount -= refund.amount;
  if (dispute.amount <= 0) dropDispute(account, charge);
}

function dropDispute(account: Account, charge: BookedCharge): void {
  if (!charge.dispute) return;
  account.moving.delete(charge.dispute);
  account.disputes.delete(charge.dispute.id);
  delete charge.dispute;
}

function expectCorrection(account: Account, charge: BookedCharge): void {
  const method = account.methods.get(charge.storedToken ?? charge.fromToken ?? '');
  const from_ms = reached(charge.moves, 'collected');
  const instrument = charge.instrument && correctedInstrument(charge.instrument);
  if (method && from_ms !== undefined && instrument) method.correction ??= { instrument, from_ms };
}

function bookVoid(account: Account, paymentId: string, at_ms: number): void {
  const charge = account.charges.get(paymentId);
  if (!charge) return;
  charge.moves = voidedMoves(charge.moves, at_ms);
  dropDispute(account, charge);
  setMoving(account, charge);
  rebook(account, charge, linesOf(charge));
}

function bookRefund(account: Account, refund: Refund): void {
  const charge = account.charges.get(refund.paymentId);
  if (!charge) return;
  const failure = charge.instrument && refundFailure(charge.instrument.behaviour);
  const moves = refundMoves(refund.created_ms, failure !== undefined);
  const booked = { ...refund, object: 'refund', moves, announced: 0, ...(failure && { failure }) } as const;
  account.refunds.set(refund.refundId, booked);
  charge.refunds.push(booked);
  lessenDispute(account, charge, refund);
  setMoving(account, booked);
  rebook(account, charge, linesOf(charge));
}

function bookEvidence(account: Account, id: string, evidence: Evidence): void {
  const dispute = account.disputes.get(id);
  if (!dispute) return;
  dispute.fingerprint = evidence.fingerprint;
  const done = dispute.moves.slice(0, movesDone(dispute.moves, evidence.at_ms));
  dispute.moves = answeredMoves(done, evidence);
  setMoving(account, dispute);
  rebook(account, dispute.charge, linesOf(dispute.charge));
}
