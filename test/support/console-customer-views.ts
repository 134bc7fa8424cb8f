import { customerColumns } from '#features/customers/list-column-rules.ts';
import { columnsOf } from '#lib/list-columns.ts';
import type { ConsoleCompany } from './console-company.ts';
import { dialog, inDialog, inMenu, menu, press, type View } from './console-press.ts';

/** Customers, their tabs, and what is asked of them. */
export function customerViews(ids: ConsoleCompany['ids']): View[] {
  const at = `/customers/${ids.customer}`;
  return [
    { name: 'customers', path: '/customers' },
    {
      name: 'customers-chosen',
      path: '/customers',
      open: (page) => page.getByLabel('Select all on this page').click(),
    },
    { name: 'customers-columns', ...inMenu, path: '/customers', open: press('Columns') },
    { name: 'customers-own-columns', path: `/customers?columns=${columnsOf(customerColumns).join()}` },
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
    { name: 'customer-deactivate', ...inDialog, path: at, open: menu('More actions', /^Deactivate/) },
    {
      name: 'customers-set-type',
      ...inDialog,
      path: '/customers',
      open: async (page) => {
        await page.getByLabel('Select all on this page').click();
        await menu('More', /^Set type/)(page);
      },
    },
    {
      name: 'customer-merge',
      ...inDialog,
      path: at,
      open: menu('More actions', /^Merge into/),
    },
    {
      name: 'customer-file-remove',
      ...inDialog,
      path: at,
      open: press('Remove signed-terms.pdf'),
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
