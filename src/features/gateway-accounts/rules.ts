import type { ChargeKind } from '#features/payments/payment-gateway.ts';

export type VendorFacts = {
  name: string;
  kinds: readonly ChargeKind[];
  credentials: readonly {
    name: string;
    label: string;
    later?: boolean;
    options?: readonly { value: string; label: string }[];
  }[];
};

/** What needs no credentials comes with Owed: it cannot be connected, so it is never disconnected either. */
export const isConnectable = (vendor: { credentials: readonly unknown[] }): boolean =>
  vendor.credentials.length > 0;

/** What is wrong with credentials as typed, by field; undefined when all is there to be tried. */
export function credentialsFault(
  vendor: VendorFacts,
  typed: Readonly<Record<string, string>>,
): { field: string; message: string } | undefined {
  for (const { name, label, options, later } of vendor.credentials) {
    const value = typed[name]?.trim() ?? '';
    if (value === '' && later) continue;
    if (value === '') return { field: name, message: `${vendor.name} needs the ${label.toLowerCase()}.` };
    if (options && !options.some((option) => option.value === value)) {
      const known = options.map((option) => option.value).join(', ');
      return { field: name, message: `${label} must be one of ${known}.` };
    }
  }
  const unknown = Object.keys(typed).find((name) => !vendor.credentials.some((each) => each.name === name));
  return unknown
    ? { field: unknown, message: `${vendor.name} does not ask for ${unknown}. Leave it out.` }
    : undefined;
}

/** Practice must not move real money, and a live business must not collect play money. */
export function modeFault(
  organization: 'live' | 'sandbox',
  account: 'live' | 'test',
  vendorName: string,
): string | undefined {
  if (organization === 'live' && account === 'test')
    return `These are test credentials of ${vendorName}: no money would arrive. Use the live ones.`;
  if (organization === 'sandbox' && account === 'live')
    return `These are live credentials of ${vendorName}: a practice organization must not move real money. Use test credentials.`;
  return undefined;
}

/** What a vendor cannot take, out of what it is asked to. */
export const takesFault = (vendor: VendorFacts, takes: readonly ChargeKind[]): ChargeKind | undefined =>
  takes.find((kind) => !vendor.kinds.includes(kind));
