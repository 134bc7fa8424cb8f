import { currencyDigits } from '#lib/money.ts';

/**
 * Stripe counts these in whole units, and all others but those below in hundredths, used or not: ISK, HUF,
 * IDR.
 */
const whole = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
/** Counted in thousandths, of which the last is always 0. */
const thousandths = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

/** How many of Stripe's units are one of ours. It has never fewer decimals than the runtime's own table. */
function perUnit(currency: string): bigint {
  const digits = whole.has(currency) ? 0 : thousandths.has(currency) ? 3 : 2;
  return 10n ** BigInt(digits - currencyDigits(currency));
}

/** Our minor units in Stripe's; undefined where Stripe has no such amount. */
export function toStripeAmount(amount: bigint, currency: string): number | undefined {
  if (thousandths.has(currency) && amount % 10n !== 0n) return undefined;
  return Number(amount * perUnit(currency));
}

export function fromStripeAmount(amount: number, stripeCurrency: string): bigint {
  const currency = stripeCurrency.toUpperCase();
  const units = perUnit(currency);
  if (BigInt(amount) % units !== 0n)
    throw new Error(`Stripe names ${amount} of ${currency}, which has no such part of a unit here`);
  return BigInt(amount) / units;
}
