import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** The area code where numbers have such: after +1; else empty. */
export type Phone = { e164: string; country: string | undefined; areaCode: string };

const areaCodeOf = (e164: string): string => (e164.startsWith('+1') ? e164.slice(2, 5) : '');

/** A telephone number as people write it, read in its owner's country; undefined when it is none. */
export function readPhone(text: string, country = 'US'): Phone | undefined {
  const own = /^[A-Z]{2}$/.test(country) ? country : 'US';
  const phone = parsePhoneNumberFromString(text, { defaultCountry: own as 'US', extract: false });
  return phone?.isValid()
    ? { e164: phone.number, country: phone.country, areaCode: areaCodeOf(phone.number) }
    : undefined;
}

/** For people: `(512) 555-0100` at home, `+49 30 901820` abroad. */
export function showPhone(e164: string, country = 'US'): string {
  const phone = parsePhoneNumberFromString(e164);
  if (!phone) return e164;
  return phone.country === country ? phone.formatNational() : phone.formatInternational();
}
