import type { ConsoleCompany } from './console-company.ts';
import { deskViews } from './console-desk-views.ts';
import { mailViews } from './console-mail-views.ts';
import { moneyViews } from './console-money-views.ts';
import { planViews } from './console-plan-views.ts';
import { dialog, inDialog, inMenu, menu, press, type View } from './console-press.ts';

/** Everything in a company at work. */
export function companyViews({ ids }: ConsoleCompany): View[] {
  return [
    { name: 'overview', path: '/' },
    ...customerViews(ids),
    ...invoiceViews(ids),
    ...moneyViews(ids),
    ...deskViews(ids),
    ...mailViews(ids),
    ...planViews(ids),
    { name: 'messages', path: '/messages' },
    { name: 'message', path: `/messages?id=${ids.message}` },
    {
      name: 'message-text',
      path: `/messages?id=${ids.message}`,
      open: (page) => page.getByRole('tab', { name: 'Plain text' }).click(),
    },
    { name: 'message-failed', path: `/messages?state=failed&id=${ids.failedMessage}` },
    { name: 'messages-none', path: '/messages?to=nobody-at-all' },
    { name: 'messages-texts', path: '/messages?channel=sms' },
    { name: 'message-text-waits', path: `/messages?id=${ids.waitingText}` },
    { name: 'message-text-held', path: `/messages?id=${ids.heldText}` },
    { name: 'message-letter', path: `/messages?id=${ids.waitingLetter}` },
    // The browser of the tests has no viewer for it and hands the document over instead.
    {
      name: 'message-letter-set',
      path: `/messages?id=${ids.letter}`,
      expected: /\/attachments\/.* net::ERR_ABORTED/,
    },
    { name: 'letters', path: '/letters' },
    { name: 'reports-paper', path: '/reports?tab=paper' },
    ...autopayViews(ids),
    {
      name: 'reports-address',
      ...inDialog,
      path: '/reports?tab=paper',
      open: (page) => page.getByRole('button', { name: 'Look at the address' }).first().click(),
    },
    {
      name: 'reports-address-other',
      ...inDialog,
      path: '/reports?tab=paper',
      open: async (page) => {
        await page.getByRole('button', { name: 'Look at the address' }).first().click();
        await page.getByRole('radio', { name: 'Another address' }).click();
      },
    },
    {
      name: 'customer-attest-texts',
      ...inDialog,
      path: `/customers/${ids.customer}?tab=messages`,
      open: press('Attest consent'),
    },
    ...importViews(ids),
    ...settingsViews,
    ...frameViews,
  ];
}

function customerViews(ids: ConsoleCompany['ids']): View[] {
  const at = `/customers/${ids.customer}`;
  return [
    { name: 'customers', path: '/customers' },
    {
      name: 'customers-chosen',
      path: '/customers',
      open: (page) => page.getByLabel('Select all on this page').click(),
    },
    { name: 'customers-none', path: '/customers?q=nobody-at-all' },
    { name: 'customer-add', ...inDialog, path: '/customers?add=yes', open: dialog },
    {
      name: 'customer-add-wrong',
      ...inDialog,
      path: '/customers?add=yes',
      open: press('Add customer', 'dialog'),
    },
    { name: 'customers-invite-all', ...inDialog, path: '/customers', open: press('Invite all') },
    { name: 'customer', path: at },
    ...[
      'payments',
      'links',
      'credit',
      'estimates',
      'methods',
      'autopay',
      'portal',
      'messages',
      'collections',
      'timeline',
    ].map((tab) => ({
      name: `customer-${tab}`,
      path: `${at}?tab=${tab}`,
    })),
    { name: 'customer-statement-link', ...inDialog, path: at, open: press('Statement link') },
    {
      name: 'customer-statement-made',
      ...inDialog,
      path: at,
      open: async (page) => {
        await press('Statement link')(page);
        await press('Copy statement link', 'dialog')(page);
        await page.getByRole('button', { name: 'Copy link' }).waitFor();
      },
    },
    {
      name: 'customer-payment-link',
      ...inDialog,
      path: `${at}?tab=links`,
      open: press('New payment link'),
    },
    {
      name: 'customer-payment-link-wrong',
      ...inDialog,
      path: `${at}?tab=links`,
      open: async (page) => {
        await press('New payment link')(page);
        await press(/(Send|Make) payment link/, 'dialog')(page);
      },
    },
    {
      name: 'customer-payment-link-withdraw',
      ...inDialog,
      path: `${at}?tab=links`,
      open: press(/^Withdraw /),
    },
    { name: 'customer-menu', ...inMenu, path: at, open: press('More actions') },
    { name: 'customer-edit', ...inDialog, path: at, open: press('Edit') },
    {
      name: 'customer-nowhere',
      path: '/customers/cus_0000000000000000000000',
      expected: /40[04]/,
    },
  ];
}

