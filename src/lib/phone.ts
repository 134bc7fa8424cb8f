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
