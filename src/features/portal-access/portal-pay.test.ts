import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Behaviour } from '#connectors/gateways/sandbox/test-numbers.ts';
import { advanceClock } from '#features/organizations/advance-clock.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { Browser, freshEmail, gatewayTotals, signUp, tokenFor, whileWorking, workOff } from '../../../test/support/portal.ts';
import { testServer } from '../../../test/support/server.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

const query = async <Row extends object>(text: string, values: unknown[]): Promise<Row[]> =>
  (await (await testServer()).parts.db.pool.query<Row>(text, values)).rows;

type Payer = { browser: Browser; customerId: string; email: string; of: Books };
async function payer(change: Parameters<typeof given.customer>[1] = {}, of: Books = books): Promise<Payer> {
  const email = freshEmail();
  const customerId = await given.customer(of, { ...change, email });
  return { browser: await signUp(of, { customerIds: [customerId], email }), customerId, email, of };
}

/** From the list to the checkout with these invoices, and perhaps amounts. */
async function chooseInvoices(browser: Browser, invoices: Record<string, string | undefined>): Promise<Browser> {
  await browser.open('/portal');
  const amounts = Object.entries(invoices).flatMap(([id, typed]) => (typed === undefined ? [] : [[`amount_${id}`, typed]]));
  return browser.submit('/portal/checkout', { invoice: Object.keys(invoices), ...Object.fromEntries(amounts) });
}

async function pay(who: Pick<Payer, 'browser' | 'of'>, behaviour: Behaviour, more: Record<string, string> = {}): Promise<Browser> {
  const token = await tokenFor(who.of, behaviour);
  return whileWorking(who.of, () => who.browser.submit('/portal/pay', { method: 'card', token, ...more }));
}

const invoiceRow = async (id: string) => (await query<{ balance_due: bigint; reserved: bigint; closed_at: Date | null }>(
  'select balance_due, reserved, closed_at from invoices where id = $1', [id]))[0];

