import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { advanceClock } from '#features/organizations/advance-clock.ts';
import { type Books, given } from '../../../test/support/given.ts';
import {
  freshEmail,
  gatewayTotals,
  query,
  signUp,
  tokenFor,
  whileWorking,
} from '../../../test/support/portal.ts';
import { chooseInvoices, invoiceRow, pay, payerOf } from '../../../test/support/portal-payer.ts';
import { testServer } from '../../../test/support/server.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

test('a declined card says why and what helps; trying again is a new try, the old form is not', async () => {
  const who = await payerOf(books);
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  const stale = who.browser.filled('/portal/pay', {
    method: 'card',
    token: await tokenFor(books, 'approve'),
  });
  await pay(who, 'insufficient_funds');
  assert.match(who.browser.title, /did not go through/);
  assert.match(who.browser.text, /have not been charged.*insufficient funds.*another card/);
  assert.equal((await invoiceRow(invoiceId))?.reserved, 0n);
  const retry = /href="(\/portal\/pay\?[^"]+)"/.exec(who.browser.html)?.[1] ?? '';
  await whileWorking(books, () => who.browser.post('/portal/pay', stale));
  assert.equal(who.browser.path, '/portal/pay');
  assert.match(who.browser.text, /last try with this page was declined/);
  await who.browser.open(retry);
  await pay(who, 'approve');
  assert.match(who.browser.title, /\$100\.00 paid/);
});

test('a lost answer is being checked, is not charged again, and is paid once it is known', async () => {
  const who = await payerOf(books);
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  const before = await gatewayTotals(books);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  await pay(who, 'lost_answer');
  assert.match(who.browser.title, /checking with the bank/);
  assert.match(who.browser.text, /Please don’t pay again/);
  const result = who.browser.path;
  await who.browser.open('/portal');
  assert.match(who.browser.text, /\$100\.00 processing/);
  assert.throws(() => who.browser.form('/portal/checkout'), 'there is nothing to pay');
  const [payment] = await query<{ id: string }>('select id from payments where customer_id = $1', [
    who.customerId,
  ]);
  const { jobs } = await testServer();
  await jobs['look-up-payment']?.({ organizationId: books.organizationId, paymentId: payment?.id } as never);
  assert.match((await who.browser.open(result)).title, /\$100\.00 paid/);
  assert.equal((await gatewayTotals(books)).charges, before.charges + 1);
});

test('while the answer is awaited the page waits too, and asks how the payment stands', async () => {
  const who = await payerOf(books);
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  await given.charge(books, {
    customerId: who.customerId,
    amount: 10_000n,
    applications: [{ invoiceId, amount: 10_000n }],
  });
  const [payment] = await query<{ id: string }>('select id from payments where customer_id = $1', [
    who.customerId,
  ]);
  const url = `/portal/payments/${payment?.id}`;
  assert.match((await who.browser.open(url)).title, /One moment/);
  assert.ok(who.browser.html.includes(`data-poll="${url}/standing"`));
  await who.browser.open(`${url}/standing`);
  assert.deepEqual(JSON.parse(who.browser.html), { done: false, url });
});

