// The least of the library's tables: enough to write a number, and a fifth of what a browser would load.
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** For people: `(512) 555-0100` at home, `+49 30 901820` abroad. What is no number stays as it was typed. */
export function showPhone(typed: string, country = 'US'): string {
  const own = /^[A-Z]{2}$/.test(country) ? country : 'US';
  const phone = parsePhoneNumberFromString(typed, { defaultCountry: own as 'US', extract: false });
  if (!phone?.isPossible()) return typed;
  return phone.country === own ? phone.formatNational() : phone.formatInternational();
}
