import type { PostalAddress } from '#lib/address-lines.ts';

const plain = (text: string | undefined): string =>
  (text ?? '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The same place in the same words: signs, capitals and the last digits of a ZIP+4 tell nothing apart. */
export function isSameAddress(a: PostalAddress, b: PostalAddress): boolean {
  const fields = ['line1', 'line2', 'city', 'region'] as const;
  const zip = (address: PostalAddress): string => plain(address.postal_code).split(' ')[0] ?? '';
  const country = (address: PostalAddress): string => address.country || 'US';
  return (
    fields.every((field) => plain(a[field]) === plain(b[field])) &&
    zip(a) === zip(b) &&
    country(a) === country(b)
  );
}
