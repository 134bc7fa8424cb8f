import type { CardFeeKind } from '#features/card-fees/rules.ts';
import { percentWords } from '#features/card-fees/word-rules.ts';
import { formatMoney } from '#lib/money.ts';

/** What is said of card fees on a paper or in a mail, beside the amount that is due. */
export type FeeNote = {
  sentence: string;
  /** Where both prices are shown: by card, and otherwise. */
  prices: { label: string; amount: bigint }[];
};

/** Without a bank account to pay by, the lower of two prices is that of cash. */
export const lowerPrice = (byBank: boolean): string => (byBank ? 'Bank account price' : 'Cash price');

/** `showsPrice`: the law of the place wants the price by card to be shown. */
export function feeNote(
  fee: { amount: bigint; kind: CardFeeKind; percent: string | null },
  due: { base: bigint; currency: string; locale: string; byBank: boolean; showsPrice: boolean },
): FeeNote {
  const money = (amount: bigint): string => formatMoney(amount, due.currency, due.locale);
  const total = due.base + fee.amount;
  const otherwise = due.byBank ? 'by bank account' : 'by cash or check';
  const both = (card: string, other: string) => [
    { label: card, amount: total },
    { label: other, amount: due.base },
  ];
  switch (fee.kind) {
    case 'dual_pricing':
      return {
        sentence: `Card price ${money(total)}. ${lowerPrice(due.byBank)} ${money(due.base)}.`,
        prices: both('Card price', lowerPrice(due.byBank)),
      };
    case 'surcharge': {
      const percent = percentWords(fee.percent ?? '0');
      return {
        sentence: `A surcharge of up to ${percent} applies to credit cards; none for paying ${otherwise} or by debit card.`,
        prices: due.showsPrice
          ? both(`By credit card, ${percent} surcharge included`, 'By debit card or bank account')
          : [],
      };
    }
    case 'bank_discount':
      return {
        sentence: `${percentWords(fee.percent ?? '0')} off for paying from a bank account: ${money(total)} instead of ${money(due.base)}.`,
        prices: both('By bank account, discount included', 'Otherwise'),
      };
    case 'convenience_fee':
      return {
        sentence: `A convenience fee of ${money(fee.amount)} applies to paying online by card; none for paying ${otherwise}.`,
        prices: due.showsPrice ? both('Online by card, fee included', 'Otherwise') : [],
      };
  }
}
