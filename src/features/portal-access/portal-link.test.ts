import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { payLink } from '#features/invoices/pay-link.ts';
import { openSession } from '#http/session.ts';
import { type Books, given } from '../../../test/support/given.ts';
import {
  Browser,
  freshEmail,
  gatewayTotals,
  query,
  tokenFor,
  whileWorking,
} from '../../../test/support/portal.ts';
import { chooseInvoices, invoiceRow, pay, payerOf } from '../../../test/support/portal-payer.ts';
import { testServer } from '../../../test/support/server.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

async function linkTo(invoiceId: string, of: Books = books): Promise<string> {
  const { parts } = await testServer();
  const [row] = await query<{ link_version: number }>('select link_version from invoices where id = $1', [
    invoiceId,
  ]);
  const invoice = { id: invoiceId, organizationId: of.organizationId, linkVersion: row?.link_version ?? 0 };
  return payLink(parts.secrets, '', invoice);
}

const payByLink = async (browser: Browser, link: string, token: string): Promise<Browser> =>
  whileWorking(books, () => browser.submit(`${link}/pay`, { method: 'card', token }));

test('the link in an invoice mail opens that invoice payable, without a sign-in', async () => {
  const customerId = await given.customer(books, { email: freshEmail() });
  const invoiceId = await given.invoice(books, customerId, 12_500n);
  const link = await linkTo(invoiceId);
  const browser = await new Browser().open(link);
  assert.equal(browser.status, 200);
  assert.match(browser.text, /\$125\.00/);
  await payByLink(browser, link, await tokenFor(books, 'approve'));
  assert.match(browser.path, new RegExp(`^${link}/payments/pay_`));
  assert.match(browser.title, /\$125\.00 paid/);
  const result = browser.path;
  assert.match((await browser.open(`${result}/receipt`)).text, /Receipt/);
  await browser.open(`${result}/pdf`);
  assert.equal(browser.headers['content-type'], 'application/pdf');
  await browser.open(`${link}/pdf`);
  assert.equal(browser.headers['content-type'], 'application/pdf');
  assert.match((await browser.open(link)).text, /This invoice is paid/);
  const [payment] = await query<{ source: string; portal_user_id: string | null }>(
    'select source, portal_user_id from payments where customer_id = $1',
    [customerId],
  );
  assert.deepEqual(payment, { source: 'invoice_link', portal_user_id: null });
});

test('a link shows nothing else of its customer: no other invoice, no saved method, no address of theirs', async () => {
  const who = await payerOf(books, { phone: '+1 207 555 0188' });
  const [shown, other] = [
    await given.invoice(books, who.customerId, 10_000n),
    await given.invoice(books, who.customerId, 77_700n),
  ];
  await given.storedMethod(books, who.customerId);
  await chooseInvoices(who.browser, { [other]: '7.00' });
  await pay(who, 'approve');
  const theirs = /pay_[0-9a-z]{22}/.exec(who.browser.path)?.[0] ?? '';
  const numbers = await query<{ number: string }>('select number from invoices where id = $1', [other]);
  const link = await linkTo(shown);
  for (const browser of [await new Browser().open(link), await who.browser.open(link)]) {
    for (const secret of [
      numbers[0]?.number ?? '',
      '4242 4242',
      'pmt_',
      who.email,
      '+1 207',
      '770.00',
      '777.00',
    ]) {
      const visible = secret === '4242 4242' ? 'ending in 4242' : secret;
      assert.ok(!browser.html.includes(visible), visible);
    }
    assert.throws(() => browser.form('/portal/switch'));
    assert.equal((await browser.open(`${link}/payments/${theirs}`)).status, 404);
    assert.equal((await browser.open(`${link}/payments/${theirs}/pdf`)).status, 404);
  }
  const visitor = await new Browser().open(link);
  for (const path of ['/portal', '/portal/methods', `/portal/invoices/${shown}`]) {
    assert.equal((await visitor.open(path)).path, '/portal/sign-in');
  }
  await visitor.open(link);
  const form = visitor.filled(`${link}/pay`, {
    method: 'card',
    token: await tokenFor(books, 'approve'),
    pay: `${other}.100`,
    shown_total: '100',
  });
  await visitor.post(`${link}/pay`, form);
  assert.equal(visitor.status, 404, 'another invoice of the same customer is not paid by this link');
  assert.equal((await invoiceRow(other))?.reserved, 0n);
});

