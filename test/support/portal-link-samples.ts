import { type EstimatePage, estimatePage } from '#web/portal/views/estimate-page.ts';
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

const offered: EstimatePage = {
  base: '/e/link',
  number: 'EST-1007',
  currency: 'USD',
  state: 'viewed',
  date: '2026-11-20',
  expiresOn: '2026-12-20',
  today: '2026-11-24',
  from: { name: 'Harbor Kitchens', lines: ['12 Quay Street', 'Portland, ME 04101'] },
  to: { name: 'Northwind Bakery LLC', lines: ['4 Mill Lane', 'Bath, ME 04530'] },
  lines: [
    { name: 'Deck oven', description: 'With fitting', quantity: '1', unitPrice: 480_000n, total: 480_000n },
    { name: 'Work', quantity: '6.5', unitPrice: 9_000n, total: 58_500n },
  ],
  subtotal: 538_500n,
  tax: 26_400n,
  total: 564_900n,
  deposit: 169_470n,
  depositAtOnce: true,
  revision: 0,
  memo: 'Delivery within three weeks of acceptance.',
  invoices: [],
};
const declining = {
  ...offered,
  form: {
    of: 'declined' as const,
    errors: { reason: 'Please say in a few words why.' },
    values: { declined_by: 'Ana' },
  },
};
const accepted: EstimatePage = {
  ...offered,
  state: 'accepted',
  answered: { by: 'Ana Baker', on: '2026-11-24' },
  invoices: [{ number: 'INV-1058', kind: 'deposit', total: 169_470n }],
  payUrl: '/i/link',
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
  ['estimate', estimatePage(visitor, offered)],
  ['estimate-declining', estimatePage(visitor, declining)],
  ['estimate-accepted', estimatePage(visitor, accepted)],
  ['estimate-expired', estimatePage(visitor, { ...offered, state: 'expired' })],
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
