import { sql } from 'kysely';

/**
 * Every table that names a customer, and what a merge does with its rows. A test walks the catalog, so that
 * a new table cannot be forgotten.
 */

/** Papers of their own: each one that moves is written down, and is what undo brings back. */
export const papers = [
  'invoices',
  'payments',
  'credit_memos',
  'payment_methods',
  'payment_links',
  'method_links',
  'authorizations',
  'text_consents',
  'schedules',
  'payment_plans',
  'messages',
  'reminder_documents',
  'replies',
  'tasks',
  'customer_notes',
  'files',
  'autopay_runs',
  'estimates',
  'notices',
  'tickets',
  'billing_subscriptions',
] as const;

/** What hangs on a paper goes where it goes, also what came since: table → [column, paper]. */
export const hangers = {
  refunds: ['payment_id', 'payments'],
  chargebacks: ['payment_id', 'payments'],
  payment_fees: ['payment_id', 'payments'],
  credit_applications: ['credit_memo_id', 'credit_memos'],
  late_fees: ['invoice_id', 'invoices'],
  promises_to_pay: ['invoice_id', 'invoices'],
  disputes: ['invoice_id', 'invoices'],
  reminders: ['invoice_id', 'invoices'],
  autopay_tries: ['invoice_id', 'invoices'],
  autopay_notices: ['invoice_id', 'invoices'],
  payment_plan_installments: ['payment_plan_id', 'payment_plans'],
  payment_plan_invoices: ['payment_plan_id', 'payment_plans'],
  schedule_occurrences: ['schedule_id', 'schedules'],
  estimate_answers: ['estimate_id', 'estimates'],
  estimate_invoices: ['estimate_id', 'estimates'],
  authorization_revocations: ['authorization_id', 'authorizations'],
} as const satisfies Record<string, readonly [string, (typeof papers)[number]]>;

/** One a customer (or a customer and person): moves where the winner has none, else stays with the loser. */
export const singles = {
  autopays: 'customer_id',
  default_payment_methods: 'customer_id',
  e_invoice_buyers: 'customer_id',
  portal_invitations: 'customer_id',
  portal_memberships: 'portal_user_id',
} as const;

/** What stays with the loser, and why. */
export const stays: Readonly<Record<string, string>> = {
  journal_lines: 'never edited: a transfer entry carries the balances over',
  events: 'never edited: the timeline of the winner shows those of the loser too',
  setting_change_rows: 'what one change did to this record',
  worklist: 'made anew for both',
  sessions: 'moved by follow_merge, with rights of its own',
  link_tokens: 'moved by follow_merge, with rights of its own',
};

/** The papers of a kind that a merge has moved. */
export const movedOf = (merge: { organizationId: string; mergeId: string }, kind: string) => sql`(
  select row_id from customer_merge_rows
  where organization_id = ${merge.organizationId} and merge_id = ${merge.mergeId} and kind = ${kind})`;
