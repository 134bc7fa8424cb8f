/**
 * What a test number makes the gateway do. Stored by this name everywhere; the number itself is never kept.
 */
export type CardBehaviour =
  | 'approve'
  | 'decline'
  | 'insufficient_funds'
  | 'expired_card'
  | 'lost_card'
  | 'stolen_card'
  | 'incorrect_cvc'
  | 'decline_when_stored'
  | 'slow'
  | 'lost_answer'
  | 'error_after_commit'
  | 'unknown_until_looked_up_twice'
  | 'disputed'
  | 'refund_fails'
  | 'payout_short';

export type BankBehaviour =
  | 'settle'
  | 'return_r01'
  | 'return_r02'
  | 'return_r03'
  | 'return_r10'
  | 'change_c01'
  | 'bad_account';
export type Behaviour = CardBehaviour | BankBehaviour;

export type CardBrand = 'visa' | 'mastercard' | 'amex' | 'discover';
export type TestCard = {
  number: string;
  brand: CardBrand;
  funding: 'credit' | 'debit' | 'prepaid';
  behaviour: CardBehaviour;
  /** For the help centre and the sandbox's own pages. */
  what: string;
};

type CardRow = [string, CardBrand, TestCard['funding'], CardBehaviour, string];
const cardRows: CardRow[] = [
  ['4242424242424242', 'visa', 'credit', 'approve', 'Approved'],
  ['5555555555554444', 'mastercard', 'credit', 'approve', 'Approved'],
  ['378282246310005', 'amex', 'credit', 'approve', 'Approved (four-digit security code)'],
  ['6011111111111117', 'discover', 'credit', 'approve', 'Approved'],
  ['4000056655665556', 'visa', 'debit', 'approve', 'Approved, a debit card: never surcharged'],
  ['5200828282828210', 'mastercard', 'debit', 'approve', 'Approved, a debit card: never surcharged'],
  ['5105105105105100', 'mastercard', 'prepaid', 'approve', 'Approved, a prepaid card: never surcharged'],
  ['4000000000000002', 'visa', 'credit', 'decline', 'Declined, no reason given'],
  ['4000000000009995', 'visa', 'credit', 'insufficient_funds', 'Declined: insufficient funds'],
  ['4000000000000069', 'visa', 'credit', 'expired_card', 'Declined: expired card'],
  ['4000000000009987', 'visa', 'credit', 'lost_card', 'Declined: reported lost'],
  ['4000000000009979', 'visa', 'credit', 'stolen_card', 'Declined: reported stolen'],
  ['4000000000000127', 'visa', 'credit', 'incorrect_cvc', 'Declined: wrong security code'],
  [
    '4000000000000341',
    'visa',
    'credit',
    'decline_when_stored',
    'Approved once; declined when charged from store',
  ],
  ['4000000000005001', 'visa', 'credit', 'slow', 'Approved, but the answer takes five seconds'],
  [
    '4000000000006009',
    'visa',
    'credit',
    'lost_answer',
    'Approved, but the connection drops before the answer',
  ],
  ['4000000000007007', 'visa', 'credit', 'error_after_commit', 'Approved, but the gateway answers 500'],
  [
    '4000000000008005',
    'visa',
    'credit',
    'unknown_until_looked_up_twice',
    'Answered “processing”; the second lookup says approved',
  ],
  [
    '4000000000000259',
    'visa',
    'credit',
    'disputed',
    'Approved, and disputed a day after it settled; evidence is taken for 10 days',
  ],
  [
    '4000000000005126',
    'visa',
    'credit',
    'refund_fails',
    'Approved; a refund is taken on and fails 2 days later',
  ],
  [
    '4000000000009110',
    'visa',
    'credit',
    'payout_short',
    'Approved; the payout it is in is 1.00 less than the sum of its lines',
  ],
];

/** Any future expiry and any security code of the right length go with these. */
export const testCards: readonly TestCard[] = cardRows.map(([number, brand, funding, behaviour, what]) => ({
  number,
  brand,
  funding,
  behaviour,
  what,
}));

export type TestBankAccount = { accountNumber: string; behaviour: BankBehaviour; what: string };

/** Each works with either routing number below; the last two digits say which return comes. */
export const testBankAccounts: readonly TestBankAccount[] = [
  {
    accountNumber: '000123456789',
    behaviour: 'settle',
    what: 'Accepted after 1 day, collected after 2, settled after 4',
  },
  {
    accountNumber: '000111111101',
    behaviour: 'return_r01',
    what: 'Returned R01 (insufficient funds) after 2 days',
  },
  {
    accountNumber: '000111111102',
    behaviour: 'return_r02',
    what: 'Returned R02 (account closed) after 1 day',
  },
  {
    accountNumber: '000111111103',
    behaviour: 'return_r03',
    what: 'Returned R03 (no account found) after 2 days',
  },
  {
    accountNumber: '000111111110',
    behaviour: 'return_r10',
    what: 'Settles, then returned R10 (not authorized) 30 days after it was submitted',
  },
  {
    accountNumber: '000222222201',
    behaviour: 'change_c01',
    what: 'Settles; after 2 days the bank reports (C01) that the account number now ends in 6789',
  },
  {
    accountNumber: '000111111199',
    behaviour: 'bad_account',
    what: 'Declined at once: the bank knows no such account',
  },
];

export const testBanks: readonly { routingNumber: string; name: string }[] = [
  { routingNumber: '110000000', name: 'First Sandbox Bank' },
  { routingNumber: '220000000', name: 'Sandbox Savings Bank' },
];

export function testCard(behaviour: CardBehaviour): TestCard {
  const card = testCards.find((each) => each.behaviour === behaviour);
  if (!card) throw new Error(`no test card: ${behaviour}`);
  return card;
}
