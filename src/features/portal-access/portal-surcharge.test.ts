import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setFees } from '../../../test/support/card-fees.ts';
import { type Books, bankAccount, card, given } from '../../../test/support/given.ts';
import { bankToken, cards, cardToken, paymentsOf } from '../../../test/support/payer-card-fees.ts';
import { Browser, gatewayTotals, query, whileWorking } from '../../../test/support/portal.ts';
import { chooseInvoices, payerOf, type TestPayer } from '../../../test/support/portal-payer.ts';

let books: Books;
before(async () => {
  books = await given.organization();
  await setFees(books);
});

type AtCheckout = TestPayer & { invoiceId: string };

/** A payer at the checkout of one invoice over $100.00. */
async function atCheckout(typed?: string): Promise<AtCheckout> {
  const who = await payerOf(books);
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  await chooseInvoices(who.browser, { [invoiceId]: typed });
  return { ...who, invoiceId };
}

const send = (who: TestPayer, fields: Record<string, string> = {}): Promise<Browser> =>
  whileWorking(books, () => who.browser.submit('/portal/pay', fields));
const payWith = async (who: TestPayer, number: string): Promise<Browser> =>
  send(who, { method: 'card', token: await cardToken(books, number) });

test('before the choice: the bank account comes first and has no fee, and a credit card says what it costs', async () => {
  const { browser } = await atCheckout();
  assert.match(
    browser.text,
    /Paying from a bank account has no fee\. Credit cards have a surcharge of 3% \(\$3\.00\)/,
  );
  assert.ok(browser.html.indexOf('id="m-bank_account"') < browser.html.indexOf('id="m-card"'));
  assert.match(browser.text, /New bank account No fee/);
  assert.match(browser.text, /New card Debit and prepaid cards: no fee \+ \$3\.00 if credit/);
  assert.match(browser.text, /Pay \$100\.00/);
});

test('a typed credit card is charged after the payer has seen base, surcharge and total', async () => {
  const who = await atCheckout();
  const before = await gatewayTotals(books);
  await payWith(who, cards.credit);
  assert.match(who.browser.title, /Confirm your payment/);
  assert.match(who.browser.text, /Payment \$100\.00 Surcharge \$3\.00 Total \$103\.00/);
  assert.match(who.browser.text, /Pay by bank, without a fee/);
  assert.match(who.browser.text, /Pay \$103\.00/);
  assert.deepEqual(await paymentsOf(who.customerId), []);
  assert.deepEqual(await gatewayTotals(books), before);
  await send(who);
  assert.match(who.browser.title, /\$103\.00 paid/);
  assert.match(who.browser.text, /Payment \$100\.00 Surcharge \$3\.00 Total charged \$103\.00/);
  const [payment, ...more] = await paymentsOf(who.customerId);
  assert.deepEqual(more, []);
  assert.deepEqual([payment?.amount, payment?.fee, payment?.fee_kind], [10_300n, 300n, 'surcharge']);
  const after = await gatewayTotals(books);
  assert.equal((after.amount_captured.USD ?? 0) - (before.amount_captured.USD ?? 0), 10_300);
  const [consent] = await query<{ text: string; terms: Record<string, unknown> }>(
    `select text, terms from authorizations where payment_id = $1 and kind = 'card_fee'`,
    [payment?.id],
  );
  assert.match(consent?.text ?? '', /^You pay \$103\.00: \$100\.00 and a surcharge of 3% \(\$3\.00\)/);
  assert.deepEqual(
    [consent?.terms.fee, consent?.terms.total, consent?.terms.funding],
    ['300', '10300', 'credit'],
  );
  assert.match(String(consent?.terms.disclosed_at), /^\d{4}-/);
  await who.browser.open(`${who.browser.path}/receipt`);
  assert.match(who.browser.text, /Payment \$100\.00 Surcharge \$3\.00 Total charged \$103\.00/);
});

for (const kind of ['debit', 'prepaid'] as const)
  test(`a ${kind} card has no surcharge and is charged what the button said`, async () => {
    const who = await atCheckout();
    await payWith(who, cards[kind]);
    assert.match(who.browser.title, /\$100\.00 paid/);
    assert.deepEqual(
      (await paymentsOf(who.customerId)).map(({ amount, fee }) => [amount, fee]),
      [[10_000n, 0n]],
    );
  });

