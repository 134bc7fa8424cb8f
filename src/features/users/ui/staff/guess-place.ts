import { currencies } from '#lib/money.ts';

/** Where the reader's browser says it is; only ever a first value in a field that can be changed. */
export const guessZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'America/New_York';

/** Some browsers say more than a language tag may hold (`en-US@posix`): then the part before it is read. */
export function guessCountry(): string | undefined {
  const tag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*/.exec(navigator.language)?.[0];
  return tag ? new Intl.Locale(tag).region : undefined;
}

const euro = 'AT BE HR CY EE FI FR DE GR IE IT LV LT LU MT NL PT SK SI ES'.split(' ');
const others: Record<string, string> = {
  US: 'USD',
  CA: 'CAD',
  GB: 'GBP',
  AU: 'AUD',
  NZ: 'NZD',
  CH: 'CHF',
  JP: 'JPY',
  IN: 'INR',
  SE: 'SEK',
  NO: 'NOK',
  DK: 'DKK',
  PL: 'PLN',
  CZ: 'CZK',
  MX: 'MXN',
  BR: 'BRL',
  ZA: 'ZAR',
  SG: 'SGD',
  HK: 'HKD',
  IL: 'ILS',
  AE: 'AED',
  KR: 'KRW',
  PH: 'PHP',
};

export function guessCurrency(country: string | undefined): string {
  const guess = !country ? 'USD' : euro.includes(country) ? 'EUR' : (others[country] ?? 'USD');
  return currencies().includes(guess) ? guess : 'USD';
}
