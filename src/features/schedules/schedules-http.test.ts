import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { addDays } from '#lib/dates.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { apiKeyOf } from '../../../test/support/portal.ts';
import { callApi } from '../../../test/support/server.ts';

let books: Books;
let key: string;
let customerId: string;
let methodId: string;
let today: string;
before(async () => {
  books = await given.organization();
  key = await apiKeyOf(books);
  customerId = await given.customer(books, { displayName: '=Harbor' });
  methodId = await given.storedMethod(books, customerId);
  const { body } = await callApi(key, 'GET', '/v1/organization');
  today = (body as { today: string }).today;
});

type Served = {
  id: string;
  state: string;
  pause_reason: string | null;
  next_on: string | null;
  next_dates: string[];
  amount: number;
};
type Failure = { error: { code: string; message: string; param?: string } };
const payment = (over: Record<string, unknown> = {}) => ({
  ...{ kind: 'payment', customer_id: customerId, payment_method_id: methodId, agreement_held: true },
  ...{ amount: 2_500, unit: 'week', starts_on: addDays(today, 7), description: 'Membership' },
  ...over,
});
const post = async (path: string, body?: unknown) => {
  const reply = await callApi(key, 'POST', `/v1/schedules${path}`, body);
  return { status: reply.status, body: reply.body as Served & Failure };
};
const list = async (query: string): Promise<Served[]> => {
  const reply = await callApi(key, 'GET', `/v1/schedules?${query}`);
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return (reply.body as { data: Served[] }).data;
};

test('a schedule for today, without an agreement or without an end that fits is refused by field and remedy', async () => {
  for (const [over, status, param, words] of [
    [{ starts_on: today }, 422, 'starts_on', new RegExp(`tomorrow at the earliest: ${addDays(today, 1)}`)],
    [{ agreement_held: false }, 422, 'agreement_held', /must be true: without the customer’s agreement/],
    [{ ends_on: addDays(today, 2) }, 422, 'ends_on', /./],
    [{ amount: 0 }, 422, 'amount', /./],
    [{ payment_method_id: 'pmt_0000000000000000000000' }, 409, 'payment_method_id', /Store one first/],
    [{ amounts: 100 }, 422, 'amounts', /./],
  ] as const) {
    const { status: answered, body } = await post('', payment(over));
    assert.deepEqual([answered, body.error.param], [status, param], JSON.stringify(body));
    assert.match(body.error.message, words);
  }
  assert.deepEqual(await list(`status=all&customer_id=${customerId}`), []);
});

test('a schedule is made, paused, resumed, skipped and ended, and each answer shows how it then stands', async () => {
  const made = await post('', payment());
  assert.equal(made.status, 201);
  const [first, second, third] = [7, 14, 21].map((days) => addDays(today, days));
  assert.deepEqual(made.body.next_dates.slice(0, 3), [first, second, third]);
  const { id } = made.body;
  const paused = await post(`/${id}/pause`);
  assert.deepEqual([paused.body.state, paused.body.pause_reason], ['paused', 'by_hand']);
  assert.equal((await post(`/${id}/skip`, { day: first })).status, 409);
  const resumed = await post(`/${id}/resume`);
  assert.deepEqual([resumed.body.state, resumed.body.next_on], ['running', first]);
  const wrong = await post(`/${id}/skip`, { day: second });
  assert.deepEqual([wrong.status, wrong.body.error.param], [409, 'day']);
  const skipped = await post(`/${id}/skip`, { day: first });
  assert.deepEqual([skipped.body.state, skipped.body.next_on], ['running', second]);
  const beyond = await callApi(key, 'PATCH', `/v1/schedules/${id}`, { amount: 2_600 });
  assert.deepEqual([beyond.status, (beyond.body as Failure).error.param], [409, 'agreement_held']);
  const held = await callApi(key, 'PATCH', `/v1/schedules/${id}`, { amount: 2_600, agreement_held: true });
  assert.equal((held.body as Served).amount, 2_600);
  const ended = await post(`/${id}/end`);
  assert.deepEqual([ended.body.state, ended.body.next_on], ['completed', null]);
  assert.match((await post(`/${id}/resume`)).body.error.message, /ended/);
  const { body } = await callApi(key, 'GET', `/v1/schedules/${id}/occurrences`);
  assert.deepEqual(
    (body as { data: { day: string; state: string }[] }).data.map(({ day, state }) => [day, state]),
    [[first, 'skipped']],
  );
});

test('the list filters by state, customer and words, sorts, and pages on without a gap', async () => {
  const other = await given.customer(books, { displayName: 'Pine & Sons' });
  const method = await given.storedMethod(books, other);
  const mine = { customer_id: other, payment_method_id: method };
  const ids: string[] = [];
  for (const [amount, days] of [
    [300, 9],
    [100, 3],
    [200, 6],
  ] as const)
    ids.push((await post('', payment({ ...mine, amount, starts_on: addDays(today, days) }))).body.id);
  const [dear = '', cheap = '', middle = ''] = ids;
  await post(`/${middle}/pause`);
  const of = async (query: string) => (await list(`customer_id=${other}&${query}`)).map(({ id }) => id);
  assert.deepEqual(await of('sort=next_on'), [cheap, dear], 'those that run');
  assert.deepEqual(await of('status=all&sort=next_on'), [cheap, middle, dear]);
  assert.deepEqual(await of('status=all&sort=-amount'), [dear, middle, cheap]);
  assert.deepEqual(await of(`status=all&sort=amount&limit=1&starting_after=${cheap}`), [middle]);
  assert.deepEqual((await list('q=pine')).map(({ id }) => id).sort(), [dear, cheap].sort());
  assert.deepEqual(await of('status=all&q=monthly'), []);
  const wrong = await callApi(key, 'GET', '/v1/schedules?status=ended');
  assert.deepEqual([wrong.status, (wrong.body as Failure).error.param], [422, 'status']);
});

test('the export has every row of the list, its amounts and dates, and no formula', async () => {
  const { body: made } = await post('', payment({ amount: 123_456, times: 12, description: '+Garden' }));
  const reply = await callApi(key, 'GET', `/v1/schedules/export?status=all&q=garden`);
  assert.equal(reply.status, 200);
  assert.match(String(reply.headers['content-type']), /text\/csv/);
  assert.match(String(reply.headers['content-disposition']), /schedules-all-\d{4}-\d\d-\d\d\.csv/);
  const [head, row, ...rest] = String(reply.body).replace('\ufeff', '').trim().split(/\r?\n/);
  assert.equal(
    head,
    'ID,Type,Status,Payment plan,Description,Customer,Frequency,Amount,Currency,Start,Next run,Occurrences',
  );
  const start = addDays(today, 7);
  assert.equal(
    row,
    `${made.id},payment,running,,'+Garden,'=Harbor,Weekly,1234.56,USD,${start},${start},0 / 12 (12 remaining)`,
  );
  assert.deepEqual(rest, []);
  const all = await callApi(key, 'GET', `/v1/schedules/export?status=all`);
  assert.equal(
    String(all.body).trim().split(/\r?\n/).length,
    (await list('status=all&limit=100')).length + 1,
  );
});
