import type { Html } from '#ui/html.ts';
import { checkoutPage } from '#web/portal/views/checkout-page.ts';
import { disputePage } from '#web/portal/views/dispute-page.ts';
import { historyPage } from '#web/portal/views/history-page.ts';
import type { InvoiceListPage, OpenInvoice } from '#web/portal/views/invoice-list.ts';
import { invoiceListPage } from '#web/portal/views/invoice-list.ts';
import type { InvoicePage } from '#web/portal/views/invoice-page.ts';
import { invoicePage } from '#web/portal/views/invoice-page.ts';
import type { InvoiceSheet } from '#web/portal/views/invoice-sheet.ts';
import { payByLinkPage } from '#web/portal/views/pay-by-link-page.ts';
import type { PaymentPanel, StoredMethod } from '#web/portal/views/payment-panel.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** A page of the gallery: a name for its file, and its markup. */
export type Sample = [name: string, page: Html];

export const visitor: PortalShell = {
  organization: {
    name: 'Harbor & Pine Supply',
    locale: 'en-US',
    email: 'billing@harborpine.example',
    phone: '+1 (207) 555-0134',
  },
  csrf: 'csrf-token',
  nonce: 'nonce',
  practice: false,
  privacyUrl: '/portal/privacy',
  askUrl: '/portal/ask?organization=org_1',
};

const northwind = {
  id: 'cus_1',
  customerName: 'Northwind Bakery LLC',
  organizationName: 'Harbor & Pine Supply',
};
const annex = {
  id: 'cus_2',
  customerName: 'Northwind Bakery Annex',
  organizationName: 'Coastal Refrigeration Services',
};
export const profiles = [northwind, annex];

export const payer: PortalShell = {
  ...visitor,
  askUrl: '/portal/questions/new',
  signedIn: {
    email: 'ap@northwind.example',
    current: northwind,
    profiles,
    switchUrl: '/portal/switch',
    signOutUrl: '/portal/sign-out',
    questionsUrl: '/portal/questions',
    sections: {
      invoices: '/portal',
      history: '/portal/history',
      methods: '/portal/methods',
      profile: '/portal/profile',
    },
  },
};
const practice: PortalShell = {
  ...payer,
  practice: true,
  organization: { ...payer.organization, name: 'Meridian Office Coffee', brandColor: '#7a1f4b' },
};
const yellow: PortalShell = {
  ...payer,
  organization: { ...payer.organization, name: 'Sunline Electric', brandColor: '#ffd400' },
};

const german: PortalShell = {
  ...payer,
  organization: { ...payer.organization, name: 'Gärtnerei Ahorn', locale: 'de-DE' },
};

const today = '2026-11-22';
const open: Omit<OpenInvoice, 'id' | 'number' | 'dueOn'> = {
  url: '/portal/invoices/inv_1',
  issuedOn: '2026-10-11',
  balanceDue: 125_000n,
  payable: 125_000n,
  selected: true,
};
export const list: InvoiceListPage = {
  today,
  currency: 'USD',
  invoices: [
    { ...open, id: 'inv_1', number: '1042', dueOn: '2026-11-10' },
    {
      ...open,
      id: 'inv_2',
      number: '1057',
      dueOn: '2026-11-27',
      balanceDue: 86_250n,
      payable: 86_250n,
      issuedOn: '2026-10-28',
    },
    {
      ...open,
      id: 'inv_3',
      number: '1061',
      dueOn: '2026-12-12',
      balanceDue: 240_000n,
      payable: 240_000n,
      selected: false,
      issuedOn: '2026-11-12',
    },
    {
      ...open,
      id: 'inv_4',
      number: '1063',
      dueOn: '2026-12-15',
      balanceDue: 30_000n,
      payable: 0n,
      selected: false,
      issuedOn: '2026-11-15',
    },
  ],
  balanceDue: 481_250n,
  pastDue: 125_000n,
  partialAllowed: true,
  payUrl: '/portal/checkout',
  historyUrl: '/portal/history',
};

