import type { Page } from 'playwright-core';
import { invoiceColumns } from '#features/invoices/list-column-rules.ts';
import { columnsOf } from '#lib/list-columns.ts';
import type { ConsoleCompany } from './console-company.ts';
import { inDialog, inMenu, menu, press, type View } from './console-press.ts';

const chooseAll = (page: Page): Promise<void> => page.getByLabel('Select all on this page').click();

/** Invoices: written, sent, paid and ended. */
export function invoiceViews(ids: ConsoleCompany['ids']): View[] {
  const late = `/invoices/${ids.lateInvoice}`;
  return [
    { name: 'invoices', path: '/invoices' },
    { name: 'invoices-past-due', path: '/invoices?status=past_due&sort=due_date' },
    ...(['Send', 'Send a reminder'] as const).map((name) => ({
      name: `invoices-${name.toLowerCase().replaceAll(' ', '-')}-chosen`,
      ...inDialog,
      path: '/invoices',
      open: async (page: Page) => {
        await chooseAll(page);
        await press(name === 'Send' ? /^Send$/ : name)(page);
        await page.getByLabel('Left out, by reason').waitFor();
      },
    })),
    {
      name: 'invoices-bulk-more',
      ...inMenu,
      path: '/invoices',
      open: async (page) => {
        await chooseAll(page);
        await page.getByRole('button', { name: 'More', exact: true }).click();
        await page.getByRole('menuitem', { name: 'Void…' }).waitFor();
      },
    },
    {
      name: 'invoices-void-chosen',
      ...inDialog,
      path: '/invoices',
      open: async (page) => {
        await chooseAll(page);
        await page.getByRole('button', { name: 'More', exact: true }).click();
        await page.getByRole('menuitem', { name: 'Void…' }).click();
        await page.getByLabel('Left out, by reason').waitFor();
      },
    },
    { name: 'invoices-export', ...inMenu, path: '/invoices', open: press('Export invoices') },
    {
      name: 'invoices-export-made',
      ...inDialog,
      path: '/invoices',
      // The browser hands the file over instead of showing it.
      expected: /\/v1\/downloads\/\S+ net::ERR_ABORTED/,
      open: async (page) => {
        await menu('Export invoices', /^CSV$/)(page);
        await page
          .getByRole('dialog')
          .getByRole('link', { name: /^Download / })
          .waitFor();
      },
    },
    { name: 'invoices-views', ...inMenu, path: '/invoices?status=open', open: press('Views') },
    { name: 'invoices-save-view', ...inDialog, path: '/invoices?status=open', open: menu('Views', /^Save/) },
    { name: 'invoices-columns', ...inMenu, path: '/invoices', open: press('Columns') },
    {
      name: 'invoices-own-columns',
      path: `/invoices?columns=${columnsOf(invoiceColumns).join()}&sort=due_date`,
    },
    { name: 'invoices-none', path: '/invoices?q=nothing-at-all' },
    { name: 'invoice-new', path: `/invoices/new?customer_id=${ids.customer}` },
    {
      name: 'invoice-new-preview',
      path: `/invoices/new?copy=${ids.openInvoice}`,
      open: (page) => page.locator('.invoice-preview img, .invoice-preview object').first().waitFor(),
    },
    { name: 'invoice-edit', path: `/invoices/${ids.draftInvoice}/edit` },
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
