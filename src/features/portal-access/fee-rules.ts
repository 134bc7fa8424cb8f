import { lowerPrice } from '#features/card-fees/note-rules.ts';
import type { CardFeeKind } from '#features/card-fees/rules.ts';
import { percentWords } from '#features/card-fees/word-rules.ts';
import { formatMoney } from '#lib/money.ts';

/** What one way to pay costs on top; below zero it is a discount. */
export type Fee = { amount: bigint; kind: CardFeeKind; percent: string | null };

/** What each way to pay costs this payer, for what is about to be paid. */
export type FeeOffer = {
  kind: CardFeeKind | undefined;
  /** By the id of a stored card. */
  stored: ReadonlyMap<string, Fee | undefined>;
  /** Of a card that is typed in: whether it is a credit card shows only then. */
  typed: { credit: Fee | undefined; other: Fee | undefined };
  /** Of any bank account: a discount, or nothing. */
  bank: Fee | undefined;
};

export const noFees: FeeOffer = {
  kind: undefined,
  stored: new Map(),
  typed: { credit: undefined, other: undefined },
  bank: undefined,
};

/** Every way that this payer could choose costs the same. */
export const isFree = ({ stored, typed, bank }: FeeOffer): boolean =>
  ![typed.credit, typed.other, bank, ...stored.values()].some((fee) => fee !== undefined);

export type Amounts = {
  base: bigint;
  currency: string;
  locale: string;
  /** Without a bank account to pay by, the lower of two prices is that of cash. */
  byBank: boolean;
};

const saying =
  ({ currency, locale }: Amounts) =>
  (amount: bigint): string =>
    formatMoney(amount, currency, locale);

/** `a surcharge of 3% ($3.00)`. */
function feeInWords(fee: Fee, amounts: Amounts): string {
  const money = saying(amounts)(fee.amount);
  if (fee.kind === 'surcharge') return `a surcharge of ${percentWords(fee.percent ?? '0')} (${money})`;
  return fee.kind === 'convenience_fee' ? `a convenience fee of ${money}` : `${money} more`;
}

/** What the payer agrees to, word for word as it stands by the button. */
export function feeAgreement(fee: Fee, amounts: Amounts): string {
  const money = saying(amounts);
  const total = money(amounts.base + fee.amount);
  const lower = lowerPrice(amounts.byBank).toLowerCase();
  if (fee.kind === 'bank_discount')
    return `You pay ${total} instead of ${money(amounts.base)}: ${percentWords(fee.percent ?? '0')} off for paying from a bank account.`;
  return fee.kind === 'dual_pricing'
    ? `You pay the card price of ${total} instead of ${money(amounts.base)}, the ${lower}. By pressing Pay you agree to it.`
    : `You pay ${total}: ${money(amounts.base)} and ${feeInWords(fee, amounts)} for paying by ${
        fee.kind === 'surcharge' ? 'credit card' : 'card'
      }. By pressing Pay you agree to it.`;
}

export type Cost = { fee?: bigint; upTo?: bigint; tag: string; note?: string; agree?: string };

/** A way to pay without a fee, beside ways that have one. */
export function freeCost(offer: FeeOffer, amounts: Amounts, isDebitCard = false): Cost | undefined {
  if (isFree(offer)) return undefined;
  if (offer.kind === 'dual_pricing')
    return { tag: saying(amounts)(amounts.base), note: lowerPrice(amounts.byBank) };
  if (offer.kind === 'bank_discount') return { tag: saying(amounts)(amounts.base) };
  return {
    tag: 'No fee',
    ...(isDebitCard && offer.kind === 'surcharge' ? { note: 'Not a credit card: no surcharge' } : {}),
  };
}

/** A bank account, which may be cheaper than all else. */
export function bankCost(offer: FeeOffer, amounts: Amounts): Cost | undefined {
  const { bank } = offer;
  if (!bank) return freeCost(offer, amounts);
  const total = saying(amounts)(amounts.base + bank.amount);
  const off = `${saying(amounts)(-bank.amount)} off for paying by bank`;
  return { fee: bank.amount, tag: total, note: off, agree: feeAgreement(bank, amounts) };
}

/** A card of which the fee is known. */
export function knownCost(fee: Fee, amounts: Amounts): Cost {
  const money = saying(amounts);
  const total = money(amounts.base + fee.amount);
  const agree = feeAgreement(fee, amounts);
  return fee.kind === 'dual_pricing'
    ? { fee: fee.amount, tag: total, note: 'Card price', agree }
    : {
        fee: fee.amount,
        tag: `+ ${money(fee.amount)}`,
        note: `${total} with ${feeInWords(fee, amounts)}`,
        agree,
      };
}

/** A card that is still to be typed in. */
export function typedCost(offer: FeeOffer, amounts: Amounts): Cost | undefined {
  const { credit, other } = offer.typed;
  if (!credit) return freeCost(offer, amounts);
  if (other) return knownCost(credit, amounts);
  const money = saying(amounts);
  return {
    upTo: credit.amount,
    tag: `+ ${money(credit.amount)} if credit`,
    note: 'Debit and prepaid cards: no fee',
    agree:
      `A credit card pays ${money(amounts.base + credit.amount)}, with ${feeInWords(credit, amounts)}: you see that ` +
      `amount and agree to it before anything is charged. A debit or prepaid card pays ${money(amounts.base)}.`,
  };
}

/** Above all ways to pay, before one is chosen. */
export function feeNotice(offer: FeeOffer, amounts: Amounts): string | undefined {
  if (offer.bank && amounts.byBank)
    return `Pay from a bank account and ${percentWords(offer.bank.percent ?? '0')} is taken off: ${saying(
      amounts,
    )(amounts.base + offer.bank.amount)} instead of ${saying(amounts)(amounts.base)}.`;
  const fee = offer.typed.credit ?? [...offer.stored.values()].find((each) => each !== undefined);
  if (!fee) return undefined;
  const money = saying(amounts);
  if (fee.kind === 'dual_pricing')
    return `Card price ${money(amounts.base + fee.amount)}. ${lowerPrice(amounts.byBank)} ${money(amounts.base)}.`;
  const free = amounts.byBank ? 'Paying from a bank account has no fee.' : '';
  const cards = fee.kind === 'surcharge' ? 'Credit cards' : 'Cards';
  return `${free} ${cards} have ${feeInWords(fee, amounts)}${
    fee.kind === 'surcharge' ? '; debit and prepaid cards have none' : ''
  }.`.trim();
}
