import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { payLink } from '#features/invoices/pay-link.ts';
import { statementLink } from '#features/statements/statement-link.ts';
import { newId } from '#lib/ids.ts';
import { type Books, given } from '../../../test/support/given.ts';
import {
  apiKeyOf,
  Browser,
  freshEmail,
  gatewayTotals,
  query,
  tokenFor,
  whileWorking,
} from '../../../test/support/portal.ts';
import { chooseInvoices, invoiceRow, pay, payerOf } from '../../../test/support/portal-payer.ts';
import { callApi, testServer } from '../../../test/support/server.ts';

let books: Books;
let key: string;
before(async () => {
  books = await given.organization();
  key = await apiKeyOf(books);
});

const api = async (customerId: string, body: Record<string, unknown>) =>
  callApi(key, 'POST', `/v1/customers/${customerId}/statement-links`, body);

/** As staff copies it. */
async function statementOf(customerId: string, replace = false): Promise<string> {
  const { status, body } = await api(customerId, { mail: false, replace });
  assert.equal(status, 201, JSON.stringify(body));
  return new URL(body.url).pathname;
}

/** From the list to the checkout, with all that is ticked, or with these amounts alone. */
async function choose(browser: Browser, link: string, amounts?: Record<string, string>): Promise<Browser> {
  await browser.open(link);
  const typed = Object.entries(amounts ?? {}).map(([id, amount]) => [`amount_${id}`, amount]);
  return browser.submit(
    `${link}/checkout`,
    amounts ? { invoice: Object.keys(amounts), ...Object.fromEntries(typed) } : {},
  );
}

const payByCard = async (browser: Browser, link: string, of: Books = books): Promise<Browser> => {
  const token = await tokenFor(of, 'approve');
  return whileWorking(of, () => browser.submit(`${link}/pay`, { method: 'card', token }));
};

test('a statement link lists what is open, all of it ticked, and one payment pays it without a sign-in', async () => {
  const customerId = await given.customer(books, { email: freshEmail(), displayName: 'Northwind Bakery' });
  const [one, two] = [
    await given.invoice(books, customerId, 10_000n),
    await given.invoice(books, customerId, 20_000n),
  ];
  const link = await statementOf(customerId);
  const browser = await new Browser().open(link);
  assert.equal(browser.status, 200);
  assert.match(browser.text, /Open invoices of Northwind Bakery.*\$300\.00/);
  assert.match((await browser.open(`${link}/invoices/${one}`)).text, /\$100\.00/);
  const before = await gatewayTotals(books);
  await choose(browser, link);
  assert.match(browser.text, /Pay \$300\.00/);
  await payByCard(browser, link);
  assert.match(browser.path, new RegExp(`^${link}/payments/pay_`));
  assert.match(browser.title, /\$300\.00 paid/);
  assert.equal((await gatewayTotals(books)).captured, before.captured + 1, 'one charge for both');
  for (const id of [one, two]) assert.equal((await invoiceRow(id))?.balance_due, 0n);
  const result = browser.path;
  assert.match((await browser.open(`${result}/receipt`)).text, /Receipt.*\$100\.00.*\$200\.00/);
  await browser.open(`${result}/pdf`);
  assert.equal(browser.headers['content-type'], 'application/pdf');
  assert.match((await browser.open(link)).text, /All paid/);
  assert.match((await browser.open(`${link}/history`)).text, /Payments.*\$300\.00/);
  const [payment] = await query<{ source: string; portal_user_id: string | null }>(
    'select source, portal_user_id from payments where customer_id = $1',
    [customerId],
  );
  assert.deepEqual(payment, { source: 'statement_link', portal_user_id: null });
});
