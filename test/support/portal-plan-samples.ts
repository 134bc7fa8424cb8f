import { type PlanPage, planPage, plansPage } from '#web/portal/views/plan-page.ts';
import { type PlanRequestPage, planRequestPage } from '#web/portal/views/plan-request-page.ts';
import { payer, type Sample, visa } from './portal-samples.ts';

const text =
  'I owe Harbor & Pine Supply $1,250.00 for invoices 1042, 1050. I authorize Harbor & Pine Supply to charge my Visa ' +
  'ending in 4242 for it in parts: $250.00 once this plan is approved, then 2 payments, every month: $500.00 on ' +
  'Apr 2, 2026; $500.00 on May 2, 2026. No payment after the first is more than $500.00.';
const dates = [
  { dueOn: '2026-04-02', amount: 50_000n },
  { dueOn: '2026-05-02', amount: 50_000n },
];
const request: PlanRequestPage = {
  ...{ action: '/portal/plans/new', previewUrl: '/portal/plans/new/preview', backUrl: '/portal' },
  methodsUrl: '/portal/methods/add',
  email: 'ap@northwind.example',
  limits: { leastDownPercent: '10', maxInstallments: 12 },
  invoices: [
    {
      id: 'inv_1',
      number: '1042',
      dueOn: '2026-02-28',
      balanceDue: 100_000n,
      currency: 'USD',
      checked: true,
    },
    { id: 'inv_2', number: '1050', dueOn: '2026-03-20', balanceDue: 25_000n, currency: 'USD', checked: true },
  ],
  methods: [{ ...visa, id: 'pmt_1', checked: true }],
};
const values = { down_payment: '250.00', cadence: 'monthly', installments: '2', first_on: '2026-04-02' };
const plan: PlanPage = {
  ...{ id: 'pln_1', url: '/portal/plans/pln_1', state: 'active', currency: 'USD', createdOn: '2026-03-02' },
  ...{ total: 125_000n, rest: 50_000n, downPayment: 25_000n, reason: '', numbers: ['1042', '1050'] },
  ...{ method: visa, backUrl: '/portal/plans', addMethodUrl: '/portal/methods/add' },
  installments: [
    { number: 1, dueOn: '2026-04-02', amount: 50_000n, state: 'paid' },
    { number: 2, dueOn: '2026-05-02', amount: 50_000n, state: 'due' },
  ],
  copyUrl: '/portal/plans/pln_1/agreement',
  payOffUrl: '/portal/pay?pay=inv_1.50000',
  chooseUrl: '/portal/plans/pln_1#sign',
  methods: [{ ...visa, id: 'pmt_2', last4: '4444', checked: false }],
};
const sign = {
  ...{ text, hash: 'hash', action: '/portal/plans/pln_1/agree', words: 'Agree and pay the down payment' },
  ...{ methodId: 'pmt_1', name: '', email: 'ap@northwind.example' },
};

export const planSamples: Sample[] = [
  ['plan-request', planRequestPage(payer, request)],
  [
    'plan-request-shown',
    planRequestPage(payer, {
      ...request,
      form: { values },
      preview: {
        ...{ currency: 'USD', total: 125_000n, downPayment: 25_000n, installments: dates },
        agreement: { text, hash: 'hash' },
      },
    }),
  ],
  [
    'plan-request-wrong',
    planRequestPage(payer, {
      ...request,
      form: {
        values: { ...values, down_payment: '1' },
        errors: { down_payment: 'The down payment is at least $125.00 of $1,250.00.' },
      },
    }),
  ],
  ['plan-request-no-method', planRequestPage(payer, { ...request, methods: [] })],
  ['plans', plansPage(payer, { plans: [plan], backUrl: '/portal', requestUrl: '/portal/plans/new' })],
  ['plan-active', planPage(payer, plan)],
  [
    'plan-offered',
    planPage(payer, {
      ...plan,
      ...{ state: 'offered', rest: 100_000n, sign, withdrawUrl: '/portal/plans/pln_1/withdraw' },
      installments: plan.installments.map((each) => ({ ...each, state: 'due' })),
    }),
  ],
  [
    'plan-missed',
    planPage(payer, {
      ...plan,
      ...{ state: 'defaulted', reason: 'Too many installments could not be collected.', rest: 0n },
      installments: plan.installments.map((each) => ({
        ...each,
        state: each.number === 1 ? 'paid' : 'missed',
      })),
    }),
  ],
];
