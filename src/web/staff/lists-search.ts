import { date, oneOf, searchOf, text } from '#web/staff/search.ts';

/** What may stand in the addresses of lists; a figure of the dashboard opens them by it. */
export const customersSearch = searchOf({
  q: text,
  status: oneOf(['inactive', 'all']),
  customer_type: text,
  sort: oneOf(['-created_at']),
  columns: text,
  add: oneOf(['yes']),
});

export const invoicesSearch = searchOf({
  q: text,
  status: oneOf(['open', 'current', 'past_due', 'pending', 'draft', 'paid', 'closed']),
  currency: text,
  customer_id: text,
  due_from: date,
  due_to: date,
  sort: oneOf(['invoice_date', 'due_date', '-due_date', '-total', 'total', 'number']),
  columns: text,
});

export const schedulesSearch = searchOf({
  q: text,
  status: oneOf(['paused', 'stopped', 'all']),
  sort: oneOf(['-next_on', 'amount', '-amount']),
});

export const depositsSearch = searchOf({
  status: oneOf(['exceptions', 'in_transit', 'payouts', 'hand']),
  from: text,
  to: text,
});

export const chargebacksSearch = searchOf({ status: oneOf(['open', 'no_evidence', 'won', 'lost']) });

export const messagesSearch = searchOf({
  state: oneOf(['queued', 'sent', 'failed', 'suppressed']),
  channel: oneOf(['email', 'sms', 'paper', 'not_email']),
  to: text,
  id: text,
});

export const reportsSearch = searchOf({
  tab: oneOf([
    'email-conflicts',
    'mails',
    'ignored',
    'bounced',
    'held-mail',
    'paper',
    'plans',
    'autopay',
    'autopay-charges',
    'autopay-declines',
  ]),
  /** Of the declines. */
  view: oneOf(['final']),
});