test('a link that is not ours says nothing of whose invoice it might be; one that was withdrawn says so', async () => {
  const [one, two] = [await given.debtor(books, 10_000n), await given.debtor(books, 20_000n)];
  const link = await linkTo(one.invoiceId);
  const name =
    (await query<{ name: string }>('select name from organizations where id = $1', [books.organizationId]))[0]
      ?.name ?? '';
  const [, , , signature = ''] = link.split('/');
  for (const wrong of [
    `/i/${two.invoiceId}/${signature}`,
    `/i/${one.invoiceId}/${'A'.repeat(22)}`,
    `/i/inv_none/${signature}`,
  ]) {
    for (const path of ['', '/pdf', '/terms']) {
      const browser = await new Browser().open(wrong + path);
      assert.equal(browser.status, 404);
      assert.ok(!browser.text.includes(name) && !browser.text.includes('100.00'), wrong);
    }
  }
  await query('update invoices set link_version = link_version + 1 where id = $1', [one.invoiceId]);
  const old = await new Browser().open(link);
  assert.equal(old.status, 410);
  assert.match(old.text, /withdrawn/);
  assert.ok(!old.text.includes('100.00'));
  assert.equal((await new Browser().open(await linkTo(one.invoiceId))).status, 200);
});

test('a part can be paid by link where parts are allowed, and a declined card tries again', async () => {
  const { invoiceId } = await given.debtor(books, 10_000n);
  const link = await linkTo(invoiceId);
  const browser = await new Browser().open(`${link}?amount=25`);
  assert.match(browser.text, /Pay \$25\.00/);
  await payByLink(browser, link, await tokenFor(books, 'decline'));
  assert.match(browser.title, /did not go through/);
  await browser.open(/href="(\/i\/[^"]+amount=[^"]+)"/.exec(browser.html)?.[1] ?? '');
  await payByLink(browser, link, await tokenFor(books, 'approve'));
  assert.match(browser.title, /\$25\.00 paid/);
  assert.equal((await invoiceRow(invoiceId))?.balance_due, 7_500n);
  assert.match((await browser.open(`${link}?amount=999`)).text, /at most \$75\.00/);
  await browser.open(link);
  await browser.submit(`${link}/pay`, { method: 'bank_account', token: await tokenFor(books, 'settle') });
  assert.match(browser.text, /your bank asks for your permission/);
});

test('two tabs of one holder make one charge; two holders paying all of it make one as well', async () => {
  const { invoiceId } = await given.debtor(books, 10_000n);
  const link = await linkTo(invoiceId);
  const [holder, other] = [await new Browser().open(link), await new Browser().open(link)];
  const tab = Object.assign(new Browser(), { cookies: holder.cookies });
  await tab.open(link);
  const before = await gatewayTotals(books);
  const tokens = await Promise.all([1, 2, 3].map(() => tokenFor(books, 'approve')));
  await whileWorking(books, () =>
    Promise.all(
      [holder, tab, other].map((browser, at) =>
        browser.submit(`${link}/pay`, { method: 'card', token: tokens[at] ?? '' }),
      ),
    ),
  );
  assert.equal((await gatewayTotals(books)).captured, before.captured + 1);
  assert.equal(holder.path, tab.path);
  const told = [holder, other].find((browser) => browser.status === 409);
  assert.match(told?.text ?? '', /has just been paid|already on its way/);
});

test('a visit is kept once an hour, and not when staff looks', async () => {
  const { invoiceId } = await given.debtor(books, 10_000n);
  const link = await linkTo(invoiceId);
  const visits = async (): Promise<number> =>
    (
      await query<{ visits: number }>(
        `select count(*)::int as visits from events where subject_id = $1 and type = 'invoice.viewed'`,
        [invoiceId],
      )
    )[0]?.visits ?? 0;
  const { parts } = await testServer();
  const [user] = await query<{ id: string }>(
    `insert into users (id, email, password_hash, created_at) 
      values ('usr_' || substr(md5(random()::text), 1, 22), $1, 'x', now()) returning id`,
    [freshEmail('staff')],
  );
  const staff = new Browser();
  const { token } = await openSession(
    parts.db,
    { userId: user?.id ?? '' },
    { ip: '127.0.0.1', userAgent: 'test' },
  );
  staff.cookies.set('owed_staff', token);
  assert.equal((await staff.open(link)).status, 200);
  await new Browser().head(link);
  assert.equal(await visits(), 0);
  await new Browser().open(link);
  await new Browser().open(link);
  assert.equal(await visits(), 1);
  assert.ok((await invoiceRow(invoiceId))?.last_viewed_at);
  await query(`update invoices set last_viewed_at = last_viewed_at - interval '61 minutes' where id = $1`, [
    invoiceId,
  ]);
  await new Browser().open(link);
  assert.equal(await visits(), 2);
});

test('a form of another browser does not pay', async () => {
  const { invoiceId } = await given.debtor(books, 10_000n);
  const link = await linkTo(invoiceId);
  const [one, two] = [await new Browser().open(link), await new Browser().open(link)];
  await two.post(
    `${link}/pay`,
    one.filled(`${link}/pay`, { method: 'card', token: await tokenFor(books, 'approve') }),
  );
  assert.equal(two.status, 403);
  assert.equal((await invoiceRow(invoiceId))?.reserved, 0n);
});
