import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { payLink } from '#features/invoices/pay-link.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { Browser, freshEmail, query, workOff } from '../../../test/support/portal.ts';
import { payerOf } from '../../../test/support/portal-payer.ts';
import { testServer } from '../../../test/support/server.ts';
import { statementOf } from '../../../test/support/statements.ts';

let books: Books;
before(async () => {
  books = await given.organization();
  await query(`update organizations set notify_emails = '{office@fern.example}' where id = $1 returning 1`, [
    books.organizationId,
  ]);
});

type Row = { reason: string; state: string; by_customer: boolean; rests_until: string | null };
const disputesOf = (invoiceId: string): Promise<Row[]> =>
  query<Row>(
    'select reason, state, by_customer, rests_until from disputes where invoice_id = $1 order by id',
    [invoiceId],
  );
const linkOf = async (invoiceId: string): Promise<string> => {
  const { parts } = await testServer();
  const { organizationId } = books;
  return payLink(parts.secrets, '', { id: invoiceId, organizationId, linkVersion: 0 });
};

test('a payer who objects says why, sees that it is in dispute, and staff is mailed once', async () => {
  const { browser, customerId } = await payerOf(books);
  const invoiceId = await given.invoice(books, customerId, 10_000n, { number: 'D-1' });
  const page = `/portal/invoices/${invoiceId}`;
  await browser.open(page);
  assert.match(browser.text, /Is something wrong with this invoice\?/);
  await browser.open(`${page}/dispute`);
  assert.match(browser.title, /What is wrong/);
  await browser.submit(`${page}/dispute`, { reason: '   ' });
  assert.equal(browser.status, 422);
  assert.match(browser.text, /say in a few words what is wrong/);
  assert.deepEqual(await disputesOf(invoiceId), []);
  await browser.submit(`${page}/dispute`, { reason: 'Two <b>hours</b> too many' });
  assert.equal(browser.path, page);
  assert.match(browser.text, /Thank you\. We have been told.*In dispute/);
  assert.doesNotMatch(browser.text, /Is something wrong/);
  assert.deepEqual(await disputesOf(invoiceId), [
    { reason: 'Two <b>hours</b> too many', state: 'open', by_customer: true, rests_until: null },
  ]);
  const reactions = async () => {
    await workOff('react', books.organizationId);
    await workOff('mail-dispute', books.organizationId);
  };
  await reactions();
  await reactions();
  const mails = await query<{ to_emails: string[]; html: string; subject: string }>(
    `select to_emails, html, subject from messages where kind = 'dispute_notice' and invoice_id = $1`,
    [invoiceId],
  );
  assert.equal(mails.length, 1);
  assert.deepEqual(mails[0]?.to_emails, ['office@fern.example']);
  assert.match(mails[0]?.subject ?? '', /disputes invoice D-1/);
  assert.match(mails[0]?.html ?? '', /Two &lt;b&gt;hours&lt;\/b&gt; too many/);
});

test('a second click, or a second browser, opens no second dispute', async () => {
  const { browser, customerId } = await payerOf(books);
  const invoiceId = await given.invoice(books, customerId, 10_000n);
  const action = `/portal/invoices/${invoiceId}/dispute`;
  await browser.open(action);
  const form = browser.filled(action, { reason: 'Wrong' });
  await Promise.all([1, 2, 3].map(() => browser.post(action, form)));
  assert.equal((await disputesOf(invoiceId)).length, 1);
  await browser.open(action);
  assert.equal(browser.path, `/portal/invoices/${invoiceId}`, 'the form is gone');
});

test('whoever holds the invoice’s link, or a statement link, objects without a sign-in', async () => {
  const customerId = await given.customer(books, { email: freshEmail() });
  const [one, two] = [
    await given.invoice(books, customerId, 10_000n),
    await given.invoice(books, customerId, 20_000n),
  ];
  const link = await linkOf(one);
  const guest = await new Browser().open(link);
  assert.match(guest.text, /Is something wrong with this invoice\?/);
  await guest.open(`${link}/dispute`);
  await guest.submit(`${link}/dispute`, { reason: 'Not ours' });
  assert.equal(guest.path, link);
  assert.match(guest.text, /This invoice is in dispute/);
  const statement = await statementOf(books, customerId);
  const holder = await new Browser().open(`${statement}/invoices/${two}/dispute`);
  await holder.submit(`${statement}/invoices/${two}/dispute`, { reason: 'Not ours either' });
  assert.equal((await disputesOf(one)).length, 1);
  assert.equal((await disputesOf(two)).length, 1);
});

test('nobody objects to an invoice of another, to a paid one, or with a form of another browser', async () => {
  const [payer, other] = [await payerOf(books), await payerOf(books)];
  const foreign = await given.invoice(books, other.customerId, 10_000n);
  await payer.browser.open(`/portal/invoices/${foreign}/dispute`);
  assert.equal(payer.browser.status, 404);
  const own = await given.invoice(books, payer.customerId, 10_000n);
  await payer.browser.open(`/portal/invoices/${own}/dispute`);
  const form = payer.browser.filled(`/portal/invoices/${own}/dispute`, { reason: 'Mine' });
  await payer.browser.post(`/portal/invoices/${foreign}/dispute`, form);
  assert.equal(payer.browser.status, 404);
  await other.browser.post(`/portal/invoices/${foreign}/dispute`, form);
  assert.equal(other.browser.status, 403, 'the form was made for another browser');
  const statement = await statementOf(books, payer.customerId);
  const holder = await new Browser().open(`${statement}/invoices/${foreign}/dispute`);
  assert.equal(holder.status, 404);
  assert.deepEqual(await disputesOf(foreign), []);
  const { customerId } = payer;
  await given.payment(books, {
    customerId,
    amount: 10_000n,
    applications: [{ invoiceId: own, amount: 10_000n }],
  });
  await payer.browser.post(`/portal/invoices/${own}/dispute`, form);
  assert.equal(payer.browser.path, `/portal/invoices/${own}`);
  assert.deepEqual(await disputesOf(own), []);
});

test('a statement lists and takes payment for those billed with the customer, and not for its other children', async () => {
  const parent = await given.customer(books, { email: freshEmail(), displayName: 'Head office' });
  const child = (name: string, billWithParent: boolean, parentId = parent) =>
    given.customer(books, { displayName: name, parentId, billWithParent });
  const [billed, own] = [await child('Branch north', true), await child('Branch south', false)];
  const grandchild = await child('Depot north', true, billed);
  const [a, b, c, d] = [
    await given.invoice(books, parent, 100n),
    await given.invoice(books, billed, 200n),
    await given.invoice(books, grandchild, 400n),
    await given.invoice(books, own, 800n),
  ];
  const statement = await statementOf(books, parent);
  const browser = await new Browser().open(statement);
  for (const id of [a, b, c]) assert.ok(browser.html.includes(id), `${id} is listed`);
  assert.ok(!browser.html.includes(d), 'who is billed on its own is not');
  assert.equal((await browser.open(`${statement}/invoices/${c}`)).status, 200);
  assert.equal((await browser.open(`${statement}/invoices/${d}`)).status, 404);
});
