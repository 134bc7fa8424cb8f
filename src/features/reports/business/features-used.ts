import { type RawBuilder, sql } from 'kysely';

/**
 * A feature: the rows that are its use, and what staff does to use it. One without customers says where it is
 * instead.
 */
export type Feature = {
  key: string;
  title: string;
  /** `customer_id` and `at`; row-level security leaves each table with the rows of one organization. */
  uses: RawBuilder<unknown>;
  /** Events of it that a person of the staff records. */
  acts: readonly string[];
  page?: string;
};

const feature = (
  key: string,
  title: string,
  uses: RawBuilder<unknown>,
  acts: readonly string[],
): Feature => ({ key, title, uses, acts });

const ofCustomers: readonly Feature[] = [
  feature(
    'email',
    'E-mail addresses',
    sql`select id as customer_id, created_at as at from customers where email is not null`,
    ['customer.created', 'customer.updated'],
  ),
  feature('autopay', 'Autopay', sql`select customer_id, since as at from autopays where ended_at is null`, [
    'autopay.enabled',
    'autopay.changed',
    'autopay.ended',
  ]),
  feature(
    'portal',
    'Portal',
    sql`select customer_id, chosen_at as at from portal_memberships where revoked_at is null`,
    ['portal.invited', 'portal.unlocked'],
  ),
  feature(
    'methods',
    'Stored payment methods',
    sql`select customer_id, created_at as at from payment_methods where state = 'active'`,
    ['payment_method.stored', 'payment_method.link_made', 'payment_method.removed'],
  ),
  feature('plans', 'Payment plans', sql`select customer_id, created_at as at from payment_plans`, [
    'payment_plan.offered',
    'payment_plan.approved',
    'payment_plan.rejected',
  ]),
  feature('schedules', 'Schedules', sql`select customer_id, created_at as at from schedules`, [
    'schedule.created',
    'schedule.updated',
    'schedule.paused',
    'schedule.resumed',
  ]),
  feature('estimates', 'Estimates', sql`select customer_id, created_at as at from estimates`, [
    'estimate.created',
    'estimate.updated',
    'estimate.sent',
  ]),
  feature('payment_links', 'Payment links', sql`select customer_id, created_at as at from payment_links`, [
    'payment_link.made',
  ]),
  feature(
    'invoice_mails',
    'Invoices by mail',
    sql`select customer_id, created_at as at from messages where kind in ('new_invoice', 'invoice') and channel = 'email'`,
    ['invoice.sent', 'import.invoices_sent', 'organization.went_live'],
  ),
  feature(
    'statements',
    'Statements',
    sql`select customer_id, created_at as at from messages where kind = 'statement'`,
    ['statement_link.made'],
  ),
  feature(
    'reminders',
    'Reminders',
    sql`select customer_id, sent_at as at from reminders where state = 'sent'`,
    ['dunning_policy.created', 'dunning_policy.updated', 'customer.policy_chosen'],
  ),
  feature(
    'texts',
    'Text messages',
    sql`select customer_id, created_at as at from messages where channel = 'sms'`,
    ['text_consent.given'],
  ),
  feature(
    'letters',
    'Paper mail',
    sql`select customer_id, created_at as at from messages where channel = 'paper'`,
    ['customer.address_confirmed'],
  ),
  feature('late_fees', 'Late fees', sql`select customer_id, created_at as at from late_fees`, [
    'late_fee_policy.changed',
    'late_fee.waived',
    'late_fee.removed',
  ]),
  feature('card_fees', 'Card fees', sql`select customer_id, disclosed_at as at from payment_fees`, [
    'card_fee_policy.changed',
  ]),
  feature('credit_memos', 'Credit memos', sql`select customer_id, created_at as at from credit_memos`, [
    'credit_memo.created',
    'credit_memo.issued',
    'credit_memo.applied',
    'credit_memo.sent',
  ]),
  feature(
    'e_invoices',
    'E-invoices',
    sql`select k.id as customer_id, coalesce(b.updated_at, p.updated_at) as at from customers k
      left join e_invoice_buyers b on b.organization_id = k.organization_id and b.customer_id = k.id
      left join e_invoice_policies p on p.organization_id = k.organization_id
      where coalesce(b.format, p.format, 'none') <> 'none'`,
    ['e_invoice.policy_set', 'e_invoice.buyer_set'],
  ),
  feature(
    'tickets',
    'Tickets',
    sql`select customer_id, created_at as at from tickets where desk = 'organization'`,
    ['ticket.opened', 'ticket.answered', 'ticket.noted', 'ticket.changed'],
  ),
  feature('promises', 'Promises to pay', sql`select customer_id, created_at as at from promises_to_pay`, [
    'promise.made',
    'promise.withdrawn',
  ]),
];

const ofTheHouse: readonly Feature[] = [
  {
    ...feature(
      'report_mails',
      'Reports by mail',
      sql`select created_at as at from report_mails where stopped_at is null`,
      ['report_mail.started', 'report_mail.stopped'],
    ),
    page: '/reports?tab=mails',
  },
  {
    ...feature(
      'second_factor',
      'Second factor',
      sql`select occurred_at as at from events where type in ('user.authenticator_set_up', 'user.passkey_added')`,
      ['user.authenticator_set_up', 'user.passkey_added'],
    ),
    page: '/settings?section=users',
  },
  {
    ...feature('gateways', 'Gateways', sql`select created_at as at from gateway_accounts`, [
      'gateway_account.connected',
      'gateway_account.updated',
    ]),
    page: '/settings?section=gateways',
  },
  {
    ...feature('imports', 'Imports', sql`select created_at as at from import_batches`, [
      'import.imported',
      'import.undone',
    ]),
    page: '/imports',
  },
  {
    ...feature('api_keys', 'API keys', sql`select created_at as at from api_keys`, [
      'api_key.created',
      'api_key.revoked',
    ]),
    page: '/settings?section=keys',
  },
];

export const features: readonly Feature[] = [...ofCustomers, ...ofTheHouse];

/** Filters of the report of customers: who of the active ones uses what. */
export const userFilters = ofCustomers.map(({ key, title }) => ({
  value: `uses_${key}`,
  label: `Use: ${title}`,
}));
export const usersOf = (filter: string): RawBuilder<unknown> | undefined => {
  const uses = ofCustomers.find(({ key }) => `uses_${key}` === filter)?.uses;
  return uses && sql`and c.id in (select customer_id from (${uses}) u)`;
};
