import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applyCredit } from '#features/credit-memos/apply-credit.ts';
import type { CreditLineInput } from '#features/credit-memos/compose-credit.ts';
import { createCreditMemo } from '#features/credit-memos/create-credit-memo.ts';
import { getCreditMemo } from '#features/credit-memos/queries.ts';
import { rewriteCreditMemo } from '#features/credit-memos/rewrite-credit-memo.ts';
import { voidCreditMemo } from '#features/credit-memos/void-credit-memo.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { addTaxRate } from '#features/taxes/tax-rates.ts';
import { Refusal } from '#lib/errors.ts';
import { asking, assertNeeds, assertRefused } from '../../../test/support/asking.ts';
import { type Books, given, read } from '../../../test/support/given.ts';
import { reportCells } from '../../../test/support/reports.ts';
import { testDemo } from '../../../test/support/server.ts';

const year = { period: 'custom', from: '2026-01-01', to: '2026-12-31' };
const rate = (books: Books, name: string, percent: string, inclusive = false) =>
  books.tx(async (tx) => {
    const { actor, organizationId, now } = books;
    const about = { name, percent, inclusive, compound: false };
    return (await addTaxRate(tx, actor, { organizationId, rate: about }, now)).taxRateId;
  });
const part = (itemName: string, quantity: string, unitPrice: string, taxRateIds: string[] = []) => ({
  ...{ itemName, description: '', quantity, unitPrice, taxable: taxRateIds.length > 0, taxRate: '0' },
  taxRateIds,
});

const write = async (
  books: Books,
  customerId: string,
  lines: CreditLineInput[],
  more: { issue?: boolean; memoDate?: string } = {},
): Promise<string> => {
  const { actor, organizationId, now } = books;
  const { issue = true, ...dated } = more;
  const memo = { customerId, lines, ...dated };
  const made = await books.tx((tx) => createCreditMemo(tx, actor, { organizationId, memo, issue }, now));
  return made.creditMemoId;
};
const show = (books: Books, id: string) => books.tx((tx) => getCreditMemo(tx, books.organizationId, id));
const inOrder = async (books: Books): Promise<void> =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);

test('lines come to what an invoice of them would; the books take back the sale and its tax', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const [state, city] = [await rate(books, 'State', '6'), await rate(books, 'City', '2.5')];
  const lines = [
    { ...part('Parts', '3', '10.00', [state, city]), discount: '10%' },
    part('Restocking', '1', '-2.00'),
  ];
  const id = await write(books, customerId, lines);
  const memo = await show(books, id);
  // 3 × 10.00 less 10 % is 27.00: 6 % of it 1.62, 2.5 % of it 0.675, rounded half up.
  assert.deepEqual([memo.subtotal, memo.tax, memo.total], [25_00n, 2_30n, 27_30n]);
  assert.deepEqual(
    memo.taxes.map(({ name, taxable, tax }) => [name, taxable, tax]),
    [
      ['State', 27_00n, 1_62n],
      ['City', 27_00n, 68n],
    ],
  );
  assert.deepEqual(
    memo.lines.map((line) => [line.item_name, line.quantity, line.unit_price, line.amount, line.discount]),
    [
      ['Parts', '3', '10.00', 27_00n, '10%'],
      ['Restocking', '1', '-2.00', -2_00n, ''],
    ],
  );
  const { unapplied_credit, sales_returns, sales_tax_payable } = await read.ledger(books);
  assert.deepEqual([unapplied_credit, sales_returns, sales_tax_payable], [-27_30n, 25_00n, 2_30n]);
  await inOrder(books);
});

test('a tax that is inside the prices is taken out of the sale that is taken back, also by item', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const vat = await rate(books, 'VAT', '20', true);
  await write(books, customerId, [part('Bulb', '1', '12.00', [vat]), part('Lamp', '2', '24.00', [vat])]);
  const { unapplied_credit, sales_returns, sales_tax_payable } = await read.ledger(books);
  assert.deepEqual([unapplied_credit, sales_returns, sales_tax_payable], [-60_00n, 50_00n, 10_00n]);
  await inOrder(books);
  assert.deepEqual(await reportCells(books, 'sales', { ...year, by: 'item' }), [
    ['Bulb', 1, 0, 10_00, -10_00],
    ['Lamp', 1, 0, 40_00, -40_00],
  ]);
});

