import type { Address } from '#features/organizations/api.ts';

/** An address as it is written on an envelope. */
export function addressLines(address: Address): string[] {
  const town = [address.city, [address.region, address.postal_code].filter(Boolean).join(' ')].filter(Boolean).join(', ');
  const country = address.country === 'US' ? undefined : address.country;
  return [address.line1, address.line2, town, country].filter((line): line is string => Boolean(line));
}
