import {
  type Books,
  type Capture,
  type Dispute,
  later,
  move,
  type Order,
  type Refund,
  record,
} from './books.ts';
import { newPaypalId } from './wire.ts';

const day_ms = 86_400_000;
const clears_ms = 4 * day_ms;

/** 3.49 % and 49 cents, as PayPal takes of a wallet payment; whole units where there are no cents. */
function feeOf(amount: bigint): bigint {
  const fee = (amount * 349n + 5_000n) / 10_000n + 49n;
  return fee < amount ? fee : amount - 1n;
}

const instruments: Partial<Record<string, string>> = { venmo: 'VENMO', pay_later: 'Pay Later' };

/** Takes the money of an approved order. What a buyer cannot pay at all the route has refused before. */
export function makeCapture(books: Books, order: Order): Capture {
  const capture: Capture = {
    id: newPaypalId(),
    order,
    status: 'COMPLETED',
    reason: undefined,
    customId: order.customId,
    amount: order.amount,
    fee: feeOf(order.amount),
    created_ms: books.now_ms,
    updated_ms: books.now_ms,
    refunds: [],
  };
  books.captures.set(capture.id, capture);
  Object.assign(order, { capture, status: 'COMPLETED', updated_ms: books.now_ms });
  switch (order.buyer) {
    case 'declined':
      capture.status = 'DECLINED';
      books.announce('PAYMENT.CAPTURE.DECLINED', { capture });
      return capture;
    case 'echeck':
    case 'echeck_bounces':
      pend(books, capture, { reason: 'ECHECK', for_ms: clears_ms, clears: order.buyer === 'echeck' });
      return capture;
    case 'under_review':
      pend(books, capture, { reason: 'PENDING_REVIEW', for_ms: day_ms, clears: true });
      return capture;
    default:
      record(books, paymentRecord(capture));
      books.announce('PAYMENT.CAPTURE.COMPLETED', { capture });
      if (order.buyer === 'disputes') later(books, 4 * day_ms, () => openDispute(books, capture));
      return capture;
  }
}

const paymentRecord = (capture: Capture) => ({
  id: capture.id,
  code: 'T0006',
  amount: capture.amount,
  fee: -capture.fee,
  currency: capture.order.currency,
  custom: capture.customId,
  instrument: instruments[capture.order.buyer ?? ''] ?? 'PAYPAL',
});

type Pending = { reason: string; for_ms: number; clears: boolean };

function pend(books: Books, capture: Capture, { reason, for_ms, clears }: Pending): void {
  Object.assign(capture, { status: 'PENDING', reason });
  const waiting = { ...paymentRecord(capture), begun_ms: books.now_ms };
  const states: { status: 'P' | 'S' | 'D'; at_ms: number }[] = [{ status: 'P', at_ms: books.now_ms }];
  const written = { ...waiting, states };
  books.records.push(written);
  books.announce('PAYMENT.CAPTURE.PENDING', { capture });
  later(books, for_ms, () => {
    Object.assign(capture, {
      status: clears ? 'COMPLETED' : 'DECLINED',
      reason: undefined,
      updated_ms: books.now_ms,
    });
    written.states.push({ status: clears ? 'S' : 'D', at_ms: books.now_ms });
    if (clears) move(books, written);
    books.announce(clears ? 'PAYMENT.CAPTURE.COMPLETED' : 'PAYMENT.CAPTURE.DECLINED', { capture });
  });
}

export const leftOf = (capture: Capture): bigint =>
  capture.refunds.reduce(
    (left, refund) => (refund.status === 'FAILED' ? left : left - refund.amount),
    capture.amount,
  );

const restate = (capture: Capture): void => {
  const left = leftOf(capture);
  capture.status = left === 0n ? 'REFUNDED' : left < capture.amount ? 'PARTIALLY_REFUNDED' : 'COMPLETED';
};

export function makeRefund(books: Books, capture: Capture, amount: bigint, customId?: string): Refund {
  const bounces = capture.order.buyer === 'refund_bounces';
  const refund: Refund = {
    id: newPaypalId(),
    capture,
    status: bounces ? 'PENDING' : 'COMPLETED',
    customId,
    amount,
    created_ms: books.now_ms,
    updated_ms: books.now_ms,
  };
  books.refunds.set(refund.id, refund);
  capture.refunds.push(refund);
  restate(capture);
  capture.updated_ms = books.now_ms;
  const { currency } = capture.order;
  if (bounces) {
    later(books, clears_ms, () => {
      Object.assign(refund, { status: 'FAILED', updated_ms: books.now_ms });
      restate(capture);
    });
    return refund;
  }
  const given = { code: 'T1107', amount: -amount, currency, custom: customId, relatedId: capture.id };
  record(books, { ...given, id: refund.id });
  books.announce('PAYMENT.CAPTURE.REFUNDED', { refund });
  return refund;
}

const answer_days = 10;

function openDispute(books: Books, capture: Capture): void {
  const dispute: Dispute = {
    id: `PP-R-${newPaypalId(3)}-${newPaypalId(8)}`,
    capture,
    status: 'WAITING_FOR_SELLER_RESPONSE',
    outcome: undefined,
    evidence: [],
    created_ms: books.now_ms,
    updated_ms: books.now_ms,
    due_ms: books.now_ms + answer_days * day_ms,
  };
  books.disputes.set(dispute.id, dispute);
  record(books, disputeRecord(dispute, 'T1110', -capture.amount));
  books.announce('CUSTOMER.DISPUTE.CREATED', { dispute });
  later(books, answer_days * day_ms, () => {
    if (dispute.evidence.length === 0) decide(books, dispute, false);
  });
}

const disputeRecord = ({ capture }: Dispute, code: string, amount: bigint) => ({
  code,
  amount,
  currency: capture.order.currency,
  custom: capture.customId,
  relatedId: capture.id,
});

/** Evidence of the business; one who looks at it for PayPal decides ten days later. */
export function takeEvidence(books: Books, dispute: Dispute, text: string): void {
  dispute.evidence.push(text);
  Object.assign(dispute, { status: 'UNDER_REVIEW', updated_ms: books.now_ms });
  books.announce('CUSTOMER.DISPUTE.UPDATED', { dispute });
  later(books, answer_days * day_ms, () => decide(books, dispute, text.includes('winning_evidence')));
}

function decide(books: Books, dispute: Dispute, won: boolean): void {
  Object.assign(dispute, {
    status: 'RESOLVED',
    outcome: won ? 'RESOLVED_SELLER_FAVOUR' : 'RESOLVED_BUYER_FAVOUR',
    updated_ms: books.now_ms,
  });
  record(books, disputeRecord(dispute, 'T1111', dispute.capture.amount));
  if (!won) {
    record(books, disputeRecord(dispute, 'T1106', -dispute.capture.amount));
    record(books, disputeRecord(dispute, 'T0106', -1_500n));
  }
  books.announce('CUSTOMER.DISPUTE.RESOLVED', { dispute });
}
