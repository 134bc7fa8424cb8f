import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { readOrganization } from '#features/organizations/queries.ts';
import { offerPlan } from '#features/payment-plans/request-plan.ts';
import { addDays, systemNow } from '#lib/dates.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { query, workOff } from '../../../test/support/portal.ts';
import { payerOf } from '../../../test/support/portal-payer.ts';
import { testServer } from '../../../test/support/server.ts';

let books: Books;
before(async () => {
  await testServer();
  books = await given.organization();
  await query(`update organizations set notify_emails = '{office@fern.example}' where id = $1 returning 1`, [
    books.organizationId,
  ]);
});

const firstOn = (): string => addDays(systemNow().toISOString().slice(0, 10), 30);
const url = '/portal/plans/new';
const signed = { name: 'Ana Ruiz', email: 'ana@example.com', agree: 'yes' };
const terms = () => ({ down_payment: '100.00', cadence: 'monthly', installments: '3', first_on: firstOn() });

test('who may ask sees every date and amount without script, signs, and the organization is mailed once', async () => {
  const { browser, customerId } = await payerOf(books, { allowPaymentPlans: true });
  const invoiceId = await given.invoice(books, customerId, 40_001n, { number: 'PP-1' });
  const methodId = await given.storedMethod(books, customerId);
  await browser.open('/portal');
  assert.match(browser.text, /Pay in parts/);
  await browser.open(url);
  await browser.submit(url, {
    ...terms(),
    invoice: [invoiceId],
    method: methodId,
    down_payment: '1.00',
    do: 'preview',
  });
  assert.equal(browser.status, 422);
  assert.match(browser.text, /down payment is at least \$40\.00 of \$400\.01/);
  await browser.submit(url, { ...terms(), invoice: [invoiceId], method: methodId, do: 'preview' });
  assert.equal(browser.status, 200);
  assert.match(browser.text, /\$100\.00.*\$100\.00.*\$100\.00.*\$100\.01.*Total\s*\$400\.01/);
  assert.match(browser.text, /I owe .* \$400\.01 for invoice PP-1.*Visa ending in 4242/);
  await browser.submit(url, {
    ...terms(),
    invoice: [invoiceId],
    method: methodId,
    ...signed,
    down_payment: '120.00',
  });
  assert.equal(browser.status, 422);
  assert.match(browser.text, /read the plan as it now stands/);
  await browser.submit(url, {
    ...terms(),
    invoice: [invoiceId],
    method: methodId,
    down_payment: '120.00',
    ...signed,
  });
  assert.match(browser.path, /^\/portal\/plans\/pln_/);
  assert.match(browser.text, /Your request is on its way/);
  const kept = await query<{
    kind: string;
    text: string;
    name: string;
    terms: { total: string; installments: number };
  }>(`select kind, text, name, terms from authorizations where customer_id = $1 and kind = 'payment_plan'`, [
    customerId,
  ]);
  assert.equal(kept.length, 1);
  assert.deepEqual(
    [kept[0]?.name, kept[0]?.terms.total, kept[0]?.terms.installments],
    ['Ana Ruiz', '40001', 3],
  );
  for (const job of ['react', 'tell-plan', 'react', 'tell-plan']) await workOff(job, books.organizationId);
  const mails = await query<{ kind: string; text: string; to_emails: string[] }>(
    `select kind, text, to_emails from messages where customer_id = $1 and kind like 'plan_requested%' order by kind`,
    [customerId],
  );
  assert.deepEqual(
    mails.map(({ kind }) => kind),
    ['plan_requested', 'plan_requested_copy'],
  );
  assert.deepEqual(mails[1]?.to_emails, ['office@fern.example']);
  assert.match(mails[1]?.text ?? '', /PP-1[\s\S]*\/console\/payment-plans\/pln_/);
  assert.match(mails[0]?.text ?? '', /You signed this: I owe/);
});

test('a request can be taken back, a second browser of another customer sees none of it, and who may not ask is told', async () => {
  const asker = await payerOf(books, { allowPaymentPlans: true });
  const invoiceId = await given.invoice(books, asker.customerId, 30_000n);
  const methodId = await given.storedMethod(books, asker.customerId);
  const ask = { ...terms(), invoice: [invoiceId], method: methodId };
  await asker.browser.open(url);
  await asker.browser.submit(url, { ...ask, do: 'preview' });
  await asker.browser.submit(url, { ...ask, ...signed });
  const plan = asker.browser.path.split('?')[0] ?? '';
  assert.match(plan, /pln_/);
  const other = await payerOf(books);
  await other.browser.open(plan);
  assert.equal(other.browser.status, 404);
  await other.browser.open(url);
  assert.equal(other.browser.status, 403);
  await asker.browser.open(plan);
  await asker.browser.submit(`${plan}/withdraw`, {});
  assert.match(asker.browser.text, /Taken back/);
  const rows = await query<{ state: string }>('select state from payment_plans where customer_id = $1', [
    asker.customerId,
  ]);
  assert.deepEqual(rows, [{ state: 'withdrawn' }]);
});

test('an offer is read, agreed to with a chosen method, and charges its down payment once', async () => {
  const { browser, customerId } = await payerOf(books);
  const invoiceId = await given.invoice(books, customerId, 30_000n);
  const methodId = await given.storedMethod(books, customerId);
  const today = systemNow().toISOString().slice(0, 10);
  const { planId } = await books.tx(async (tx) => {
    const seller = await readOrganization(tx, books.organizationId);
    const rhythm = { cadence: 'monthly' as const, installments: 2, firstOn: firstOn() };
    const wish = { ...rhythm, customerId, invoiceIds: [invoiceId], downPayment: 10_000n };
    return offerPlan(tx, books.actor, { seller, wish, note: '', today }, systemNow());
  });
  const page = `/portal/plans/${planId}`;
  await browser.open(page);
  assert.match(browser.text, /Waits for you/);
  await browser.submit(`${page}/agree`, { ...signed, agree: '' });
  assert.equal(browser.status, 422);
  assert.match(browser.text, /tick this box/);
  await browser.submit(`${page}/agree`, { ...signed, method: methodId });
  assert.match(browser.text, /Signed\. Here is how your plan stands/);
  const charges = await query<{ source: string; amount: bigint }>(
    'select source, amount::int from payments where customer_id = $1',
    [customerId],
  );
  assert.deepEqual(charges, [{ source: 'plan_down_payment', amount: 10_000 }]);
  const copy = await browser.open(`${page}/agreement`);
  assert.equal(copy.status, 200);
});
