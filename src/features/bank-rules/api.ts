import { z } from 'zod';
import { endpoint, zDate } from '#lib/endpoint.ts';

/** Why a bank debit came back, in words; part of a payment. */
export const zBankReturn = z.object({
  code: z.string(),
  title: z.string(),
  meaning: z.string(),
  note: z.string().nullable().meta({ description: 'Where the sources of the rule disagree' }),
  may_retry: z.enum(['never', 'after_new_authorization', 'twice_within_180_days']),
  advice: z.string(),
  method: z.enum(['not_stored', 'kept', 'blocked', 'removed']).meta({
    description: 'How the stored account stands',
  }),
});

export const zReturnRate = z.object({
  kind: z.enum(['unauthorized', 'administrative', 'overall']),
  title: z.string(),
  returned: z.int(),
  rate_bps: z.int().meta({ description: 'In basis points, rounded up: 50 is 0.5 %' }),
  limit_bps: z.int(),
  near_bps: z.int(),
  standing: z.enum(['fine', 'near', 'over']),
  codes: z.array(z.string()),
  source: z.string(),
  note: z.string().nullable(),
});

export const getReturnRates = endpoint({
  method: 'GET',
  path: '/v1/ach-return-rates',
  summary: 'How many bank debits came back of those sent in the last 60 days, against the network’s limits',
  scope: 'payments:read',
  reply: z.object({
    object: z.literal('ach_return_rates'),
    from: zDate,
    to: zDate,
    originated: z.int(),
    rates: z.array(zReturnRate),
  }),
  errors: ['unauthenticated', 'forbidden'],
});
