import { multiply } from '#lib/money.ts';

/** quantity × unit price in minor units; both are decimal strings in major units. */
export function lineAmount(line: { quantity: string; unitPrice: string }, currencyDigits: number): bigint {
  const [quantity, unitPrice] = [scaled(line.quantity), scaled(line.unitPrice)];
  const scale = quantity.scale + unitPrice.scale - currencyDigits;
  const product = quantity.value * unitPrice.value;
  return scale <= 0 ? product * 10n ** BigInt(-scale) : multiply(product, `0.${'0'.repeat(scale - 1)}1`);
}

function scaled(text: string): { value: bigint; scale: number } {
  const [whole, fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(`${whole}${fraction}`);
  return { value: text.startsWith('-') ? -value : value, scale: fraction.length };
}

/** The same line on an invoice of a customer that is exempt from tax. */
export const untaxed = <L extends object>(line: L): L & { taxable: false; taxRate: '0'; taxes: [] } => ({
  ...line,
  taxable: false,
  taxRate: '0',
  taxes: [],
});
