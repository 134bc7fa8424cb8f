import { date, oneOf, searchOf, text } from '#web/staff/search.ts';

/** What the addresses of the lists that a figure of the dashboard opens may say. */
export const invoicesSearch = searchOf({
  q: text,
  status: oneOf(['open', 'current', 'past_due', 'pending', 'draft', 'paid', 'closed']),
  currency: text,
  customer_id: text,
  due_from: date,
  due_to: date,
  sort: oneOf(['invoice_date', 'due_date', '-due_date', '-total', 'total', 'number']),
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
