import type { ConsoleCompany } from './console-company.ts';
import { inDialog, inMenu, press, type View } from './console-press.ts';

/** The collections desk, and what it has in other places. */
export function deskViews(ids: ConsoleCompany['ids']): View[] {
  const customer = `/customers/${ids.customer}`;
  const defaults = '/settings?section=portal';
  const byKey = (key: string) => async (page: Parameters<NonNullable<View['open']>>[0]) => {
    await page.locator('tbody a.row-link').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press(key);
    await page.locator('[role=dialog]').waitFor();
  };
  return [
    { name: 'desk', path: '/collections' },
    { name: 'desk-none', path: '/collections?kind=bounce&min_amount=999999999' },
    { name: 'desk-note', ...inDialog, path: '/collections', open: byKey('n') },
    { name: 'desk-promise', ...inDialog, path: '/collections', open: byKey('p') },
    { name: 'desk-task', ...inDialog, path: '/collections', open: byKey('t') },
    {
      name: 'desk-more',
      ...inMenu,
      path: '/collections',
      open: (page) =>
        page
          .getByLabel(/^More for /)
          .first()
          .click(),
    },
    {
      name: 'customer-snooze',
      ...inMenu,
      path: `${customer}?tab=collections`,
      open: (page) =>
        page
          .getByLabel(/^Put off/)
          .first()
          .click(),
    },
    { name: 'family', path: `/customers/${ids.parentCustomer}` },
    { name: 'billed-with-parent', path: `/customers/${ids.childCustomer}?tab=messages` },
    { name: 'invoice-disputed', path: `/invoices/${ids.disputedInvoice}` },
    {
      name: 'invoice-dispute',
      ...inDialog,
      path: `/invoices/${ids.lateInvoice}`,
      open: press('Dispute'),
    },
    {
      name: 'invoice-dispute-end',
      ...inDialog,
      path: `/invoices/${ids.disputedInvoice}`,
      open: press('End it'),
    },
    {
      name: 'invoice-dispute-rest',
      ...inDialog,
      path: `/invoices/${ids.disputedInvoice}`,
      open: press('Change the rest'),
    },
    {
      name: 'invoice-modify',
      ...inMenu,
      path: `/invoices/${ids.disputedInvoice}`,
      open: press('More actions'),
    },
    {
      name: 'defaults-reminders',
      path: defaults,
      open: (page) => page.getByRole('tab', { name: 'Reminders' }).click(),
    },
    {
      name: 'defaults-apply',
      ...inDialog,
      path: defaults,
      open: async (page) => {
        await press(/Apply all/)(page);
        await page
          .getByText(/would change|have this already/)
          .first()
          .waitFor();
      },
    },
    {
      name: 'defaults-by-type',
      path: defaults,
      open: async (page) => {
        await page.getByText('By customer type').click();
        await page.getByRole('button', { name: 'New type' }).waitFor();
      },
    },
    {
      name: 'defaults-new-type',
      ...inDialog,
      path: defaults,
      open: async (page) => {
        await page.getByText('By customer type').click();
        await press('New type')(page);
      },
    },
  ];
}
