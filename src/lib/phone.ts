import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

export type Phone = { e164: string; country: string | undefined };

/** A telephone number as people write it, read in its owner's country; undefined when it is none. */
export function readPhone(text: string, country = 'US'): Phone | undefined {
  const own = /^[A-Z]{2}$/.test(country) ? country : 'US';
  const phone = parsePhoneNumberFromString(text, { defaultCountry: own as 'US', extract: false });
  return phone?.isValid() ? { e164: phone.number, country: phone.country } : undefined;
}

/** For people: `(512) 555-0100` at home, `+49 30 901820` abroad. */
export function showPhone(e164: string, country = 'US'): string {
  const phone = parsePhoneNumberFromString(e164);
  if (!phone) return e164;
  return phone.country === country ? phone.formatNational() : phone.formatInternational();
}
