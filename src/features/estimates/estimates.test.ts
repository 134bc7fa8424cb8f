import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { estimateJobs } from '#features/estimates/jobs.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { newId } from '#lib/ids.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { mailsOf, makings } from '../../../test/support/mails.ts';
import { apiKeyOf, Browser, query } from '../../../test/support/portal.ts';
import { callApi } from '../../../test/support/server.ts';

let books: Books;
let key: string;
let customerId: string;
before(async () => {
  books = await given.organization();
  key = await apiKeyOf(books);
  customerId = await given.customer(books, {
    displayName: 'Northwind Bakery',
    email: 'ana@northwind.example',
  });
});

const lines = [
  { item_name: 'Oven', quantity: '1', unit_price: '999.99', taxable: true, tax_rate: '8.25' },
  { item_name: 'Fitting', quantity: '3', unit_price: '33.33' },
];
const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown) =>
  callApi(key, method, path, body);
async function write(change: Record<string, unknown> = {}) {
  const { status, body } = await call('POST', '/v1/estimates', { customer_id: customerId, lines, ...change });
  assert.equal(status, 201, JSON.stringify(body));
  return { ...body, path: new URL(body.url).pathname };
}
const one = async (id: string) => (await call('GET', `/v1/estimates/${id}`)).body;
const invoice = async (id: string) => (await call('GET', `/v1/invoices/${id}`)).body;
const inOrder = async () =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);

test('an estimate is sent, read, accepted by name without a sign-in, and its deposit is billed at once', async () => {
  const made = await write({ deposit_percent: '33.33' });
  assert.deepEqual([made.state, made.total, made.deposit], ['draft', 118_248, 39_412]);
  const sent = await call('POST', `/v1/estimates/${made.id}/send`, {});
  assert.equal(sent.body.state, 'sent', JSON.stringify(sent.body));
  const browser = await new Browser().open(made.path);
  assert.match(
    browser.text,
    /Estimate EST-\d+.*\$1,182\.48.*A deposit of \$394\.12 is billed when you accept/,
  );
  assert.equal((await one(made.id)).state, 'viewed');
  await browser.submit(`${made.path}/accept`, { name: ' ' });
  assert.match(browser.text, /Type your full name/);
  await browser.submit(`${made.path}/accept`, { name: 'Ana Baker' });
  assert.match(browser.text, /You have accepted this estimate.*Accepted by Ana Baker.*Pay the deposit/);
  const [kept] = await query<{ name: string; ip: string; document_hash: string }>(
    'select name, ip, document_hash from estimate_answers where estimate_id = $1',
    [made.id],
  );
  assert.deepEqual([kept?.name, kept?.ip, kept?.document_hash.length], ['Ana Baker', browser.address, 64]);
  const accepted = await one(made.id);
  assert.equal(accepted.state, 'accepted');
  assert.deepEqual(
    accepted.invoices.map(({ kind, total, state }: Record<string, unknown>) => [kind, total, state]),
    [['deposit', 39_412, 'open']],
  );
  await browser.open(`${made.path}/pdf`);
  assert.equal(browser.headers['content-type'], 'application/pdf');
  await inOrder();
});

