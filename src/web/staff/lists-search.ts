import { date, oneOf, searchOf, text } from '#web/staff/search.ts';

/** What may stand in the address of the customers list, and of the invoices list. */
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
  status: oneOf(['open', 'past_due', 'pending', 'draft', 'paid', 'closed']),
  customer_id: text,
  due_from: date,
  due_to: date,
  sort: oneOf(['invoice_date', 'due_date', '-due_date', '-total', 'total', 'number']),
  columns: text,
});
