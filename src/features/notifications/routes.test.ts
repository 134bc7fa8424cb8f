import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Actor } from '#db/db.ts';
import { outboxOf } from '#features/correspondence/outbox.ts';
import { tellStaff } from '#features/notifications/tell-staff.ts';
import { secondsLater, systemNow } from '#lib/dates.ts';
import { asking, assertNeeds, assertRefused, signedInStaff } from '../../../test/support/asking.ts';
import { query } from '../../../test/support/portal.ts';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';

const outbox = outboxOf({ baseUrl: 'https://pay.example', smtpUrl: undefined, mailFrom: undefined });
let demo: Awaited<ReturnType<typeof testDemo>>;
let staff: ReturnType<typeof asking>;
let ask: Awaited<ReturnType<typeof signedInStaff>>;
before(async () => {
  demo = await testDemo();
  staff = asking(demo.apiKey);
  ask = await signedInStaff(demo);
});

/** Something happens that people are told of. */
async function tell(kind: 'chargeback' | 'dispute', ...keys: string[]): Promise<void> {
  const { db } = (await testServer()).parts;
  const { organizationId } = demo;
  const actor: Actor = { kind: 'job', organizationId, name: 'test' };
  const notices = keys.map((key) => ({
    ...{ kind, key, messageKind: 'notice' as const, path: '/chargebacks' },
    write: () => ({ subject: `News ${key}`, html: key, text: key }),
  }));
  await db.transaction(actor, (tx) =>
    tellStaff(tx, actor, { organizationId, outbox, notices }, secondsLater(systemNow(), 1)),
  );
}
const unread = async (): Promise<number> => (await ask('GET', '/v1/notices/unread')).body.count;

test('a person lists what is new, page by page, and marks it read: one, then all before one', async () => {
  await tell('chargeback', 'one');
  await tell('dispute', 'two');
  await tell('chargeback', 'three');
  const { body } = await ask('GET', '/v1/notices?limit=2');
  assert.deepEqual(
    [body.has_more, ...body.data.map(({ title, read }: { title: string; read: boolean }) => [title, read])],
    [true, ['News three', false], ['News two', false]],
  );
  assert.deepEqual([body.data[0].kind, body.data[0].path], ['chargeback', '/chargebacks']);
  const [newest, middle] = body.data;
  const rest = (await ask('GET', `/v1/notices?starting_after=${middle.id}`)).body;
  assert.deepEqual([rest.data[0].title, rest.has_more], ['News one', false]);
  const before = await unread();
  const one = await ask('POST', '/v1/notices/read', { id: middle.id });
  assert.deepEqual([one.status, one.body.count], [200, before - 1]);
  const left = (await ask('GET', '/v1/notices?unread=true')).body.data;
  assert.ok(!left.some(({ id }: { id: string }) => id === middle.id));
  assert.equal((await ask('POST', '/v1/notices/read', { id: newest.id, and_older: true })).body.count, 0);
  assert.equal(await unread(), 0);
});

test('a person chooses how to be told; what a kind cannot be is refused with what it can', async () => {
  const choose = (body: object) => ask('PATCH', '/v1/notice-choices', body);
  const own = async (kind: string) =>
    (await ask('GET', '/v1/notice-choices')).body.data.find((each: { kind: string }) => each.kind === kind);
  assert.deepEqual(await own('dispute'), {
    kind: 'dispute',
    own: null,
    otherwise: 'console',
    mailed_as_address: false,
  });
  assert.equal((await choose({ kind: 'dispute', channel: 'digest' })).status, 200);
  assert.equal((await own('dispute')).own, 'digest');
  await choose({ kind: 'dispute', channel: null });
  assert.equal((await own('dispute')).own, null);
  assertRefused(await choose({ kind: 'rain', channel: 'mail' }), [422, 'kind', /chargeback/]);
  assertRefused(await choose({ kind: 'dispute', channel: 'fax' }), [422, 'channel', /digest/]);
  assertRefused(await choose({ kind: 'dispute' }), [422, 'channel', /channel/]);
  assertRefused(await choose({ kind: 'daily_summary', channel: 'console' }), [
    422,
    'channel',
    /Daily summary can be .*mail/,
  ]);
  assertRefused(await ask('POST', '/v1/notices/read', { id: `ntc_${'0'.repeat(22)}` }), [
    404,
    undefined,
    /No/,
  ]);
});

