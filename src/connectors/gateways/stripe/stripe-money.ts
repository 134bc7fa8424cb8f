import { currencyDigits } from '#lib/money.ts';

/** Stripe counts these in whole units; ariary too, whose fifths ISO 4217 writes with decimals. */
const whole = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
/** Whole units in ISO 4217, which Stripe goes on counting in hundredths. */
const hundredths = new Set(['ISK', 'UGX']);
/** Counted in thousandths, of which the last is always 0. */
const thousandths = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

function stripeDigits(currency: string): number {
  if (whole.has(currency)) return 0;
  if (hundredths.has(currency)) return 2;
  return thousandths.has(currency) ? 3 : 2;
}

/** Our minor units in Stripe's; undefined where Stripe has no such amount. */
export function toStripeAmount(amount: bigint, currency: string): number | undefined {
  const more = stripeDigits(currency) - currencyDigits(currency);
  const scaled = more >= 0 ? amount * 10n ** BigInt(more) : divideExact(amount, 10n ** BigInt(-more));
  if (scaled === undefined || (thousandths.has(currency) && scaled % 10n !== 0n)) return undefined;
  return Number(scaled);
}

export function fromStripeAmount(amount: number, stripeCurrency: string): bigint {
  const currency = stripeCurrency.toUpperCase();
  const more = stripeDigits(currency) - currencyDigits(currency);
  const exact =
    more <= 0 ? BigInt(amount) * 10n ** BigInt(-more) : divideExact(BigInt(amount), 10n ** BigInt(more));
  if (exact === undefined) throw new Error(`Stripe names ${amount} of ${currency}, which is no whole amount`);
  return exact;
}

const divideExact = (amount: bigint, by: bigint): bigint | undefined =>
  amount % by === 0n ? amount / by : undefined;
