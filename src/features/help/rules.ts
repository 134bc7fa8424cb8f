/** Which article explains which page of the console: the "?" in a page's head. The first that fits counts. */
type Row = readonly [path: string, article: string, search?: Readonly<Record<string, string>>];

const rows: readonly Row[] = [
  ['/', 'first-steps'],
  ['/customers', 'customers'],
  ['/customers/$id', 'taking-payments', { tab: 'payments' }],
  ['/customers/$id', 'schedules', { tab: 'schedules' }],
  ['/customers/$id', 'taking-payments', { tab: 'links' }],
  ['/customers/$id', 'payment-plans', { tab: 'plans' }],
  ['/customers/$id', 'credit-memos', { tab: 'credit' }],
  ['/customers/$id', 'estimates', { tab: 'estimates' }],
  ['/customers/$id', 'autopay', { tab: 'methods' }],
  ['/customers/$id', 'autopay', { tab: 'autopay' }],
  ['/customers/$id', 'customer-cannot-sign-in', { tab: 'portal' }],
  ['/customers/$id', 'messages', { tab: 'messages' }],
  ['/customers/$id', 'collections', { tab: 'collections' }],
  ['/customers/$id', 'customers'],
  ['/collections', 'collections'],
  ['/invoices', 'invoices'],
  ['/invoices/new', 'invoices'],
  ['/invoices/$id/edit', 'invoices'],
  ['/invoices/$id', 'invoice-not-received', { tab: 'messages' }],
  ['/invoices/$id', 'invoices'],
  ['/estimates', 'estimates'],
  ['/estimates/new', 'estimates'],
  ['/estimates/$id', 'estimates'],
  ['/estimates/$id/edit', 'estimates'],
  ['/credit-memos', 'credit-memos'],
  ['/credit-memos/new', 'credit-memos'],
  ['/credit-memos/$id', 'credit-memos'],
  ['/credit-memos/$id/edit', 'credit-memos'],
  ['/payment-plans/$id', 'payment-plans'],
  ['/late-fees', 'late-fees'],
  ['/payments', 'taking-payments'],
  ['/payments/$id', 'void-and-refund'],
  ['/terminal', 'taking-payments'],
  ['/schedules', 'schedules'],
  ['/schedules/$id', 'schedules'],
  ['/deposits', 'deposits'],
  ['/deposits/$id', 'deposits'],
  ['/chargebacks', 'chargebacks'],
  ['/messages', 'messages'],
  ['/tickets', 'questions'],
  ['/tickets/$id', 'questions'],
  ['/letters', 'paper-mail'],
  ['/reports', 'messages', { tab: 'bounced' }],
  ['/reports', 'paper-mail', { tab: 'paper' }],
  ['/reports', 'payment-plans', { tab: 'plans' }],
  ['/reports', 'autopay', { tab: 'autopay' }],
  ['/reports', 'autopay', { tab: 'autopay-charges' }],
  ['/reports', 'autopay', { tab: 'autopay-declines' }],
  ['/reports', 'invoice-not-received', { tab: 'email-conflicts' }],
  ['/reports', 'invoice-not-received', { tab: 'ignored' }],
  ['/reports', 'invoice-not-received', { tab: 'held-mail' }],
  ['/reports', 'reports'],
  ['/reports/$key', 'reports'],
  ['/imports', 'imports'],
  ['/imports/new', 'imports'],
  ['/imports/$id', 'imports'],
  ['/settings', 'invoices', { section: 'invoices' }],
  ['/settings', 'invoices', { section: 'items' }],
  ['/settings', 'invoices', { section: 'taxes' }],
  ['/settings', 'messages', { section: 'messenger' }],
  ['/settings', 'portal', { section: 'portal' }],
  ['/settings', 'reminders', { section: 'reminders' }],
  ['/settings', 'late-fees', { section: 'late_fees' }],
  ['/settings', 'payment-plans', { section: 'payment_plans' }],
  ['/settings', 'card-fees', { section: 'card_fees' }],
  ['/settings', 'autopay', { section: 'autopay' }],
  ['/settings', 'messages', { section: 'templates' }],
  ['/settings', 'self-hosting', { section: 'sending-domain' }],
  ['/settings', 'taking-payments', { section: 'gateways' }],
  ['/settings', 'texts', { section: 'texts' }],
  ['/settings', 'paper-mail', { section: 'letters' }],
  ['/settings', 'api', { section: 'keys' }],
  ['/settings', 'notices', { section: 'notifications' }],
  ['/settings', 'portal', { section: 'payment_terms' }],
  ['/settings', 'billing', { section: 'billing' }],
  ['/settings', 'users-and-security', { section: 'users' }],
  ['/settings', 'single-sign-on', { section: 'sign_on' }],
  ['/settings', 'take-your-data', { section: 'data' }],
  ['/settings', 'users-and-security', { section: 'log' }],
  ['/settings', 'settings'],
  ['/profile', 'your-sign-in'],
  ['/notices', 'notices'],
  ['/help', 'first-steps'],
  ['/help/feedback', 'first-steps'],
  ['/help/requests', 'ask-support'],
  ['/help/requests/new', 'ask-support'],
  ['/help/requests/$id', 'ask-support'],
  ['/help/desk', 'ask-support'],
  ['/help/desk/$id', 'ask-support'],
  ['/help/$slug', 'first-steps'],
];
/** Every row, for the test that walks them. */
export const pageArticles = rows;

const fits = (pattern: string, path: string): boolean => {
  const [want, have] = [pattern.split('/'), path.split('/')];
  return want.length === have.length && want.every((part, at) => part.startsWith('$') || part === have[at]);
};

/** `/invoices/new` before `/invoices/$id`: a page's own name is nearer than a place for any name. */
export function articleOfPage(path: string, search: Readonly<Record<string, unknown>>): string | undefined {
  const clean = path.replace(/(.)\/$/, '$1');
  const found = rows.filter(
    ([pattern, , wanted]) =>
      fits(pattern, clean) && Object.entries(wanted ?? {}).every(([key, value]) => search[key] === value),
  );
  const named = found.find(([pattern]) => pattern === clean);
  return (named ?? found[0])?.[1];
}

/** Groups in the order of a contents page; each article names one of them. */
export const articleGroups = [
  'Begin',
  'Bill',
  'Chase',
  'Get paid',
  'Agreements',
  'Run Owed',
  'Something is wrong',
  'For payers',
] as const;
export type ArticleGroup = (typeof articleGroups)[number];
