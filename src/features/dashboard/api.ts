import { z } from 'zod';
import { firstSteps, mostCounted } from '#features/dashboard/rules.ts';
import { agingBuckets } from '#features/invoices/rules.ts';
import { endpoint, zCurrency, zDate, zMinor } from '#lib/endpoint.ts';

const zFigure = z.object({ amount: zMinor, count: z.int() });
const zBar = z.object({ from: zDate, to: zDate, amount: zMinor });

/** The figures of one currency. Amounts of different currencies are never added. */
export const zCurrencyFigures = z.object({
  currency: zCurrency,
  open: zFigure.meta({ description: 'Balance due of all open invoices' }),
  past_due: zFigure.meta({ description: 'Of it, due before today and not covered by payments under way' }),
  aging: z.array(z.object({ bucket: z.enum(agingBuckets), amount: zMinor, invoices: z.int() })),
  pending: zFigure.meta({ description: 'Payments that are under way' }),
  collected: zFigure.meta({
    description: 'Payments that succeeded, received from the first to the last day',
  }),
  collected_before: zMinor.meta({ description: 'The same of as many days just before' }),
  collected_bars: z.array(zBar).meta({ description: 'By day, or by month where the days are more than 62' }),
  autopay: zFigure.meta({ description: 'Of what was collected: by autopay' }),
  autopay_share_bps: z.int().nullable(),
  expected: zFigure.meta({ description: 'Open and due from today through the 29 days that follow' }),
  expected_bars: z.array(zBar),
  billed_90_days: zMinor.meta({ description: 'Totals of invoices dated in the 90 days that end today' }),
  dso_tenths: z.int().nullable().meta({
    description: 'Tenths of a day: open ÷ billed in the last 90 days × 90. Null: nothing was billed',
  }),
});

export const getDashboard = endpoint({
  method: 'GET',
  path: '/v1/dashboard',
  summary: 'Where the money stands, in each currency: open by age, under way, collected, expected',
  scope: 'overview:read',
  query: z.object({ from: zDate.optional(), to: zDate.optional() }),
  reply: z.object({
    object: z.literal('dashboard'),
    today: zDate,
    from: zDate,
    to: zDate,
    fiscal_year_from: zDate.meta({ description: 'The first day of the fiscal year of today' }),
    /** The organization's own first. */
    currencies: z.array(zCurrencyFigures),
  }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

const zCount = z.int().max(mostCounted);
export const getAttention = endpoint({
  method: 'GET',
  path: '/v1/dashboard/attention',
  summary: `What needs a person; each is counted to ${mostCounted}`,
  scope: 'overview:read',
  reply: z.object({
    object: z.literal('attention'),
    autopay_failed: zCount.meta({ description: 'Charges of the last 30 days that are not tried again' }),
    payments_unanswered: zCount.meta({ description: 'Charges that no gateway gives an answer about' }),
    deposit_exceptions: zCount,
    gateway_problems: zCount.meta({
      description: 'Gateway accounts that failed their check, failed webhooks',
    }),
    chargebacks: zCount.meta({ description: 'Without evidence so far' }),
    disputes: zCount.meta({ description: 'Customers on the worklist because of a dispute' }),
    promises_broken: zCount.meta({ description: 'Customers on the worklist because of a broken promise' }),
    schedules_stopped: zCount.meta({ description: 'That stopped by themselves' }),
    tickets: zCount.meta({ description: 'Questions of customers that nobody has answered' }),
    payment_plans: zCount.meta({ description: 'That wait for an answer' }),
    mails_bounced: zCount,
    messages_failed: zCount.meta({ description: 'Text messages and letters that could not be sent' }),
    email_conflicts: zCount,
    paper_conflicts: zCount,
  }),
  errors: ['unauthenticated', 'forbidden'],
});

const zStep = z.enum(firstSteps);
const zSteps = z.object({
  object: z.literal('first_steps'),
  /** Nothing is owed and nothing was ever paid: an empty desk. */
  is_new: z.boolean(),
  /** Somebody does not want to see them any more. */
  dismissed: z.boolean(),
  steps: z.array(z.object({ key: zStep, done: z.boolean(), skipped: z.boolean() })),
});
export const getFirstSteps = endpoint({
  method: 'GET',
  path: '/v1/dashboard/steps',
  summary: 'The first steps of an organization: done is what the books say, not a tick',
  scope: 'overview:read',
  reply: zSteps,
  errors: ['unauthenticated', 'forbidden'],
});
export const skipStep = endpoint({
  method: 'POST',
  path: '/v1/dashboard/steps/skip',
  summary: 'Show a first step no more, or all of them; or show it again',
  scope: 'settings:write',
  body: z.strictObject({ step: z.enum([...firstSteps, 'all']), skipped: z.boolean() }),
  reply: zSteps,
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