describe('the tax report, by hand', () => {
  /** 100.00 with 6 % on an invoice of February, and 20.00 with 6 % credited in March. */
  async function trade(lines: (state: string) => CreditLineInput[]) {
    const books = await given.organization();
    const customerId = await given.customer(books);
    const state = await rate(books, 'State', '6');
    const dates = { invoiceDate: '2026-02-10', dueDate: '2026-04-01' };
    const invoiceId = await given.invoice(books, customerId, 0n, {
      lines: [part('Parts', '1', '100', [state])],
      ...dates,
    });
    const creditMemoId = await write(books, customerId, lines(state), { memoDate: '2026-03-01' });
    return { books, customerId, invoiceId, creditMemoId };
  }
  const use = (books: Books, creditMemoId: string, invoiceId: string, amount: bigint) => {
    const { organizationId, actor, now } = books;
    const applications = [{ invoiceId, amount }];
    return books.tx((tx) => applyCredit(tx, actor, { organizationId, creditMemoId, applications }, now));
  };

  test('by what was invoiced, a credit stands at its rate in its month', async () => {
    const { books, creditMemoId } = await trade((state) => [part('Parts', '0.2', '100', [state])]);
    const stood = [
      ['2026-02', 'State 6 %', 100_00, 6_00],
      ['2026-03', 'State 6 %', -20_00, -1_20],
    ];
    assert.deepEqual(await reportCells(books, 'tax', year), stood);
    const { organizationId, actor, now } = books;
    const about = { organizationId, creditMemoId, reason: 'By mistake' };
    await books.tx((tx) => voidCreditMemo(tx, actor, about, now));
    assert.deepEqual(await reportCells(books, 'tax', year), stood.slice(0, 1));
  });

  test('by what was paid, it counts when it is used: in the end as much tax as was invoiced', async () => {
    const { books, customerId, invoiceId, creditMemoId } = await trade((state) => [
      part('Parts', '0.2', '100', [state]),
    ]);
    const cash = () => reportCells(books, 'tax', { ...year, basis: 'cash' });
    assert.deepEqual(await cash(), [], 'nothing is paid, nothing is used');
    await use(books, creditMemoId, invoiceId, 21_20n);
    // Half of nothing: what the credit pays of the invoice's tax is what it takes back of its own.
    assert.deepEqual(await cash(), []);
    await given.payment(books, {
      ...{ customerId, amount: 84_80n, receivedOn: '2026-03-02' },
      applications: [{ invoiceId, amount: 84_80n }],
    });
    assert.deepEqual(await cash(), [['2026-03', 'State 6 %', 80_00, 4_80]]);
  });

  test('credit without tax pays an invoice as money does: its tax is owed whole', async () => {
    const { books, customerId, invoiceId, creditMemoId } = await trade(() => [
      { description: 'Deposit', amount: 53_00n },
    ]);
    await use(books, creditMemoId, invoiceId, 53_00n);
    const cash = () => reportCells(books, 'tax', { ...year, basis: 'cash' });
    assert.deepEqual(await cash(), [['2026-03', 'State 6 %', 50_00, 3_00]]);
    await given.payment(books, {
      ...{ customerId, amount: 53_00n, receivedOn: '2026-03-02' },
      applications: [{ invoiceId, amount: 53_00n }],
    });
    assert.deepEqual(await cash(), [['2026-03', 'State 6 %', 100_00, 6_00]]);
  });
});

