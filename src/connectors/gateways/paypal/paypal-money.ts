import { Refusal } from '#lib/errors.ts';
import { currencyDigits, parseDecimal, toDecimal } from '#lib/money.ts';

/** As PayPal writes money: a decimal string with as many places as PayPal knows for the currency. */
export type PaypalMoney = { currency_code: string; value: string };

/** PayPal moves these in whole units only, though ISO 4217 gives forint and Taiwan dollars two decimals. */
const wholeOnly = new Set(['HUF', 'JPY', 'TWD']);

/** Refuses what PayPal cannot move, instead of rounding it. */
export function toPaypalMoney(amount: bigint, currency: string): PaypalMoney {
  const value = toDecimal(amount, currency);
  if (!wholeOnly.has(currency) || currencyDigits(currency) === 0) return { currency_code: currency, value };
  const [whole = '', fraction = ''] = value.split('.');
  if (/[1-9]/.test(fraction))
    throw new Refusal('invalid_request', {
      message: `PayPal takes ${currency} in whole units only. Pay another way, or change the amount.`,
      param: 'amount',
    });
  return { currency_code: currency, value: whole };
}

/** Undefined for what is no amount of a currency we know: the answer is then not to be believed. */
export function fromPaypalMoney(
  money: PaypalMoney | undefined,
): { amount: bigint; currency: string } | undefined {
  if (!money) return undefined;
  try {
    const amount = parseDecimal(money.value, money.currency_code);
    return amount === undefined ? undefined : { amount, currency: money.currency_code };
  } catch {
    // The runtime knows no such currency, so that its decimals are anybody's guess.
    return undefined;
  }
}

export const isSameMoney = (
  money: PaypalMoney | undefined,
  wanted: { amount: bigint; currency: string },
): boolean => {
  const given = fromPaypalMoney(money);
  return given !== undefined && given.amount === wanted.amount && given.currency === wanted.currency;
};
