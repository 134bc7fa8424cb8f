import { divideRounded } from '#lib/money.ts';

type Scaled = { value: bigint; scale: number };

function scaled(decimal: string): Scaled {
  const at = decimal.indexOf('.');
  if (at < 0) return { value: BigInt(decimal), scale: 0 };
  return { value: BigInt(decimal.slice(0, at) + decimal.slice(at + 1)), scale: decimal.length - at - 1 };
}

function plain({ value, scale }: Scaled): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const fraction = scale === 0 ? '' : digits.slice(-scale).replace(/0+$/, '');
  const whole = scale === 0 ? digits : digits.slice(0, -scale);
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/** The exact product of two decimal strings. */
export function times(one: string, other: string): string {
  const [a, b] = [scaled(one), scaled(other)];
  return plain({ value: a.value * b.value, scale: a.scale + b.scale });
}

/** What is left of one after so many percent: `10` → `0.9`. */
export function afterPercent(percent: string): string {
  const { value, scale } = scaled(percent);
  return plain({ value: 100n * 10n ** BigInt(scale) - value, scale: scale + 2 });
}

/** The quotient of two decimal strings, rounded to 8 places; undefined when dividing by zero. */
export function over(dividend: string, divisor: string): string | undefined {
  const [a, b] = [scaled(dividend), scaled(divisor)];
  if (b.value === 0n) return undefined;
  const sign = b.value < 0n ? -1n : 1n;
  const value = divideRounded(
    sign * a.value * 10n ** BigInt(8 + b.scale),
    sign * b.value * 10n ** BigInt(a.scale),
  );
  return plain({ value, scale: 8 });
}

export const decimalPlaces = (decimal: string): number => {
  const at = decimal.indexOf('.');
  return at < 0 ? 0 : decimal.length - at - 1;
};