function invoiceViews(ids: ConsoleCompany['ids']): View[] {
  const late = `/invoices/${ids.lateInvoice}`;
  return [
    { name: 'invoices', path: '/invoices' },
    { name: 'invoices-past-due', path: '/invoices?status=past_due&sort=due_date' },
    {
      name: 'invoices-send-chosen',
      ...inDialog,
      path: '/invoices',
      open: async (page) => {
        await page.getByLabel('Select all on this page').click();
        await press('Send')(page);
      },
    },
    { name: 'invoices-none', path: '/invoices?q=nothing-at-all' },
    { name: 'invoice-new', path: `/invoices/new?customer_id=${ids.customer}` },
    { name: 'invoice-new-wrong', path: '/invoices/new', open: press('Issue') },
    { name: 'invoice-late', path: late },
    { name: 'invoice-open', path: `/invoices/${ids.openInvoice}` },
    { name: 'invoice-closed', path: `/invoices/${ids.closedInvoice}` },
    { name: 'invoice-draft', path: `/invoices/${ids.draftInvoice}` },
    // The browser of the tests has no viewer for it and hands the document over instead.
    { name: 'invoice-pdf', path: `${late}?tab=pdf`, expected: /\/pdf net::ERR_ABORTED/ },
    { name: 'invoice-messages', path: `/invoices/${ids.openInvoice}?tab=messages` },
    { name: 'invoice-send', ...inDialog, path: late, open: press(/^Send/) },
    {
      name: 'invoice-send-all-ways',
      ...inDialog,
      path: late,
      open: async (page) => {
        await press(/^Send/)(page);
        await page.getByLabel('Text message').click();
        await page.getByLabel('Letter').click();
      },
    },
    { name: 'invoice-void', ...inDialog, path: late, open: menu('More actions', /Void/) },
    { name: 'invoice-take-payment', ...inMenu, path: late, open: press('Take payment') },
    { name: 'invoice-record', ...inDialog, path: late, open: menu('Take payment', /Record/) },
    { name: 'invoice-charge', ...inDialog, path: late, open: menu('Take payment', /Charge/) },
  ];
}

function importViews(ids: ConsoleCompany['ids']): View[] {
  return [
    { name: 'imports', path: '/imports' },
    { name: 'import-new', path: '/imports/new' },
    { name: 'import-new-invoices', path: '/imports/new?kind=invoices' },
    { name: 'import-mapping', path: `/imports/${ids.mappingImport}` },
    { name: 'import-checked', path: `/imports/${ids.checkedImport}` },
    { name: 'import-finished', path: `/imports/${ids.finishedImport}` },
    {
      name: 'import-undo',
      ...inDialog,
      path: `/imports/${ids.finishedImport}`,
      open: press('Undo this import'),
    },
    { name: 'import-undone', path: `/imports/${ids.undoneImport}` },
    { name: 'import-failed', path: `/imports/${ids.failedImport}` },
  ];
}

/** Autopay of a customer that has it, its form, and what did not go through. */
const autopayViews = (ids: ConsoleCompany['ids']): View[] => [
  { name: 'reports-autopay', path: '/reports?tab=autopay' },
  { name: 'reports-autopay-declines', path: '/reports?tab=autopay-declines' },
  { name: 'customer-autopay-on', path: `/customers/${ids.autopayCustomer}?tab=autopay` },
  {
    name: 'customer-autopay-form',
    path: `/customers/${ids.autopayCustomer}?tab=autopay`,
    open: press('Change autopay'),
  },
  { name: 'invoice-autopay', path: `/invoices/${ids.autopayInvoice}` },
];

const settingsViews: View[] = [
  ...[
    'general',
    'branding',
    'invoices',
    'messenger',
    'portal',
    'reminders',
    'late_fees',
    'card_fees',
    'autopay',
    'gateways',
    'texts',
    'letters',
    'keys',
    'users',
    'log',
    'clock',
  ].map((section) => ({
    name: `settings-${section}`,
    path: `/settings?section=${section}`,
  })),
  {
    name: 'settings-reminders-new',
    ...inDialog,
    path: '/settings?section=reminders',
    open: press('New policy'),
  },
  {
    name: 'settings-reminders-change',
    ...inDialog,
    path: '/settings?section=reminders',
    open: press('Change Standard'),
  },
  {
    name: 'settings-reminders-preview',
    ...inDialog,
    path: '/settings?section=reminders',
    open: async (page) => {
      await press('Change Standard')(page);
      await press('Preview step 3', 'dialog')(page);
      await page.getByTitle(/^Message: /).waitFor();
    },
  },
  {
    name: 'settings-choice',
    path: '/settings?section=branding',
    open: (page) => page.getByLabel('Brand colour').click(),
  },
  {
    name: 'invoices-choice',
    path: '/invoices',
    open: async (page) => {
      await page.getByRole('combobox', { name: 'Customer' }).click();
      await page.keyboard.press('ArrowDown');
      await page.locator('[data-combobox-selected]').waitFor();
    },
  },
  {
    name: 'settings-connect-gateway',
    ...inDialog,
    path: '/settings?section=gateways',
    open: press('Connect a gateway'),
  },
  { name: 'settings-make-key', ...inDialog, path: '/settings?section=keys', open: press('Make a key') },
  { name: 'settings-revoke-key', ...inDialog, path: '/settings?section=keys', open: press('Revoke') },
];