const sheet: InvoiceSheet = {
  number: '1042',
  currency: 'USD',
  issuedOn: '2026-10-11',
  dueOn: '2026-11-10',
  terms: 'Net 30',
  poNumber: 'NB-7731',
  from: { name: 'Harbor & Pine Supply', lines: ['18 Commercial Wharf', 'Portland, ME 04101'] },
  billTo: {
    name: 'Northwind Bakery LLC',
    lines: ['Attn: Accounts payable', '440 Foundry Street', 'Biddeford, ME 04005'],
  },
  lines: [
    {
      name: 'Baking parchment, 16 × 24',
      description: 'Quilon-free, 1,000 sheets a case',
      quantity: '12',
      unitPrice: 5_400n,
      total: 64_800n,
    },
    { name: 'Proofing baskets, 1 kg', quantity: '40', unitPrice: 1_225n, total: 49_000n },
    {
      name: 'Delivery',
      description: 'Two drops, before 5 AM',
      quantity: '1.5',
      unitPrice: 3_000n,
      total: 4_500n,
      serviceOn: '2026-10-10',
    },
  ],
  sums: [
    { label: 'Subtotal', amount: 118_300n },
    { label: 'Maine sales tax 5.5 %', amount: 6_507n },
  ],
  total: 124_807n,
  changes: [
    { label: 'Payment Nov 1, 2026', amount: -20_000n },
    { label: 'Late fee', amount: 2_500n },
  ],
  balanceDue: 107_307n,
  memo: 'Thank you for ordering early. Holiday deliveries are on the usual days.',
  footer: 'Goods remain ours until paid. Questions within 14 days, please.',
  attachments: [{ name: 'delivery-note-1042.pdf', url: '/portal/files/1' }],
};

const paidSheet: InvoiceSheet = {
  ...sheet,
  changes: [{ label: 'Payment Nov 1, 2026', amount: -124_807n }],
  balanceDue: 0n,
};

const invoice: InvoicePage = {
  today,
  id: 'inv_1',
  sheet,
  standing: 'open',
  payable: 107_307n,
  partialAllowed: true,
  payUrl: '/portal/checkout',
  backUrl: '/portal',
  pdfUrl: '/portal/invoices/inv_1.pdf',
  moments: [
    { on: '2026-10-11', words: 'Invoice issued' },
    { on: '2026-10-11', words: 'Sent to ap@northwind.example' },
    { on: '2026-11-01', words: 'Payment of $200.00 received' },
    { on: '2026-11-11', words: 'Late fee of $25.00 added' },
  ],
};

const authorization =
  'I authorize Harbor & Pine Supply to debit my bank account once for $2,112.50 on or after November 22, 2026. I may revoke this until it is submitted, by calling +1 (207) 555-0134.';

export const visa: StoredMethod = {
  id: 'pmt_1',
  kind: 'card',
  brand: 'visa',
  last4: '4242',
  expiry: { year: 2028, month: 4 },
};
export const bank: StoredMethod = {
  id: 'pmt_2',
  kind: 'bank_account',
  brand: 'First Coastal Bank',
  last4: '6789',
};
export const panel: PaymentPanel = {
  action: '/portal/payments',
  idempotencyKey: 'a-key',
  currency: 'USD',
  total: 211_250n,
  stored: [visa, bank],
  slots: [
    { kind: 'card', url: 'https://fields.example/card', origin: 'https://fields.example' },
    { kind: 'bank_account', url: 'https://fields.example/bank', origin: 'https://fields.example' },
  ],
  mayStore: true,
  authorization,
  terms: { url: '/portal/terms', words: 'payment terms' },
  fields: [['invoice', 'inv_1']],
};
const lines = [
  { number: '1042', dueOn: '2026-11-10', balanceDue: 125_000n, amount: 125_000n },
  { number: '1057', dueOn: '2026-11-27', balanceDue: 120_000n, amount: 86_250n },
];
const refused = { errors: { amount_inv_2: 'Enter at most $862.50, the balance due on invoice 1057.' } };
const byLink = { today, sheet, standing: 'open' as const, payable: 107_307n, pdfUrl: '/p/tok/1042.pdf' };
const linkPanel: PaymentPanel = { ...panel, total: 107_307n, stored: [], mayStore: false };

const objection = {
  number: '1042',
  action: '/portal/invoices/inv_1/dispute',
  backUrl: '/portal/invoices/inv_1',
};

