/** Every list that can be had as a file, as pages and the API name it. */
export const listNames = {
  invoices: 'Invoices',
  invoice_lines: 'Lines of invoices',
  estimates: 'Estimates',
  credit_memos: 'Credit memos',
  customers: 'Customers',
  items: 'Items',
  payments: 'Payments',
  refunds: 'Refunds',
  deposits: 'Deposits',
  chargebacks: 'Chargebacks',
  schedules: 'Schedules',
  payment_plans: 'Payment plans',
  payment_links: 'Payment links',
  autopays: 'Autopay',
  coming_charges: 'Coming charges',
  autopay_declines: 'Autopay declines',
  late_fees: 'Late fees',
  worklist: 'Worklist',
  messages: 'Messages',
  letters_to_print: 'Letters to print',
  email_conflicts: 'E-mail conflicts',
  bounced_emails: 'Bounced e-mails',
  held_mail: 'Held-back mail',
  paper_conflicts: 'Addresses to confirm',
  tickets: 'Questions',
  imports: 'Imports',
  users: 'Users',
  audit_log: 'Audit log',
} as const;
export type ListName = keyof typeof listNames;
/** Within a sentence. */
export const wordOf = (list: ListName): string =>
  `${listNames[list].slice(0, 1).toLowerCase()}${listNames[list].slice(1)}`;
export const allLists = Object.keys(listNames) as [ListName, ...ListName[]];

/** So many rows can be ticked. */
export const mostChosen = 1000;
