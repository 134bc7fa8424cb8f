import { consentWords } from '#features/text-consents/consent-rules.ts';
import { loginEmailPage } from '#web/portal/views/login-email-page.ts';
import {
  addMethodPage,
  paymentMethodsPage,
  removeMethodPage,
} from '#web/portal/views/payment-methods-page.ts';
import {
  paymentDeclinedPage,
  paymentPaidPage,
  paymentProcessingPage,
  paymentUnknownPage,
  paymentWaitingPage,
} from '#web/portal/views/payment-result.ts';
import type { LinkProblemPage } from '#web/portal/views/problem-pages.ts';
import { errorPage, linkProblemPage, linkSentPage } from '#web/portal/views/problem-pages.ts';
import { profileEditPage, profilePage } from '#web/portal/views/profile-page.ts';
import { receiptPage } from '#web/portal/views/receipt-page.ts';
import {
  forgotPasswordPage,
  lockedPage,
  newPasswordPage,
  signInPage,
} from '#web/portal/views/sign-in-pages.ts';
import { methodAddedPage, signedPage, signPage } from '#web/portal/views/sign-page.ts';
import {
  agreementPage,
  chooseProfilePage,
  confirmEmailPage,
  confirmLandingPage,
  createLoginPage,
  signUpRefusedPage,
} from '#web/portal/views/sign-up-pages.ts';
import type { Sample } from './portal-samples.ts';
import { bank, panel, payer, profiles, visa, visitor } from './portal-samples.ts';

const facts = {
  amount: 211_250n,
  currency: 'USD',
  invoices: ['1042', '1057'],
  reference: 'P-20481',
  method: visa,
};
const receipt = {
  ...facts,
  paidOn: '2026-11-22',
  customerName: 'Northwind Bakery LLC',
  applied: [
    { number: '1042', url: '/portal/invoices/inv_1', amount: 125_000n },
    { number: '1057', amount: 86_250n },
  ],
  from: ['Harbor & Pine Supply', '18 Commercial Wharf', 'Portland, ME 04101'],
};
const home = { homeUrl: '/portal' };
const until = '10:42 AM';
const wrong = {
  values: { email: 'ap@northwind.example' },
  errors: { password: 'Use at least 12 characters.' },
};
const record = {
  businessName: 'Northwind Bakery LLC',
  firstName: 'Ada',
  lastName: 'Marsh',
  email: 'ap@northwind.example',
  phone: '+1 (207) 555-0188',
  addressLines: ['440 Foundry Street', 'Biddeford, ME 04005'],
};
const chapters = ['Who we are', 'Your login', 'Payments', 'Electronic mail', 'Privacy', 'Changes'];
const agreement = {
  action: '/portal/agreement',
  name: 'Portal user agreement',
  version: '3',
  effectiveOn: '2026-06-01',
  signOutUrl: '/portal/sign-out',
  sections: Array.from({ length: 6 }, (_each, index) => ({
    heading: `${index + 1}. ${chapters[index] ?? ''}`,
    paragraphs: [
      'This portal lets you see and pay what a business has invoiced to you. The business is the other side of every invoice; we carry out what you ask for here.',
      'Keep your password to yourself, and tell us when someone else may know it. You may stop using the portal at any time.',
    ],
  })),
};
const problems: LinkProblemPage[] = [
  {
    problem: 'expired',
    purpose: 'invoice',
    renew: { action: '/p/renew', token: 't' },
    signInUrl: '/portal/sign-in',
  },
  { problem: 'used', purpose: 'invitation', signInUrl: '/portal/sign-in' },
  { problem: 'foreign', purpose: 'confirmation' },
  { problem: 'revoked', purpose: 'invoice' },
  { problem: 'unknown', purpose: 'password' },
];

const loginEmail = {
  action: '/portal/email',
  backUrl: '/portal/profile',
  email: 'ap@northwind.example',
};

