import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { paymentLink } from '#features/payment-links/payment-link.ts';
import { mostTriesAnHour } from '#features/payments/portal-rules.ts';
import { newId } from '#lib/ids.ts';
import { type Books, given, news, read } from '../../../test/support/given.ts';
import {
  apiKeyOf,
  Browser,
  freshEmail,
  gatewayTotals,
  query,
  tokenFor,
  whileWorking,
  workOff,
} from '../../../test/support/portal.ts';
import { invoiceRow } from '../../../test/support/portal-payer.ts';
import { callApi, testServer } from '../../../test/support/server.ts';

let books: Books;
let key: string;
before(async () => {
  books = await given.organization();
  key = await apiKeyOf(books);
});

const deposit = 'Deposit for kitchen job';
type Made = { id: string; url: string; state: string; payment_id: string | null; paid_amount: number | null };

/** As staff makes one, to hand over. */
async function pageFor(customerId: string, change: Record<string, unknown> = {}): Promise<Made> {
  const asked = { customer_id: customerId, description: deposit, amount: 50_000, mail: false, ...change };
  const { status, body } = await callApi(key, 'POST', '/v1/payment-links', asked);
  assert.equal(status, 201, JSON.stringify(body));
  return { ...body, url: new URL(body.url).pathname };
}

const stateOf = async ({ id }: Made): Promise<Made> =>
  (await callApi(key, 'GET', `/v1/payment-links/${id}`)).body;

const withdraw = ({ id }: Made) => callApi(key, 'POST', `/v1/payment-links/${id}/withdraw`, undefined);

const payByCard = async (
  browser: Browser,
  { url }: Made,
  behaviour: 'approve' | 'decline' = 'approve',
): Promise<Browser> => {
  const token = await tokenFor(books, behaviour);
  return whileWorking(books, () => browser.submit(`${url}/pay`, { method: 'card', token }));
};

test('a deposit is asked for by a page, becomes unapplied cash, and is put against the invoice when there is one', async () => {
  const own = await given.organization();
  const customerId = await given.customer(own, { displayName: 'Northwind Bakery' });
  const ownKey = await apiKeyOf(own);
  const asked = { customer_id: customerId, description: deposit, amount: 50_000, mail: false };
  const made = (await callApi(ownKey, 'POST', '/v1/payment-links', asked)).body;
  const url = new URL(made.url).pathname;
  const browser = await new Browser().open(url);
  assert.match(
    browser.text,
    /Deposit for kitchen job.*\$500\.00.*For the account of Northwind Bakery.*Pay \$500\.00/,
  );
  assert.doesNotMatch(browser.text, /Pay another amount/);
  const token = await tokenFor(own, 'approve');
  await whileWorking(own, () => browser.submit(`${url}/pay`, { method: 'card', token }));
  assert.match(browser.title, /\$500\.00 paid/);
  assert.match(browser.text, /For Deposit for kitchen job/);
  const result = browser.path;
  assert.match((await browser.open(`${result}/receipt`)).text, /Receipt.*Deposit for kitchen job/);
  await browser.open(`${result}/pdf`);
  assert.equal(browser.headers['content-type'], 'application/pdf');
  const paymentId = /pay_[0-9a-z]{22}/.exec(result)?.[0] ?? '';
  const payment = (await callApi(ownKey, 'GET', `/v1/payments/${paymentId}`)).body;
  assert.deepEqual(
    [payment.source, payment.unapplied, payment.memo, payment.payment_link_id],
    ['payment_page', 50_000, deposit, made.id],
  );
  const listed = (await callApi(ownKey, 'GET', `/v1/payment-links?customer_id=${customerId}`)).body.data;
  assert.deepEqual(
    listed.map((each: Made) => [each.state, each.payment_id, each.paid_amount]),
    [['paid', paymentId, 50_000]],
  );
  assert.deepEqual((await read.ledger(own)).unapplied_cash, -50_000n);
  const invoiceId = await given.invoice(own, customerId, 80_000n);
  const applications = [{ invoice_id: invoiceId, amount: 50_000 }];
  const applied = await callApi(ownKey, 'POST', `/v1/payments/${paymentId}/apply`, { applications });
  assert.equal(applied.status, 200, JSON.stringify(applied.body));
  assert.equal((await invoiceRow(invoiceId))?.balance_due, 30_000n);
  assert.deepEqual((await checkLedger(own.db, own.organizationId)).problems, []);
});

