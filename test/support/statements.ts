import assert from 'node:assert/strict';
import { statementLink } from '#features/invoices/statement-link.ts';
import type { Books } from './given.ts';
import { apiKeyOf, type Browser, query, tokenFor, whileWorking } from './portal.ts';
import { callApi, testServer } from './server.ts';

/** Ask for a statement link as staff does. */
export const askStatement = async (of: Books, customerId: string, body: Record<string, unknown>) =>
  callApi(await apiKeyOf(of), 'POST', `/v1/customers/${customerId}/statement-links`, body);

/** As staff copies it. */
export async function statementOf(of: Books, customerId: string, replace = false): Promise<string> {
  const { status, body } = await askStatement(of, customerId, { mail: false, replace });
  assert.equal(status, 201, JSON.stringify(body));
  return new URL(body.url).pathname;
}

/** As the first one that was ever mailed to the customer. */
export async function firstStatementOf(of: Books, customerId: string): Promise<string> {
  const { parts } = await testServer();
  const { organizationId } = of;
  return statementLink(parts.secrets, '', { id: customerId, organizationId, statementLinkVersion: 0 });
}

export const statementEvents = async (customerId: string): Promise<string[]> =>
  (
    await query<{ type: string }>(
      `select type from events where subject_id = $1 and type like 'statement_link.%' order by id`,
      [customerId],
    )
  ).map(({ type }) => type);

/** From the list to the checkout, with all that is ticked, or with these amounts alone. */
export async function chooseOnStatement(
  browser: Browser,
  link: string,
  amounts?: Record<string, string>,
): Promise<Browser> {
  await browser.open(link);
  const typed = Object.entries(amounts ?? {}).map(([id, amount]) => [`amount_${id}`, amount]);
  return browser.submit(
    `${link}/checkout`,
    amounts ? { invoice: Object.keys(amounts), ...Object.fromEntries(typed) } : {},
  );
}

/** Press Pay with a new card that is good, while the worker is at work. */
export async function payByCard(of: Books, browser: Browser, link: string): Promise<Browser> {
  const token = await tokenFor(of, 'approve');
  return whileWorking(of, () => browser.submit(`${link}/pay`, { method: 'card', token }));
}
