import type {
  AutopayEnd,
  AutopayTerms,
  ChargeWhen,
  Threshold,
  WhyNoCharge,
} from '#features/autopay/rules.ts';
import type { Unusable } from '#features/standing-charges/rules.ts';
import { formatMoney } from '#lib/money.ts';

export const whenLabels: Record<ChargeWhen, string> = {
  created: 'On the day it is issued',
  invoice_date: 'On its invoice date',
  due_date: 'On its due date',
};

/** Why an invoice is not charged by autopay, for staff. */
export const noChargeWords: Record<WhyNoCharge, string> = {
  not_open: 'Nothing is due on it.',
  before_autopay: 'It was issued before autopay was switched on. It is charged once it is revised.',
  on_plan: 'A payment plan pays it.',
  under_way: 'A payment for it is under way.',
  tried: 'It was tried and did not go through, and is not tried again.',
  other_currency: 'It is in another currency.',
  outside_threshold: 'It is outside the threshold.',
  over_maximum:
    'It is above the maximum that was agreed to. The customer has been asked to pay it or to agree to more.',
  disputed: 'The customer disputes it.',
  promised: 'The customer has promised to pay it.',
};

/** Why autopay is off, as the end of "Autopay is off: …". */
export const endWords: Record<AutopayEnd, string> = {
  by_staff: 'your organization switched it off',
  by_payer: 'the customer switched it off',
  card_expired: 'the card has expired',
  method_blocked: 'the bank account is blocked after a returned debit',
  method_removed: 'the payment method has been removed',
  method_refused: 'the bank does not accept the payment method any more',
  customer_inactive: 'the customer was deactivated',
};

/** Why the method cannot be charged as it stands. */
export const problemWords: Record<Unusable, string> = {
  method_gone: 'The payment method has been removed.',
  method_expired: 'The card has expired.',
  needs_authorization: 'The owner of the bank account has not signed for it yet.',
  method_blocked: 'The bank returned a debit of this account, which blocked it.',
  kind_barred: 'The customer’s settings do not allow this kind of payment.',
};

export const autopayVersion = 'autopay-1';
export const autopayHeldVersion = 'autopay-held-1';

export type Payee = {
  name: string;
  phone: string | null;
  email: string | null;
  locale: string;
  currency: string;
};

const contact = (payee: Payee): string =>
  payee.phone
    ? `calling ${payee.phone}`
    : payee.email
      ? `writing to ${payee.email}`
      : `telling ${payee.name}`;

const dayWords: Record<ChargeWhen, string> = {
  created: 'on or after the day it is issued',
  invoice_date: 'on or after its invoice date',
  due_date: 'on or after its due date',
};

type Figures = Pick<Payee, 'currency' | 'locale'>;

export const thresholdWords = (threshold: Threshold, { currency, locale }: Figures): string =>
  `${threshold.direction === 'at_or_below' ? 'at most' : 'at least'} ` +
  formatMoney(threshold.amount, currency, locale);

/** What is agreed to, in sentences; the same for payer, staff and mails. */
export function termSentences(terms: AutopayTerms, payee: Figures): string[] {
  const { chargeWhen, threshold, maximum, noticeDays } = terms;
  return [
    `Each invoice is charged in full ${dayWords[chargeWhen]}.`,
    ...(threshold ? [`Only invoices of ${thresholdWords(threshold, payee)} are charged.`] : []),
    ...(maximum ? [`No charge is above ${formatMoney(maximum, payee.currency, payee.locale)}.`] : []),
    ...(noticeDays > 0
      ? [`A mail tells amount and day at least ${noticeDays} ${noticeDays === 1 ? 'day' : 'days'} before.`]
      : []),
  ];
}

const told = (terms: AutopayTerms, payee: Figures, cardFee: string): string =>
  [...termSentences(terms, payee), ...(cardFee === '' ? [] : [cardFee])].join(' ');

/** What a payer agrees to who switches autopay on. `method` is how the payer knows it: `Visa •••• 4242`. */
export const autopayAuthorization = (
  payee: Payee,
  method: string,
  terms: AutopayTerms,
  cardFee: string,
): string =>
  `I authorize ${payee.name} to charge ${method} for what I am invoiced from now on, several invoices together ` +
  `where they fall on one day. ${told(terms, payee, cardFee)} ` +
  'I may stop this at any time by switching autopay off in the customer portal or by ' +
  `${contact(payee)}; a charge that was sent before is not stopped by it.`;

/** What staff vouches for in place of the customer. */
export const autopayHeld = (payee: Payee, method: string, terms: AutopayTerms, cardFee: string): string =>
  `${payee.name} has the customer's agreement that ${method} is charged for what is invoiced from now on. ` +
  `${told(terms, payee, cardFee)} The customer may take it back at any time. ` +
  `${payee.name} keeps the agreement for two years after the last charge and can show it.`;
