/** A page of the console and what it asks the API for; `tag` names the rows of its organization. */
export type ConsolePage = { name: string; calls: (tag: number) => string[] };

const idOf = (prefix: string, tag: number, number: number): string =>
  `${prefix}_${String(tag * 100_000_000 + number).padStart(22, '0')}`;

const page = (name: string, ...paths: string[]): ConsolePage => ({
  name,
  calls: (tag) =>
    paths.map((path) => `/v1${path.replace(/\{(\w+)\}/, (_, prefix: string) => idOf(prefix, tag, 37))}`),
});

export const consolePages: readonly ConsolePage[] = [
  page('frame of every page', '/organization', '/dashboard/attention'),
  page('home', '/dashboard', '/dashboard/steps', '/dashboard/attention', '/events?limit=8'),
  page('home, this year', '/dashboard?from=2026-01-01&to=2026-11-27'),
  page('customers', '/customers'),
  page('customers, newest first', '/customers?sort=-created_at'),
  page('customers, found', '/customers?q=cedar'),
  page('customer', '/customers/{cus}', '/customers/{cus}/email-problems'),
  page('customer: invoices', '/invoices?customer_id={cus}'),
  page('customer: payments', '/payments?customer_id={cus}'),
  page('customer: messages', '/messages?customer_id={cus}'),
  page('customer: timeline', '/events?customer_id={cus}'),
  page('invoices', '/invoices?status=all'),
  page('invoices, open by due date', '/invoices?status=open&sort=due_date'),
  page('invoices, past due', '/invoices?status=past_due&sort=due_date'),
  page('invoices, closed', '/invoices?status=closed'),
  page('invoices, largest', '/invoices?status=all&sort=-total'),
  page(
    'invoices, due in a week',
    '/invoices?status=open&sort=due_date&due_from=2026-11-20&due_to=2026-11-26',
  ),
  page('invoices, found', '/invoices?status=all&q=B-0000950'),
  page('invoice', '/invoices/{inv}', '/events?subject_id={inv}', '/messages?invoice_id={inv}'),
  page('payments', '/payments'),
  page('payments, in progress', '/payments?status=in_progress'),
  page('payments of a source', '/payments?source=staff'),
  page('payment', '/payments/{pay}', '/events?subject_id={pay}'),
  page('credit memos', '/credit-memos'),
  page('collections', '/worklist', '/assignees'),
  page('schedules', '/schedules'),
  page('deposits', '/deposits'),
  page('chargebacks', '/chargebacks'),
  page('late fees', '/late-fees'),
  page('messages', '/messages'),
  page('messages, failed', '/messages?state=failed'),
  page('reports: e-mail conflicts', '/reports/email-conflicts'),
  page('reports: ignored conflicts', '/reports/email-conflicts?view=ignored'),
  page('reports: bounced e-mails', '/reports/bounced-emails'),
  page('reports: paper mail conflicts', '/paper-mail-conflicts'),
  page('reports: payment plans', '/payment-plans?state=requested'),
  page('reports: autopay', '/autopays'),
  page('reports: autopay declines', '/autopay-declines'),
  page('search: a customer', '/search?q=cedar%20works%2037'),
  page('search: an invoice', '/search?q=B-00009'),
];