test('billed in parts, the deposit comes off each and the parts are the estimate to the cent', async () => {
  const made = await write({ deposit_amount: 40_001 });
  const answer = { answer: 'accepted', name: 'Ana', revision: 0 };
  assert.equal((await call('POST', `/v1/estimates/${made.id}/answer`, answer)).status, 200);
  const first = (await call('POST', `/v1/estimates/${made.id}/bill`, { percent: '33.33' })).body;
  assert.deepEqual([first.state, first.left_bps], ['accepted', 6_667]);
  const tooMuch = await call('POST', `/v1/estimates/${made.id}/bill`, { percent: '66.68' });
  assert.deepEqual([tooMuch.status, tooMuch.body.error.param], [422, 'percent']);
  assert.match(tooMuch.body.error.message, /Only 66\.67 % of this estimate is left/);
  const last = (await call('POST', `/v1/estimates/${made.id}/bill`, {})).body;
  assert.equal(last.state, 'invoiced');
  const parts = last.invoices.filter(({ kind }: { kind: string }) => kind === 'part');
  const total = (name: string) =>
    parts.reduce((all: number, part: Record<string, number>) => all + (part[name] ?? 0), 0);
  assert.deepEqual(
    [total('total'), total('deducted'), total('balance_due')],
    [118_248, 40_001, 118_248 - 40_001],
  );
  const deposit = last.invoices.find(({ kind }: { kind: string }) => kind === 'deposit');
  assert.equal(deposit.balance_due + total('balance_due'), 118_248);
  assert.equal((await invoice(parts[1].invoice_id)).credited, parts[1].deducted);
  const again = await call('POST', `/v1/estimates/${made.id}/bill`, {});
  assert.equal(again.status, 409);
  const chain = (await call('GET', `/v1/invoices/${parts[0].invoice_id}/estimate`)).body.estimate;
  assert.deepEqual([chain.id, chain.kind], [made.id, 'part']);
  await inOrder();
});

test('two clicks on Accept are one acceptance and one deposit invoice; two bills at once bill no more than all', async () => {
  const made = await write({ deposit_percent: '10' });
  const pages = await Promise.all([new Browser().open(made.path), new Browser().open(made.path)]);
  await Promise.all(pages.map((page) => page.submit(`${made.path}/accept`, { name: 'Ana' })));
  for (const page of pages) assert.match(page.text, /Accepted by Ana/);
  assert.equal((await one(made.id)).invoices.length, 1);
  const bill = () => call('POST', `/v1/estimates/${made.id}/bill`, { percent: '60' });
  const statuses = (await Promise.all([bill(), bill()])).map(({ status }) => status);
  assert.deepEqual(statuses.sort(), [200, 422]);
});

test('words that changed meanwhile are read again before they are accepted', async () => {
  const made = await write();
  const browser = await new Browser().open(made.path);
  const dearer = [{ item_name: 'Oven', unit_price: '2000' }];
  const changed = await call('PATCH', `/v1/estimates/${made.id}`, { lines: dearer });
  assert.deepEqual([changed.status, changed.body.total, changed.body.revision], [200, 200_000, 1]);
  await browser.submit(`${made.path}/accept`, { name: 'Ana' });
  assert.match(browser.text, /was changed meanwhile\. Please read it again.*\$2,000\.00/);
  assert.equal((await one(made.id)).answer, null);
  await browser.submit(`${made.path}/accept`, { name: 'Ana' });
  assert.match(browser.text, /You have accepted this estimate/);
  const late = await call('PATCH', `/v1/estimates/${made.id}`, { lines });
  assert.equal(late.status, 409);
});

test('a customer who declines says why; the desk is told once, and nothing more can be said', async () => {
  const made = await write();
  const browser = await new Browser().open(made.path);
  await browser.submit(`${made.path}/decline`, { declined_by: 'Ana', reason: '' });
  assert.match(browser.text, /say in a few words why/);
  await browser.submit(`${made.path}/decline`, { declined_by: 'Ana', reason: 'Too dear' });
  assert.match(browser.text, /You have declined this estimate/);
  const declined = await one(made.id);
  assert.deepEqual([declined.state, declined.reason], ['declined', 'Too dear']);
  await query('update organizations set notify_emails = $2 where id = $1', [
    books.organizationId,
    ['desk@x.example'],
  ]);
  const tell = estimateJobs({ ...makings, db: books.db })['tell-estimate'];
  await tell({ organizationId: books.organizationId, subjectId: made.id });
  await tell({ organizationId: books.organizationId, subjectId: made.id });
  const told = (await mailsOf(books)).filter(({ kind }: { kind: string }) => kind === 'estimate_answer');
  assert.deepEqual(told.map(({ subject }) => subject).length, 1);
  for (const action of ['bill', 'deposit'])
    assert.equal((await call('POST', `/v1/estimates/${made.id}/${action}`, undefined)).status, 409);
  const answer = { answer: 'accepted', name: 'Ana', revision: 0 };
  assert.equal((await call('POST', `/v1/estimates/${made.id}/answer`, answer)).status, 409);
});

