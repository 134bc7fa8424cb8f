import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { readOrganization } from '#features/organizations/queries.ts';
import { paymentsFile } from '#features/payments/list-file.ts';
import {
  listPayments,
  mostCounted,
  type PaymentFilter,
  totalPayments,
} from '#features/payments/list-payments.ts';
import { getPayment } from '#features/payments/report-queries.ts';
import { snake } from '#lib/casing.ts';
import { type Books, bankAccount, given, news } from '../../../test/support/given.ts';

const list = async (
  books: Books,
  filter: Partial<PaymentFilter & { limit: number; startingAfter: string }> = {},
) =>
  (await books.tx((tx) => listPayments(tx, books.organizationId, { status: 'all', limit: 100, ...filter })))
    .data;
const idsOf = async (books: Books, filter: Partial<PaymentFilter>) =>
  (await list(books, filter)).map(({ id }) => id);
const totals = (books: Books, filter: Partial<PaymentFilter> = {}) =>
  books.tx((tx) => totalPayments(tx, books.organizationId, { status: 'all', ...filter }));
const one = (books: Books, id: string) => books.tx((tx) => getPayment(tx, books.organizationId, id));
async function file(books: Books, filter: Partial<PaymentFilter> = {}): Promise<string[][]> {
  const organization = await books.tx((tx) => readOrganization(tx, books.organizationId));
  const all = paymentsFile.bytes(
    {
      actor: books.actor,
      organization: { ...organization, mode: 'live' },
      now: new Date('2026-03-05T12:00:00Z'),
      ids: undefined,
      query: { status: 'all', ...snake(filter) },
      inTx: (read) => books.db.transaction(books.actor, read),
    },
    'csv',
  );
  const whole = await text(Readable.from(all));
  assert.ok(whole.startsWith('\ufeff'), 'spreadsheets know it as UTF-8');
  return whole
    .slice(1)
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/));
}

/** One payment of each fate. */
async function fates() {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100_000n);
  const money = { customerId, amount: 1_000n, applications: [{ invoiceId, amount: 1_000n }] };
  const chargeThat = async (kind: 'card' | 'bank_account', ...words: Parameters<typeof news>[0][]) => {
    const { paymentId } = await given.charge(books, { ...money, kind });
    await given.outcome(
      books,
      paymentId,
      ...words.map((word) => news(word, kind === 'card' ? undefined : bankAccount)),
    );
    return paymentId;
  };
  const { paymentId: check } = await given.payment(books, { ...money, amount: 2_000n, reference: '1042' });
  return {
    books,
    customerId,
    invoiceId,
    money,
    check,
    approved: await chargeThat('card', 'approved'),
    declined: await chargeThat('card', 'declined'),
    unknown: await chargeThat('card', 'unknown'),
    accepted: await chargeThat('bank_account', 'submitted', 'accepted'),
    returned: await chargeThat('bank_account', 'submitted', 'settled', 'returned'),
    voided: await chargeThat('card', 'approved', 'voided'),
  };
}