export const doorSamples: Sample[] = [
  [
    'result-paid',
    paymentPaidPage(payer, {
      ...facts,
      paidOn: '2026-11-22',
      receiptUrl: '/r/1',
      sentTo: 'ap@northwind.example',
      left: 33_750n,
      ...home,
    }),
  ],
  ['result-paid-by-link', paymentPaidPage(visitor, { ...facts, paidOn: '2026-11-22', receiptUrl: '/r/1' })],
  [
    'result-processing',
    paymentProcessingPage(payer, {
      ...facts,
      method: bank,
      submittedOn: '2026-11-22',
      expectedOn: '2026-11-27',
      sentTo: 'ap@northwind.example',
      ...home,
    }),
  ],
  [
    'result-declined',
    paymentDeclinedPage(payer, {
      ...facts,
      advice:
        'Your bank says that there are not enough funds on this card right now. Another card or a bank account will work.',
      retryUrl: '/portal/checkout',
      ...home,
    }),
  ],
  ['result-unknown', paymentUnknownPage(payer, { ...facts, ...home })],
  [
    'result-waiting',
    paymentWaitingPage(payer, {
      ...facts,
      pollUrl: '/portal/payments/1/standing',
      selfUrl: '/portal/payments/1',
    }),
  ],
  [
    'receipt-paid',
    receiptPage(payer, { ...receipt, standing: 'paid', pdfUrl: '/r/1.pdf', backUrl: '/portal/history' }),
  ],
  ['receipt-processing', receiptPage(visitor, { ...receipt, standing: 'processing', method: bank })],
  [
    'methods',
    paymentMethodsPage(payer, {
      addUrl: '/portal/methods/add',
      schedules: { url: '/portal/schedules', count: 2 },
      autopayUrl: '/portal/autopay',
      methods: [
        {
          ...visa,
          standing: 'active',
          isDefault: true,
          usedByAutopay: true,
          whyKept: 'Autopay charges it',
        },
        {
          ...bank,
          standing: 'needs_authorization',
          isDefault: false,
          signUrl: '/portal/methods/2/sign',
          usedByAutopay: false,
          removeUrl: '/portal/methods/2/remove',
        },
        {
          ...visa,
          id: 'pmt_3',
          brand: 'amex',
          last4: '0005',
          expiry: { year: 2026, month: 12 },
          standing: 'expiring',
          isDefault: false,
          defaultAction: '/portal/methods/3/default',
          usedByAutopay: false,
          removeUrl: '/portal/methods/3/remove',
        },
      ],
    }),
  ],
  ['methods-empty', paymentMethodsPage(payer, { addUrl: '/portal/methods/add', methods: [] })],
  [
    'method-add',
    addMethodPage(payer, {
      action: '/portal/methods',
      idempotencyKey: 'k',
      slots: panel.slots,
      chosen: 'bank_account',
      backUrl: '/portal/methods',
    }),
  ],
  [
    'method-sign',
    signPage(payer, {
      method: bank,
      text: panel.authorization,
      textHash: 'h',
      action: '/portal/methods/2/sign',
      email: 'ap@northwind.example',
      backUrl: '/portal/methods',
    }),
  ],
  ['method-signed', signedPage(visitor, { copyUrl: '/portal/sign/t/copy' })],
  ['method-added', methodAddedPage(visitor)],
  [
    'method-remove',
    removeMethodPage(payer, { method: visa, action: '/portal/methods/1/remove', backUrl: '/portal/methods' }),
  ],
  [
    'profile',
    profilePage(payer, {
      profile: record,
      editUrl: '/portal/profile/edit',
      loginEmail: 'ap@northwind.example',
      changePasswordUrl: '/portal/password',
      changeEmailUrl: '/portal/email',
      files: [{ name: 'Master agreement 2026, signed by both.pdf', url: '/portal/files/1' }],
      texts: {
        phone: '(503) 555-0142',
        state: 'none',
        words: consentWords('Cedar & Stone Landscaping', '(503) 555-0142').text,
        action: '/portal/profile/texts',
      },
    }),
  ],
  [
    'profile-texts-agreed',
    profilePage(payer, {
      profile: record,
      loginEmail: 'ap@northwind.example',
      changePasswordUrl: '/portal/password',
      changeEmailUrl: '/portal/email',
      files: [],
      texts: { phone: '(503) 555-0142', state: 'given', words: '', action: '/portal/profile/texts' },
    }),
  ],
  [
    'profile-texts-stopped',
    profilePage(payer, {
      profile: record,
      loginEmail: 'ap@northwind.example',
      changePasswordUrl: '/portal/password',
      changeEmailUrl: '/portal/email',
      files: [],
      texts: { phone: '(503) 555-0142', state: 'stopped', words: '', action: '/portal/profile/texts' },
    }),
  ],
  [
    'profile-read-only',
    profilePage(payer, {
      profile: { ...record, phone: '', addressLines: [] },
      files: [],
      loginEmail: 'ap@northwind.example',
      changePasswordUrl: '/portal/password',
      changeEmailUrl: '/portal/email',
    }),
  ],
  [
    'profile-edit',
    profileEditPage(
      { ...payer, flash: { tone: 'good', body: 'Saved.' } },
      {
        profile: record,
        action: '/portal/profile',
        backUrl: '/portal/profile',
        form: { errors: { last_name: 'Enter a last name.' }, values: { last_name: '' } },
      },
    ),
  ],
  [
    'choose-profile',
    chooseProfilePage(payer, { action: '/portal/switch', profiles, mode: 'switch', current: 'cus_1' }),
  ],
  [
    'sign-up-2',
    createLoginPage(visitor, { action: '/portal/sign-up', invitation: 'i', signInUrl: '/portal/sign-in' }),
  ],
  [
    'sign-up-2-wrong',
    createLoginPage(visitor, {
      action: '/portal/sign-up',
      invitation: 'i',
      signInUrl: '/portal/sign-in',
      form: wrong,
    }),
  ],
  ['sign-up-2-refused', signUpRefusedPage(visitor, { retryUrl: '/portal/sign-up' })],
  ['sign-up-3', chooseProfilePage(visitor, { action: '/portal/sign-up/profile', profiles, mode: 'sign_up' })],
  [
    'sign-up-4',
    confirmEmailPage(visitor, {
      email: 'ap@northwind.example',
      action: '/portal/sign-up/resend',
      resent: false,
    }),
  ],
  [
    'sign-up-4-limited',
    confirmEmailPage(visitor, {
      email: 'ap@northwind.example',
      action: '/portal/sign-up/resend',
      resent: true,
      resendAfter: until,
    }),
  ],
  [
    'sign-up-4-landing',
    confirmLandingPage(visitor, {
      email: 'ap@northwind.example',
      action: '/portal/sign-up/confirm',
      token: 't',
    }),
  ],
  ['sign-up-5', agreementPage(visitor, { ...agreement, mode: 'sign_up' })],
  ['agreement-new', agreementPage(visitor, { ...agreement, mode: 'new_version' })],
  ['sign-in', signInPage(visitor, { action: '/portal/sign-in', forgotUrl: '/portal/forgot' })],
  [
    'sign-in-refused',
    signInPage(visitor, {
      action: '/portal/sign-in',
      forgotUrl: '/portal/forgot',
      form: { values: { email: 'ap@northwind.example' }, message: 'The email or the password is not right.' },
    }),
  ],
  ['locked', lockedPage(visitor, { until, forgotUrl: '/portal/forgot' })],
  [
    'forgot',
    forgotPasswordPage(visitor, { action: '/portal/forgot', signInUrl: '/portal/sign-in', sent: false }),
  ],
  [
    'forgot-sent',
    forgotPasswordPage(visitor, { action: '/portal/forgot', signInUrl: '/portal/sign-in', sent: true }),
  ],
  [
    'new-password',
    newPasswordPage(visitor, { action: '/portal/password', askCurrent: true, email: 'ap@northwind.example' }),
  ],
  ['login-email', loginEmailPage(payer, { ...loginEmail, sent: false })],
  [
    'login-email-wrong',
    loginEmailPage(payer, {
      ...loginEmail,
      sent: false,
      form: {
        values: { email: 'june@northwind.example' },
        errors: { current_password: 'This is not your current password.' },
      },
    }),
  ],
  ['login-email-sent', loginEmailPage(payer, { ...loginEmail, sent: true })],
  ...problems.map((each): Sample => [`link-${each.problem}`, linkProblemPage(visitor, each)]),
  ['link-sent', linkSentPage(visitor)],
  ...([404, 429, 500] as const).map(
    (status): Sample => [
      `error-${status}`,
      errorPage(payer, { status, requestId: 'req_01jd8z', homeUrl: '/portal' }),
    ],
  ),
];
