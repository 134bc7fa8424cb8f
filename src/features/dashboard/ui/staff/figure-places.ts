import type { z } from 'zod';
import type { getAttention, zCurrencyFigures } from '#features/dashboard/api.ts';
import { expectedDays } from '#features/dashboard/rules.ts';
import { addDays } from '#lib/dates.ts';
import type { Scope } from '#lib/endpoint.ts';

/** A list of the console with its filter, and what its reader must be allowed. */
export type Place = { to: string; search: Record<string, string>; scope: Scope };
type Bucket = z.output<typeof zCurrencyFigures>['aging'][number]['bucket'];
type Days = { from: string; to: string };
type Shown = { today: string; currency?: string | undefined };

/**
 * The lists that the figures of one currency are counted from, to the invoice. The currency is named where
 * there is more than one.
 */
export function figurePlaces({ today, currency }: Shown) {
  const only: Record<string, string> = currency ? { currency } : {};
  const invoices = (search: Record<string, string>): Place => ({
    to: '/invoices',
    search: { sort: 'due_date', ...search, ...only },
    scope: 'invoices:read',
  });
  const payments = (search: Record<string, string>): Place => ({
    to: '/payments',
    search: { ...search, ...only },
    scope: 'payments:read',
  });
  return {
    open: invoices({ status: 'open' }),
    past_due: invoices({ status: 'past_due' }),
    pending: payments({ status: 'in_progress' }),
    all_expected: invoices({
      status: 'open',
      due_from: today,
      due_to: addDays(today, expectedDays - 1),
    }),
    expected: ({ from, to }: Days) => invoices({ status: 'open', due_from: from, due_to: to }),
    collected: ({ from, to }: Days) => payments({ status: 'succeeded', from, to }),
    autopay: ({ from, to }: Days) => payments({ status: 'succeeded', source: 'autopay', from, to }),
    aging: (bucket: Bucket) => invoices(rangeOf(bucket, today)),
    coming_charges: { to: '/reports', search: { tab: 'autopay-charges' }, scope: 'payments:read' } as Place,
  };
}

function rangeOf(bucket: Bucket, today: string): Record<string, string> {
  if (bucket === 'current') return { status: 'current' };
  if (bucket === '90+') return { status: 'past_due', due_to: addDays(today, -91) };
  const [first, last] = bucket.split('-').map(Number) as [number, number];
  return { status: 'past_due', due_from: addDays(today, -last), due_to: addDays(today, -first) };
}

export type AttentionKey = Exclude<keyof z.output<typeof getAttention.reply>, 'object'>;
export type AttentionItem = Place & { words: string; bad?: boolean };

/** The most pressing first: money, then what people do not know of, then what waits. */
export const attentionItems: Record<AttentionKey, AttentionItem> = {
  payments_unanswered: {
    words: 'Charges without an answer from the gateway',
    to: '/payments',
    search: { status: 'unanswered' },
    scope: 'payments:read',
    bad: true,
  },
  gateway_problems: {
    words: 'Gateway problems',
    to: '/settings',
    search: { section: 'gateways' },
    scope: 'settings:read',
    bad: true,
  },
  deposit_exceptions: {
    words: 'Deposits that do not add up',
    to: '/deposits',
    search: { status: 'exceptions' },
    scope: 'payments:read',
    bad: true,
  },
  chargebacks: {
    words: 'Chargebacks without evidence',
    to: '/chargebacks',
    search: { status: 'no_evidence' },
    scope: 'payments:read',
    bad: true,
  },
  autopay_failed: {
    words: 'Autopay charges that failed',
    to: '/reports',
    search: { tab: 'autopay-declines', view: 'final' },
    scope: 'payments:read',
    bad: true,
  },
  mails_bounced: {
    words: 'E-mails that did not arrive',
    to: '/reports',
    search: { tab: 'bounced' },
    scope: 'messages:read',
    bad: true,
  },
  messages_failed: {
    words: 'Texts and letters that could not be sent',
    to: '/messages',
    search: { state: 'failed', channel: 'not_email' },
    scope: 'messages:read',
    bad: true,
  },
  payment_plans: {
    words: 'Payment plans that wait for your answer',
    to: '/reports',
    search: { tab: 'plans' },
    scope: 'payments:read',
  },
  disputes: {
    words: 'Customers with an invoice in dispute',
    to: '/collections',
    search: { kind: 'dispute' },
    scope: 'customers:read',
  },
  promises_broken: {
    words: 'Customers who did not keep a promise to pay',
    to: '/collections',
    search: { kind: 'broken_promise' },
    scope: 'customers:read',
  },
  schedules_stopped: {
    words: 'Schedules that stopped by themselves',
    to: '/schedules',
    search: { status: 'stopped' },
    scope: 'payments:read',
  },
  tickets: {
    words: 'Questions that wait for an answer',
    to: '/tickets',
    search: {},
    scope: 'customers:read',
  },
  email_conflicts: {
    words: 'Customers who owe and have no e-mail address',
    to: '/reports',
    search: { tab: 'email-conflicts' },
    scope: 'customers:read',
  },
  paper_conflicts: {
    words: 'Letters that wait for a confirmed address',
    to: '/reports',
    search: { tab: 'paper' },
    scope: 'customers:read',
  },
};
