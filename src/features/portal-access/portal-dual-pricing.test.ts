import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { payLink } from '#features/invoices/pay-link.ts';
import { setFees } from '../../../test/support/card-fees.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { cards, cardToken, paymentsOf } from '../../../test/support/payer-card-fees.ts';
import { Browser, query, whileWorking } from '../../../test/support/portal.ts';
import { testServer } from '../../../test/support/server.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

async function linkTo(invoiceId: string): Promise<string> {
  const { parts } = await testServer();
  return payLink(parts.secrets, '', { id: invoiceId, organizationId: books.organizationId, linkVersion: 0 });
}
const payByLink = async (browser: Browser, link: string, fields: Record<string, string> = {}) =>
  whileWorking(books, () => browser.submit(`${link}/pay`, fields));

test('dual pricing shows both prices from the start; a card pays the card price without a step between', async () => {
  await setFees(books, { mode: 'dual_pricing' });
  const { customerId, invoiceId } = await given.debtor(books, 10_000n);
  const link = await linkTo(invoiceId);
  const browser = await new Browser().open(link);
  assert.match(browser.text, /Card price \$103\.09\. Bank account price \$100\.00\./);
  assert.match(browser.text, /New card Card price \$103\.09/);
  assert.match(browser.text, /New bank account Bank account price \$100\.00/);
  const [total, fee] = ['10309', '309'];
  await payByLink(browser, link, {
    ...{ method: 'card', token: await cardToken(books, cards.debit), shown_total: total, shown_fee: fee },
  });
  assert.match(browser.title, /\$103\.09 paid/);
  assert.match(browser.text, /Card price difference \$3\.09/);
  const [payment] = await paymentsOf(customerId);
  assert.deepEqual([payment?.amount, payment?.fee, payment?.fee_kind], [10_309n, 309n, 'dual_pricing']);
});

test('without script a card still pays no more than was on a button', async () => {
  const { customerId, invoiceId } = await given.debtor(books, 10_000n);
  const link = await linkTo(invoiceId);
  const browser = await new Browser().open(link);
  await payByLink(browser, link, { method: 'card', token: await cardToken(books, cards.credit) });
  assert.match(browser.title, /Confirm your payment/);
  assert.match(browser.text, /card price of \$103\.09 instead of \$100\.00/);
  assert.deepEqual(await paymentsOf(customerId), []);
  await payByLink(browser, link);
  assert.match(browser.title, /\$103\.09 paid/);
});

test('a convenience fee is flat and shown before the choice', async () => {
  await setFees(books, { mode: 'convenience_fee', flatAmount: 250n });
  const { invoiceId } = await given.debtor(books, 10_000n);
  const link = await linkTo(invoiceId);
  const browser = await new Browser().open(link);
  assert.match(browser.text, /Cards have a convenience fee of \$2\.50/);
  await payByLink(browser, link, {
    ...{ method: 'card', token: await cardToken(books, cards.debit), shown_total: '10250', shown_fee: '250' },
  });
  assert.match(browser.text, /Payment \$100\.00 Convenience fee \$2\.50 Total charged \$102\.50/);
});

test('dual pricing without a bank account to pay by says Card and Cash', async () => {
  await setFees(books, { mode: 'dual_pricing' });
  await query(`delete from gateway_routes where organization_id = $1 and kind = 'bank_account'`, [
    books.organizationId,
  ]);
  const { invoiceId } = await given.debtor(books, 10_000n);
  const browser = await new Browser().open(await linkTo(invoiceId));
  assert.match(browser.text, /Card price \$103\.09\. Cash price \$100\.00\./);
  assert.doesNotMatch(browser.text, /Bank account price/);
  assert.match(browser.text, /Pay \$103\.09/);
});
