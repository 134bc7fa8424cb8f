import type { Secrets } from '#lib/secrets.ts';

type Named = { id: string; organizationId: string };

/** Its address. Signed, so staff can copy it again; a withdrawn one is marked in its row. */
export const paymentLink = (secrets: Pick<Secrets, 'sign'>, baseUrl: string, link: Named): string =>
  `${baseUrl}/p/${link.id}/${secrets.sign('payment page', `${link.organizationId} ${link.id}`)}`;

export const holdsPaymentLink = (secrets: Pick<Secrets, 'verify'>, link: Named, signature: string): boolean =>
  secrets.verify('payment page', `${link.organizationId} ${link.id}`, signature);
