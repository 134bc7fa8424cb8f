/** A postal address as forms and files give it. */
export type PostalAddress = {
  line1?: string | undefined;
  line2?: string | undefined;
  city?: string | undefined;
  region?: string | undefined;
  postal_code?: string | undefined;
  country?: string | undefined;
};

const citiesLikeAmerica = new Set(['US', 'CA', 'AU', 'NZ', 'PR', '']);

/** The lines of an address on an envelope. The country stands where it is not the sender's own. */
export function addressLines(address: PostalAddress, ownCountry = 'US'): string[] {
  const { line1, line2, city, region, postal_code: postalCode, country = '' } = address;
  const filled = (parts: (string | undefined)[], separator: string): string =>
    parts
      .map((part) => part?.trim() ?? '')
      .filter(Boolean)
      .join(separator);
  const place = citiesLikeAmerica.has(country)
    ? filled([filled([city, region], ', '), postalCode], ' ')
    : filled([filled([postalCode, city], ' '), region], ', ');
  const abroad = country !== '' && country !== ownCountry ? countryName(country) : '';
  return [line1, line2, place, abroad].map((line) => line?.trim() ?? '').filter(Boolean);
}

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });
const countryName = (code: string): string => (/^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code);