test('a part that is voided is there to be billed again, and what expired takes no answer', async () => {
  const made = await write();
  await call('POST', `/v1/estimates/${made.id}/answer`, { answer: 'accepted', name: 'Ana', revision: 0 });
  const billed = (await call('POST', `/v1/estimates/${made.id}/bill`, {})).body;
  assert.equal(billed.state, 'invoiced');
  await call('POST', `/v1/invoices/${billed.invoices[0].invoice_id}/void`, { reason: 'Mistake' });
  assert.equal((await one(made.id)).state, 'accepted');
  assert.equal((await call('POST', `/v1/estimates/${made.id}/bill`, {})).body.state, 'invoiced');
  const old = await write({ estimate_date: '2020-01-01', expires_on: '2020-01-31' });
  assert.equal(old.state, 'expired');
  const browser = await new Browser().open(old.path);
  assert.match(browser.text, /Expired.*could be accepted until/);
  await inOrder();
});

test('rates inside and on top, discounts of a line and of the whole go from the estimate to its invoices', async () => {
  const rate = async (body: Record<string, unknown>) => (await call('POST', '/v1/tax-rates', body)).body.id;
  const inside = await rate({ name: `VAT ${customerId}`, percent: '20', inclusive: true });
  const onTop = await rate({ name: `City ${customerId}`, percent: '2.5' });
  const made = await write({
    discount: '10%',
    lines: [
      { item_name: 'Oven', unit_price: '1200', tax_rate_ids: [inside] },
      { item_name: 'Fitting', quantity: '4', unit_price: '25', discount: '50%', tax_rate_ids: [onTop] },
    ],
  });
  // 1200.00 + 50.00, less 125.00; 180.00 of VAT is inside 1080.00, 1.13 of city tax on top of 45.00.
  assert.deepEqual(
    [made.subtotal, made.discount, made.tax, made.tax_inside, made.total],
    [125_000, 12_500, 18_113, 18_000, 112_613],
  );
  const browser = await new Browser().open(made.path);
  assert.match(browser.text, /Discount, 10%.*125\.00.*City.*2\.5 %.*\$1\.13.*Includes VAT.*20 %.*\$180\.00.*\$1,126\.13/);
  const answer = { answer: 'accepted', name: 'Ana', revision: 0 };
  assert.equal((await call('POST', `/v1/estimates/${made.id}/answer`, answer)).status, 200);
  await call('POST', `/v1/estimates/${made.id}/bill`, { percent: '33.33' });
  const last = (await call('POST', `/v1/estimates/${made.id}/bill`, {})).body;
  const billed = await Promise.all(
    last.invoices.map(({ invoice_id: id }: { invoice_id: string }) => invoice(id)),
  );
  const total = (name: string) => billed.reduce((all, each) => all + each[name], 0);
  assert.deepEqual(
    [total('subtotal'), total('discount'), total('tax'), total('total')],
    [125_000, 12_500, 18_113, 112_613],
  );
  const taxes = await query<{ percent: string; tax: string }>(
    `select percent, sum(tax)::text as tax from invoice_taxes where invoice_id = any($1) group by 1 order by 1`,
    [billed.map(({ id }) => id)],
  );
  assert.deepEqual(taxes, [
    { percent: '2.5', tax: '113' },
    { percent: '20', tax: '18000' },
  ]);
  await inOrder();
});

