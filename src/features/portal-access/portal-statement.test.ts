import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { createCreditMemo } from '#features/credit-memos/create-credit-memo.ts';
import { payLink } from '#features/invoices/pay-link.ts';
import { mostByStatementAnHour } from '#features/payments/portal-rules.ts';
import { sealErrand } from '#features/portal-access/errand.ts';
import { statementLink } from '#features/statements/statement-link.ts';
import { type Books, given, news } from '../../../test/support/given.ts';
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

/** As a mail of any organization carries it. */
async function linkOf(of: Books, customerId: string): Promise<string> {
  const { parts } = await testServer();
  const { organizationId } = of;
  return statementLink(parts.secrets, '', { id: customerId, organizationId, statementLinkVersion: 0 });
}

const eventsOf = async (customerId: string): Promise<string[]> =>
  (
    await query<{ type: string }>(
      `select type from events where subject_id = $1 and type like 'statement_link.%' order by id`,
      [customerId],
    )
  ).map(({ type }) => type);

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
  const link = await statementOf(customerId);
  const browser = await choose(new Browser(), link, { [one]: '10', [two]: '200.01' });
  assert.equal(browser.status, 422);
  assert.match(browser.text, /at most \$200\.00/);
  await choose(browser, link, { [one]: '10', [two]: '50.50' });
  assert.match(browser.text, /Pay \$60\.50/);
  await payByCard(browser, link);
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
    const link = await linkOf(own, customerId);
    const browser = await choose(new Browser(), link, { [invoiceId]: '10.00' });
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

test('a statement link shows one customer: no other’s invoice, no saved method, no address, no payment made elsewhere', async () => {
  const who = await payerOf(books, { phone: '+1 207 555 0199' });
  const [shown, second] = [
    await given.invoice(books, who.customerId, 10_000n),
    await given.invoice(books, who.customerId, 9_900n),
  ];
  await given.storedMethod(books, who.customerId);
  await chooseInvoices(who.browser, { [second]: '7.00' });
  await pay(who, 'approve');
  const theirs = /pay_[0-9a-z]{22}/.exec(who.browser.path)?.[0] ?? '';
  const stranger = await given.debtor(books, 77_700n);
  const [other] = await query<{ number: string }>('select number from invoices where id = $1', [
    stranger.invoiceId,
  ]);
  const link = await statementOf(who.customerId);
  const visitor = await choose(new Browser(), link);
  assert.equal(visitor.path, `${link}/pay`);
  const pages = [visitor.html];
  for (const path of ['', '/history', `/invoices/${shown}`])
    pages.push((await visitor.open(link + path)).html);
  for (const secret of ['ending in 4242', 'pmt_', who.email, '+1 207', '777.00', other?.number ?? ''])
    assert.ok(!pages.some((page) => page.includes(secret)), secret);
  for (const path of [
    `/payments/${theirs}`,
    `/payments/${theirs}/pdf`,
    `/payments/${theirs}/receipt`,
    `/invoices/${stranger.invoiceId}`,
    `/invoices/${stranger.invoiceId}/pdf`,
    `/pay?pay=${stranger.invoiceId}.100`,
  ])
    assert.equal((await visitor.open(link + path)).status, 404, path);
  assert.equal((await visitor.open('/portal')).path, '/portal/sign-in');
  await choose(visitor, link);
  const form = visitor.filled(`${link}/pay`, {
    method: 'card',
    token: await tokenFor(books, 'approve'),
    pay: `${stranger.invoiceId}.100`,
    shown_total: '100',
  });
  await visitor.post(`${link}/pay`, form);
  assert.equal(visitor.status, 404);
  await visitor.open(link);
  const ticked = visitor.filled(`${link}/checkout`, { invoice: stranger.invoiceId });
  await visitor.post(`${link}/checkout`, ticked);
  assert.match(visitor.text, /Tick at least one/);
  assert.equal((await invoiceRow(stranger.invoiceId))?.reserved, 0n);
});

