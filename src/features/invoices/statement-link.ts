import type { Secrets } from '#lib/secrets.ts';

type Customer = { id: string; organizationId: string; statementLinkVersion: number };

const textOf = ({ id, organizationId, statementLinkVersion }: Customer): string =>
  `${organizationId} ${id} ${statementLinkVersion}`;

/**
 * The link that opens all open invoices of a customer, payable without sign-in. Signed over the customer and
 * its link version, so raising the version withdraws every link handed out before; nothing is stored.
 */
export const statementLink = (secrets: Pick<Secrets, 'sign'>, baseUrl: string, customer: Customer): string =>
  `${baseUrl}/s/${customer.id}/${secrets.sign('statement link', textOf(customer))}`;

export const holdsStatementLink = (
  secrets: Pick<Secrets, 'verify'>,
  customer: Customer,
  signature: string,
): boolean => secrets.verify('statement link', textOf(customer), signature);