test('a customer who pays no tax is offered none, and the invoice says why', async () => {
  const exempt = await given.customer(books, { displayName: 'City school' });
  await query(`update customers set tax_exempt_reason = 'School district' where id = $1`, [exempt]);
  const { body } = await call('POST', '/v1/estimates', { customer_id: exempt, lines });
  assert.deepEqual([body.tax, body.total], [0, body.subtotal]);
  await call('POST', `/v1/estimates/${body.id}/answer`, { answer: 'accepted', name: 'Ana', revision: 0 });
  const billed = (await call('POST', `/v1/estimates/${body.id}/bill`, {})).body;
  assert.equal((await invoice(billed.invoices[0].invoice_id)).tax_exempt_reason, 'School district');
});

test('a deposit that was deducted is voided after its deduction only', async () => {
  const made = await write({ deposit_percent: '10' });
  await call('POST', `/v1/estimates/${made.id}/answer`, { answer: 'accepted', name: 'Ana', revision: 0 });
  const { invoices } = (await call('POST', `/v1/estimates/${made.id}/bill`, {})).body;
  const [deposit, part] = invoices;
  const end = () => call('POST', `/v1/invoices/${deposit.invoice_id}/void`, { reason: 'Mistake' });
  const refused = await end();
  assert.equal(refused.status, 409);
  assert.match(refused.body.error.message, new RegExp(`Void ${part.credit_memo_number} first`));
  const unapplied = await call('POST', `/v1/credit-memos/${part.credit_memo_id}/unapply`, {
    invoice_id: part.invoice_id,
  });
  assert.ok(unapplied.status < 300, JSON.stringify(unapplied.body));
  await call('POST', `/v1/credit-memos/${part.credit_memo_id}/void`, { reason: 'Mistake' });
  assert.equal((await end()).status, 200);
  await inOrder();
});

test('the lists by state are found by what is kept of it', async () => {
  const [declined, accepted, invoiced] = [await write(), await write(), await write()];
  const say = (id: string, answer: string) =>
    call('POST', `/v1/estimates/${id}/answer`, { answer, name: 'Ana', reason: 'x', revision: 0 });
  await say(declined.id, 'declined');
  await say(accepted.id, 'accepted');
  await say(invoiced.id, 'accepted');
  await call('POST', `/v1/estimates/${accepted.id}/bill`, { percent: '40' });
  await call('POST', `/v1/estimates/${invoiced.id}/bill`, {});
  for (const [status, id] of [
    ['declined', declined.id],
    ['accepted', accepted.id],
    ['invoiced', invoiced.id],
  ]) {
    const { body } = await call('GET', `/v1/estimates?status=${status}&limit=1`);
    assert.equal(body.data[0].id, id, status);
  }
});

test('a link of another estimate, or one that was made up, opens nothing', async () => {
  const [made, other] = [await write(), await write()];
  const signature = made.path.split('/').at(-1);
  for (const id of [other.id, newId('estimate')]) {
    const browser = await new Browser().open(`/e/${id}/${signature}`);
    assert.equal(browser.status, 404);
  }
});

test('bad input names its field and the remedy', async () => {
  const refused = async (change: Record<string, unknown>) => {
    const { status, body } = await call('POST', '/v1/estimates', {
      customer_id: customerId,
      lines,
      ...change,
    });
    assert.equal(status, 422);
    return [body.error.param, body.error.message];
  };
  assert.deepEqual((await refused({ deposit_amount: 118_249 }))[0], 'deposit_amount');
  assert.match((await refused({ deposit_percent: '101' }))[1], /percentage up to 100/);
  assert.match((await refused({ deposit_percent: '10', deposit_amount: 1 }))[1], /not both/);
  assert.deepEqual((await refused({ expires_on: '2020-01-01' }))[0], 'expires_on');
  assert.match((await refused({ lines: [{ item_name: 'x', unit_price: '-1' }] }))[1], /more than zero/);
});