test('invoices of sub-customers are on it where the customer sees them, and not otherwise', async () => {
  const parent = await given.customer(books, { portalShowChildren: true });
  const child = await given.customer(books, { parentId: parent, displayName: 'Harbor branch' });
  const [own, below] = [
    await given.invoice(books, parent, 1_000n),
    await given.invoice(books, child, 2_000n),
  ];
  const link = await statementOf(parent);
  const browser = await choose(new Browser(), link);
  assert.match(browser.text, /Pay \$10\.00/, 'one payment is one customer’s: the own are ticked');
  await choose(browser, link, { [own]: '10', [below]: '20' });
  assert.match(browser.text, /one customer at a time/);
  await choose(browser, link, { [below]: '20' });
  await payByCard(browser, link);
  assert.match(browser.title, /\$20\.00 paid/);
  assert.match((await browser.open(`${browser.path}/receipt`)).text, /Harbor branch/);
  await query('update customers set portal_show_children = false where id = $1', [parent]);
  assert.doesNotMatch((await browser.open(link)).text, /Harbor branch/);
  assert.equal((await browser.open(`${link}/invoices/${below}`)).status, 404);
});

test('a link that is not ours says nothing of whose it might be; one that was withdrawn says so', async () => {
  const [one, two] = [await given.debtor(books, 10_000n), await given.debtor(books, 20_000n)];
  const link = await statementOf(one.customerId);
  const [organization] = await query<{ name: string }>('select name from organizations where id = $1', [
    books.organizationId,
  ]);
  const signature = link.split('/').at(-1) ?? '';
  const invoice = { id: one.invoiceId, organizationId: books.organizationId, linkVersion: 0 };
  const { parts } = await testServer();
  const ofInvoice = payLink(parts.secrets, '', invoice).split('/').at(-1) ?? '';
  for (const wrong of [
    `/s/${two.customerId}/${signature}`,
    `/s/${one.customerId}/${'A'.repeat(22)}`,
    `/s/${one.customerId}/${ofInvoice}`,
    `/s/cus_none/${signature}`,
    `/i/${one.invoiceId}/${signature}`,
  ])
    for (const path of ['', '/terms', '/history']) {
      if (path === '/history' && wrong.startsWith('/i/')) continue;
      const browser = await new Browser().open(wrong + path);
      assert.equal(browser.status, 404, wrong + path);
      assert.ok(!browser.text.includes(organization?.name ?? '?') && !browser.text.includes('100.00'), wrong);
    }
  const fresh = await statementOf(one.customerId, true);
  const old = await new Browser().open(link);
  assert.equal(old.status, 410);
  assert.match(old.text, /withdrawn/);
  assert.ok(!old.text.includes('100.00'));
  assert.equal((await new Browser().open(fresh)).status, 200);
  assert.deepEqual(await eventsOf(one.customerId), [
    'statement_link.made',
    'statement_link.withdrawn',
    'statement_link.made',
  ]);
});

test('credit is offered at the checkout of the link and used first', async () => {
  const own = await given.organization();
  const customerId = await given.customer(own);
  const invoiceId = await given.invoice(own, customerId, 12_500n);
  const memo = { customerId, lines: [{ description: 'Returned goods', amount: 5_000n, tax: 0n }] };
  await own.tx((tx) =>
    createCreditMemo(tx, own.actor, { organizationId: own.organizationId, memo, issue: true }, own.now),
  );
  const link = await linkOf(own, customerId);
  const browser = await choose(new Browser(), link);
  assert.match(browser.text, /You have \$50\.00 of credit/);
  await browser.submit(`${link}/credit`);
  assert.equal(browser.path, `${link}/pay`);
  assert.match(browser.text, /Your credit is used.*Pay \$75\.00/);
  await payByCard(browser, link, own);
  assert.match(browser.title, /\$75\.00 paid/);
  assert.equal((await invoiceRow(invoiceId))?.balance_due, 0n);
});

test('the last dollar by two links: one succeeds, the other is told why, and nothing is charged twice', async () => {
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const { parts } = await testServer();
  const byInvoice = payLink(parts.secrets, '', {
    id: invoiceId,
    organizationId: books.organizationId,
    linkVersion: 0,
  });
  const byStatement = await statementOf(customerId);
  const one = await new Browser().open(byInvoice);
  const two = await choose(new Browser(), byStatement);
  const before = await gatewayTotals(books);
  const [first, second] = [await tokenFor(books, 'approve'), await tokenFor(books, 'approve')];
  await whileWorking(books, () =>
    Promise.all([
      one.submit(`${byInvoice}/pay`, { method: 'card', token: first }),
      two.submit(`${byStatement}/pay`, { method: 'card', token: second }),
    ]),
  );
  const [paid, told] = /paid/.test(one.title) ? [one, two] : [two, one];
  assert.match(paid.title, /\$1\.00 paid/);
  assert.equal(told.status, 409);
  assert.match(told.text, /(has just been paid|already on its way).*have not been charged/);
  assert.equal((await gatewayTotals(books)).captured, before.captured + 1);
});