test('a bank debit needs a consent, is processing and never “paid”, until it has settled', async () => {
  const own = await given.organization();
  const who = await payerOf(own);
  const invoiceId = await given.invoice(own, who.customerId, 10_000n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  const words = /I authorize [^.]*\$100\.00[^.]*\./.exec(who.browser.text)?.[0] ?? '';
  const token = await tokenFor(own, 'settle');
  await who.browser.submit('/portal/pay', { method: 'bank_account', token });
  assert.equal(who.browser.status, 422);
  assert.match(who.browser.text, /your bank asks for your permission/);
  await whileWorking(own, () =>
    who.browser.submit('/portal/pay', { method: 'bank_account', token, authorize: 'yes' }),
  );
  assert.match(who.browser.title, /on its way/);
  assert.ok(!/\bpaid\b/i.test(who.browser.title));
  const result = who.browser.path;
  const [consent] = await query<{
    kind: string;
    text: string;
    hash: string;
    portal_user_id: string;
    ip: string;
    user_agent: string;
    payment_id: string;
  }>('select * from authorizations where customer_id = $1', [who.customerId]);
  assert.ok(consent);
  assert.ok(consent.text.startsWith(words) && words.length > 60, `${words} / ${consent.text}`);
  assert.deepEqual(
    [consent.kind, consent.hash.length, consent.user_agent, result.endsWith(consent.payment_id)],
    ['bank_debit', 64, 'a test browser', true],
  );
  const { parts } = await testServer();
  await advanceClock(parts.db, parts.dailyWork, own.actor, 2);
  assert.match((await who.browser.open(result)).title, /on its way/);
  assert.equal((await invoiceRow(invoiceId))?.balance_due, 10_000n);
  assert.match((await who.browser.open(`/portal/invoices/${invoiceId}`)).text, /processing/i);
  await advanceClock(parts.db, parts.dailyWork, own.actor, 3);
  assert.match((await who.browser.open(result)).title, /\$100\.00 paid/);
  assert.equal((await invoiceRow(invoiceId))?.balance_due, 0n);
});

test('two people pay the last dollar: one succeeds, the other is told why', async () => {
  const [email, second] = [freshEmail(), freshEmail()];
  const customerId = await given.customer(books, { email });
  const first = await signUp(books, { customerIds: [customerId], email });
  await query('update customers set email = $2 where id = $1', [customerId, second]);
  await query(
    'delete from portal_memberships where customer_id = $1 and portal_user_id in (select id from portal_users where email = $2)',
    [customerId, second],
  );
  const invoiceId = await given.invoice(books, customerId, 100n);
  const own = await given.customer(books, { email: second });
  const other = await signUp(books, { customerIds: [own], email: second });
  await other.open('/portal/switch');
  await other.submit('/portal/switch', { profile: customerId });
  for (const browser of [first, other]) await chooseInvoices(browser, { [invoiceId]: undefined });
  const before = await gatewayTotals(books);
  const tokens = [await tokenFor(books, 'approve'), await tokenFor(books, 'approve')];
  await whileWorking(books, () =>
    Promise.all(
      [first, other].map((browser, at) =>
        browser.submit('/portal/pay', { method: 'card', token: tokens[at] ?? '' }),
      ),
    ),
  );
  const [paid, told] = /paid/.test(first.title) ? [first, other] : [other, first];
  assert.match(paid.title, /\$1\.00 paid/);
  assert.equal(told.status, 409);
  assert.match(told.text, /has just been paid|already on its way/);
  assert.match(told.text, /have not been charged/);
  assert.equal((await gatewayTotals(books)).captured, before.captured + 1);
});

test('payment terms are linked from the button and kept with the payment', async () => {
  const own = await given.organization();
  await query(
    `insert into payment_terms (organization_id, version, text, hash, effective_on, ask_again, created_at)
    values ($1, 1, $2, 'x', '2020-01-01', false, now())`,
    [own.organizationId, 'Interest of 1 % a month.\n\nNo <b>returns</b>.'],
  );
  const who = await payerOf(own);
  const invoiceId = await given.invoice(own, who.customerId, 500n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  assert.match(who.browser.text, /By paying you agree to the payment terms/);
  await pay(who, 'approve');
  const kept = await query<{ kind: string; text: string }>(
    'select kind, text from authorizations where customer_id = $1',
    [who.customerId],
  );
  assert.deepEqual(
    kept.map((row) => [row.kind, row.text.slice(0, 8)]),
    [['payment_terms', 'Interest']],
  );
  await who.browser.open('/portal/terms');
  assert.ok(who.browser.html.includes('No &lt;b&gt;returns'));
});
