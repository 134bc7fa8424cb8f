import { isVoidable } from './charge-life.ts';
import { fingerprintOf, type Gateway, newToken } from './charge-routes.ts';
import { underFault } from './faults.ts';
import { movesDone } from './moves.ts';
import { pageOf } from './pages.ts';
import { refundRefusal } from './refund-life.ts';
import { type Call, chargeOnWire, clockOf, isKey, type Reply, refundOnWire, refusal } from './wire.ts';

const noCharge = (): Reply => refusal(404, 'charge_not_found', 'No charge was made with this payment id.');

/** POST /v1/charges/by-key/:paymentId/void. Once voided it stays so, however often it is asked. */
export function postVoid(gateway: Gateway, call: Call): Promise<Reply> {
  const { account, id, now_ms } = call;
  return underFault(gateway, account, () => {
    const charge = account.charges.get(id);
    if (!charge) return noCharge();
    const status = charge.moves[movesDone(charge.moves, now_ms) - 1]?.status;
    if (status !== 'voided') {
      if (charge.hiddenLookups > 0 || !isVoidable(status))
        return refusal(409, 'not_voidable', `The charge is ${status}: it can no longer be voided.`);
      gateway.commit({ k: 'void', a: account.key, paymentId: id, at_ms: now_ms, ...clockOf(account) });
      gateway.tell(account);
    }
    return { status: 200, json: chargeOnWire(charge, now_ms) };
  });
}

/** POST /v1/refunds. Whatever is refused here was never made: the same id may be sent again. */
export async function postRefund(gateway: Gateway, call: Call): Promise<Reply> {
  const { account, body, now_ms } = call;
  const refundId = call.headers['idempotency-key'];
  if (!isKey(refundId)) return refusal(400, 'key_missing', 'Send your refund id as Idempotency-Key.');
  const { payment_id: paymentId, amount, currency } = body;
  if (!isKey(paymentId))
    return refusal(422, 'invalid', 'payment_id is your id of the payment.', 'payment_id');
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < 1)
    return refusal(422, 'amount_invalid', 'amount is a whole number of minor units, 1 or more.', 'amount');

  return underFault(gateway, account, () => {
    const fingerprint = fingerprintOf(body);
    const known = account.refunds.get(refundId);
    if (known) {
      return known.fingerprint === fingerprint
        ? // As it was when it was made: the stored answer does not grow older with the refund.
          { status: 200, json: refundOnWire(known, known.created_ms) }
        : refusal(422, 'idempotency_key_reused', 'This refund id was sent before with another request.');
    }
    const charge = account.charges.get(paymentId);
    if (!charge) return noCharge();
    if (charge.currency !== currency)
      return refusal(422, 'currency_invalid', `The charge was made in ${charge.currency}.`, 'currency');
    const reason = refundRefusal(charge, amount, now_ms);
    if (reason) return refusal(409, reason.code, reason.message);
    const refund = { id: newToken('re'), refundId, paymentId, amount, currency, created_ms: now_ms };
    gateway.commit({ k: 'refund', a: account.key, refund: { ...refund, fingerprint }, ...clockOf(account) });
    gateway.tell(account);
    const booked = account.refunds.get(refundId);
    if (!booked) throw new Error('a committed refund is booked');
    return { status: 200, json: refundOnWire(booked, now_ms) };
  });
}

/** GET /v1/refunds/by-key/:refundId */
export function getRefundByKey({ account, id, now_ms }: Call): Reply {
  const refund = account.refunds.get(id);
  return refund
    ? { status: 200, json: refundOnWire(refund, now_ms) }
    : refusal(404, 'refund_not_found', 'No refund was made with this refund id.');
}

/** GET /v1/refunds?limit=&starting_after= : oldest first. */
export const listRefunds = ({ account, url, now_ms }: Call): Reply =>
  pageOf([...account.refunds.values()], url, (refund) => refundOnWire(refund, now_ms));
