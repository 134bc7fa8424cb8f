import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { advanceClock } from '#features/organizations/advance-clock.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { query, tokenFor, whileWorking, workOff } from '../../../test/support/portal.ts';
import { chooseInvoices, invoiceRow, pay, payerOf } from '../../../test/support/portal-payer.ts';
import { testServer } from '../../../test/support/server.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

test('a stranger’s walk: nobody else’s invoice, payment or method is there', async () => {
  const [mine, theirs] = [await payerOf(books), await payerOf(books)];
  const invoiceId = await given.invoice(books, theirs.customerId, 10_000n);
  await given.charge(books, {
    customerId: theirs.customerId,
    amount: 5_000n,
    applications: [{ invoiceId, amount: 5_000n }],
  });
  const [payment] = await query<{ id: string }>('select id from payments where customer_id = $1', [
    theirs.customerId,
  ]);
  const methodId = await given.storedMethod(books, theirs.customerId);
  const { browser } = mine;
  for (const path of [
    `/portal/invoices/${invoiceId}`,
    `/portal/invoices/${invoiceId}/pdf`,
    `/portal/payments/${payment?.id}`,
    `/portal/payments/${payment?.id}/receipt`,
    `/portal/payments/${payment?.id}/pdf`,
    `/portal/payments/${payment?.id}/standing`,
    `/portal/pay?pay=${invoiceId}.100`,
    `/portal/methods/${methodId}/remove`,
    '/portal/invoices/x',
    '/portal/payments/x',
  ]) {
    assert.equal((await browser.open(path)).status, 404, path);
    assert.ok(!browser.html.includes(theirs.customerId) && !browser.html.includes('100.00'), path);
  }
  const own = await given.invoice(books, mine.customerId, 10_000n);
  await chooseInvoices(browser, { [own]: undefined });
  const form = browser.filled('/portal/pay', { method: methodId });
  await browser.post('/portal/pay', form);
  assert.equal(browser.status, 422, 'another’s method is no method');
  const forged = await browser.open(`/portal/pay?pay=${own}.10000`);
  await forged.post(
    '/portal/pay',
    forged.filled('/portal/pay', {
      method: 'card',
      token: 'tok',
      pay: `${invoiceId}.100`,
      shown_total: '100',
    }),
  );
  assert.equal(forged.status, 404);
  const draft = await given.invoice(books, mine.customerId, 100n);
  await query('update invoices set issued_at = null where id = $1', [draft]);
  assert.equal((await browser.open(`/portal/invoices/${draft}`)).status, 404, 'a draft is nobody’s yet');
});

test('what was not allowed is not offered: cards, bank accounts, profile, methods', async () => {
  const who = await payerOf(books, {
    allowBankAccount: false,
    portalEditProfile: false,
    portalEditMethods: false,
  });
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  assert.ok(!who.browser.html.includes('value="bank_account"'));
  assert.ok(!who.browser.html.includes('name="save"'));
  const bank = who.browser.filled('/portal/pay', {
    method: 'bank_account',
    token: await tokenFor(books, 'settle'),
    authorize: 'yes',
  });
  await who.browser.post('/portal/pay', bank);
  assert.ok(who.browser.status >= 400);
  assert.equal((await invoiceRow(invoiceId))?.reserved, 0n);
  assert.equal((await who.browser.open('/portal/profile/edit')).status, 403);
  assert.match((await who.browser.open('/portal/profile')).text, /keeps this record/);
  assert.equal((await who.browser.open('/portal/methods/add')).status, 403);
});

test('a parent sees its sub-customers’ invoices where that is allowed, and pays them', async () => {
  const who = await payerOf(books, { portalShowChildren: true });
  const child = await given.customer(books, {
    parentId: who.customerId,
    displayName: `Branch of ${who.customerId}`,
  });
  const [own, theirs] = [
    await given.invoice(books, who.customerId, 1_000n),
    await given.invoice(books, child, 2_000n),
  ];
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
  const quiet = await payerOf(books, { portalShowChildren: false });
  const hidden = await given.invoice(
    books,
    await given.customer(books, { parentId: quiet.customerId }),
    2_000n,
  );
  assert.equal((await quiet.browser.open(`/portal/invoices/${hidden}`)).status, 404);
});

test('a method is saved with its consent, pays with one click, and stays while a payment with it is under way', async () => {
  const own = await given.organization();
  const who = await payerOf(own);
  const { browser } = who;
  await browser.open('/portal/methods/add');
  const form = browser.filled('/portal/methods/add', {
    kind: 'bank_account',
    token: await tokenFor(own, 'settle'),
  });
  await browser.post('/portal/methods/add', form);
  const signing = browser.path;
  assert.match(signing, /\/sign$/);
  await browser.post('/portal/methods/add', form);
  await browser.submit(signing, { name: 'Ada Marsh', email: 'ada@example.com', agree: 'yes' });
  assert.equal(browser.path, '/portal/methods');
  const [method, ...more] = await query<{ id: string; last4: string }>(
    'select * from payment_methods where customer_id = $1',
    [who.customerId],
  );
  assert.deepEqual([method?.last4, more.length], ['6789', 0], 'the form sent twice is one method');
  const [consent] = await query<{ payment_method_id: string }>(
    'select * from authorizations where customer_id = $1',
    [who.customerId],
  );
  assert.equal(consent?.payment_method_id, method?.id);
  const invoiceId = await given.invoice(own, who.customerId, 10_000n);
  await chooseInvoices(browser, { [invoiceId]: undefined });
  await whileWorking(own, () =>
    browser.submit('/portal/pay', { method: method?.id ?? '', authorize: 'yes' }),
  );
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
  const who = await payerOf(books, { billingAddress: { line1: '1 Old Street' } });
  await who.browser.open('/portal/profile/edit');
  await who.browser.submit('/portal/profile/edit', { first_name: '', last_name: 'Marsh' });
  assert.match(who.browser.text, /Enter a first name/);
  await who.browser.submit('/portal/profile/edit', {
    first_name: 'Ada',
    last_name: 'Marsh',
    line1: '440 Foundry Street',
    city: 'Biddeford',
    region: 'ME',
    postal_code: '04005',
  });
  assert.equal(who.browser.path, '/portal/profile');
  assert.match(who.browser.text, /Ada Marsh.*440 Foundry Street Biddeford, ME 04005/);
  const [event] = await query<{ actor_kind: string }>(
    `select actor_kind from events where subject_id = $1 and type = 'customer.updated'`,
    [who.customerId],
  );
  assert.equal(event?.actor_kind, 'portal_user');
});
