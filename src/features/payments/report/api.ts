import { z } from 'zod';
import { zPayment } from '#features/payments/api.ts';
import { paymentKinds, paymentSources } from '#features/payments/payment-name-rules.ts';
import { endpoint, listOf, pageQuery, zCurrency, zDate, zFile, zId, zMinor } from '#lib/endpoint.ts';
import { maxAmount } from '#lib/money.ts';

/** Minor units in an address. */
const zAmountText = z.coerce
  .number()
  .int()
  .min(0)
  .max(Number(maxAmount))
  .meta({ description: 'In minor units' });

/** A list and what belongs to it, its file and its totals, take the same filters. */
const filters = {
  q: z.string().trim().max(100).optional().meta({
    description: 'An id, a reference, an invoice number, or letters of the customer’s name',
  }),
  customer_id: zId('customer').optional(),
  status: z
    .enum(['all', 'in_progress', 'unanswered', 'succeeded', 'rejected', 'voided', 'undeposited'])
    .default('all')
    .meta({ description: 'Unanswered: the gateway gave no answer, and is asked no more' }),
  currency: zCurrency.optional(),
  kind: z.enum(paymentKinds).optional(),
  source: z.enum(paymentSources).optional(),
  gateway_account_id: zId('gatewayAccount').optional(),
  amount_from: zAmountText.optional(),
  amount_to: zAmountText.optional(),
  from: zDate.optional(),
  to: zDate.optional(),
};

export const listPayments = endpoint({
  method: 'GET',
  path: '/v1/payments',
  summary: 'Payments, newest first',
  scope: 'payments:read',
  query: z.object({ ...pageQuery, ...filters }),
  reply: listOf(zPayment),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

const zTotal = z.object({
  currency: z.string(),
  count: z.int(),
  amount: zMinor,
  succeeded: zMinor.meta({ description: 'Of those approved or settled' }),
  refunded: zMinor,
});
export const totalPayments = endpoint({
  method: 'GET',
  path: '/v1/payments/totals',
  summary: 'How many payments a filter finds, and their sum by currency; of very many no more than that',
  scope: 'payments:read',
  query: z.object(filters),
  reply: z.object({
    object: z.literal('payment_totals'),
    count: z.int(),
    is_complete: z.boolean().meta({ description: 'False: there are more than were counted' }),
    by_currency: z.array(zTotal),
  }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

export const exportPaymentsXlsx = endpoint({
  method: 'GET',
  path: '/v1/payments/xlsx',
  summary: 'Every payment that a filter finds, as a spreadsheet with real numbers and dates',
  scope: 'payments:read',
  query: z.object(filters),
  reply: zFile,
  fileType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
export const exportPayments = endpoint({
  method: 'GET',
  path: '/v1/payments/export',
  summary: 'Every payment that a filter finds, as a CSV file: the columns and the order of the list',
  scope: 'payments:read',
  query: z.object(filters),
  reply: zFile,
  fileType: 'text/csv',
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
