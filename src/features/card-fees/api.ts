import { z } from 'zod';
import { cardFeeModes, feeChannels } from '#features/card-fees/rules.ts';
import { endpoint, zDate, zInstant, zMinor } from '#lib/endpoint.ts';

const zPercent = z.string().regex(/^\d{1,2}(\.\d{1,4})?$/, 'must be a decimal such as 2.5');
const policyFields = {
  mode: z.enum(cardFeeModes),
  percent: zPercent.meta({
    description:
      'Surcharge, discount: of what is paid. Dual pricing: what accepting a card costs, of the card price',
  }),
  flat_amount: zMinor
    .refine((amount) => amount >= 0n, 'must not be negative')
    .meta({ description: 'A convenience fee, or the fixed part of what accepting a card costs' }),
  most_amount: zMinor
    .nullable()
    .refine((amount) => amount === null || amount > 0n, 'must be above 0')
    .meta({ description: 'The most that a discount takes off one payment; null: no most' }),
  cost_percent: zPercent
    .nullable()
    .meta({ description: 'What accepting a card costs you: a surcharge is never more' }),
  acquirer_notified_on: zDate.nullable(),
  region: z
    .string()
    .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'must be a state such as US-TX')
    .nullable(),
  channel: z.enum(feeChannels).meta({ description: 'Where a convenience fee is asked for' }),
};

export const zCardFeePolicy = z.object({
  ...policyFields,
  version: z.int().meta({ description: '0: card fees have never been on' }),
  currency: z.string(),
  effective_from: zDate,
  created_at: zInstant.nullable(),
});

export const zCardFeeRule = z.object({
  jurisdiction: z.string(),
  kind: z.enum([
    'network_cap',
    'place_cap',
    'cost_cap',
    'barred',
    'acquirer_notice',
    'card_kinds',
    'display',
    'formality',
    'words',
  ]),
  modes: z.array(z.string()),
  brand: z.string().nullable(),
  title: z.string(),
  figure: z.string().nullable(),
  says: z.string(),
  severity: z.enum(['block', 'warn', 'inform']),
  source: z.string(),
});

export const getCardFeePolicy = endpoint({
  method: 'GET',
  path: '/v1/card-fee-policy',
  summary: 'What paying by card costs, and what networks and laws say of it',
  scope: 'settings:read',
  reply: z.object({
    object: z.literal('card_fee_policy'),
    policy: zCardFeePolicy,
    rules: z.array(zCardFeeRule),
    places: z.array(z.object({ region: z.string(), name: z.string() })),
    card_ranges: z
      .array(z.object({ source: z.string(), dated_on: zDate, ranges: z.int() }))
      .meta({ description: 'By which lists a card is known whose gateway does not say what it is' }),
  }),
  errors: ['unauthenticated', 'forbidden'],
});
export const setCardFeePolicy = endpoint({
  method: 'POST',
  path: '/v1/card-fee-policy',
  summary: 'Set what paying by card costs, for the whole organization, or switch it off: a new version',
  scope: 'settings:write',
  body: z.strictObject({
    ...policyFields,
    most_amount: policyFields.most_amount.default(null),
    effective_from: zDate.optional(),
  }),
  status: 201,
  reply: zCardFeePolicy,
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