test('a saved card shows its exact total, and one of unknown kind has no surcharge', async () => {
  const who = await payerOf(books);
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  const [credit, unknown, bank] = [
    await given.storedMethod(books, who.customerId, card),
    await given.storedMethod(books, who.customerId, card),
    await given.storedMethod(books, who.customerId, bankAccount),
  ];
  await query(`update payment_methods set funding = 'credit' where id = $1`, [credit]);
  await query('update payment_methods set funding = null where id = $1', [unknown]);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  const { html } = who.browser;
  const labelOf = (id: string): string =>
    new RegExp(`id="m-${id}"[^>]*data-label="([^"]*)"`).exec(html)?.[1] ?? '';
  assert.deepEqual([credit, unknown, bank].map(labelOf), ['$103.00', '$100.00', '$100.00']);
  assert.ok(html.indexOf(bank) < html.indexOf(credit));
});

test('a bank account has no fee', async () => {
  const who = await atCheckout();
  await send(who, { method: 'bank_account', token: await bankToken(books), authorize: 'yes' });
  assert.match(who.browser.title, /\$100\.00 is on its way/);
  assert.equal((await paymentsOf(who.customerId))[0]?.fee, 0n);
});

test('the fee follows the amount that was typed', async () => {
  const who = await atCheckout('40.00');
  await payWith(who, cards.credit);
  assert.match(who.browser.text, /Payment \$40\.00 Surcharge \$1\.20 Total \$41\.20/);
});

test('another fee than the right one is shown again and not charged, whoever posts it', async () => {
  const who = await atCheckout();
  await payWith(who, cards.credit);
  for (const [shown_fee, shown_total] of [
    ['0', '10000'],
    ['1', '10001'],
    ['299', '10299'],
    ['-5', '9995'],
  ] as const) {
    await send(who, { shown_fee, shown_total });
    assert.match(who.browser.title, /Confirm your payment/);
  }
  await send(who, { shown_at: '1.AAAA' });
  assert.match(who.browser.title, /Confirm your payment/, 'a page of which nobody knows when it was shown');
  await send(who, { shown_fee: '1.5', shown_total: '10001' });
  assert.equal(who.browser.status, 422);
  assert.deepEqual(await paymentsOf(who.customerId), []);
});

test('two tabs and a second click confirm one charge, and the form sent again finds it', async () => {
  const who = await atCheckout();
  await payWith(who, cards.credit);
  const before = await gatewayTotals(books);
  const form = who.browser.filled('/portal/pay');
  const tabs = [1, 2, 3].map(() => Object.assign(new Browser(), { cookies: new Map(who.browser.cookies) }));
  await whileWorking(books, () => Promise.all(tabs.map((tab) => tab.post('/portal/pay', form))));
  assert.equal(new Set(tabs.map(({ path }) => path)).size, 1, tabs.map(({ title }) => title).join());
  await setFees(books, { percent: '1' });
  const late = Object.assign(new Browser(), { cookies: new Map(who.browser.cookies) });
  await late.post('/portal/pay', form);
  assert.equal(late.path, tabs[0]?.path, 'also after the fee has changed');
  await setFees(books);
  assert.equal((await gatewayTotals(books)).charges, before.charges + 1);
  assert.equal((await paymentsOf(who.customerId)).length, 1);
});

test('a fee that changes between page and click is shown again before it is charged', async () => {
  const who = await atCheckout();
  await payWith(who, cards.credit);
  await setFees(books, { percent: '2' });
  await send(who);
  assert.match(who.browser.text, /Surcharge \$2\.00 Total \$102\.00/);
  assert.deepEqual(await paymentsOf(who.customerId), []);
  await setFees(books, { mode: 'off' });
  await send(who);
  assert.match(who.browser.text, /Card fee None Total \$100\.00/);
  await send(who);
  assert.match(who.browser.title, /\$100\.00 paid/);
  await setFees(books);
});

test('where surcharges are not allowed, by the organization or its payer, nothing is added or said', async () => {
  const who = await payerOf(books, { billingAddress: { region: 'MA', country: 'US' } });
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  assert.doesNotMatch(who.browser.text, /surcharge|No fee/i);
  await payWith(who, cards.credit);
  assert.match(who.browser.title, /\$100\.00 paid/);
});

test('no invoice of a payment plan has a fee', async () => {
  const who = await payerOf(books);
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  await query(`update invoices set payment_plan_id = 'pln_' || repeat('0', 22) where id = $1`, [invoiceId]);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  await payWith(who, cards.credit);
  assert.match(who.browser.title, /\$100\.00 paid/);
});
