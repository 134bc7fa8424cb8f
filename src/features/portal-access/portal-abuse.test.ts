import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { mostTriesAnHour } from '#features/payments/portal-rules.ts';
import { type Books, given, news } from '../../../test/support/given.ts';
import { Browser, freshEmail, invite, mailedLink, query, signUp } from '../../../test/support/portal.ts';
import { chooseInvoices, payerOf } from '../../../test/support/portal-payer.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

test('stolen cards cannot be tried without end on one invoice', async () => {
  const who = await payerOf(books);
  const invoiceId = await given.invoice(books, who.customerId, 5000n);
  const applications = [{ invoiceId, amount: 5000n }];
  const tried = { ...books, now: new Date() };
  for (let tries = 0; tries < mostTriesAnHour; tries += 1) {
    const ask = { customerId: who.customerId, amount: 5000n, applications, source: 'invoice_link' as const };
    await given.outcome(books, (await given.charge(tried, ask)).paymentId, news('declined'));
  }
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  await who.browser.submit('/portal/pay', { method: 'card', token: 'tok_one_more' });
  assert.match(who.browser.text, /tried too often of late/);
  const asked = await query('select id from payments where customer_id = $1', [who.customerId]);
  assert.equal(asked.length, mostTriesAnHour);
});

test('an invitation to a mistyped address opens nothing once the address is corrected', async () => {
  const [mistyped, correct] = [freshEmail('mistyped'), freshEmail('correct')];
  const customerId = await given.customer(books, { email: mistyped });
  await invite(books, [customerId]);
  const link = await mailedLink(mistyped, 'welcome');
  // The stranger has a login already, and one who opens the link for the first time has none.
  await query('update customers set email = $2 where id = $1', [customerId, correct]);
  const newcomer = await new Browser().open(link);
  assert.equal(newcomer.status, 410, newcomer.title);
  const own = await given.customer(books, { email: mistyped });
  const stranger = await signUp(books, { customerIds: [own], email: mistyped });
  await stranger.open('/portal/choose');
  assert.ok(!stranger.html.includes(customerId), 'the customer is not offered to a stranger');
});
