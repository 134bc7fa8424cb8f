import { isCurrency } from '#lib/money.ts';
import type { Reading } from './value-rules.ts';
import { longestValue, quoted, read, refuse } from './value-rules.ts';

const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[\u0300-\u036f.'’]/g, '')
    .replace(/[^\p{L}]+/gu, ' ')
    .trim()
    .toLowerCase();

/** Names that no list of the runtime has. Only what can mean one country and no other. */
const otherNames: Readonly<Record<string, string>> = {
  usa: 'US',
  'united states of america': 'US',
  'u s': 'US',
  'u s a': 'US',
  america: 'US',
  'estados unidos': 'US',
  uk: 'GB',
  'great britain': 'GB',
  gbr: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  can: 'CA',
  aus: 'AU',
  nzl: 'NZ',
  deu: 'DE',
  fra: 'FR',
  esp: 'ES',
  ita: 'IT',
  nld: 'NL',
  bel: 'BE',
  aut: 'AT',
  che: 'CH',
  irl: 'IE',
  mex: 'MX',
  bra: 'BR',
  chn: 'CN',
  jpn: 'JP',
  ind: 'IN',
  prt: 'PT',
  pol: 'PL',
  swe: 'SE',
  nor: 'NO',
  dnk: 'DK',
  fin: 'FI',
  sgp: 'SG',
  zaf: 'ZA',
  holland: 'NL',
  'the netherlands': 'NL',
  turkey: 'TR',
  'republic of ireland': 'IE',
  eire: 'IE',
  'czech republic': 'CZ',
  'south korea': 'KR',
  korea: 'KR',
  russia: 'RU',
  'russian federation': 'RU',
  vietnam: 'VN',
  'hong kong': 'HK',
  macau: 'MO',
  uae: 'AE',
  brd: 'DE',
  'peoples republic of china': 'CN',
  'ivory coast': 'CI',
  burma: 'MM',
  swaziland: 'SZ',
  macedonia: 'MK',
};

/** Codes the runtime names that ISO 3166 reserves for other uses. */
const notCountries = new Set('AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ'.split(' '));

const names = new Map<string, string>();
const codes = new Set<string>();

function load(): void {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const all = letters.flatMap((first) => letters.map((second) => first + second));
  for (const locale of ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt']) {
    const display = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' });
    for (const code of all) {
      const name = display.of(code);
      // The runtime also names codes of countries that are gone; those resolve to another code.
      if (!name || notCountries.has(code) || new Intl.Locale(`und-${code}`).region !== code) continue;
      codes.add(code);
      if (!names.has(plain(name))) names.set(plain(name), code);
    }
  }
  for (const [name, code] of Object.entries(otherNames)) names.set(name, code);
}

/** ISO 3166-1 alpha-2 from a code or from a name that can mean one country only. */
export function readCountry(text: string): Reading<string> {
  if (names.size === 0) load();
  const upper = text.toUpperCase();
  if (codes.has(upper)) return read(upper);
  const code = text.length > longestValue ? undefined : names.get(plain(text));
  if (code) return read(code);
  return refuse(`${quoted(text)} is not a country we know. Write its two-letter code, for example US.`);
}

const currencySigns: Readonly<Record<string, string>> = {
  '€': 'EUR',
  '£': 'GBP',
  '₹': 'INR',
  US$: 'USD',
};

/** ISO 4217 from a code, a code with its name (`USD - US Dollar`), or a sign that means one currency only. */
export function readCurrency(text: string): Reading<string> {
  const code = currencySigns[text] ?? /^([a-z]{3})(?:$|[\s:(-])/i.exec(text)?.[1]?.toUpperCase();
  if (code && isCurrency(code)) return read(code);
  return refuse(`${quoted(text)} is not a currency code. Write its three letters, for example USD.`);
}
