import type { CardFeeKind, CardFeePolicy, Funding, NoCardFee } from '#features/card-fees/rules.ts';
import { formatMoney } from '#lib/money.ts';

/** What the part on top is called wherever a payer reads it. A surcharge is called a surcharge. */
export const cardFeeLabels: Record<CardFeeKind, string> = {
  surcharge: 'Surcharge',
  dual_pricing: 'Card price difference',
  convenience_fee: 'Convenience fee',
  bank_discount: 'Bank account discount',
};

export const fundingWords: Record<Funding, string> = {
  credit: 'Credit card',
  debit: 'Debit card',
  prepaid: 'Prepaid card',
  unknown: 'Card of unknown kind',
};

/** Why nothing is paid on top. */
export const noCardFeeWords: Record<NoCardFee, string> = {
  off: 'Card fees are off.',
  not_a_card: 'Only cards have a fee.',
  not_a_bank_account: 'Only bank accounts have the discount.',
  no_invoice: 'A discount is taken off invoices, and this pays none.',
  payment_plan: 'What is paid by a payment plan has no card fee and no discount.',
  other_channel: 'The convenience fee is not for this way of paying.',
  not_agreed: 'The payer’s agreement does not include a card fee.',
  notice_running: 'The notice to the acquirer is not over yet.',
  barred_place: 'Surcharges are not allowed there.',
  no_rules: 'There are no rules on file for this place.',
  not_credit: 'Debit and prepaid cards have no surcharge.',
  funding_unknown: 'Nobody says what kind of card it is, so it has no surcharge.',
  other_currency: 'The card fee is in another currency.',
  too_small: 'The fee would be nothing.',
};

export const percentWords = (percent: string): string =>
  `${percent.includes('.') ? percent.replace(/\.?0+$/, '') : percent}%`;

/** `2% off`, `2% off, at most $5.00`. */
export const discountWords = (
  { percent, mostAmount, currency }: { percent: string; mostAmount: bigint | null; currency: string },
  locale: string,
): string =>
  `${percentWords(percent)} off${mostAmount === null ? '' : `, at most ${formatMoney(mostAmount, currency, locale)}`}`;

type Told = Pick<CardFeePolicy, 'flatAmount' | 'mostAmount' | 'currency'> & {
  kind: CardFeeKind;
  percent: string;
};

/** In a sentence, as payers are told before they choose how to pay. */
export function cardFeeSentence(terms: Told, locale: string): string {
  const flat = formatMoney(terms.flatAmount, terms.currency, locale);
  switch (terms.kind) {
    case 'surcharge':
      return `Credit cards: a surcharge of ${percentWords(terms.percent)} is added. Debit and prepaid cards and bank payments: none.`;
    case 'dual_pricing':
      return 'Two prices: one by card, and a lower one by bank account, cash or check.';
    case 'convenience_fee':
      return `Cards: a convenience fee of ${flat} is added. Bank payments: none.`;
    case 'bank_discount':
      return `Paying from a bank account: ${discountWords(terms, locale)}. Cards: the full amount.`;
  }
}

/** For an agreement to later charges: the payer agrees to the fee too. */
export function cardFeeAgreement(terms: Pick<Told, 'kind' | 'percent'>): string {
  switch (terms.kind) {
    case 'surcharge':
      return `Where this is a credit card, a surcharge of up to ${percentWords(terms.percent)} of each charge is added to it.`;
    case 'dual_pricing':
      return 'Charged by card, each charge is at the card price, which is higher than the price by bank account.';
    case 'convenience_fee':
    case 'bank_discount':
      return '';
  }
}

/** The same as figures, for the terms of that agreement: its charges are held against them. */
export const agreedFeeTerms = (terms: {
  kind: CardFeeKind;
  percent: string;
  flatAmount?: bigint;
}): Record<string, string> => ({
  card_fee_kind: terms.kind,
  card_fee_percent: terms.percent,
  ...(terms.flatAmount ? { card_fee_flat: String(terms.flatAmount) } : {}),
});
