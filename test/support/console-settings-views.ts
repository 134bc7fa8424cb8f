import type { Page } from 'playwright-core';
import { inDialog, press, type View } from './console-press.ts';

/** The settings, section by section, and their dialogs. */
export const settingsViews: View[] = [
  ...[
    'general',
    'branding',
    'invoices',
    'messenger',
    'portal',
    'payment_terms',
    'billing',
    'reminders',
    'late_fees',
    'card_fees',
    'autopay',
    'gateways',
    'texts',
    'letters',
    'keys',
    'users',
    'sign_on',
    'data',
    'log',
    'clock',
  ].map((section) => ({
    name: `settings-${section}`,
    path: `/settings?section=${section}`,
  })),
  ...['Surcharge', 'Dual pricing', 'Discount for paying by bank'].map((mode) => ({
    name: `settings-card-fees-${mode.toLowerCase().replaceAll(' ', '-')}`,
    path: '/settings?section=card_fees',
    open: (page: Page) => page.getByRole('radio', { name: mode }).check(),
  })),
  {
    name: 'settings-messenger-limit',
    path: '/settings?section=messenger',
    open: (page: Page) =>
      page.getByRole('switch', { name: 'Limit reminders to a customer' }).click({ force: true }),
  },
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
  { name: 'sign-on-add', ...inDialog, path: '/settings?section=sign_on', open: press('Add a provider') },
  {
    name: 'settings-log-details',
    path: '/settings?section=log',
    open: (page) => page.getByText('Details', { exact: true }).first().click(),
  },
  { name: 'terms-new', ...inDialog, path: '/settings?section=payment_terms', open: press('New version') },
  { name: 'terms-read', ...inDialog, path: '/settings?section=payment_terms', open: press('Read version 2') },
  { name: 'billing-choose', ...inDialog, path: '/settings?section=billing', open: press('Change to Scale') },
  { name: 'billing-cancel', ...inDialog, path: '/settings?section=billing', open: press('Cancel the plan') },
  { name: 'item-new', ...inDialog, path: '/settings?section=items', open: press('Add item') },
  { name: 'tax-rate-new', ...inDialog, path: '/settings?section=taxes', open: press('Add a rate') },
  { name: 'user-invite', ...inDialog, path: '/settings?section=users', open: press('Invite somebody') },
  { name: 'user-edit', ...inDialog, path: '/settings?section=users', open: press(/^Edit .*@/) },
  {
    name: 'user-second-factor',
    ...inDialog,
    path: '/settings?section=users',
    open: async (page) => {
      await press(/^Edit noor/)(page);
      await press('Reset second factor', 'dialog')(page);
    },
  },
  { name: 'role-new', ...inDialog, path: '/settings?section=users', open: press('Make a role') },
];