/** What stands around every page, and the guide. */
const frameViews: View[] = [
  { name: 'help', path: '/help' },
  { name: 'help-found', path: '/help?q=chargebak' },
  { name: 'help-none', path: '/help?q=xqzzyvw' },
  { name: 'help-article', path: '/help/invoice-not-received' },
  { name: 'help-feedback', path: '/help/feedback', expected: /403/ },
  {
    name: 'palette',
    ...inDialog,
    path: '/customers',
    open: async (page) => {
      // The shell hears the key once it stands, and the palette comes in a file of its own.
      await page.locator('main h1').waitFor();
      await page.keyboard.press('Control+k');
      await page.locator('[role=dialog]').waitFor();
    },
  },
  {
    name: 'palette-found',
    ...inDialog,
    path: '/customers',
    open: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('FG-10');
      await page.getByRole('option', { name: /FG-10/ }).first().waitFor();
    },
  },
  { name: 'shortcuts', ...inDialog, path: '/customers', open: (page) => page.keyboard.press('?') },
  {
    name: 'switcher',
    ...inMenu,
    path: '/payments',
    open: (page) => page.locator('.rail.fixed .switcher').click(),
  },
  {
    name: 'user-menu',
    ...inMenu,
    path: '/payments',
    open: (page) => page.locator('.rail.fixed .who-button').click(),
  },
  {
    name: 'appearance',
    ...inMenu,
    path: '/payments',
    open: (page) =>
      page
        .locator('.rail.fixed')
        .getByLabel(/^Appearance/)
        .click(),
  },
  {
    name: 'menu',
    ...inDialog,
    path: '/payments',
    open: async (page) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.getByLabel('Open the menu').click();
    },
  },
  { name: 'nowhere', path: '/no/such/page' },
];

/** The same places before anything has happened. */
export const emptyViews: View[] = [
  ['empty-overview', '/'],
  ['empty-customers', '/customers'],
  ['empty-invoices', '/invoices'],
  ['empty-payments', '/payments'],
  ['empty-collections', '/collections'],
  ['empty-estimates', '/estimates'],
  ['empty-credit-memos', '/credit-memos'],
  ['empty-late-fees', '/late-fees'],
  ['empty-deposits', '/deposits'],
  ['empty-chargebacks', '/chargebacks'],
  ['empty-gateways', '/settings?section=gateways'],
  ['empty-messages', '/messages'],
  ['empty-letters', '/letters'],
  ['empty-reports-paper', '/reports?tab=paper'],
  ['empty-texts-settings', '/settings?section=texts'],
  ['empty-letters-settings', '/settings?section=letters'],
  ['empty-imports', '/imports'],
  ['empty-keys', '/settings?section=keys'],
  ['empty-log', '/settings?section=log'],
].map(([name = '', path = '']) => ({ name, path }));

/** The doors: seen by nobody who is signed in. */
export const doorViews = ({ firstStartToken }: ConsoleCompany): View[] => [
  { name: 'first-start', path: `/first-start?token=${firstStartToken}` },
  {
    name: 'first-start-set-up',
    path: `/first-start?token=${firstStartToken}`,
    open: press('Set up my business'),
  },
  {
    name: 'first-start-wrong',
    path: `/first-start?token=${firstStartToken}`,
    open: async (page) => {
      await press('Set up my business')(page);
      await press(/^Create/)(page);
    },
  },
  { name: 'first-start-spent', path: '/first-start?token=spent', expected: /4\d\d/ },
  { name: 'stop-mails-unknown', path: '/stop-mails?token=unknown&kind=digest', expected: /4\d\d/ },
  { name: 'sign-in', path: '/sign-in' },
  {
    name: 'sign-in-refused',
    path: '/sign-in',
    expected: /401/,
    open: async (page) => {
      await page.getByLabel('E-mail').fill('nobody@example.com');
      await page.getByLabel('Password', { exact: true }).fill('not the password');
      await press('Sign in')(page);
      await page.getByRole('alert').waitFor();
    },
  },
];
