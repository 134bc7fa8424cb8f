import { z } from 'zod';
import type { MethodDetails } from '#features/payments/payment-gateway.ts';
import type { HttpResult } from '../../http-client.ts';
import { answerOf, errorOf, isNotThere, type PaypalApi, type PaypalError } from './paypal-api.ts';

export const moneyShape = z.object({ currency_code: z.string(), value: z.string() });
const reasonShape = z.object({ reason: z.string().default('') }).optional();

const captureShape = z.object({
  id: z.string().min(1),
  status: z.string(),
  status_details: reasonShape,
  amount: moneyShape,
  custom_id: z.string().optional(),
});
export type PaypalCapture = z.infer<typeof captureShape>;

export const refundShape = z.object({
  id: z.string().min(1),
  status: z.string(),
  status_details: reasonShape,
  amount: moneyShape.optional(),
  custom_id: z.string().optional(),
});
export type PaypalRefund = z.infer<typeof refundShape>;

const unitShape = z.object({
  reference_id: z.string().default('default'),
  amount: moneyShape,
  custom_id: z.string().optional(),
  payments: z
    .object({ captures: z.array(captureShape).default([]), refunds: z.array(refundShape).default([]) })
    .default({ captures: [], refunds: [] }),
});

export const orderShape = z.object({
  id: z.string().min(1),
  status: z.string(),
  payment_source: z.record(z.string(), z.unknown()).default({}),
  // We make orders of one unit; one of several was made by somebody else.
  purchase_units: z.tuple([unitShape]),
});
export type PaypalOrder = z.infer<typeof orderShape>;

const capturePlaceShape = z.object({
  id: z.string(),
  status: z.string(),
  supplementary_data: z
    .object({ related_ids: z.object({ order_id: z.string().optional() }).optional() })
    .optional(),
});

export type OrderAnswer =
  | { found: PaypalOrder }
  | { absent: PaypalError; found?: undefined }
  | { failed: HttpResult; found?: undefined; absent?: undefined };

/** What PayPal has under an id that came back from the payer's browser: it may be anybody's, or none. */
export async function readOrder(api: PaypalApi, id: string): Promise<OrderAnswer> {
  const result = await api.send({ method: 'GET', path: `/v2/checkout/orders/${encodeURIComponent(id)}` });
  const found = answerOf(result, orderShape);
  if (found) return { found };
  const error = errorOf(result);
  return error && isNotThere(error) ? { absent: error } : { failed: result };
}

/** The order that a capture belongs to, by the capture's own word. */
export async function readCapture(
  api: PaypalApi,
  id: string,
): Promise<{ status: string; orderId: string } | { failed: HttpResult }> {
  const result = await api.send({ method: 'GET', path: `/v2/payments/captures/${encodeURIComponent(id)}` });
  const capture = answerOf(result, capturePlaceShape);
  const orderId = capture?.supplementary_data?.related_ids?.order_id;
  return capture && orderId !== undefined ? { status: capture.status, orderId } : { failed: result };
}

/**
 * PayPal tells its wallet from Venmo. That a payer chose Pay Later it does not tell whoever captures an
 * order: the business is paid at once, and only the reports of the next hours name it.
 */
export function methodOf(order: PaypalOrder): MethodDetails {
  return { kind: 'paypal', brand: 'venmo' in order.payment_source ? 'venmo' : 'paypal', last4: '' };
}
