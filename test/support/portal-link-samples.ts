import { historyPage } from '#web/portal/views/history-page.ts';
import { invoiceListPage } from '#web/portal/views/invoice-list.ts';
import { linkDonePage, paymentLinkPage } from '#web/portal/views/payment-link-page.ts';
import { paymentPaidPage, paymentProcessingPage } from '#web/portal/views/payment-result.ts';
import { linkProblemPage } from '#web/portal/views/problem-pages.ts';
import { receiptPage } from '#web/portal/views/receipt-page.ts';
import { list, panel, type Sample, visa, visitor } from './portal-samples.ts';

const statement = {
  ...list,
  statementFor: 'Northwind Bakery LLC',
  invoices: list.invoices.map((each) => ({ ...each, selected: each.payable > 0n })),
};
const description = 'Deposit for kitchen job';
const asked = { description, customerName: 'Northwind Bakery LLC' };
const forOne = { ...panel, stored: [], mayStore: false, total: 50_000n, paypal: true };
const open = { ...asked, amount: { url: '/p/link' } };
const wrong = {
  errors: { amount: 'Enter the amount as a number, such as $125.00.' },
  values: { amount: 'five hundred' },
};
const paid = {
  amount: 50_000n,
  currency: 'USD',
  invoices: [],
  memo: description,
  method: visa,
  reference: '8K2MVQ41ZT',
};

/** What links without a sign-in open: a statement, and a page for one payment without an invoice. */
export const linkSamples: Sample[] = [
  ['statement', invoiceListPage(visitor, statement)],
  [
    'statement-whole',
    invoiceListPage(visitor, { ...statement, partialAllowed: false, unappliedCash: 4_000n }),
  ],
  ['statement-paid', invoiceListPage(visitor, { ...statement, invoices: [], balanceDue: 0n, pastDue: 0n })],
  [
    'statement-payments',
    historyPage(visitor, {
      showing: 'payments',
      paymentsUrl: '/s/link/history',
      backUrl: '/s/link',
      rows: [
        {
          kind: 'payment',
          on: '2026-11-22',
          amount: 211_250n,
          currency: 'USD',
          standing: 'paid',
          invoices: ['1042', '1057'],
          method: visa,
          url: '/s/link/payments/pay_1/receipt',
        },
      ],
    }),
  ],
  ['payment-link', paymentLinkPage(visitor, { ...asked, panel: forOne })],
  ['payment-link-suggested', paymentLinkPage(visitor, { ...open, panel: forOne })],
  ['payment-link-open', paymentLinkPage(visitor, open)],
  ['payment-link-wrong', paymentLinkPage(visitor, { ...asked, amount: { url: '/p/link', form: wrong } })],
  [
    'payment-link-paid',
    linkDonePage(visitor, {
      description,
      standing: 'paid',
      amount: 50_000n,
      currency: 'USD',
      paymentUrl: '/p/1',
    }),
  ],
  [
    'payment-link-pending',
    linkDonePage(visitor, {
      description,
      standing: 'pending',
      amount: 50_000n,
      currency: 'USD',
      paymentUrl: '/p/1',
    }),
  ],
  ['link-payment-withdrawn', linkProblemPage(visitor, { problem: 'revoked', purpose: 'payment_page' })],
  [
    'result-no-invoice',
    paymentPaidPage(visitor, { ...paid, paidOn: '2026-11-22', receiptUrl: '/p/1/receipt' }),
  ],
  ['result-no-invoice-processing', paymentProcessingPage(visitor, { ...paid, submittedOn: '2026-11-22' })],
  [
    'receipt-no-invoice',
    receiptPage(visitor, {
      ...paid,
      standing: 'paid',
      paidOn: '2026-11-22',
      customerName: 'Northwind Bakery LLC',
      applied: [],
      from: ['Harbor & Pine Supply', '18 Commercial Wharf', 'Portland, ME 04101'],
      pdfUrl: '/p/1/pdf',
    }),
  ],
];