test('a draft is written anew, whole; what was issued keeps what it says', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const state = await rate(books, 'State', '6');
  const id = await write(books, customerId, [part('Parts', '1', '10', [state])], { issue: false });
  const { organizationId, actor, now } = books;
  const rewrite = (lines: CreditLineInput[], issue: boolean) => {
    const memo = { customerId, lines, reason: 'Came back' };
    return books.tx((tx) =>
      rewriteCreditMemo(tx, actor, { organizationId, creditMemoId: id, memo, issue }, now),
    );
  };
  await rewrite([part('Lamp', '2', '7.50')], false);
  const anew = await show(books, id);
  assert.deepEqual([anew.state, anew.total, anew.tax, anew.reason], ['draft', 15_00n, 0n, 'Came back']);
  assert.deepEqual(
    [anew.lines.map((line) => line.item_name), anew.taxes],
    [['Lamp'], []],
    'nothing of the old lines or taxes is left',
  );
  await inOrder(books);
  await rewrite([part('Lamp', '1', '7.50', [state])], true);
  assert.deepEqual([(await show(books, id)).state, (await show(books, id)).total], ['open', 7_95n]);
  await inOrder(books);
  await assert.rejects(rewrite([part('Lamp', '1', '1')], false), /keeps what it says/);
});

test('what is no credit is refused by its field', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const state = await rate(books, 'State', '6');
  const refusals: [CreditLineInput[], string | undefined, RegExp][] = [
    [[part('Parts', '1', '0')], 'lines', /more than zero/],
    [[part('Parts', '1', '-5')], 'lines', /more than zero/],
    [[{ ...part('Parts', '1', '10', [state]), tax: 60n }], 'lines.0.tax', /not both/],
  ];
  for (const [lines, param, says] of refusals)
    await assert.rejects(write(books, customerId, lines), (error: unknown) => {
      assert.ok(error instanceof Refusal, String(error));
      assert.equal(error.details.param, param);
      assert.match(error.message, says);
      return true;
    });
});

test('what is written is shown before it is kept, and written anew while it is a draft', async () => {
  const staff = asking((await testDemo()).apiKey);
  const customers = await staff.get('/v1/customers?limit=1');
  const body = {
    customer_id: customers.body.data[0].id,
    lines: [{ item_name: 'Lawn feed', quantity: '2', unit_price: '48.50' }],
  };
  const count = async () => (await staff.get('/v1/credit-memos?limit=100')).body.data.length;
  const before = await count();
  const page = await staff.post('/v1/credit-memos/preview', body);
  assert.deepEqual([page.status, page.headers['content-type']], [200, 'image/svg+xml']);
  assert.match(page.body, /^<svg/);
  assert.equal(await count(), before, 'a preview keeps nothing');

  const draft = await staff.post('/v1/credit-memos', { ...body, issue: false });
  assert.deepEqual([draft.status, draft.body.state, draft.body.total], [201, 'draft', 97_00]);
  const url = `/v1/credit-memos/${draft.body.id}/draft`;
  const named = async (id?: string) => {
    const { headers } = await staff.post('/v1/credit-memos/preview', { ...body, id });
    return String(headers['content-disposition']).match(/CM-\d+/)?.[0];
  };
  assert.equal(await named(draft.body.id), draft.body.number);
  assert.notEqual(await named(), draft.body.number, 'a new one has the next number');
  const lines = [{ ...body.lines[0], quantity: '1' }];
  const anew = await staff.patch(url, { ...body, lines, issue: true });
  assert.deepEqual([anew.status, anew.body.state, anew.body.total], [200, 'open', 48_50]);
  assert.equal((await staff.patch(url, body)).body.error.code, 'state_refused');
  const file = await staff.get(`/v1/credit-memos/${draft.body.id}/pdf`);
  assert.equal(file.status, 200);

  const nobody = 'cus_0000000000000000000000';
  for (const reply of [
    await staff.post('/v1/credit-memos/preview', { ...body, customer_id: nobody }),
    await staff.post('/v1/credit-memos', { ...body, customer_id: nobody }),
  ])
    assertRefused(reply, [404, 'customer_id', /no such customer/]);
  const reader = await staff.keyWith('payments:read');
  await assertNeeds('invoices:read', reader, ['POST', '/v1/credit-memos/preview', body]);
  await assertNeeds('invoices:write', reader, ['PATCH', url, body]);
});
