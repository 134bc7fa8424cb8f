import type { ConsoleCompany } from './console-company.ts';
import { inDialog, inMenu, menu, press, type View } from './console-press.ts';

/** Payments, what is given back, credit, and what reaches the bank. */
export const moneyViews = (ids: ConsoleCompany['ids']): View[] => [
  ...paymentViews(ids),
  ...scheduleViews(ids),
  ...creditViews(ids),
  ...bankViews(ids),
];

function paymentViews(ids: ConsoleCompany['ids']): View[] {
  return [
    { name: 'payments', path: '/payments' },
    { name: 'payments-pending', path: '/payments?status=in_progress' },
    { name: 'payments-rejected', path: '/payments?status=rejected' },
    { name: 'payments-voided', path: '/payments?status=voided' },
    { name: 'payments-filtered', path: '/payments?kind=check&amount_from=100' },
    { name: 'payments-none', path: '/payments?q=nobody-at-all' },
    { name: 'payment', path: `/payments/${ids.payment}` },
    { name: 'payment-pending', path: `/payments/${ids.pendingPayment}` },
    { name: 'payment-declined', path: `/payments/${ids.declinedPayment}` },
    { name: 'payment-refunded', path: `/payments/${ids.refundablePayment}` },
    { name: 'payment-receipt', ...inMenu, path: `/payments/${ids.payment}`, open: press('Receipt') },
    {
      name: 'payment-receipt-send',
      ...inDialog,
      path: `/payments/${ids.payment}`,
      open: menu('Receipt', /Send/),
    },
    { name: 'payment-void', ...inDialog, path: `/payments/${ids.approvedPayment}`, open: press('Void') },
    {
      name: 'payment-refund',
      ...inDialog,
      path: `/payments/${ids.refundablePayment}`,
      open: press('Refund'),
    },
    {
      name: 'payment-refund-part',
      ...inDialog,
      path: `/payments/${ids.refundablePayment}`,
      open: async (page) => {
        await press('Refund')(page);
        await page.getByLabel('A part').click();
        await page.getByLabel('Amount').fill('450.00');
        await page.getByLabel('Keep it').click();
      },
    },
    {
      name: 'payments-give-back',
      ...inDialog,
      path: '/payments',
      open: async (page) => {
        await page.getByLabel('Select all on this page').click();
        await press('Void or refund')(page);
      },
    },
    { name: 'payment-returned', path: `/payments/${ids.returnedPayment}` },
  ];
}

function scheduleViews(ids: ConsoleCompany['ids']): View[] {
  const [payment, invoice] = [`/schedules/${ids.paymentSchedule}`, `/schedules/${ids.invoiceSchedule}`];
  return [
    { name: 'schedules', path: '/schedules' },
    { name: 'schedules-all', path: '/schedules?status=all&sort=-amount' },
    { name: 'schedules-none', path: '/schedules?q=nobody-at-all' },
    { name: 'schedule-new', ...inDialog, path: '/schedules', open: press('New schedule') },
    { name: 'schedule-payment', path: payment },
    { name: 'schedule-invoice', path: invoice },
    { name: 'schedule-paused', path: `/schedules/${ids.pausedSchedule}` },
    { name: 'schedule-edit', ...inDialog, path: payment, open: press('Edit') },
    { name: 'schedule-edit-lines', ...inDialog, path: invoice, open: press('Edit') },
    { name: 'schedule-end', ...inDialog, path: invoice, open: menu('More actions', /^End/) },
    { name: 'schedules-customer', path: `/customers/${ids.customer}?tab=schedules` },
    {
      name: 'schedule-recurring',
      ...inDialog,
      path: `/invoices/${ids.openInvoice}`,
      open: press('Make recurring'),
    },
  ];
}

function creditViews(ids: ConsoleCompany['ids']): View[] {
  const memo = `/credit-memos/${ids.creditMemo}`;
  return [
    { name: 'late-fees', path: '/late-fees' },
    { name: 'late-fees-all', path: '/late-fees?state=all' },
    { name: 'late-fees-none', path: '/late-fees?state=removed' },
    { name: 'late-fee-waive', ...inDialog, path: `/invoices/${ids.lateInvoice}`, open: press('Waive') },
    {
      name: 'late-fee-remove',
      ...inDialog,
      path: `/invoices/${ids.lateInvoice}`,
      open: press(/^Remove the late fee/),
    },
    { name: 'estimates', path: '/estimates' },
    { name: 'estimate-new', path: '/estimates/new' },
    { name: 'estimates-none', path: '/estimates?status=expired' },
    { name: 'estimate', path: `/estimates/${ids.estimate}` },
    { name: 'estimate-edit', path: `/estimates/${ids.estimate}/edit` },
    {
      name: 'estimate-accept',
      ...inDialog,
      path: `/estimates/${ids.estimate}`,
      open: press('Mark as accepted'),
    },
    { name: 'estimate-accepted', path: `/estimates/${ids.acceptedEstimate}` },
    {
      name: 'estimate-bill',
      ...inDialog,
      path: `/estimates/${ids.acceptedEstimate}`,
      open: press('Turn into an invoice'),
    },
    { name: 'credit-memos', path: '/credit-memos' },
    { name: 'credit-memos-none', path: '/credit-memos?status=void' },
    { name: 'credit-memo', path: memo },
    { name: 'credit-apply', ...inDialog, path: memo, open: press('Apply to invoices') },
    { name: 'credit-void', ...inDialog, path: memo, open: press('Void') },
    { name: 'credit-new', path: `/credit-memos/new?customer_id=${ids.customer}` },
    { name: 'credit-of-invoice', path: `/credit-memos/new?invoice_id=${ids.openInvoice}` },
    { name: 'credit-draft', path: `/credit-memos/${ids.draftCreditMemo}` },
    { name: 'credit-edit', path: `/credit-memos/${ids.draftCreditMemo}/edit` },
    { name: 'terminal', path: '/terminal' },
    { name: 'terminal-charge', path: `/terminal?customer_id=${ids.customer}` },
  ];
}

function bankViews(ids: ConsoleCompany['ids']): View[] {
  return [
    { name: 'deposits', path: '/deposits' },
    { name: 'deposits-none', path: '/deposits?status=in_transit' },
    { name: 'deposit-record', ...inDialog, path: '/deposits', open: press('Record a deposit') },
    { name: 'deposit-payout', path: `/deposits/${ids.payout}` },
    { name: 'deposit-exception', path: `/deposits/${ids.oddPayout}` },
    { name: 'deposit-by-hand', path: `/deposits/${ids.handDeposit}` },
    { name: 'chargebacks', path: '/chargebacks' },
    { name: 'chargebacks-none', path: '/chargebacks?status=won' },
    { name: 'chargeback-evidence', ...inDialog, path: '/chargebacks', open: press('Give evidence') },
    { name: 'payment-charged-back', path: `/payments/${ids.chargedBackPayment}` },
  ];
}
