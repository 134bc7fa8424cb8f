import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewedLists } from '#features/saved-views/rules.ts';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';
import { asStaff, staffSignedIn } from '../../../test/support/staff.ts';

/** As somebody who signed in: views belong to people. */
async function signedIn() {
  const demo = await testDemo();
  const { app } = await testServer();
  const door = await app.fastify.inject({
    method: 'POST',
    url: '/v1/session',
    payload: { email: demo.email, password: demo.password },
  });
  const cookie = `owed_staff=${door.cookies.find(({ name }) => name === 'owed_staff')?.value}`;
  const call = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) => {
    const reply = await app.fastify.inject({
      method,
      url,
      headers: { cookie },
      ...(payload ? { payload } : {}),
    });
    return { status: reply.statusCode, body: reply.json() };
  };
  return { call, apiKey: demo.apiKey };
}

test('a view is saved, found, changed and deleted over HTTP', async () => {
  const { call } = await signedIn();
  const view = { list: 'invoices', name: 'Late first', search: { status: 'past_due', sort: 'due_date' } };
  const made = await call('POST', '/v1/saved-views', { ...view, is_default: true });
  assert.deepEqual([made.status, made.body.is_default, made.body.own], [201, true, true]);
  const found = await call('GET', '/v1/saved-views?list=invoices');
  assert.deepEqual(found.body.data[0].search, view.search);
  assert.deepEqual((await call('GET', '/v1/saved-views?list=payments')).body.data, []);
  const changed = await call('PATCH', `/v1/saved-views/${made.body.id}`, { name: 'Late', is_default: false });
  assert.deepEqual([changed.body.name, changed.body.is_default], ['Late', false]);
  const twice = await call('POST', '/v1/saved-views', { ...view, name: 'late' });
  assert.deepEqual([twice.status, twice.body.error.param], [409, 'name']);
  assert.equal((await call('DELETE', `/v1/saved-views/${made.body.id}`)).status, 200);
  assert.equal((await call('DELETE', `/v1/saved-views/${made.body.id}`)).status, 404);
});

test('a view keeps its columns and its order, and so does what is put in its place', async () => {
  const { call } = await signedIn();
  const search = { columns: 'number,customer,po,balance', sort: '-total', status: 'open' };
  const made = await call('POST', '/v1/saved-views', { list: 'invoices', name: 'By order', search });
  assert.deepEqual([made.status, made.body.search], [201, search], JSON.stringify(made.body));
  const fewer = { columns: 'number,due', sort: 'due_date' };
  const changed = await call('PATCH', `/v1/saved-views/${made.body.id}`, { search: fewer });
  assert.deepEqual(changed.body.search, fewer);
  assert.deepEqual((await call('GET', '/v1/saved-views?list=invoices')).body.data[0].search, fewer);
  const people = { columns: 'name,phone,added', sort: '-created_at' };
  const customers = { list: 'customers', name: 'Newest', search: people };
  assert.deepEqual((await call('POST', '/v1/saved-views', customers)).body.search, people);
});

test('each list that has views takes what its address says, and nothing that it would not take', async () => {
  const { call } = await signedIn();
  const searches: Record<(typeof viewedLists)[number], Record<string, string>> = {
    invoices: { status: 'open' },
    customers: { status: 'all' },
    payments: { status: 'succeeded' },
    estimates: { status: 'accepted' },
    credit_memos: { status: 'open' },
    schedules: { q: 'rent', status: 'paused', sort: '-amount' },
    deposits: { status: 'hand', from: '2026-01-01' },
    chargebacks: { status: 'open' },
    worklist: { assignee: 'me', min_amount: '5000' },
    messages: { state: 'failed', channel: 'email' },
    tickets: { status: 'waiting', priority: 'high' },
  };
  for (const list of viewedLists) {
    const search = searches[list];
    const made = await call('POST', '/v1/saved-views', { list, name: 'Mine', search, is_default: true });
    assert.deepEqual([made.status, made.body.search], [201, search], JSON.stringify(made.body));
    const page = { list, name: 'A page', search: { starting_after: 'x' } };
    assert.equal((await call('POST', '/v1/saved-views', page)).status, 422, list);
  }
});

test('what the list would not take is refused when it is saved', async () => {
  const { call, apiKey } = await signedIn();
  const tries: [search: object, param: string][] = [
    [{ status: 'late' }, 'status'],
    [{ customer_id: 'somebody' }, 'customer_id'],
    [{ colour: 'red' }, 'colour'],
    [{ due_from: 'yesterday' }, 'due_from'],
    [{ columns: 'number,colour' }, 'columns.*no column colour'],
    [{ columns: 'number,due,due' }, 'columns.*twice'],
    [{ columns: 'due' }, 'columns.*number has to be'],
    [{ columns: '' }, 'columns'],
  ];
  for (const [search, param] of tries) {
    const reply = await call('POST', '/v1/saved-views', { list: 'invoices', name: 'x', search });
    assert.equal(reply.status, 422, JSON.stringify(search));
    assert.match(JSON.stringify(reply.body.error), new RegExp(param));
  }
  const byKey = await callApi(apiKey, 'GET', '/v1/saved-views?list=invoices');
  assert.deepEqual([byKey.status, byKey.body.error.code], [403, 'forbidden']);
});

test('who takes another person’s view from all is answered what became of it', async () => {
  const demo = await testDemo();
  const [maker, owner] = [
    await staffSignedIn(demo.organizationId, 'superuser'),
    await staffSignedIn(demo.organizationId, 'superuser'),
  ];
  const view = { list: 'invoices', name: 'Ours', search: { status: 'past_due' }, shared: true };
  const made = await asStaff(maker.cookie, 'POST', '/v1/saved-views', view);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const change = { shared: false, name: 'Theirs' };
  const taken = await asStaff(owner.cookie, 'PATCH', `/v1/saved-views/${made.body.id}`, change);
  assert.deepEqual(
    [taken.status, taken.body.shared, taken.body.name, taken.body.own],
    [200, false, 'Theirs', false],
    JSON.stringify(taken.body),
  );
  const again = await asStaff(owner.cookie, 'PATCH', `/v1/saved-views/${made.body.id}`, { name: 'Mine' });
  assert.equal(again.status, 404, 'it is the maker’s alone now');
});
