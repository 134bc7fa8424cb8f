import type { Secrets } from '#lib/secrets.ts';

type Named = { id: string; organizationId: string };

const wordsOf = ({ id, organizationId }: Named): string => `${organizationId} ${id}`;

/** The page of one question, for whoever holds the mail about it. Signed, as pay links are. */
export const ticketLink = (secrets: Pick<Secrets, 'sign'>, baseUrl: string, ticket: Named): string =>
  `${baseUrl}/q/${ticket.id}/${secrets.sign('ticket', wordsOf(ticket))}`;

export const holdsTicketLink = (
  secrets: Pick<Secrets, 'verify'>,
  ticket: Named,
  signature: string,
): boolean => secrets.verify('ticket', wordsOf(ticket), signature);
