import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { createCreditMemo } from '#features/credit-memos/create-credit-memo.ts';
import { sealErrand } from '#features/portal-access/errand.ts';
import { type Books, given } from '../../../test/support/given.ts';
import {
  Browser,
  freshEmail,
  gatewayTotals,
  query,
  tokenFor,
  whileWorking,
} from '../../../test/support/portal.ts';
import { chooseInvoices, invoiceRow, payerOf } from '../../../test/support/portal-payer.ts';
import { testServer } from '../../../test/support/server.ts';
import {
  askStatement,
  chooseOnStatement,
  firstStatementOf,
  payByCard,
  statementOf,
} from '../../../test/support/statements.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

test('a statement link lists what is open, all of it ticked, and one payment pays it without a sign-in', async () => {
  const customerId = await given.customer(books, { email: freshEmail(), displayName: 'Northwind Bakery' });
  const [one, two] = [
    await given.invoice(books, customerId, 10_000n),
    await given.invoice(books, customerId, 20_000n),
  ];
  const link = await statementOf(books, customerId);
  const browser = await new Browser().open(link);
  assert.equal(browser.status, 200);
  assert.match(browser.text, /Open invoices of Northwind Bakery.*\$300\.00/);
  assert.match((await browser.open(`${link}/invoices/${one}`)).text, /\$100\.00/);
  const before = await gatewayTotals(books);
  await chooseOnStatement(browser, link);
  assert.match(browser.text, /Pay \$300\.00/);
  await payByCard(books, browser, link);
  assert.match(browser.path, new RegExp(`^${link}/payments/pay_`));
  assert.match(browser.title, /\$300\.00 paid/);
  assert.equal((await gatewayTotals(books)).captured, before.captured + 1, 'one charge for both');
  for (const id of [one, two]) assert.equal((await invoiceRow(id))?.balance_due, 0n);
  const result = browser.path;
  assert.match((await browser.open(`${result}/receipt`)).text, /Receipt.*\$100\.00.*\$200\.00/);
  await browser.open(`${result}/pdf`);
  assert.equal(browser.headers['content-type'], 'application/pdf');
  assert.match((await browser.open(link)).text, /All paid/);
  assert.match((await browser.open(`${link}/history`)).text, /Payments by this link.*\$300\.00/);
  const [payment] = await query<{ source: string; portal_user_id: string | null }>(
    'select source, portal_user_id from payments where customer_id = $1',
    [customerId],
  );
  assert.deepEqual(payment, { source: 'statement_link', portal_user_id: null });
});

test('each invoice is paid with the amount typed beside it; a wrong one comes back with what to type', async () => {
  const customerId = await given.customer(books);
  const [one, two] = [
    await given.invoice(books, customerId, 10_000n),
    await given.invoice(books, customerId, 20_000n),
  ];
  const link = await statementOf(books, customerId);
  const browser = await chooseOnStatement(new Browser(), link, { [one]: '10', [two]: '200.01' });
  assert.equal(browser.status, 422);
  assert.match(browser.text, /at most \$200\.00/);
  await chooseOnStatement(browser, link, { [one]: '10', [two]: '50.50' });
  assert.match(browser.text, /Pay \$60\.50/);
  await payByCard(books, browser, link);
  assert.match(browser.text, /\$60\.50 paid.*Still open \$239\.50/);
  assert.equal((await invoiceRow(one))?.balance_due, 9_000n);
  assert.equal((await invoiceRow(two))?.balance_due, 14_950n);
});

test('parts need both switches: the organization’s and the customer’s', async () => {
  for (const [organization, customer] of [
    [true, true],
    [true, false],
    [false, true],
  ] as const) {
    const own = await given.organization();
    await query('update organizations set allow_partial_payments = $2 where id = $1', [
      own.organizationId,
      organization,
    ]);
    const customerId = await given.customer(own, { allowPartialPayments: customer });
    const invoiceId = await given.invoice(own, customerId, 10_000n);
    const link = await firstStatementOf(own, customerId);
    const browser = await chooseOnStatement(new Browser(), link, { [invoiceId]: '10.00' });
    const parts = organization && customer;
    assert.match(browser.text, parts ? /Pay \$10\.00/ : /Pay \$100\.00/);
    if (parts) continue;
    const form = browser.filled(`${link}/pay`, {
      method: 'card',
      token: await tokenFor(own, 'approve'),
      pay: `${invoiceId}.1000`,
      shown_total: '1000',
    });
    await browser.post(`${link}/pay`, form);
    assert.equal(browser.status, 422);
    assert.match(browser.text, /is paid in full: \$100\.00/);
    assert.equal((await invoiceRow(invoiceId))?.reserved, 0n);
  }
});

