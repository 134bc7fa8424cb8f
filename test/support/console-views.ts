import type { ConsoleCompany } from './console-company.ts';
import { customerViews } from './console-customer-views.ts';
import { deskViews } from './console-desk-views.ts';
import { frameViews } from './console-frame-views.ts';
import { invoiceViews } from './console-invoice-views.ts';
import { mailViews } from './console-mail-views.ts';
import { moneyViews } from './console-money-views.ts';
import { planViews } from './console-plan-views.ts';
import { inDialog, press, type View } from './console-press.ts';
import { reportViews } from './console-report-views.ts';
import { settingsViews } from './console-settings-views.ts';
import { supportViews } from './console-support-views.ts';

/** Everything in a company at work. */
export function companyViews({ ids }: ConsoleCompany): View[] {
  return [
    { name: 'overview', path: '/' },
    ...customerViews(ids),
    ...invoiceViews(ids),
    ...moneyViews(ids),
    ...deskViews(ids),
    ...mailViews(ids),
    ...supportViews(ids),
    ...planViews(ids),
    ...reportViews,
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

function importViews(ids: ConsoleCompany['ids']): View[] {
  return [
    { name: 'imports', path: '/imports' },
    { name: 'import-new', path: '/imports/new' },
    { name: 'import-new-invoices', path: '/imports/new?kind=invoices' },
    { name: 'import-new-items', path: '/imports/new?kind=items' },
    { name: 'import-checked-items', path: `/imports/${ids.checkedItems}`, open: press('All rows') },
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
  { name: 'reports-autopay-charges', path: '/reports?tab=autopay-charges' },
  { name: 'reports-autopay-declines', path: '/reports?tab=autopay-declines' },
  { name: 'customer-autopay-on', path: `/customers/${ids.autopayCustomer}?tab=autopay` },
  {
    name: 'customer-autopay-form',
    path: `/customers/${ids.autopayCustomer}?tab=autopay`,
    open: press('Change autopay'),
  },
  { name: 'invoice-autopay', path: `/invoices/${ids.autopayInvoice}` },
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
  ['empty-report', '/reports/aging'],
  ['empty-report-mails', '/reports?tab=mails'],
  ['empty-items', '/settings?section=items'],
  ['empty-notices', '/notices'],
  ['empty-reports-paper', '/reports?tab=paper'],
  ['empty-texts-settings', '/settings?section=texts'],
  ['empty-letters-settings', '/settings?section=letters'],
  ['empty-imports', '/imports'],
  ['empty-keys', '/settings?section=keys'],
  ['empty-log', '/settings?section=log'],
].map(([name = '', path = '']) => ({ name, path }));

/** The doors: seen by nobody who is signed in. */
export const doorViews = ({ firstStartToken, ids, password }: ConsoleCompany): View[] => [
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
  {
    name: 'invitation',
    path: `/invitation?token=${ids.invitationToken}`,
    open: (page) => page.getByLabel('First name').waitFor(),
  },
  { name: 'invitation-unknown', path: '/invitation?token=unknown', expected: /4\d\d/ },
  { name: 'forgot-password', path: '/forgot-password' },
  {
    name: 'forgot-password-sent',
    path: '/forgot-password',
    open: async (page) => {
      await page.getByLabel('E-mail').fill('nobody@example.com');
      await press('Mail me a link')(page);
      await page.getByText('Look into your mail').waitFor();
    },
  },
  { name: 'new-password', path: '/new-password?token=unknown' },
  {
    name: 'new-password-refused',
    path: '/new-password?token=unknown',
    expected: /4\d\d/,
    open: async (page) => {
      await page.getByRole('textbox', { name: /^Password/ }).fill('five plain words of mine');
      await press('Change the password')(page);
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'stop-mails', path: `/stop-mails?token=${ids.stopToken}&kind=digest` },
  { name: 'stop-mails-unknown', path: '/stop-mails?token=unknown&kind=digest', expected: /4\d\d/ },
  { name: 'confirm-email', path: '/confirm-email?token=unknown' },
  {
    name: 'confirm-email-first',
    path: '/confirm-email?token=unknown',
    expected: /401/,
    open: press('Use this address'),
  },
  { name: 'undo-email', path: '/undo-email?token=unknown' },
  {
    name: 'undo-email-refused',
    path: '/undo-email?token=unknown',
    expected: /410/,
    open: press('Take it back'),
  },
  { name: 'sign-in', path: '/sign-in' },
  {
    name: 'second-step',
    path: '/sign-in',
    open: async (page) => {
      await page.getByLabel('E-mail').fill(ids.guardedEmail);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await press('Sign in')(page);
      await page.getByRole('heading', { name: 'Enter the code' }).waitFor();
    },
  },
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