test('a page is paid once: a second visit says so, a second payer is refused, the same form makes the same payment', async () => {
  const page = await pageFor(await given.customer(books));
  const [one, two] = [await new Browser().open(page.url), await new Browser().open(page.url)];
  const again = one.filled(`${page.url}/pay`, { method: 'card', token: await tokenFor(books, 'approve') });
  const before = await gatewayTotals(books);
  const [first, second] = [await tokenFor(books, 'approve'), await tokenFor(books, 'approve')];
  await whileWorking(books, () =>
    Promise.all([
      one.submit(`${page.url}/pay`, { method: 'card', token: first }),
      two.submit(`${page.url}/pay`, { method: 'card', token: second }),
    ]),
  );
  const [paid, told] = /paid/.test(one.title) ? [one, two] : [two, one];
  assert.match(paid.title, /\$500\.00 paid/);
  assert.equal(told.status, 409);
  assert.match(told.text, /(has been paid already|already on its way).*have not been charged/);
  assert.equal((await gatewayTotals(books)).captured, before.captured + 1);
  if (paid === one) {
    const result = one.path;
    await one.post(`${page.url}/pay`, again);
    assert.equal(one.path, result);
  }
  const visitor = await new Browser().open(page.url);
  assert.match(visitor.text, /\$500\.00 paid.*nothing left to do.*See the receipt/);
  assert.throws(() => visitor.form(`${page.url}/pay`));
  assert.equal((await gatewayTotals(books)).captured, before.captured + 1);
});

test('a declined card tries again; a bank payment on its way is not paid twice, and one that came back may be', async () => {
  const page = await pageFor(await given.customer(books));
  const browser = await new Browser().open(page.url);
  await payByCard(browser, page, 'decline');
  assert.match(browser.title, /did not go through/);
  await browser.open(/class="button primary" href="([^"]+)"/.exec(browser.html)?.[1] ?? '');
  assert.equal(browser.path, page.url);
  const bank = {
    method: 'bank_account',
    authorize: 'yes',
    token: await tokenFor(books, 'settle'),
  };
  await whileWorking(books, () => browser.submit(`${page.url}/pay`, bank));
  assert.match(browser.title, /\$500\.00 is on its way/);
  const paymentId = /pay_[0-9a-z]{22}/.exec(browser.path)?.[0] ?? '';
  assert.match((await new Browser().open(page.url)).text, /don’t pay again/);
  assert.equal((await stateOf(page)).state, 'pending');
  assert.equal((await withdraw(page)).status, 409);
  await given.outcome({ ...books, now: new Date() }, paymentId, news('returned'));
  assert.equal((await stateOf(page)).state, 'open');
  await payByCard(await browser.open(page.url), page);
  assert.match(browser.title, /\$500\.00 paid/);
});

test('an open amount is the payer’s to say, within reason; a fixed one is not', async () => {
  const customerId = await given.customer(books);
  const free = await pageFor(customerId, { amount: undefined, fixed: false });
  const browser = await new Browser().open(free.url);
  assert.throws(() => browser.form(`${free.url}/pay`), 'nothing to pay before an amount is known');
  for (const [typed, words] of [
    ['a lot', /as a number/],
    ['0', /more than zero/],
    ['-5', /as a number|more than zero/],
    ['900000000000', /at most/],
  ] as const)
    assert.match((await browser.open(`${free.url}?amount=${typed}`)).text, words);
  await browser.open(`${free.url}?amount=120.50`);
  assert.match(browser.text, /Pay \$120\.50/);
  await payByCard(browser, free);
  assert.match(browser.title, /\$120\.50 paid/);
  const suggested = await pageFor(customerId, { amount: 50_000, fixed: false });
  assert.match((await browser.open(suggested.url)).text, /Pay \$500\.00.*Pay another amount/);
  assert.match((await browser.open(`${suggested.url}?amount=80`)).text, /Pay \$80\.00/);
  const fixed = await pageFor(customerId);
  assert.match((await browser.open(`${fixed.url}?amount=1`)).text, /Pay \$500\.00/);
  const token = await tokenFor(books, 'approve');
  const cheap = { method: 'card', token, pay: `${fixed.id}.100`, shown_total: '100' };
  await browser.submit(`${fixed.url}/pay`, cheap);
  assert.equal(browser.status, 422);
  const other = { method: 'card', token, pay: `${suggested.id}.50000` };
  await browser.open(fixed.url);
  await browser.submit(`${fixed.url}/pay`, other);
  assert.equal(browser.status, 422);
  assert.equal((await query('select 1 from payments where payment_link_id = $1', [fixed.id])).length, 0);
});

test('a page that was withdrawn or has expired takes no money, also from who has it open', async () => {
  const customerId = await given.customer(books);
  for (const [end, state, words] of [
    [(page: Made) => withdraw(page), 'withdrawn', /was withdrawn/],
    [
      ({ id }: Made) =>
        query(`update payment_links set expires_at = now() - interval '1 minute' where id = $1`, [id]),
      'expired',
      /has expired/,
    ],
  ] as const) {
    const page = await pageFor(customerId);
    const browser = await new Browser().open(page.url);
    await end(page);
    assert.equal((await stateOf(page)).state, state);
    await payByCard(browser, page);
    assert.equal(browser.status, 409);
    assert.match(browser.text, /have not been charged/);
    const visitor = await new Browser().open(page.url);
    assert.equal(visitor.status, 410);
    assert.match(visitor.text, words);
    assert.ok(!visitor.text.includes('500.00') && !visitor.text.includes(deposit));
  }
  const paid = await pageFor(customerId);
  await payByCard(await new Browser().open(paid.url), paid);
  const refused = await withdraw(paid);
  assert.match(refused.body.error.message, /void or refund its payment/);
});

