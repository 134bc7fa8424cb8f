import type { InvoiceDocument, ReceiptDocument } from './document.ts';

const usd = (amount: bigint) => ({ amount, currency: 'USD' });

const organization: InvoiceDocument['organization'] = {
  name: 'Northwind Trading',
  legalName: 'Northwind Trading Co., LLC',
  addressLines: ['1200 Harbor Way, Suite 400', 'Portland, OR 97201'],
  email: 'billing@northwind.example',
  phone: '+1 503 555 0142',
  website: 'northwind.example',
  taxId: 'EIN 93-1234567',
  color: '#0f5c7a',
};
const customer = {
  name: 'Acme Robotics, Inc.',
  addressLines: ['Attn: Accounts Payable', '48 Foundry Street', 'Oakland, CA 94607'],
};

/** An invoice with something in every field, for previews and tests. */
export const sampleInvoice: InvoiceDocument = {
  organization,
  customer,
  shipTo: { name: 'Acme Robotics', addressLines: ['Dock 7', '900 Maritime Street', 'Oakland, CA 94607'] },
  number: 'INV-10042',
  status: 'open',
  paper: 'letter',
  locale: 'en-US',
  currency: 'USD',
  createdAt: new Date('2026-03-02T15:00:00Z'),
  invoiceDate: '2026-03-02',
  dueDate: '2026-04-01',
  terms: 'Net 30',
  poNumber: '4500-77123',
  lines: [
    {
      item: 'Servo motor',
      description: 'Brushless, 24 V, 0.4 Nm, with encoder',
      quantity: '24',
      unitPrice: usd(12_850n),
      amount: usd(308_400n),
      taxable: true,
    },
    {
      item: 'Controller board',
      description: 'Revision D, conformal coating, firmware 4.2 installed and tested',
      quantity: '6',
      unitPrice: usd(31_900n),
      amount: usd(191_400n),
      taxable: true,
    },
    {
      item: 'Calibration',
      description: 'On site',
      quantity: '7.5',
      unitPrice: usd(18_000n),
      amount: usd(135_000n),
    },
  ],
  subtotal: usd(634_800n),
  discounts: [{ label: 'Discount, 5%', amount: usd(31_740n) }],
  taxes: [{ label: 'Sales tax, 8.25%', amount: usd(39_174n) }],
  total: usd(642_234n),
  applied: usd(100_000n),
  credits: usd(15_000n),
  balanceDue: usd(527_234n),
  memo: 'Thank you for your order.',
  footer: 'Past due balances bear interest at 1.5% a month.',
  payUrl: 'https://pay.northwind.example/i/8fK2vQ9x',
  remitTo: { name: 'Northwind Trading Co., LLC', addressLines: ['PO Box 88210', 'Portland, OR 97208-8210'] },
};

/** A card payment that settles one invoice, pays a part of another and leaves a remainder. */
export const sampleReceipt: ReceiptDocument = {
  organization,
  customer,
  number: 'RCP-2051',
  status: 'received',
  paper: 'letter',
  locale: 'en-US',
  currency: 'USD',
  createdAt: new Date('2026-03-20T15:00:00Z'),
  paymentDate: '2026-03-20',
  method: 'Visa •••• 4242',
  reference: 'pay_01hzx3k9v7',
  amount: usd(762_200n),
  fees: [{ label: 'Card surcharge, 3%', amount: usd(22_200n) }],
  applications: [
    {
      number: 'INV-10042',
      invoiceDate: '2026-03-02',
      total: usd(642_234n),
      applied: usd(527_234n),
      balanceDue: usd(0n),
    },
    {
      number: 'INV-10037',
      invoiceDate: '2026-02-14',
      total: usd(300_000n),
      applied: usd(150_000n),
      balanceDue: usd(150_000n),
    },
  ],
  unapplied: usd(62_766n),
  footer: 'Thank you for your business.',
};
