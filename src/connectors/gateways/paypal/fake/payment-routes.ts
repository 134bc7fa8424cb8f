import { z } from 'zod';
import { fromPaypalMoney } from '../paypal-money.ts';
import { leftOf, makeRefund } from './capture-life.ts';
import { type House, refuseMoney } from './order-routes.ts';
import { captureAlone, refundView } from './order-view.ts';
import { type Call, notThere, type Reply, refusal, syntaxError, unknownKey } from './wire.ts';

export function getCapture({ books, place }: House, call: Call): Reply {
  const capture = books.captures.get(call.id);
  return capture ? { status: 200, json: captureAlone(place, capture) } : notThere();
}

export function getRefund({ books, place }: House, call: Call): Reply {
  const refund = books.refunds.get(call.id);
  return refund ? { status: 200, json: refundView(place, refund) } : notThere();
}

const refundKeys = {
  amount: { currency_code: true, value: true },
  custom_id: true,
  invoice_id: true,
  note_to_payer: true,
} as const;
const refundShape = z.object({
  amount: z.object({ currency_code: z.string(), value: z.string() }).optional(),
  custom_id: z.string().min(1).max(127).optional(),
});

export function refundCapture({ books, place }: House, call: Call): Reply {
  const unknown = unknownKey(call.body ?? {}, refundKeys);
  if (unknown) return syntaxError(unknown);
  const read = refundShape.safeParse(call.body ?? {});
  if (!read.success) return syntaxError(`/${read.error.issues[0]?.path.join('/')}`);
  const capture = books.captures.get(call.id);
  if (!capture) return notThere();
  const given = read.data.amount;
  const bad = given && refuseMoney(given, '/amount');
  if (bad) return bad;
  const left = leftOf(capture);
  const amount = given ? fromPaypalMoney(given) : { amount: left, currency: capture.order.currency };
  if (!amount) return syntaxError('/amount');
  if (amount.currency !== capture.order.currency)
    return refusal(
      422,
      'REFUND_CAPTURE_CURRENCY_MISMATCH',
      'Refund must be in the same currency as the capture',
    );
  if (capture.status === 'PENDING')
    return refusal(
      422,
      'PENDING_CAPTURE',
      'Cannot initiate a refund as the capture is pending. Capture is typically pending when the payer has ' +
        'funded the transaction using e-check/bank funded.',
    );
  if (capture.status === 'DECLINED') return refusal(422, 'REFUND_NOT_ALLOWED', 'Capture cannot be refunded.');
  if (left === 0n)
    return refusal(422, 'CAPTURE_FULLY_REFUNDED', 'The capture has already been fully refunded');
  if (amount.amount > left)
    return refusal(
      422,
      'REFUND_AMOUNT_EXCEEDED',
      'The refund amount must be less than or equal to the capture amount that has not yet been refunded.',
    );
  const refund = makeRefund(books, capture, amount.amount, read.data.custom_id);
  return { status: 201, json: refundView(place, refund) };
}
