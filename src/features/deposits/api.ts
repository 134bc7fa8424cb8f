import { z } from 'zod';
import { endpoint, listOf, pageQuery, zDate, zId, zInstant, zMinor, zText } from '#lib/endpoint.ts';

export const zDeposit = z.object({
  object: z.literal('deposit'),
  id: zId('deposit'),
  kind: z.enum(['payout', 'hand']),
  gateway_account_id: zId('gatewayAccount').nullable(),
  gateway_name: z.string().nullable(),
  gateway_reference: z.string().nullable(),
  state: z.enum(['in_transit', 'paid', 'failed', 'undone']),
  /** What the bank shows: gross less fees, plus what went back (negative), plus what nothing explains. */
  amount: zMinor,
  gross: zMinor,
  fees: zMinor,
  returned: zMinor,
  difference: zMinor,
  currency: z.string(),
  made_on: zDate,
  arrives_on: zDate,
  memo: z.string().nullable(),
  exception: z.string().nullable(),
  owner_id: zId('user').nullable(),
  owner_name: z.string().nullable(),
  resolved_at: zInstant.nullable(),
  resolution: z.string().nullable(),
  posted_at: zInstant.nullable(),
  created_at: zInstant,
});

export const zDepositLine = z.object({
  line_no: z.int(),
  reference: z.string(),
  kind: z.string(),
  payment_id: zId('payment').nullable(),
  customer_id: zId('customer').nullable(),
  customer_name: z.string().nullable(),
  gross: zMinor,
  fee: zMinor,
  net: zMinor,
  description: z.string(),
  on_date: zDate,
});

export const listDeposits = endpoint({
  method: 'GET',
  path: '/v1/deposits',
  summary: 'What reached the bank: gateway payouts and deposits by hand, newest arrival first',
  scope: 'payments:read',
  query: z.object({
    ...pageQuery,
    status: z.enum(['all', 'exceptions', 'in_transit', 'payouts', 'hand']).default('all'),
    from: zDate.optional(),
    to: zDate.optional(),
  }),
  reply: listOf(zDeposit),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found'],
});

const one = z.object({ id: zId('deposit') });
export const getDeposit = endpoint({
  method: 'GET',
  path: '/v1/deposits/{id}',
  summary: 'One deposit',
  scope: 'payments:read',
  params: one,
  reply: zDeposit,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const listDepositLines = endpoint({
  method: 'GET',
  path: '/v1/deposits/{id}/lines',
  summary: 'What a deposit is made of: payments, fees, refunds and what else the gateway moved',
  scope: 'payments:read',
  params: one,
  query: z.object({
    limit: z.coerce.number().int().min(1).max(100).default(50),
    after: z.coerce.number().int().min(0).default(0),
  }),
  reply: listOf(zDepositLine),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found'],
});

export const makeDeposit = endpoint({
  method: 'POST',
  path: '/v1/deposits',
  status: 201,
  summary: 'Record that checks, cash and wires in hand were taken to the bank as one deposit',
  scope: 'payments:write',
  body: z.strictObject({
    payment_ids: z.array(zId('payment')).min(1).max(1000),
    deposited_on: zDate.optional(),
    memo: zText(500).optional(),
  }),
  reply: zDeposit,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused'],
});

export const undoDeposit = endpoint({
  method: 'POST',
  path: '/v1/deposits/{id}/undo',
  summary: 'Take back a deposit that was recorded by hand: its payments are in hand again',
  scope: 'payments:write',
  params: one,
  reply: zDeposit,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});

export const assignDeposit = endpoint({
  method: 'POST',
  path: '/v1/deposits/{id}/assign',
  summary: 'Say who looks into a deposit that does not add up',
  scope: 'payments:write',
  params: one,
  body: z.strictObject({ owner_id: zId('user').nullable() }),
  reply: zDeposit,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const resolveDeposit = endpoint({
  method: 'POST',
  path: '/v1/deposits/{id}/resolve',
  summary: 'Accept a deposit that does not add up, with the reason; it is booked as the bank shows it',
  scope: 'payments:write',
  params: one,
  body: z.strictObject({ resolution: zText(1000) }),
  reply: zDeposit,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found', 'state_refused'],
});
