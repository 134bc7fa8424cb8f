import { readNumber } from './amount-rules.ts';
import type { Decision, Reading } from './value-rules.ts';
import { longestValue, quoted, read, refuse } from './value-rules.ts';

/** `percent`: 8.25 is 8.25 %. `fraction`: 0.0825 is 8.25 %. `none` while every bare value seen was zero. */
export type RateStyle = 'percent' | 'fraction' | 'none';

const untaxed =
  /^(?:tax[ -]?)?(?:exempt|free|none|non|n\/a|no (?:tax|vat|gst)|zero[- ]rated|out of scope)(?: .*)?$/i;
const inWords = /(\d+(?:[.,]\d+)?)\s*%/g;

/** Shift the decimal point of a plain, non-negative decimal string two places to the right. */
function timesHundred(decimal: string): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  const padded = fraction.padEnd(2, '0');
  const integer = `${whole}${padded.slice(0, 2)}`.replace(/^0+(?=\d)/, '');
  const rest = padded.slice(2).replace(/0+$/, '');
  return rest === '' ? integer : `${integer}.${rest}`;
}

function percentInWords(text: string): string | undefined {
  const found = [...text.matchAll(inWords)];
  return found.length === 1 ? found[0]?.[1]?.replace(',', '.') : undefined;
}

/** A tax rate as percent, a decimal string: `8.25`. Takes numbers, percents, and names such as `VAT 20%`. */
export function readRate(text: string, style: RateStyle): Reading<string> {
  if (text.length > longestValue) return refuse(`${quoted(text)} is not a tax rate. Write it like 8.25.`);
  if (untaxed.test(text)) return read('0');
  const words = percentInWords(text);
  const signed = words !== undefined;
  // No rate has thousands: a lone comma in one is its decimal sign.
  const number = readNumber(words ?? text.replace(/^([^.,]*),([^.,]*)$/, '$1.$2'), '.');
  if (!number.ok) {
    return refuse(`"${text}" is not a tax rate. Write the percentage, for example 8.25.`);
  }
  if (number.value.startsWith('-') || /^-|\(/.test(text.replace(/\(([^()]*)\)$/, ''))) {
    return refuse(`"${text}" is below zero; a tax rate cannot be.`);
  }
  const small = number.value.startsWith('0.');
  if (!signed && number.value !== '0' && style === 'none') {
    return refuse(`"${text}" can be read in two ways. Choose whether 8.25 % is written 8.25 or 0.0825 here.`);
  }
  if (!signed && style === 'fraction' && !small && number.value !== '0') {
    return refuse(`"${text}" is 100 % or more when read as a fraction. Write 8.25 % as 0.0825, or as 8.25%.`);
  }
  const percent = !signed && style === 'fraction' ? timesHundred(number.value) : number.value;
  const [whole = '', fraction = ''] = percent.split('.');
  if (Number(whole) > 100 || (whole === '100' && fraction !== '')) {
    return refuse(`"${text}" is more than 100 %. Write the percentage, for example 8.25.`);
  }
  if (fraction.length > 6) return refuse(`"${text}" has more than 6 decimals as a percentage. Round it.`);
  return read(percent);
}

/** What the bare values of a column have shown: the first of one or more, the first between zero and one. */
export type RateEvidence = { whole?: string; small?: string };

export function observeRate(evidence: RateEvidence, text: string): void {
  if (text === '' || text.length > longestValue || text.includes('%')) return;
  const bare = text.replace(',', '.');
  if (!/^\d*\.?\d+$/.test(bare) || /^0*\.?0*$/.test(bare)) return;
  if (/^0*\./.test(bare)) evidence.small ??= text;
  else evidence.whole ??= text;
}

const likelyFraction = { likely: 'fraction' } as const;

export function decideRate(evidence: RateEvidence): Decision<RateStyle> {
  const { whole, small } = evidence;
  if (small) {
    const examples = whole ? [small, whole] : [small];
    const mixed = whole !== undefined;
    return {
      ambiguous: true,
      candidates: ['percent', 'fraction'],
      examples,
      mixed,
      ...(!mixed && likelyFraction),
    };
  }
  return { ambiguous: false, format: whole ? 'percent' : 'none' };
}
