import type { Secrets } from '#lib/secrets.ts';

type Named = { id: string; organizationId: string; linkVersion: number };

const wordsOf = ({ id, organizationId, linkVersion }: Named): string =>
  `${organizationId} ${id} ${linkVersion}`;

/** The page on which an estimate is accepted or declined, without sign-in. Signed, as pay links are. */
export const estimateLink = (secrets: Pick<Secrets, 'sign'>, baseUrl: string, estimate: Named): string =>
  `${baseUrl}/e/${estimate.id}/${secrets.sign('estimate', wordsOf(estimate))}`;

export const holdsEstimateLink = (
  secrets: Pick<Secrets, 'verify'>,
  estimate: Named,
  signature: string,
): boolean => secrets.verify('estimate', wordsOf(estimate), signature);
