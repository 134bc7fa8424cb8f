import { z } from 'zod';
import { fromPaypalMoney } from '../paypal-money.ts';
import type { Books, Order } from './books.ts';
import { makeCapture } from './capture-life.ts';
import { briefOrder, type Place, wholeOrder } from './order-view.ts';
import { type Call, newPaypalId, notThere, type Reply, refusal, syntaxError, unknownKey } from './wire.ts';

export type House = { books: Books; place: Place };

/** The currencies that PayPal moves, and how many decimals it takes in each. */
const whole = ['HUF', 'JPY', 'TWD'];
const cents = 'AUD BRL CAD CNY CZK DKK EUR HKD ILS MYR MXN NZD NOK PHP PLN GBP SGD SEK CHF THB USD'.split(
  ' ',
);

/** Why an amount is refused; undefined for a good one. */
export function refuseMoney(
  given: { currency_code: string; value: string },
  field: string,
): Reply | undefined {
  const { currency_code, value } = given;
  if (!whole.includes(currency_code) && !cents.includes(currency_code))
    return refusal(422, 'INVALID_CURRENCY_CODE', undefined, `${field}/currency_code`);
  const match = /^(\d+)(?:\.(\d+))?$/.exec(value);
  if (!match) return refusal(422, 'CANNOT_BE_NEGATIVE', undefined, `${field}/value`);
  const decimals = whole.includes(currency_code) ? 0 : 2;
  if ((match[2]?.length ?? 0) > decimals)
    return refusal(422, 'DECIMAL_PRECISION', undefined, `${field}/value`);
  if (!/[1-9]/.test(value)) return refusal(422, 'CANNOT_BE_ZERO_OR_NEGATIVE', undefined, `${field}/value`);
  return undefined;
}

const moneyShape = z.object({ currency_code: z.string().length(3), value: z.string().max(32) });
const text = (max: number) => z.string().min(1).max(max);
const createShape = z.object({
  intent: z.literal('CAPTURE'),
  purchase_units: z
    .array(
      z.object({
        reference_id: text(256).default('default'),
        custom_id: text(127).optional(),
        description: text(127).optional(),
        amount: moneyShape,
      }),
    )
    .length(1),
  payment_source: z.object({
    paypal: z.object({
      experience_context: z.object({
        return_url: z.url(),
        cancel_url: z.url(),
        user_action: z.enum(['CONTINUE', 'PAY_NOW']).default('CONTINUE'),
        shipping_preference: z.enum(['GET_FROM_FILE', 'NO_SHIPPING', 'SET_PROVIDED_ADDRESS']).optional(),
        payment_method_preference: z.enum(['UNRESTRICTED', 'IMMEDIATE_PAYMENT_REQUIRED']).optional(),
      }),
    }),
  }),
});

const createKeys = {
  intent: true,
  purchase_units: {
    reference_id: true,
    custom_id: true,
    invoice_id: true,
    description: true,
    soft_descriptor: true,
    amount: { currency_code: true, value: true, breakdown: true },
  },
  payment_source: {
    paypal: {
      experience_context: {
        brand_name: true,
        locale: true,
        return_url: true,
        cancel_url: true,
        landing_page: true,
        user_action: true,
        shipping_preference: true,
        payment_method_preference: true,
      },
    },
  },
} as const;

const wantsWhole = (call: Call): boolean => call.headers.prefer === 'return=representation';

export function createOrder({ books, place }: House, call: Call): Reply {
  const unknown = unknownKey(call.body, createKeys);
  if (unknown) return syntaxError(unknown);
  const read = createShape.safeParse(call.body);
  if (!read.success) return syntaxError(`/${read.error.issues[0]?.path.join('/')}`);
  if (!call.headers['paypal-request-id'])
    return refusal(
      400,
      'PAYPAL_REQUEST_ID_REQUIRED',
      'A PayPal-Request-Id is required if you are trying to process payment for an Order. ' +
        "Please specify a PayPal-Request-Id or Create the Order without a 'payment_source' specified.",
    );
  const [unit] = read.data.purchase_units;
  const { return_url: returnUrl, cancel_url: cancelUrl } = read.data.payment_source.paypal.experience_context;
  const bad = unit && refuseMoney(unit.amount, '/purchase_units/@reference_id==default/amount');
  const amount = fromPaypalMoney(unit?.amount);
  if (bad) return bad;
  if (!unit || !amount) return syntaxError('/purchase_units');
  const order: Order = {
    id: newPaypalId(),
    status: 'PAYER_ACTION_REQUIRED',
    referenceId: unit.reference_id,
    customId: unit.custom_id,
    description: unit.description,
    ...amount,
    returnUrl,
    cancelUrl,
    buyer: undefined,
    payerId: newPaypalId(13),
    created_ms: books.now_ms,
    updated_ms: books.now_ms,
    capture: undefined,
  };
  books.orders.set(order.id, order);
  return { status: 201, json: wantsWhole(call) ? wholeOrder(place, order) : briefOrder(place, order) };
}