describe('the report of payments', () => {
  test('each view has its payments: under way, succeeded, rejected and voided; together they are all', async () => {
    const { books, ...made } = await fates();
    const views = {
      in_progress: [made.unknown, made.accepted],
      succeeded: [made.check, made.approved],
      rejected: [made.declined, made.returned],
      voided: [made.voided],
    } as const;
    let together = 0;
    for (const [status, ids] of Object.entries(views) as [keyof typeof views, readonly string[]][]) {
      assert.deepEqual(new Set(await idsOf(books, { status })), new Set(ids), status);
      together += ids.length;
    }
    assert.equal((await list(books)).length, together);
  });

  test('what was rejected says why, what to do and whose turn it is, and which invoice is still open', async () => {
    const { books, invoiceId, ...made } = await fates();
    const rejected = new Map((await list(books, { status: 'rejected' })).map((each) => [each.id, each]));
    const declined = rejected.get(made.declined);
    assert.deepEqual(
      [declined?.result.code, declined?.result.title, declined?.result.turn],
      ['insufficient_funds', 'Not enough money', 'customer'],
    );
    const returned = rejected.get(made.returned);
    assert.deepEqual(
      [returned?.result.code, returned?.result.title, returned?.result.turn],
      ['R01', 'Insufficient funds', 'organization'],
    );
    assert.match(returned?.result.next ?? '', /charge the account again: 3 debits .* within 180 days/);
    for (const each of [declined, returned])
      assert.deepEqual(
        [each?.invoices.count, each?.invoices.open, each?.invoices.first[0]?.invoice_id],
        [1, 1, invoiceId],
      );
  });

  test('what is under way says what comes next, and a lost answer that nobody asks about any more is your turn', async () => {
    const { books, ...made } = await fates();
    const accepted = await one(books, made.accepted);
    assert.deepEqual([accepted.result.turn, accepted.result.expected_on], ['bank', '2026-03-06']);
    assert.match((await one(books, made.unknown)).result.next ?? '', /Owed asks the gateway until it knows/);
    await books.tx((tx) =>
      tx.run(sql`update payments set next_lookup_at = null
        where organization_id = ${books.organizationId} and id = ${made.unknown}`),
    );
    const { result } = await one(books, made.unknown);
    assert.deepEqual([result.turn, /Look the payment up/.test(result.next ?? '')], ['organization', true]);
  });

  test('the gateway’s own code and words are kept with ours, also while its answer is lost, and go with good news', async () => {
    const { books, money } = await fates();
    const { paymentId } = await given.charge(books, money);
    const vendor = { code: 'E00114', message: 'Invalid OTS Token.' };
    await given.outcome(books, paymentId, { outcome: 'unknown', reason: 'the gateway answered 502' });
    assert.deepEqual((await one(books, paymentId)).gateway_said, {
      code: null,
      message: 'the gateway answered 502',
    });
    await given.outcome(books, paymentId, {
      outcome: 'declined',
      code: 'details_expired',
      message: 'Enter it again.',
      vendor,
    });
    const { gateway_said: said, decline } = await one(books, paymentId);
    assert.deepEqual([said, decline?.code], [vendor, 'details_expired']);
    const { paymentId: second } = await given.charge(books, money);
    await given.outcome(books, second, { outcome: 'unknown', reason: 'no answer' }, news('approved'));
    assert.equal((await one(books, second)).gateway_said, null);
  });

  test('a bank debit has a log of its states, each with its time', async () => {
    const { books, ...made } = await fates();
    const { status_log: log } = await one(books, made.returned);
    assert.deepEqual(
      log.map(({ state }) => state),
      ['pending', 'submitted', 'settled', 'returned'],
    );
    assert.ok(log.every(({ at }) => at instanceof Date));
  });

  test('filters narrow by kind, source, gateway account, amount and day, alone and together', async () => {
    const { books, ...made } = await fates();
    const { gatewayAccountId } = books;
    assert.deepEqual(await idsOf(books, { kind: 'check' }), [made.check]);
    assert.deepEqual(await idsOf(books, { source: 'staff' }), [made.check]);
    assert.equal((await idsOf(books, { gatewayAccountId })).length, 6);
    assert.deepEqual(await idsOf(books, { gatewayAccountId: 'gwa_0000000000000000000000' }), []);
    assert.deepEqual(await idsOf(books, { amountFrom: 1_001 }), [made.check]);
    assert.equal((await idsOf(books, { amountTo: 1_000 })).length, 6);
    assert.deepEqual(await idsOf(books, { amountFrom: 2_000, amountTo: 2_000 }), [made.check]);
    assert.deepEqual(await idsOf(books, { from: '2026-03-03' }), []);
    assert.deepEqual(
      new Set(
        await idsOf(books, { kind: 'bank_account', source: 'portal', gatewayAccountId, to: '2026-03-02' }),
      ),
      new Set([made.accepted, made.returned]),
    );
  });

  test('a payment is found by an invoice’s number, by its reference and by the gateway’s', async () => {
    const { books, invoiceId, ...made } = await fates();
    const invoice = await books.tx((tx) =>
      tx.row<{ number: string }>(sql`select number from invoices where id = ${invoiceId}`),
    );
    assert.equal((await idsOf(books, { q: invoice?.number })).length, 7);
    assert.deepEqual(await idsOf(books, { q: '1042' }), [made.check]);
    assert.deepEqual(new Set(await idsOf(books, { q: 'ch_test', status: 'voided' })), new Set([made.voided]));
  });

  test('a bulk payment says how many invoices it is for, and names the first three, open ones before', async () => {
    const books = await given.organization();
    const customerId = await given.customer(books);
    const ids = await Promise.all(
      [1, 2, 3, 4].map((at) => given.invoice(books, customerId, 100n, { number: `N-${at}` })),
    );
    const { paymentId } = await given.payment(books, {
      customerId,
      amount: 350n,
      applications: ids.map((invoiceId, at) => ({ invoiceId, amount: at === 3 ? 50n : 100n })),
    });
    const { invoices } = await one(books, paymentId);
    assert.deepEqual(
      [invoices.count, invoices.open, invoices.first.map((each) => each.invoice_number)],
      [4, 1, ['N-4', 'N-1', 'N-2']],
    );
  });

  test('totals are of all that the filter finds, by currency, and of very many only that there are so many', async () => {
    const { books, customerId } = await fates();
    assert.deepEqual((await totals(books)).by_currency, [
      { currency: 'USD', count: 7, amount: 8_000n, succeeded: 3_000n, refunded: 0n },
    ]);
    assert.deepEqual((await totals(books, { status: 'rejected' })).by_currency[0]?.amount, 2_000n);
    await books.tx((tx) =>
      tx.run(sql`insert into payments (organization_id, id, customer_id, request_key, kind, source, state, amount,
          currency, received_on, requested_at, posted_at)
        select ${books.organizationId}, 'pay_' || lpad(n::text, 22, '0'), ${customerId}, 'k' || n, 'cash', 'staff',
          'settled', 100, 'USD', '2026-03-01', now(), now() from generate_series(1, ${mostCounted}) n`),
    );
    const many = await totals(books);
    assert.deepEqual([many.count, many.is_complete, many.by_currency], [mostCounted, false, []]);
    assert.equal((await totals(books, { kind: 'cash' })).count, mostCounted);
    assert.equal((await totals(books, { kind: 'cash' })).is_complete, true);
  });
});