export const moneySamples: Sample[] = [
  ['invoices', invoiceListPage(payer, list)],
  [
    'invoices-practice-no-parts',
    invoiceListPage(practice, {
      ...list,
      partialAllowed: false,
      unappliedCash: 4_000n,
      nextUrl: '/portal?after=inv_4',
    }),
  ],
  [
    'invoices-yellow-refused',
    invoiceListPage(yellow, { ...list, form: refused, pastDue: 0n, today: '2026-11-01' }),
  ],
  ['invoices-empty', invoiceListPage(payer, { ...list, invoices: [], balanceDue: 0n, pastDue: 0n })],
  ['invoices-german', invoiceListPage(german, { ...list, currency: 'EUR' })],
  ['invoice-open', invoicePage(payer, invoice)],
  ['invoice-objectionable', invoicePage(payer, { ...invoice, disputeUrl: '/portal/invoices/inv_1/dispute' })],
  ['invoice-disputed', invoicePage(payer, { ...invoice, disputed: true })],
  ['dispute', disputePage(payer, objection)],
  ['dispute-by-link', disputePage(visitor, objection)],
  [
    'dispute-refused',
    disputePage(payer, {
      ...objection,
      form: { errors: { reason: 'Please say in a few words what is wrong.' } },
    }),
  ],
  ['invoice-paid', invoicePage(payer, { ...invoice, standing: 'paid', payable: 0n, sheet: paidSheet })],
  [
    'invoice-pending',
    invoicePage(payer, {
      ...invoice,
      standing: 'pending',
      payable: 0n,
      moments: [
        ...invoice.moments,
        { on: today, words: 'Bank payment of $1,073.07 processing', state: 'waiting' },
      ],
    }),
  ],
  [
    'link-open',
    payByLinkPage(visitor, {
      ...byLink,
      panel: linkPanel,
      amount: { url: '/p/tok' },
      signInUrl: '/portal/sign-in',
    }),
  ],
  [
    'link-not-due',
    payByLinkPage(
      { ...visitor, organization: { ...visitor.organization, brandColor: '#1f4d2b' } },
      {
        ...byLink,
        today: '2026-11-05',
        panel: {
          ...linkPanel,
          total: 50_000n,
        },
      },
    ),
  ],
  [
    'link-paid',
    payByLinkPage(visitor, {
      ...byLink,
      sheet: paidSheet,
      standing: 'paid',
      payable: 0n,
      receiptUrl: '/p/tok/receipt',
    }),
  ],
  ['checkout-stored', checkoutPage(payer, { panel, lines, backUrl: '/portal' })],
  [
    'checkout-bank',
    checkoutPage(practice, {
      panel: {
        ...panel,
        chosen: 'pmt_2',
        form: { errors: { authorize: 'Please tick this box: your bank asks for your permission.' } },
      },
      lines,
      backUrl: '/portal',
    }),
  ],
  [
    'checkout-new-card',
    checkoutPage(yellow, {
      panel: {
        ...panel,
        chosen: 'card',
        autopay: { words: 'Pay future invoices automatically with this method' },
        stored: [{ ...visa, unusable: 'Expired 04/26' }],
      },
      lines,
      backUrl: '/portal',
    }),
  ],
  [
    'history-payments',
    historyPage(payer, {
      showing: 'payments',
      paymentsUrl: '/portal/history',
      invoicesUrl: '/portal/history?show=invoices',
      statementUrl: '/portal/statement.pdf',
      nextUrl: '/portal/history?after=x',
      rows: [
        {
          kind: 'payment',
          on: '2026-11-20',
          amount: 30_000n,
          currency: 'USD',
          standing: 'processing',
          invoices: ['1063'],
          method: bank,
          url: '/portal/payments/1',
        },
        {
          kind: 'payment',
          on: '2026-11-01',
          amount: 20_000n,
          currency: 'USD',
          standing: 'paid',
          invoices: ['1042'],
          method: visa,
          url: '/portal/payments/2',
        },
        {
          kind: 'payment',
          on: '2026-10-02',
          amount: 1_318_420n,
          currency: 'USD',
          standing: 'paid',
          invoices: ['1001', '1002', '1003', '1004', '1005'],
          method: visa,
          url: '/portal/payments/3',
        },
        {
          kind: 'payment',
          on: '2026-09-03',
          amount: 44_000n,
          currency: 'USD',
          standing: 'returned',
          invoices: ['0988'],
          method: bank,
          url: '/portal/payments/4',
        },
      ],
    }),
  ],
  [
    'history-invoices',
    historyPage(payer, {
      showing: 'invoices',
      paymentsUrl: '/portal/history',
      invoicesUrl: '/portal/history?show=invoices',
      rows: [
        {
          kind: 'invoice',
          on: '2026-11-15',
          amount: 30_000n,
          currency: 'USD',
          standing: 'pending',
          number: '1063',
          url: '/portal/invoices/4',
        },
        {
          kind: 'invoice',
          on: '2026-09-30',
          amount: 118_420n,
          currency: 'USD',
          standing: 'paid',
          number: '1001',
          url: '/portal/invoices/5',
        },
      ],
    }),
  ],
  [
    'history-empty',
    historyPage(payer, {
      showing: 'payments',
      paymentsUrl: '/portal/history',
      invoicesUrl: '/portal/history?show=invoices',
      rows: [],
    }),
  ],
];