const hour_ms = 3_600_000;

/** An order that nobody captured is gone three hours after it was made or approved. */
export function liveOrder({ books }: House, id: string): Order | undefined {
  const order = books.orders.get(id);
  const ended = order && !order.capture && books.now_ms > order.updated_ms + 3 * hour_ms;
  return ended ? undefined : order;
}

export function getOrder(house: House, call: Call): Reply {
  const order = liveOrder(house, call.id);
  return order ? { status: 200, json: wholeOrder(house.place, order) } : notThere();
}

const patchShape = z
  .array(z.object({ op: z.string(), path: z.string().optional(), value: z.unknown() }))
  .min(1);

/** Of all that PayPal lets one change, the fake knows the custom id. */
export function patchOrder(house: House, call: Call): Reply {
  const read = patchShape.safeParse(call.body);
  if (!read.success) return syntaxError('/');
  const order = liveOrder(house, call.id);
  if (!order) return notThere();
  if (order.status === 'COMPLETED')
    return refusal(422, 'ORDER_ALREADY_COMPLETED', 'The order cannot be patched after it is completed.');
  for (const { op, path, value } of read.data) {
    const referenceId = /^\/purchase_units\/@reference_id=='(.+)'\/custom_id$/.exec(path ?? '')?.[1];
    if (referenceId === undefined) return refusal(422, 'NOT_PATCHABLE', 'Cannot be patched.');
    if (referenceId !== order.referenceId) return refusal(422, 'REFERENCE_ID_NOT_FOUND');
    if (typeof value !== 'string' || value === '' || value.length > 127)
      return refusal(400, 'INVALID_STRING_LENGTH', undefined, '/0/value');
    if (op !== 'add' && op !== 'replace')
      return refusal(400, 'INVALID_PARAMETER_VALUE', 'The value of a field is invalid.', '/0/op');
    order.customId = value;
    // Patching does not lengthen the order's life, so its time stays.
  }
  return { status: 204 };
}

const refusedBuyers: Partial<Record<string, [issue: string, description: string]>> = {
  instrument_declined: [
    'INSTRUMENT_DECLINED',
    "The instrument presented  was either declined by the processor or bank, or it can't be used for this payment.",
  ],
  cannot_pay: [
    'PAYER_CANNOT_PAY',
    'Payer cannot pay for this transaction. Please contact the payer to find other ways to pay for this transaction.',
  ],
};

export function captureOrder(house: House, call: Call): Reply {
  const unknown = unknownKey(call.body ?? {}, { payment_source: true });
  if (unknown) return syntaxError(unknown);
  const order = liveOrder(house, call.id);
  if (!order) return notThere();
  if (order.capture)
    return refusal(
      422,
      'ORDER_ALREADY_CAPTURED',
      "Order already captured.If 'intent=CAPTURE' only one capture per order is allowed.",
    );
  if (order.status !== 'APPROVED')
    return refusal(
      422,
      'ORDER_NOT_APPROVED',
      "Payer has not yet approved the Order for payment. Please redirect the payer to the 'rel':'approve' url " +
        'returned as part of the HATEOAS links within the Create Order call or provide a valid ' +
        '`payment_source` in the request.',
    );
  const refused = refusedBuyers[order.buyer ?? ''];
  if (refused) return refusal(422, ...refused);
  makeCapture(house.books, order);
  const view = wantsWhole(call) ? wholeOrder : briefOrder;
  return { status: 201, json: view(house.place, order) };
}