test('a page shows one thing to pay and nothing else of its customer; a signature opens one page', async () => {
  const email = freshEmail();
  const customerId = await given.customer(books, { email, phone: '+1 207 555 0123' });
  await given.storedMethod(books, customerId);
  const elsewhere = await given.payment(books, { customerId, amount: 4_300n });
  const invoiceId = await given.invoice(books, customerId, 77_700n);
  const [page, second] = [await pageFor(customerId), await pageFor(customerId)];
  await payByCard(await new Browser().open(second.url), second);
  const visitor = await new Browser().open(page.url);
  for (const secret of ['777.00', '43.00', 'ending in 4242', 'pmt_', email, '+1 207'])
    assert.ok(!visitor.html.includes(secret), secret);
  const others = await stateOf(second);
  for (const id of [elsewhere.paymentId, others.payment_id, newId('payment'), 'pay_none'])
    for (const path of ['', '/receipt', '/pdf', '/standing'])
      assert.equal((await visitor.open(`${page.url}/payments/${id}${path}`)).status, 404, `${id}${path}`);
  const [signature, name] = [page.url.split('/').at(-1), `/i/${invoiceId}`];
  for (const wrong of [
    `/p/${second.id}/${signature}`,
    `/p/${page.id}/${'A'.repeat(22)}`,
    `/p/plk_none/${signature}`,
    `${name}/${signature}`,
    `/s/${customerId}/${signature}`,
  ]) {
    const stranger = await new Browser().open(wrong);
    assert.equal(stranger.status, 404, wrong);
    assert.ok(!stranger.text.includes(deposit) && !stranger.text.includes('500.00'));
  }
  const { parts } = await testServer();
  const foreign = paymentLink(parts.secrets, '', { id: page.id, organizationId: newId('organization') });
  assert.equal((await new Browser().open(foreign)).status, 404);
});

test('stolen cards cannot be tried on a page without end, and a form of another browser does not pay', async () => {
  const customerId = await given.customer(books);
  const page = await pageFor(customerId);
  const [one, two] = [await new Browser().open(page.url), await new Browser().open(page.url)];
  await two.post(`${page.url}/pay`, one.filled(`${page.url}/pay`, { method: 'card', token: 'tok_x' }));
  assert.equal(two.status, 403);
  const tried = { ...books, now: new Date() };
  for (let tries = 0; tries < mostTriesAnHour; tries += 1) {
    const made = await given.charge(tried, { customerId, amount: 50_000n, source: 'payment_page' });
    await query('update payments set payment_link_id = $2 where id = $1', [made.paymentId, page.id]);
    await given.outcome(books, made.paymentId, news('declined'));
  }
  await one.open(page.url);
  await one.submit(`${page.url}/pay`, { method: 'card', token: 'tok_one_more' });
  assert.match(one.text, /tried too often of late/);
});

test('the page is mailed with what it is for; the receipt says it too; what stands in the way is said', async () => {
  const email = freshEmail();
  const customerId = await given.customer(books, { email, firstName: 'Mara', sendReceipts: true });
  const page = await pageFor(customerId, { mail: true });
  const mails = () =>
    query<Record<string, string>>(
      `select kind, subject, text from messages where $1 = any(to_emails) order by id`,
      [email],
    );
  const [mail] = await mails();
  assert.deepEqual([mail?.kind, mail?.subject], ['payment_request', `Please pay $500.00: ${deposit}`]);
  assert.ok(mail?.text?.includes(`http://owed.test${page.url}`) && mail.text.includes('Hello Mara'));
  await payByCard(await new Browser().open(page.url), page);
  await workOff('react', books.organizationId);
  await workOff('send-receipts', books.organizationId);
  assert.match((await mails()).at(-1)?.text ?? '', /Deposit for kitchen job/);
  const post = (body: Record<string, unknown>) =>
    callApi(key, 'POST', '/v1/payment-links', { customer_id: customerId, description: 'x', ...body });
  assert.match((await post({})).body.error.message, /amount/);
  assert.equal((await post({ amount: 0 })).status, 422);
  assert.equal((await post({ amount: 1, description: ' ' })).status, 422);
  const silent = await given.customer(books);
  assert.match((await post({ customer_id: silent, amount: 1 })).body.error.message, /no e-mail address/);
  await query('update customers set deactivated_at = now() where id = $1', [silent]);
  assert.match((await post({ customer_id: silent, amount: 1, mail: false })).body.error.message, /inactive/);
});
