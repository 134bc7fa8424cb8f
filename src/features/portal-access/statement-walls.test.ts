import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { payLink } from '#features/invoices/pay-link.ts';
import { mostByStatementAnHour } from '#features/payments/portal-rules.ts';
import { type Books, given, news } from '../../../test/support/given.ts';
import { Browser, gatewayTotals, query, tokenFor, whileWorking } from '../../../test/support/portal.ts';
import { chooseInvoices, invoiceRow, pay, payerOf } from '../../../test/support/portal-payer.ts';
import { testServer } from '../../../test/support/server.ts';
import { chooseOnStatement, statementEvents, statementOf } from '../../../test/support/statements.ts';

let books: Books;
before(async () => {
  books = await given.organization();
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
  const link = await statementOf(books, who.customerId);
  const visitor = await chooseOnStatement(new Browser(), link);
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
  await chooseOnStatement(visitor, link);
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

test('a link that is not ours says nothing of whose it might be; one that was withdrawn says so', async () => {
  const [one, two] = [await given.debtor(books, 10_000n), await given.debtor(books, 20_000n)];
  const link = await statementOf(books, one.customerId);
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
  const fresh = await statementOf(books, one.customerId, true);
  const old = await new Browser().open(link);
  assert.equal(old.status, 410);
  assert.match(old.text, /withdrawn/);
  assert.ok(!old.text.includes('100.00'));
  assert.equal((await new Browser().open(fresh)).status, 200);
  assert.deepEqual(await statementEvents(one.customerId), [
    'statement_link.made',
    'statement_link.withdrawn',
    'statement_link.made',
  ]);
});

test('the last dollar by two links: one succeeds, the other is told why, and nothing is charged twice', async () => {
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const { parts } = await testServer();
  const byInvoice = payLink(parts.secrets, '', {
    id: invoiceId,
    organizationId: books.organizationId,
    linkVersion: 0,
  });
  const byStatement = await statementOf(books, customerId);
  const one = await new Browser().open(byInvoice);
  const two = await chooseOnStatement(new Browser(), byStatement);
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
  const link = await statementOf(books, customerId);
  const holder = await chooseOnStatement(new Browser(), link);
  const tab = Object.assign(new Browser(), { cookies: holder.cookies });
  await chooseOnStatement(tab, link);
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
  const link = await statementOf(books, customerId);
  const browser = await chooseOnStatement(new Browser(), link, { [invoices[3] ?? '']: '1.00' });
  await browser.submit(`${link}/pay`, { method: 'card', token: 'tok_one_more' });
  assert.match(browser.text, /tried too often of late/);
});
