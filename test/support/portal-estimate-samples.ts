import { type EstimatePage, estimatePage } from '#web/portal/views/estimate-page.ts';
import { type Sample, visitor } from './portal-samples.ts';

const estimate: EstimatePage = {
  base: '/estimate/tok',
  number: 'E-1007',
  currency: 'USD',
  state: 'viewed',
  date: '2026-11-12',
  expiresOn: '2026-12-12',
  today: '2026-11-22',
  poNumber: 'NB-7731',
  from: { name: 'Harbor & Pine Supply', lines: ['18 Commercial Wharf', 'Portland, ME 04101'] },
  to: { name: 'Northwind Bakery LLC', lines: ['440 Foundry Street', 'Biddeford, ME 04005'] },
  lines: [
    {
      name: 'Proofing cabinet, two doors',
      description: 'Delivered, set up and run in for a day',
      quantity: '2',
      unitPrice: 480_000n,
      total: 960_000n,
    },
    { name: 'Fitting, by the hour', quantity: '6.5', unitPrice: 9_000n, total: 58_500n },
  ],
  sums: [
    { label: 'Subtotal', amount: 1_018_500n },
    { label: 'Sales tax 5.5 %', amount: 56_018n },
  ],
  total: 1_074_518n,
  deposit: 322_355n,
  depositAtOnce: true,
  revision: 3,
  memo: 'The cabinets arrive four weeks after you accept.',
  invoices: [],
};
const answered = { by: 'Ines Moreau', on: '2026-11-22' as const };
const deposit = { number: '1070', kind: 'deposit' as const, total: 322_355n };

export const estimateSamples: Sample[] = [
  ['estimate', estimatePage(visitor, estimate)],
  [
    'estimate-unnamed',
    estimatePage(visitor, {
      ...estimate,
      deposit: 0n,
      form: { of: 'accepted', errors: { name: 'Type your full name to accept.' } },
    }),
  ],
  [
    'estimate-decline-refused',
    estimatePage(visitor, {
      ...estimate,
      depositAtOnce: false,
      form: {
        of: 'declined',
        values: { declined_by: 'Ines Moreau' },
        errors: { reason: 'Say in a few words why.' },
      },
    }),
  ],
  [
    'estimate-accepted',
    estimatePage(visitor, {
      ...estimate,
      state: 'accepted',
      answered,
      invoices: [deposit],
      payUrl: '/pay/tok',
    }),
  ],
  [
    'estimate-invoiced',
    estimatePage(visitor, {
      ...estimate,
      state: 'invoiced',
      answered,
      invoices: [deposit, { number: '1088', kind: 'part', total: 752_163n }],
    }),
  ],
  ['estimate-declined', estimatePage(visitor, { ...estimate, state: 'declined', answered })],
  ['estimate-expired', estimatePage(visitor, { ...estimate, state: 'expired', today: '2026-12-20' })],
];
