import type { ConsoleCompany } from './console-company.ts';
import { inDialog, press, type View } from './console-press.ts';

/** Payment plans, from the question to the last installment. */
export function planViews(ids: ConsoleCompany['ids']): View[] {
  const pending = `/payment-plans/${ids.pendingPlan}`;
  const active = `/payment-plans/${ids.activePlan}`;
  const customer = `/customers/${ids.plannedCustomer}?tab=plans`;
  return [
    { name: 'reports-plans', path: '/reports?tab=plans' },
    { name: 'plan-pending', path: pending },
    { name: 'plan-approve', ...inDialog, path: pending, open: press('Approve') },
    { name: 'plan-reject', ...inDialog, path: pending, open: press('Reject') },
    { name: 'plan-active', path: active },
    { name: 'plan-cancel', ...inDialog, path: active, open: press('Cancel the plan') },
    { name: 'plan-method', ...inDialog, path: active, open: press('Change method') },
    { name: 'plan-charge-rest', ...inDialog, path: active, open: press('Charge the rest') },
    {
      name: 'plan-put-off',
      ...inDialog,
      path: active,
      open: async (page) => {
        await page
          .getByRole('button', { name: /^Put off/ })
          .first()
          .click();
      },
    },
    { name: 'customer-plans', path: customer },
    {
      name: 'customer-plan-offer',
      ...inDialog,
      path: customer,
      open: async (page) => {
        await press('Offer a plan')(page);
        await page.getByLabel('The customer has signed this already').check();
      },
    },
    { name: 'invoice-on-plan', path: `/invoices/${ids.plannedInvoice}` },
    { name: 'settings-plans', path: '/settings?section=payment_plans' },
  ];
}
