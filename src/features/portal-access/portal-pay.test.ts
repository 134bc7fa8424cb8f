import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Books, given } from '../../../test/support/given.ts';
import { Browser, gatewayTotals, tokenFor, whileWorking } from '../../../test/support/portal.ts';
import { chooseInvoices, invoiceRow, pay, payerOf } from '../../../test/support/portal-payer.ts';
import { testServer } from '../../../test/support/server.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

test('one invoice is paid by card: the button names the amount, the page says paid, the receipt is there', async () => {
  const who = await payerOf(books);
  const invoiceId = await given.invoice(books, who.customerId, 12_500n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  assert.equal(who.browser.path, '/portal/pay');
  assert.match(who.browser.text, /Pay \$125\.00/);
  const { sandboxUrl } = await testServer();
  assert.match(
    String(who.browser.headers['content-security-policy']),
    new RegExp(`frame-src ${sandboxUrl};`),
  );
  assert.ok(who.browser.html.includes(`data-src="${sandboxUrl}/fields/card?`));
  await pay(who, 'approve');
  assert.match(who.browser.path, /^\/portal\/payments\/pay_/);
  assert.match(who.browser.title, /\$125\.00 paid/);
  assert.equal((await invoiceRow(invoiceId))?.balance_due, 0n);
  const result = who.browser.path;
  assert.match((await who.browser.open(`${result}/receipt`)).text, /Receipt.*Visa ending in 4242/);
  await who.browser.open(`${result}/pdf`);
  assert.equal(who.browser.headers['content-type'], 'application/pdf');
  assert.match(
    (await who.browser.open(`/portal/invoices/${invoiceId}`)).text,
    /Paid.*Payment of \$125\.00 received/,
  );
  await who.browser.open(`/portal/invoices/${invoiceId}/pdf`);
  assert.equal(who.browser.headers['content-type'], 'application/pdf');
  assert.match((await who.browser.open('/portal/history')).text, /\$125\.00/);
  assert.match((await who.browser.open('/portal/history?show=invoices')).text, /Paid/);
  assert.match((await who.browser.open('/portal')).text, /All paid/);
});

test('several invoices, one of them in part, are paid in one checkout and one charge', async () => {
  const who = await payerOf(books);
  const [one, two] = [
    await given.invoice(books, who.customerId, 10_000n),
    await given.invoice(books, who.customerId, 20_000n),
  ];
  const before = await gatewayTotals(books);
  await chooseInvoices(who.browser, { [one]: undefined, [two]: '50.00' });
  assert.match(who.browser.text, /Pay \$150\.00/);
  await pay(who, 'approve');
  assert.match(who.browser.title, /\$150\.00 paid/);
  assert.match(who.browser.text, /Still open \$150\.00/);
  assert.equal((await invoiceRow(one))?.balance_due, 0n);
  assert.equal((await invoiceRow(two))?.balance_due, 15_000n);
  assert.equal((await gatewayTotals(books)).captured, before.captured + 1);
});

test('wrong amounts come back with what was typed and what to type instead', async () => {
  const who = await payerOf(books);
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  for (const [typed, words] of [
    ['100.01', /at most \$100\.00/],
    ['0', /more than zero/],
    ['a lot', /as a number/],
  ] as const) {
    await chooseInvoices(who.browser, { [invoiceId]: typed });
    assert.equal(who.browser.status, 422);
    assert.match(who.browser.text, words);
    assert.ok(who.browser.html.includes(`value="${typed}"`));
  }
  await who.browser.open('/portal');
  await who.browser.submit('/portal/checkout', { invoice: [] });
  assert.match(who.browser.text, /Tick at least one/);
});

test('where parts are not allowed the whole is paid, whatever a form says', async () => {
  const who = await payerOf(books, { allowPartialPayments: false });
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  await chooseInvoices(who.browser, { [invoiceId]: '10.00' });
  assert.match(who.browser.text, /Pay \$100\.00/, 'the amount typed into no field is not looked at');
  const form = who.browser.filled('/portal/pay', {
    method: 'card',
    token: await tokenFor(books, 'approve'),
    pay: `${invoiceId}.1000`,
    shown_total: '1000',
  });
  await who.browser.post('/portal/pay', form);
  assert.equal(who.browser.status, 422);
  assert.match(who.browser.text, /is paid in full: \$100\.00/);
  assert.equal((await invoiceRow(invoiceId))?.reserved, 0n);
});

test('a double click, a second tab and a sent-again form make one charge', async () => {
  const who = await payerOf(books);
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  await chooseInvoices(who.browser, { [invoiceId]: '40.00' });
  const checkout = who.browser.url;
  const [tab, again] = [new Browser(), new Browser()];
  for (const each of [tab, again]) each.cookies = new Map(who.browser.cookies);
  await tab.open(checkout);
  await again.open(checkout);
  const before = await gatewayTotals(books);
  const forms = await Promise.all(
    [who.browser, who.browser, tab, again].map(async (browser) =>
      browser.filled('/portal/pay', { method: 'card', token: await tokenFor(books, 'approve') }),
    ),
  );
  const devices = forms.map(() => Object.assign(new Browser(), { cookies: new Map(who.browser.cookies) }));
  await whileWorking(books, () =>
    Promise.all(forms.map((form, at) => devices[at]?.post('/portal/pay', form))),
  );
  const pages = new Set(devices.map((device) => device.path));
  assert.equal(pages.size, 1, [...pages].join());
  assert.ok(
    devices.every((device) => /\$40\.00 paid/.test(device.title)),
    devices.map((device) => device.title).join(),
  );
  assert.equal((await gatewayTotals(books)).charges, before.charges + 1);
  assert.equal((await invoiceRow(invoiceId))?.balance_due, 6_000n);
  await chooseInvoices(who.browser, { [invoiceId]: '40.00' });
  await pay(who, 'approve');
  assert.equal(
    (await gatewayTotals(books)).charges,
    before.charges + 2,
    'the same amount once more is another payment',
  );
});
