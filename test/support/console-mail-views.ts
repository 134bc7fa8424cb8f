import type { ConsoleCompany } from './console-company.ts';
import { inDialog, inMenu, press, type View } from './console-press.ts';

/** Reports about mail, its words, where it comes from, and what customers answer. */
export const mailViews = (ids: ConsoleCompany['ids']): View[] => [
  { name: 'reports', path: '/reports' },
  { name: 'reports-aging-invoices', path: '/reports/aging?by=invoice' },
  { name: 'reports-mails', path: '/reports?tab=mails' },
  { name: 'reports-email-conflicts', path: '/reports?tab=email-conflicts' },
  { name: 'reports-ignored', path: '/reports?tab=ignored' },
  { name: 'reports-bounced', path: '/reports?tab=bounced' },
  { name: 'reports-put-right', ...inDialog, path: '/reports?tab=bounced', open: press('Put right') },
  { name: 'reports-held-mail', path: '/reports?tab=held-mail' },
  { name: 'customer-missed-mail', path: `/customers/${ids.missedMail}` },
  { name: 'customer-bounced', path: `/customers/${ids.bouncedCustomer}` },
  { name: 'customer-answers', path: `/customers/${ids.bouncedCustomer}?tab=timeline` },
  { name: 'notices-unread', path: '/notices' },
  { name: 'notices', path: '/notices?view=all' },
  { name: 'settings-notifications', path: '/settings?section=notifications' },
  { name: 'settings-invoices', path: '/settings?section=invoices' },
  { name: 'settings-items', path: '/settings?section=items' },
  { name: 'settings-taxes', path: '/settings?section=taxes' },
  { name: 'settings-templates', path: '/settings?section=templates' },
  {
    name: 'settings-templates-advice',
    path: '/settings?section=templates',
    open: async (page) => {
      await page.getByLabel('Subject').fill('URGENT!! ACT NOW');
      await page.getByRole('list', { name: 'Advice' }).waitFor();
    },
  },
  {
    name: 'settings-templates-text',
    path: '/settings?section=templates',
    open: async (page) => {
      await page.getByRole('button', { name: 'Text message', exact: true }).click();
      await page.locator('pre[data-channel=sms]').waitFor();
    },
  },
  {
    name: 'settings-templates-fields',
    ...inMenu,
    path: '/settings?section=templates',
    open: press('Insert a field'),
  },
  { name: 'settings-sending-domain', path: '/settings?section=sending-domain' },
];