test('invoices of sub-customers are on it where the customer sees them, and not otherwise', async () => {
  const parent = await given.customer(books, { portalShowChildren: true });
  const child = await given.customer(books, { parentId: parent, displayName: 'Harbor branch' });
  const [own, below] = [
    await given.invoice(books, parent, 1_000n),
    await given.invoice(books, child, 2_000n),
  ];
  const link = await statementOf(books, parent);
  const browser = await chooseOnStatement(new Browser(), link);
  assert.match(browser.text, /Pay \$10\.00/, 'one payment is one customer’s: the own are ticked');
  await chooseOnStatement(browser, link, { [own]: '10', [below]: '20' });
  assert.match(browser.text, /one customer at a time/);
  await chooseOnStatement(browser, link, { [below]: '20' });
  await payByCard(books, browser, link);
  assert.match(browser.title, /\$20\.00 paid/);
  assert.match((await browser.open(`${browser.path}/receipt`)).text, /Harbor branch/);
  await query('update customers set portal_show_children = false where id = $1', [parent]);
  assert.doesNotMatch((await browser.open(link)).text, /Harbor branch/);
  assert.equal((await browser.open(`${link}/invoices/${below}`)).status, 404);
});

test('credit is offered at the checkout of the link and used first', async () => {
  const own = await given.organization();
  const customerId = await given.customer(own);
  const invoiceId = await given.invoice(own, customerId, 12_500n);
  const memo = { customerId, lines: [{ description: 'Returned goods', amount: 5_000n, tax: 0n }] };
  await own.tx((tx) =>
    createCreditMemo(tx, own.actor, { organizationId: own.organizationId, memo, issue: true }, own.now),
  );
  const link = await firstStatementOf(own, customerId);
  const browser = await chooseOnStatement(new Browser(), link);
  assert.match(browser.text, /You have \$50\.00 of credit/);
  await browser.submit(`${link}/credit`);
  assert.equal(browser.path, `${link}/pay`);
  assert.match(browser.text, /Your credit is used.*Pay \$75\.00/);
  await payByCard(own, browser, link);
  assert.match(browser.title, /\$75\.00 paid/);
  assert.equal((await invoiceRow(invoiceId))?.balance_due, 0n);
});

test('PayPal is offered by links and never to who is signed in; what was agreed to there is charged once', async () => {
  const own = await given.organization();
  await query(
    `insert into gateway_routes (organization_id, kind, gateway_account_id)
     select organization_id, 'paypal', id from gateway_accounts where organization_id = $1`,
    [own.organizationId],
  );
  const who = await payerOf(own);
  const invoiceId = await given.invoice(own, who.customerId, 10_000n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  assert.doesNotMatch(who.browser.html, /m-paypal/);
  await who.browser.submit('/portal/pay', { method: 'paypal' });
  assert.match(who.browser.text, /Choose how you would like to pay/);
  const link = await firstStatementOf(own, who.customerId);
  const browser = await chooseOnStatement(new Browser(), link);
  assert.match(browser.html, /m-paypal/);
  const { parts } = await testServer();
  const key = browser.form(`${link}/pay`).get('idempotency_key') ?? '';
  const errand = sealErrand(parts.secrets, { key, words: [`${invoiceId}.10000`] });
  const back = `${link}/pay/return?errand=${errand}&token=${await tokenFor(own, 'approve')}`;
  const before = await gatewayTotals(own);
  await whileWorking(own, () => browser.open(back));
  assert.match(browser.title, /\$100\.00 paid/);
  const result = browser.path;
  await whileWorking(own, () => browser.open(back));
  assert.equal(browser.path, result);
  assert.equal((await gatewayTotals(own)).captured, before.captured + 1);
  await query('update customers set allow_paypal = false where id = $1', [who.customerId]);
  await given.invoice(own, who.customerId, 1_000n);
  assert.doesNotMatch((await chooseOnStatement(browser, link)).html, /m-paypal/);
});

test('the statement is mailed with the balance and the open invoices; what stands in the way is said', async () => {
  const email = freshEmail();
  const customerId = await given.customer(books, {
    email,
    ccEmails: ['books@northwind.example'],
    firstName: 'Mara',
  });
  assert.deepEqual(
    [
      (await askStatement(books, customerId, {})).body.error.code,
      (await askStatement(books, customerId, {})).status,
    ],
    ['nothing_due', 409],
  );
  for (let day = 1; day <= 12; day += 1) {
    const dueDate = `2026-01-${String(day).padStart(2, '0')}`;
    await given.invoice(books, customerId, 1_000n, { invoiceDate: '2026-01-01', dueDate });
  }
  const { status, body } = await askStatement(books, customerId, {});
  assert.deepEqual([status, body.object, body.sent_to], [201, 'statement_link', email]);
  const [mail] = await query<Record<string, string>>(
    `select kind, subject, text, cc_emails::text as cc from messages where $1 = any(to_emails)`,
    [email],
  );
  assert.equal(mail?.kind, 'statement');
  assert.match(mail?.subject ?? '', /\$120\.00 open/);
  assert.match(mail?.cc ?? '', /books@northwind/);
  for (const words of [/Hello Mara/, /Of this \$120\.00 is past due/, /Balance due +\$120\.00/])
    assert.match(mail?.text ?? '', words);
  assert.ok(mail?.text?.includes(body.url));
  assert.match((await new Browser().open(body.url)).text, /\$120\.00/);
  const silent = await given.debtor(books, 100n);
  assert.match((await askStatement(books, silent.customerId, {})).body.error.message, /no e-mail address/);
  assert.equal((await askStatement(books, silent.customerId, { mail: false })).status, 201);
});
