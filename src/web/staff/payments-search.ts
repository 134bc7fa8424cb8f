import { date, oneOf, searchOf, text } from '#web/staff/search.ts';

/** What the address of the payments report may say. */
export const paymentsSearch = searchOf({
  q: text,
  status: oneOf(['in_progress', 'unanswered', 'succeeded', 'rejected', 'voided']),
  currency: text,
  customer_id: text,
  kind: oneOf(['card', 'bank_account', 'paypal', 'check', 'cash', 'wire', 'other']),
  source: oneOf([
    'portal',
    'invoice_link',
    'statement_link',
    'payment_page',
    'staff',
    'virtual_terminal',
    'api',
    'import',
    'autopay',
    'schedule',
    'plan_down_payment',
    'plan_installment',
  ]),
  gateway_account_id: text,
  amount_from: text,
  amount_to: text,
  from: date,
  to: date,
});