test('one invoice is paid by card: the button names the amount, the page says paid, the receipt is there', async () => {
  const who = await payer();
  const invoiceId = await given.invoice(books, who.customerId, 12_500n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  assert.equal(who.browser.path, '/portal/pay');
  assert.match(who.browser.text, /Pay \$125\.00/);
  const { sandboxUrl } = await testServer();
  assert.match(String(who.browser.headers['content-security-policy']), new RegExp(`frame-src ${sandboxUrl};`));
  assert.ok(who.browser.html.includes(`data-src="${sandboxUrl}/fields/card?`));
  await pay(who, 'approve');
  assert.match(who.browser.path, /^\/portal\/payments\/pay_/);
  assert.match(who.browser.title, /\$125\.00 paid/);
  assert.equal((await invoiceRow(invoiceId))?.balance_due, 0n);
  const result = who.browser.path;
  assert.match((await who.browser.open(`${result}/receipt`)).text, /Receipt.*Visa ending in 4242/);
  await who.browser.open(`${result}/pdf`);
  assert.equal(who.browser.headers['content-type'], 'application/pdf');
  assert.match((await who.browser.open(`/portal/invoices/${invoiceId}`)).text, /Paid.*Payment of \$125\.00 received/);
  await who.browser.open(`/portal/invoices/${invoiceId}/pdf`);
  assert.equal(who.browser.headers['content-type'], 'application/pdf');
  assert.match((await who.browser.open('/portal/history')).text, /\$125\.00/);
  assert.match((await who.browser.open('/portal/history?show=invoices')).text, /Paid/);
  assert.match((await who.browser.open('/portal')).text, /All paid/);
});

test('several invoices, one of them in part, are paid in one checkout and one charge', async () => {
  const who = await payer();
  const [one, two] = [await given.invoice(books, who.customerId, 10_000n), await given.invoice(books, who.customerId, 20_000n)];
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
  const who = await payer();
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  for (const [typed, words] of [['100.01', /at most \$100\.00/], ['0', /more than zero/], ['a lot', /as a number/]] as const) {
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
  const who = await payer({ allowPartialPayments: false });
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  await chooseInvoices(who.browser, { [invoiceId]: '10.00' });
  assert.match(who.browser.text, /Pay \$100\.00/, 'the amount typed into no field is not looked at');
  const form = who.browser.filled('/portal/pay', { method: 'card', token: await tokenFor(books, 'approve'), pay: `${invoiceId}.1000`, shown_total: '1000' });
  await who.browser.post('/portal/pay', form);
  assert.equal(who.browser.status, 422);
  assert.match(who.browser.text, /is paid in full: \$100\.00/);
  assert.equal((await invoiceRow(invoiceId))?.reserved, 0n);
});

test('a double click, a second tab and a sent-again form make one charge', async () => {
  const who = await payer();
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  await chooseInvoices(who.browser, { [invoiceId]: '40.00' });
  const checkout = who.browser.url;
  const [tab, again] = [new Browser(), new Browser()];
  for (const each of [tab, again]) each.cookies = new Map(who.browser.cookies);
  await tab.open(checkout);
  await again.open(checkout);
  const before = await gatewayTotals(books);
  const forms = await Promise.all([who.browser, who.browser, tab, again].map(async (browser) =>
    browser.filled('/portal/pay', { method: 'card', token: await tokenFor(books, 'approve') })));
  const devices = forms.map(() => Object.assign(new Browser(), { cookies: new Map(who.browser.cookies) }));
  await whileWorking(books, () => Promise.all(forms.map((form, at) => devices[at]?.post('/portal/pay', form))));
  const pages = new Set(devices.map((device) => device.path));
  assert.equal(pages.size, 1, [...pages].join());
  assert.ok(devices.every((device) => /\$40\.00 paid/.test(device.title)), devices.map((device) => device.title).join());
  assert.equal((await gatewayTotals(books)).charges, before.charges + 1);
  assert.equal((await invoiceRow(invoiceId))?.balance_due, 6_000n);
  await chooseInvoices(who.browser, { [invoiceId]: '40.00' });
  await pay(who, 'approve');
  assert.equal((await gatewayTotals(books)).charges, before.charges + 2, 'the same amount once more is another payment');
});

test('a declined card says why and what helps; trying again is a new try, the old form is not', async () => {
  const who = await payer();
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  const stale = who.browser.filled('/portal/pay', { method: 'card', token: await tokenFor(books, 'approve') });
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
  const who = await payer();
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
  const [payment] = await query<{ id: string }>('select id from payments where customer_id = $1', [who.customerId]);
  const { jobs } = await testServer();
  await jobs['look-up-payment']?.({ organizationId: books.organizationId, paymentId: payment?.id } as never);
  assert.match((await who.browser.open(result)).title, /\$100\.00 paid/);
  assert.equal((await gatewayTotals(books)).charges, before.charges + 1);
});

test('while the answer is awaited the page waits too, and asks how the payment stands', async () => {
  const who = await payer();
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  await given.charge(books, { customerId: who.customerId, amount: 10_000n, applications: [{ invoiceId, amount: 10_000n }] });
  const [payment] = await query<{ id: string }>('select id from payments where customer_id = $1', [who.customerId]);
  const url = `/portal/payments/${payment?.id}`;
  assert.match((await who.browser.open(url)).title, /One moment/);
  assert.ok(who.browser.html.includes(`data-poll="${url}/standing"`));
  await who.browser.open(`${url}/standing`);
  assert.deepEqual(JSON.parse(who.browser.html), { done: false, url });
});

test('a bank debit needs a consent, is processing and never “paid”, until it has settled', async () => {
  const own = await given.organization();
  const who = await payer({}, own);
  const invoiceId = await given.invoice(own, who.customerId, 10_000n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  const words = /I authorize [^.]*\$100\.00[^.]*\./.exec(who.browser.text)?.[0] ?? '';
  const token = await tokenFor(own, 'settle');
  await who.browser.submit('/portal/pay', { method: 'bank_account', token });
  assert.equal(who.browser.status, 422);
  assert.match(who.browser.text, /your bank asks for your permission/);
  await whileWorking(own, () => who.browser.submit('/portal/pay', { method: 'bank_account', token, authorize: 'yes' }));
  assert.match(who.browser.title, /on its way/);
  assert.ok(!/\bpaid\b/i.test(who.browser.title));
  const result = who.browser.path;
  const [consent] = await query<{ kind: string; text: string; hash: string; portal_user_id: string; ip: string; user_agent: string; payment_id: string }>(
    'select * from authorizations where customer_id = $1', [who.customerId]);
  assert.ok(consent && consent.text.startsWith(words) && words.length > 60, `${words} / ${consent?.text}`);
  assert.deepEqual([consent.kind, consent.hash.length, consent.user_agent, result.endsWith(consent.payment_id)],
    ['bank_debit', 64, 'a test browser', true]);
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
  await query('delete from portal_memberships where customer_id = $1 and portal_user_id in (select id from portal_users where email = $2)', [customerId, second]);
  const invoiceId = await given.invoice(books, customerId, 100n);
  const own = await given.customer(books, { email: second });
  const other = await signUp(books, { customerIds: [own], email: second });
  await other.open('/portal/switch');
  await other.submit('/portal/switch', { profile: customerId });
  for (const browser of [first, other]) await chooseInvoices(browser, { [invoiceId]: undefined });
  const before = await gatewayTotals(books);
  const tokens = [await tokenFor(books, 'approve'), await tokenFor(books, 'approve')];
  await whileWorking(books, () => Promise.all([first, other].map((browser, at) =>
    browser.submit('/portal/pay', { method: 'card', token: tokens[at] ?? '' }))));
  const [paid, told] = /paid/.test(first.title) ? [first, other] : [other, first];
  assert.match(paid.title, /\$1\.00 paid/);
  assert.equal(told.status, 409);
  assert.match(told.text, /has just been paid|already on its way/);
  assert.match(told.text, /have not been charged/);
  assert.equal((await gatewayTotals(books)).charges, before.charges + 1);
  await told.open(told.url);
});

test('payment terms are linked from the button and kept with the payment', async () => {
  const own = await given.organization();
  await query('update organizations set payment_terms_text = $2 where id = $1', [own.organizationId, 'Interest of 1 % a month.\n\nNo <b>returns</b>.']);
  const who = await payer({}, own);
  const invoiceId = await given.invoice(own, who.customerId, 500n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  assert.match(who.browser.text, /By paying you agree to the payment terms/);
  await pay(who, 'approve');
  const kept = await query<{ kind: string; text: string }>('select kind, text from authorizations where customer_id = $1', [who.customerId]);
  assert.deepEqual(kept.map((row) => [row.kind, row.text.slice(0, 8)]), [['payment_terms', 'Interest']]);
  await who.browser.open('/portal/terms');
  assert.ok(who.browser.html.includes('No &lt;b&gt;returns'));
});

test('a stranger’s walk: nobody else’s invoice, payment or method is there', async () => {
  const [mine, theirs] = [await payer(), await payer()];
  const invoiceId = await given.invoice(books, theirs.customerId, 10_000n);
  await given.charge(books, { customerId: theirs.customerId, amount: 5_000n, applications: [{ invoiceId, amount: 5_000n }] });
  const [payment] = await query<{ id: string }>('select id from payments where customer_id = $1', [theirs.customerId]);
  const methodId = await given.storedMethod(books, theirs.customerId);
  const { browser } = mine;
  for (const path of [`/portal/invoices/${invoiceId}`, `/portal/invoices/${invoiceId}/pdf`, `/portal/payments/${payment?.id}`,
    `/portal/payments/${payment?.id}/receipt`, `/portal/payments/${payment?.id}/pdf`, `/portal/payments/${payment?.id}/standing`,
    `/portal/pay?pay=${invoiceId}.100`, `/portal/methods/${methodId}/remove`, '/portal/invoices/x', '/portal/payments/x']) {
    assert.equal((await browser.open(path)).status, 404, path);
    assert.ok(!browser.html.includes(theirs.customerId) && !browser.html.includes('100.00'), path);
  }
  const own = await given.invoice(books, mine.customerId, 10_000n);
  await chooseInvoices(browser, { [own]: undefined });
  const form = browser.filled('/portal/pay', { method: methodId });
  await browser.post('/portal/pay', form);
  assert.equal(browser.status, 422, 'another’s method is no method');
  const forged = await browser.open(`/portal/pay?pay=${own}.10000`);
  await forged.post('/portal/pay', forged.filled('/portal/pay', { method: 'card', token: 'tok', pay: `${invoiceId}.100`, shown_total: '100' }));
  assert.equal(forged.status, 404);
  const draft = await given.invoice(books, mine.customerId, 100n);
  await query('update invoices set issued_at = null where id = $1', [draft]);
  assert.equal((await browser.open(`/portal/invoices/${draft}`)).status, 404, 'a draft is nobody’s yet');
});

test('what was not allowed is not offered: cards, bank accounts, profile, methods', async () => {
  const who = await payer({ allowBankAccount: false, portalEditProfile: false, portalEditMethods: false });
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  assert.ok(!who.browser.html.includes('value="bank_account"'));
  assert.ok(!who.browser.html.includes('name="save"'));
  const bank = who.browser.filled('/portal/pay', { method: 'bank_account', token: await tokenFor(books, 'settle'), authorize: 'yes' });
  await who.browser.post('/portal/pay', bank);
  assert.ok(who.browser.status >= 400);
  assert.equal((await invoiceRow(invoiceId))?.reserved, 0n);
  assert.equal((await who.browser.open('/portal/profile/edit')).status, 403);
  assert.match((await who.browser.open('/portal/profile')).text, /keeps this record/);
  assert.equal((await who.browser.open('/portal/methods/add')).status, 403);
});

test('a parent sees its sub-customers’ invoices where that is allowed, and pays them', async () => {
  const who = await payer({ portalShowChildren: true });
  const child = await given.customer(books, { parentId: who.customerId, displayName: `Branch of ${who.customerId}` });
  const [own, theirs] = [await given.invoice(books, who.customerId, 1_000n), await given.invoice(books, child, 2_000n)];
  await who.browser.open('/portal');
  assert.match(who.browser.text, /Branch of/);
  assert.match(who.browser.text, /Balance due \$30\.00/);
  assert.equal((await who.browser.open(`/portal/invoices/${theirs}`)).status, 200);
  assert.equal((await who.browser.open(`/portal/invoices/${theirs}/pdf`)).status, 200);
  await chooseInvoices(who.browser, { [own]: undefined, [theirs]: undefined });
  assert.match(who.browser.text, /one customer at a time/);
  await chooseInvoices(who.browser, { [theirs]: undefined });
  await pay(who, 'approve');
  assert.match(who.browser.title, /\$20\.00 paid/);
  const quiet = await payer({ portalShowChildren: false });
  const hidden = await given.invoice(books, await given.customer(books, { parentId: quiet.customerId }), 2_000n);
  assert.equal((await quiet.browser.open(`/portal/invoices/${hidden}`)).status, 404);
});

test('a method is saved with its consent, pays with one click, and stays while a payment with it is under way', async () => {
  const own = await given.organization();
  const who = await payer({}, own);
  const { browser } = who;
  await browser.open('/portal/methods/add');
  const form = browser.filled('/portal/methods/add', { kind: 'bank_account', token: await tokenFor(own, 'settle'), authorize: 'yes' });
  await browser.post('/portal/methods/add', form);
  assert.equal(browser.path, '/portal/methods');
  await browser.post('/portal/methods/add', form);
  const [method, ...more] = await query<{ id: string; last4: string }>('select * from payment_methods where customer_id = $1', [who.customerId]);
  assert.deepEqual([method?.last4, more.length], ['6789', 0], 'the form sent twice is one method');
  const [consent] = await query<{ payment_method_id: string }>('select * from authorizations where customer_id = $1', [who.customerId]);
  assert.equal(consent?.payment_method_id, method?.id);
  const invoiceId = await given.invoice(own, who.customerId, 10_000n);
  await chooseInvoices(browser, { [invoiceId]: undefined });
  await whileWorking(own, () => browser.submit('/portal/pay', { method: method?.id ?? '', authorize: 'yes' }));
  assert.match(browser.title, /on its way/);
  await browser.open('/portal/methods');
  assert.match(browser.text, /A payment with it is under way/);
  await browser.open(`/portal/methods/${method?.id}/remove`);
  await browser.submit(`/portal/methods/${method?.id}/remove`);
  assert.equal(browser.status, 409);
  const { parts } = await testServer();
  await advanceClock(parts.db, parts.dailyWork, own.actor, 5);
  await browser.open(`/portal/methods/${method?.id}/remove`);
  await browser.submit(`/portal/methods/${method?.id}/remove`);
  assert.match(browser.text, /is removed/);
  assert.equal(await workOff('forget-method', own.organizationId), 1);
  await browser.open('/portal/methods/add');
  await browser.submit('/portal/methods/add', { kind: 'card', token: await tokenFor(own, 'decline') });
  assert.equal(browser.status, 422, 'a method that the gateway refuses is not saved');
});

test('the profile is kept by its customer, and the change is in the customer’s own timeline', async () => {
  const who = await payer({ billingAddress: { line1: '1 Old Street' } });
  await who.browser.open('/portal/profile/edit');
  await who.browser.submit('/portal/profile/edit', { first_name: '', last_name: 'Marsh' });
  assert.match(who.browser.text, /Enter a first name/);
  await who.browser.submit('/portal/profile/edit', { first_name: 'Ada', last_name: 'Marsh', line1: '440 Foundry Street', city: 'Biddeford', region: 'ME', postal_code: '04005' });
  assert.equal(who.browser.path, '/portal/profile');
  assert.match(who.browser.text, /Ada Marsh.*440 Foundry Street Biddeford, ME 04005/);
  const [event] = await query<{ actor_kind: string }>(`select actor_kind from events where subject_id = $1 and type = 'customer.updated'`, [who.customerId]);
  assert.equal(event?.actor_kind, 'portal_user');
});