describe('the report as a file', () => {
  test('has every row of the list in its order, over many pages, whatever happens meanwhile', async () => {
    const { books, customerId } = await fates();
    await books.tx((tx) =>
      tx.run(sql`insert into payments (organization_id, id, customer_id, request_key, kind, source, state, amount,
          currency, received_on, requested_at, posted_at)
        select ${books.organizationId}, 'pay_' || lpad((10000 + n)::text, 22, '0'), ${customerId}, 'k' || n, 'cash', 'staff',
          'settled', 100, 'USD', date '2026-02-01' + n % 20, now(), now() from generate_series(1, 1200) n`),
    );
    const [head = [], ...rows] = await file(books);
    assert.equal(rows.length, 1207);
    assert.equal(new Set(rows.map(([id]) => id)).size, 1207);
    const expected = await books.tx((tx) =>
      tx.rows<{ id: string }>(sql`select id from payments where organization_id = ${books.organizationId}
        order by received_on desc, id desc`),
    );
    assert.deepEqual(
      rows.map(([id]) => id),
      expected.map(({ id }) => id),
    );
    assert.ok(rows.every((row) => row.length === head.length));
  });

  test('takes the filter of the list and the columns of the view, plain amounts and the organization’s dates', async () => {
    const { books, ...made } = await fates();
    const [head = [], ...rows] = await file(books, { status: 'rejected' });
    assert.deepEqual(head, [
      'Id',
      'Received on',
      'Customer',
      'Method',
      'Source',
      'Gateway account',
      'State',
      'Code',
      'Reason',
      'Next',
      'Turn',
      'Invoices',
      'Number of invoices',
      'Invoices still open',
      'Currency',
      'Amount',
    ]);
    const row = Object.fromEntries(
      head.map((name, at) => [name, rows.find(([id]) => id === made.returned)?.[at]]),
    );
    assert.deepEqual(
      [rows.length, row['Received on'], row.State, row.Code, row.Reason, row.Turn, row.Amount, row.Currency],
      [2, '2026-03-02', 'Returned', 'R01', 'Insufficient funds', 'Your turn', '10.00', 'USD'],
    );
    const [heads = [], waiting = []] = await file(books, { status: 'in_progress', kind: 'bank_account' });
    assert.equal(waiting[heads.indexOf('Days under way')], '3');
    assert.equal(waiting[heads.indexOf('Expected to settle on')], '2026-03-06');
  });

  test('runs no formula that a customer’s name or a reference would be in a spreadsheet', async () => {
    const books = await given.organization();
    const customerId = await given.customer(books, { displayName: '=HYPERLINK("http://evil.test","Pay")' });
    await given.payment(books, { customerId, amount: 100n, reference: '@SUM(A1)' });
    const [head = [], row = []] = await file(books);
    assert.equal(row[head.indexOf('Customer')], `"'=HYPERLINK(""http://evil.test"",""Pay"")"`);
    assert.ok(
      row.every((cell) => !/^"?[=@]/.test(cell)),
      row.join(),
    );
  });
});
