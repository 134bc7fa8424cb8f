import { type AutopayForm, autopayAgreePage, autopayPage } from '#web/portal/views/autopay-page.ts';
import type { Sample } from './portal-samples.ts';
import { bank, payer, visa } from './portal-samples.ts';

const autopayForm: AutopayForm = {
  action: '/portal/autopay/agree',
  methods: [
    { ...visa, id: 'pmt_1' },
    { ...bank, id: 'pmt_2', unusable: 'Needs your signature first' },
  ],
  chosen: 'pmt_1',
  whens: [
    { value: 'created', words: 'On the day it is issued' },
    { value: 'due_date', words: 'On its due date' },
  ],
  when: 'created',
  maximum: '',
  currency: 'USD',
};

export const autopaySamples: Sample[] = [
  [
    'autopay-on',
    autopayPage(payer, {
      state: 'on',
      words: [
        'Each invoice is charged in full on or after the day it is issued.',
        'No charge is above $500.00.',
      ],
      method: visa,
      nextOn: 'March 20, 2026',
      form: { ...autopayForm, maximum: '500.00' },
      offAction: '/portal/autopay/off',
      methodsUrl: '/portal/methods',
    }),
  ],
  [
    'autopay-ended',
    autopayPage(payer, {
      state: 'ended',
      words: ['It is off: the card has expired.'],
      form: {
        ...autopayForm,
        state: { errors: { maximum: 'Enter an amount such as 500, or leave it empty.' } },
      },
      methodsUrl: '/portal/methods',
    }),
  ],
  [
    'autopay-agree',
    autopayAgreePage(payer, {
      action: '/portal/autopay',
      backUrl: '/portal/autopay',
      text:
        'I authorize Harbor & Pine Supply to charge Visa •••• 4242 for what I am invoiced from now on. ' +
        'Each invoice is charged in full on or after the day it is issued. No charge is above $500.00. ' +
        'I may stop this at any time by switching autopay off in the customer portal.',
      textHash: 'h',
      fields: [['method', 'pmt_1']],
    }),
  ],
];