test('what holds for those who chose nothing is set by reader: everyone, a role, the addresses', async () => {
  const set = (body: object) => staff.patch('/v1/notice-defaults', body);
  const of = async (reader: string, kind: string) =>
    (await staff.get('/v1/notice-defaults')).body.data.find(
      (each: { reader: string; kind: string }) => each.reader === reader && each.kind === kind,
    );
  await set({ reader: 'payments', kind: 'payout_exception', channel: 'mail' });
  assert.deepEqual(await of('payments', 'payout_exception'), {
    reader: 'payments',
    kind: 'payout_exception',
    channel: 'mail',
    is_set: true,
  });
  assert.equal((await of('everyone', 'payout_exception')).channel, 'console');
  assert.ok(await of('collections', 'promise_broken'), 'each built-in role has its lines');
  await set({ reader: 'payments', kind: 'payout_exception', channel: null });
  assert.deepEqual((await of('payments', 'payout_exception')).is_set, false);
  await set({ reader: 'addresses', kind: 'chargeback', channel: 'off' });
  assert.equal((await of('addresses', 'chargeback')).channel, 'off');
  assertRefused(await set({ reader: 'addresses', kind: 'chargeback', channel: 'digest' }), [
    422,
    'channel',
    /can be mail or off here/,
  ]);
  assertRefused(await set({ reader: 'cleaners', kind: 'dispute', channel: 'mail' }), [
    422,
    'reader',
    /payments/,
  ]);
});

test('the link at the foot says what it stops, stops it, and a guessed one learns nothing', async () => {
  await tell('chargeback', 'four');
  const [row] = await query<{ token: string }>(
    'select stop_token as token from notice_readers where organization_id = $1',
    [demo.organizationId],
  );
  const url = `/v1/notice-stop?token=${row?.token}&kind=chargeback`;
  const before = await callApi('', 'GET', url);
  assert.deepEqual([before.status, before.body.title, before.body.stopped], [200, 'Chargeback', false]);
  const stopped = await callApi('', 'POST', '/v1/notice-stop', { token: row?.token, kind: 'chargeback' });
  assert.deepEqual([stopped.status, stopped.body.stopped, stopped.body.email], [200, true, demo.email]);
  const { data } = (await ask('GET', '/v1/notice-choices')).body;
  assert.equal(data.find(({ kind }: { kind: string }) => kind === 'chargeback').own, 'console');
  const guessed = await callApi('', 'GET', '/v1/notice-stop?token=guessed&kind=chargeback');
  assertRefused(guessed, [410, undefined, /Sign in and open Settings/]);
});

test('notices are a person’s: a key has none, and what holds for all is a setting', async () => {
  for (const [method, url, body] of [
    ['GET', '/v1/notices'],
    ['GET', '/v1/notices/unread'],
    ['GET', '/v1/notice-choices'],
    ['PATCH', '/v1/notice-choices', { kind: 'dispute', channel: 'mail' }],
  ] as const)
    assertRefused(await callApi(demo.apiKey, method, url, body), [
      403,
      undefined,
      /belong to a person: sign in/,
    ]);
  const reader = await staff.keyWith('settings:read');
  const change = { reader: 'everyone', kind: 'dispute', channel: 'mail' };
  await assertNeeds('settings:write', reader, ['PATCH', '/v1/notice-defaults', change]);
  await assertNeeds('settings:read', await staff.keyWith('payments:read'), ['GET', '/v1/notice-defaults']);
});