test('two tabs of one holder make one charge, and a form of another browser does not pay', async () => {
  const { customerId, invoiceId } = await given.debtor(books, 10_000n);
  const link = await statementOf(customerId);
  const holder = await choose(new Browser(), link);
  const tab = Object.assign(new Browser(), { cookies: holder.cookies });
  await choose(tab, link);
  const foreign = await new Browser().open(link);
  const token = await tokenFor(books, 'approve');
  await foreign.post(`${link}/pay`, holder.filled(`${link}/pay`, { method: 'card', token }));
  assert.equal(foreign.status, 403);
  assert.equal((await invoiceRow(invoiceId))?.reserved, 0n);
  const before = await gatewayTotals(books);
  await whileWorking(books, () =>
    Promise.all([holder, tab].map((each) => each.submit(`${link}/pay`, { method: 'card', token }))),
  );
  assert.equal(holder.path, tab.path);
  assert.equal((await gatewayTotals(books)).captured, before.captured + 1);
});

test('stolen cards cannot be tried without end, not even from one invoice to the next', async () => {
  const customerId = await given.customer(books);
  const invoices = await Promise.all(
    Array.from({ length: 4 }, () => given.invoice(books, customerId, 5_000n)),
  );
  const tried = { ...books, now: new Date() };
  for (let tries = 0; tries < mostByStatementAnHour; tries += 1) {
    const invoiceId = invoices[tries % 3] ?? '';
    const ask = { customerId, amount: 100n, applications: [{ invoiceId, amount: 100n }] };
    const made = await given.charge(tried, { ...ask, source: 'statement_link' });
    await given.outcome(books, made.paymentId, news('declined'));
  }
  const link = await statementOf(customerId);
  const browser = await choose(new Browser(), link, { [invoices[3] ?? '']: '1.00' });
  await browser.submit(`${link}/pay`, { method: 'card', token: 'tok_one_more' });
  assert.match(browser.text, /tried too often of late/);
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
  const link = await linkOf(own, who.customerId);
  const browser = await choose(new Browser(), link);
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
  assert.doesNotMatch((await choose(browser, link)).html, /m-paypal/);
});

test('the statement is mailed with the balance and the oldest invoices; what stands in the way is said', async () => {
  const email = freshEmail();
  const customerId = await given.customer(books, {
    email,
    ccEmails: ['books@northwind.example'],
    firstName: 'Mara',
  });
  assert.deepEqual(
    [(await api(customerId, {})).body.error.code, (await api(customerId, {})).status],
    ['nothing_due', 409],
  );
  for (let day = 1; day <= 12; day += 1) {
    const dueDate = `2026-01-${String(day).padStart(2, '0')}`;
    await given.invoice(books, customerId, 1_000n, { invoiceDate: '2026-01-01', dueDate });
  }
  const { status, body } = await api(customerId, {});
  assert.deepEqual([status, body.object, body.sent_to], [201, 'statement_link', email]);
  const [mail] = await query<Record<string, string>>(
    `select kind, subject, text, cc_emails::text as cc from messages where $1 = any(to_emails)`,
    [email],
  );
  assert.equal(mail?.kind, 'statement');
  assert.match(mail?.subject ?? '', /\$120\.00 open/);
  assert.match(mail?.cc ?? '', /books@northwind/);
  for (const words of [/Hello Mara/, /Of this \$120\.00 is past due/, /And 2 more invoices/])
    assert.match(mail?.text ?? '', words);
  assert.ok(mail?.text?.includes(body.url));
  assert.match((await new Browser().open(body.url)).text, /\$120\.00/);
  const silent = await given.debtor(books, 100n);
  assert.match((await api(silent.customerId, {})).body.error.message, /no e-mail address/);
  assert.equal((await api(silent.customerId, { mail: false })).status, 201);
});
