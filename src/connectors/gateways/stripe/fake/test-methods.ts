import { type Account, keep, newStripeId, now_s, type Of } from './account.ts';

export type Decline = { code: string; declineCode?: string; network?: string; message: string };

/** What a test method does, after Stripe's page of test numbers. */
export type Behaviour = {
  declines?: Decline;
  asksForMore?: boolean;
  disputes?: { reason: string; network: string; inquiry?: boolean };
  refund?: 'fails' | 'waits';
  /** Bank accounts: fails before it succeeds, or is taken back long after. */
  debit?: { fails?: Decline; takenBack?: { reason: string } };
  availableAtOnce?: boolean;
};

type Card = { brand: string; last4: string; funding: string };
type TestMethod = { card?: Card; bank?: { last4: string }; behaviour: Behaviour };

const declined = 'Your card was declined.';
const visa = (last4: string): Card => ({ brand: 'visa', last4, funding: 'credit' });
const decline = (last4: string, declines: Decline): TestMethod => ({
  card: visa(last4),
  behaviour: { declines },
});
const bank = (last4: string, behaviour: Behaviour = {}): TestMethod => ({ bank: { last4 }, behaviour });
const fails = (code: string, network: string, message: string): Behaviour => ({
  debit: { fails: { code, network, message } },
});

/** By the names that Stripe gives them. */
const testMethods: Record<string, TestMethod> = {
  pm_card_visa: { card: visa('4242'), behaviour: {} },
  pm_card_visa_debit: { card: { brand: 'visa', last4: '5556', funding: 'debit' }, behaviour: {} },
  pm_card_mastercard: { card: { brand: 'mastercard', last4: '4444', funding: 'credit' }, behaviour: {} },
  pm_card_amex: { card: { brand: 'amex', last4: '8431', funding: 'credit' }, behaviour: {} },
  pm_card_bypassPending: { card: visa('0077'), behaviour: { availableAtOnce: true } },
  pm_card_chargeDeclined: decline('0002', {
    code: 'card_declined',
    declineCode: 'generic_decline',
    network: '01',
    message: declined,
  }),
  pm_card_chargeDeclinedInsufficientFunds: decline('9995', {
    code: 'card_declined',
    declineCode: 'insufficient_funds',
    network: '51',
    message: 'Your card has insufficient funds.',
  }),
  pm_card_chargeDeclinedLostCard: decline('9987', {
    code: 'card_declined',
    declineCode: 'lost_card',
    network: '41',
    message: declined,
  }),
  pm_card_chargeDeclinedStolenCard: decline('9979', {
    code: 'card_declined',
    declineCode: 'stolen_card',
    network: '43',
    message: declined,
  }),
  pm_card_chargeDeclinedExpiredCard: decline('0069', {
    code: 'expired_card',
    network: '54',
    message: 'Your card has expired.',
  }),
  pm_card_chargeDeclinedIncorrectCvc: decline('0127', {
    code: 'incorrect_cvc',
    network: '82',
    message: 'Your card’s security code is incorrect.',
  }),
  pm_card_authenticationRequired: { card: visa('3184'), behaviour: { asksForMore: true } },
  pm_card_createDispute: {
    card: visa('0259'),
    behaviour: { disputes: { reason: 'fraudulent', network: '10.4' } },
  },
  pm_card_createDisputeInquiry: {
    card: visa('1976'),
    behaviour: { disputes: { reason: 'fraudulent', network: '10.4', inquiry: true } },
  },
  pm_card_refundFail: { card: visa('5126'), behaviour: { refund: 'fails' } },
  pm_card_pendingRefund: { card: visa('7726'), behaviour: { refund: 'waits' } },
  pm_usBankAccount_success: bank('6789'),
  pm_usBankAccount_accountClosed: bank('1113', fails('account_closed', 'R02', 'The account is closed.')),
  pm_usBankAccount_noAccount: bank('1116', fails('no_account', 'R03', 'The account could not be located.')),
  pm_usBankAccount_insufficientFunds: bank(
    '2227',
    fails('insufficient_funds', 'R01', 'The account has insufficient funds.'),
  ),
  pm_usBankAccount_debitNotAuthorized: bank(
    '3335',
    fails('debit_not_authorized', 'R10', 'The debit was not authorized.'),
  ),
  pm_usBankAccount_dispute: bank('5555', { debit: { takenBack: { reason: 'debit_not_authorized' } } }),
  /** Typed in by hand and not yet verified by micro-deposits. */
  pm_usBankAccount_unverified: bank('6789', { asksForMore: true }),
};

const address = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };

/** A test name makes a new method each time it is used; another id is the method itself. */
export function methodNamed(account: Account, id: string): Of<'payment_method'> | undefined {
  const test = Object.hasOwn(testMethods, id) ? testMethods[id] : undefined;
  if (!test) {
    const known = account.things.get(id);
    return known?.object === 'payment_method' ? known : undefined;
  }
  const method: Of<'payment_method'> = {
    id: newStripeId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address, email: null, name: null, phone: null, tax_id: null },
    created: now_s(account),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: test.card ? 'card' : 'us_bank_account',
    ...(test.card && { card: cardOf(test.card) }),
    ...(test.bank && { us_bank_account: bankOf(test.bank.last4) }),
  };
  account.behaviours.set(method.id, test.behaviour);
  return keep(account, method);
}

const cardOf = ({ brand, last4, funding }: Card): NonNullable<Of<'payment_method'>['card']> => ({
  brand,
  checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
  country: 'US',
  display_brand: brand,
  exp_month: 8,
  exp_year: 2039,
  fingerprint: `fp${last4}`,
  funding,
  generated_from: null,
  last4,
  networks: { available: [brand], preferred: null },
  regulated_status: 'unregulated',
  three_d_secure_usage: { supported: true },
  wallet: null,
});

const bankOf = (last4: string): NonNullable<Of<'payment_method'>['us_bank_account']> => ({
  account_holder_type: 'individual',
  account_type: 'checking',
  bank_name: 'STRIPE TEST BANK',
  financial_connections_account: null,
  fingerprint: `fp${last4}`,
  last4,
  networks: { preferred: 'ach', supported: ['ach'] },
  routing_number: '110000000',
  status_details: {},
});
