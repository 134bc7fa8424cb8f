import type { Secrets } from '#lib/secrets.ts';

/**
 * The link in an invoice mail: it opens that invoice payable without sign-in and shows nothing else. Signed
 * over the invoice and its link version, so raising the version revokes every link sent before; nothing is
 * stored.
 */
export const payLink = (
  secrets: Pick<Secrets, 'sign'>,
  baseUrl: string,
  invoice: { id: string; organizationId: string; linkVersion: number },
): string =>
  `${baseUrl}/i/${invoice.id}/${secrets.sign('pay link', `${invoice.organizationId} ${invoice.id} ${invoice.linkVersion}`)}`;

export const holdsPayLink = (
  secrets: Pick<Secrets, 'verify'>,
  invoice: { id: string; organizationId: string; linkVersion: number },
  signature: string,
): boolean =>
  secrets.verify('pay link', `${invoice.organizationId} ${invoice.id} ${invoice.linkVersion}`, signature);
