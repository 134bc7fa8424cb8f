import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { advanceClock } from '#features/organizations/advance-clock.ts';
import { sweepExpiries } from '#features/payment-methods/sweep-expiries.ts';
import { newId } from '#lib/ids.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { apiKeyOf, query, tokenFor } from '../../../test/support/portal.ts';
import { callApi, testServer } from '../../../test/support/server.ts';

let books: Books;
let key: string;
before(async () => {
  books = await given.organization();
  key = await apiKeyOf(books);
});

type Shown = { id: string; state: string; is_default: boolean; error?: { message: string } };
type Reply<Body> = { status: number; body: Body };
const call = async <Body = Shown>(
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  body?: object,
): Promise<Reply<Body>> => (await callApi(key, method, url, body)) as Reply<Body>;
const store = (body: object) => call('POST', '/v1/payment-methods', body);
const list = async (customerId: string): Promise<Shown[]> =>
  (await call<{ data: Shown[] }>('GET', `/v1/payment-methods?customer_id=${customerId}`)).body.data;
const charge = (customerId: string, methodId: string) =>
  call('POST', '/v1/charges', {
    customer_id: customerId,
    payment_method_id: methodId,
    amount: 1000,
    applications: [],
  });

test('staff’s bank account waits for its owner’s signature, or is vouched for', async () => {
  const customerId = await given.customer(books, { email: 'owner@example.com' });
  const bank = { customer_id: customerId, kind: 'bank_account' };
  assert.equal((await store({ ...bank, token: 'x' })).status, 422, 'an authorization is not optional');
  const asked = await store({ ...bank, token: await tokenFor(books, 'settle'), authorization: 'request' });
  assert.deepEqual([asked.status, asked.body.state], [201, 'needs_authorization']);
  const [mail] = await query<{ text: string }>(
    `select text from messages where kind = 'authorization_request' and customer_id = $1`,
    [customerId],
  );
  assert.match(mail?.text ?? '', /\/portal\/sign\//);
  const refused = await charge(customerId, asked.body.id);
  assert.equal(refused.status, 409);
  assert.match(refused.body.error?.message ?? '', /signed authorization/);
  const id = newId('paymentMethod');
  const held = {
    ...bank,
    payment_method_id: id,
    token: await tokenFor(books, 'settle'),
    authorization: 'held',
  };
  assert.deepEqual((await store(held)).body.state, 'active');
  assert.equal((await store(held)).body.id, id, 'sent twice is one');
  assert.equal((await list(customerId)).length, 2);
  const [word] = await query<{ signature_kind: string; text: string }>(
    'select signature_kind, text from authorizations where payment_method_id = $1',
    [id],
  );
  assert.equal(word?.signature_kind, 'held');
  assert.match(word?.text ?? '', /is liable for debits/);
  assert.equal((await charge(customerId, id)).status, 202);
});

test('the first method is the usual one until another is chosen; removing it passes that on', async () => {
  const customerId = await given.customer(books, { email: 'usual@example.com' });
  const card = async () =>
    (await store({ customer_id: customerId, kind: 'card', token: await tokenFor(books, 'approve') })).body;
  const [first, second] = [await card(), await card()];
  assert.deepEqual([first.is_default, second.is_default], [true, false]);
  const chosen = await call('POST', `/v1/payment-methods/${second.id}/default`);
  assert.equal(chosen.body.is_default, true);
  assert.deepEqual(
    (await list(customerId)).map((each) => [each.id, each.is_default]),
    [
      [second.id, true],
      [first.id, false],
    ],
  );
  assert.equal((await call('DELETE', `/v1/payment-methods/${second.id}`)).status, 200);
  assert.deepEqual(
    (await list(customerId)).map((each) => [each.id, each.is_default]),
    [[first.id, true]],
  );
  const bank = { customer_id: customerId, kind: 'bank_account', authorization: 'request' };
  const unsigned = (await store({ ...bank, token: await tokenFor(books, 'settle') })).body;
  const refused = await call('POST', `/v1/payment-methods/${unsigned.id}/default`);
  assert.equal(refused.status, 409);
});

test('a card that ends is told of once before and once after, however often it is looked', async () => {
  const own = await given.organization();
  await query(`update organizations set notify_emails = '{office@example.com}' where id = $1`, [
    own.organizationId,
  ]);
  const { parts } = await testServer();
  const customerId = await given.customer(own, { email: 'card@example.com' });
  const made = await callApi(await apiKeyOf(own), 'POST', '/v1/payment-methods', {
    customer_id: customerId,
    kind: 'card',
    token: await tokenFor(own, 'approve'),
  });
  const news = async (): Promise<string[]> =>
    (
      await query<{ type: string }>(
        `select type from events where subject_id = $1 and type ~ 'expir' order by id`,
        [made.body.id],
      )
    ).map(({ type }) => type.replace('payment_method.', ''));
  const mails = async () =>
    (
      await query<{ kind: string; to: string }>(
        `select kind, to_emails[1] as to from messages where customer_id = $1 and kind ~ '^card_' order by id`,
        [customerId],
      )
    ).map(({ kind, to }) => `${kind} ${to}`);
  const [{ today } = { today: '' }] = await query<{ today: string }>(
    `select (now() at time zone time_zone + make_interval(secs => clock_offset_ms / 1000))::date::text as today
     from organizations where id = $1`,
    [own.organizationId],
  );
  const [year, month] = today.split('-').map(Number);
  await query('update payment_methods set expiry_year = $2, expiry_month = $3 where id = $1', [
    made.body.id,
    year,
    month,
  ]);
  await sweepExpiries(parts);
  await Promise.all([sweepExpiries(parts), sweepExpiries(parts)]);
  assert.deepEqual(await news(), ['expiring']);
  assert.deepEqual(await mails(), [
    'card_expiring card@example.com',
    'card_expiring_copy office@example.com',
  ]);
  await advanceClock(parts.db, parts.dailyWork, own.actor, 32);
  await sweepExpiries(parts);
  assert.deepEqual(await news(), ['expiring', 'expired']);
  assert.deepEqual((await mails()).slice(2), [
    'card_expired card@example.com',
    'card_expired_copy office@example.com',
  ]);
});

test('of a card that ends nobody is told who must be left alone; copies and the parent that pays are', async () => {
  const own = await given.organization();
  const { parts } = await testServer();
  const parent = await given.customer(own, { email: 'head@example.com', ccEmails: ['copy@example.com'] });
  const child = await given.customer(own, {
    ...{ email: 'branch@example.com', parentId: parent, billWithParent: true },
  });
  const silent = await given.customer(own, { email: 'silent@example.com', doNotContact: 'represented' });
  const lone = await given.customer(own, { ccEmails: ['desk@example.com'] });
  for (const customerId of [child, silent, lone]) await given.storedMethod(own, customerId);
  await query('update payment_methods set expiry_year = 2020, expiry_month = 1 where organization_id = $1', [
    own.organizationId,
  ]);
  await sweepExpiries(parts);
  const mails = await query<{ customer_id: string; to_emails: string[] }>(
    `select customer_id, to_emails from messages where organization_id = $1 and kind = 'card_expired'`,
    [own.organizationId],
  );
  const told = new Map(mails.map((mail) => [mail.customer_id, mail.to_emails]));
  assert.deepEqual(told.get(child), ['head@example.com', 'copy@example.com']);
  assert.deepEqual(told.get(lone), ['desk@example.com']);
  assert.equal(told.has(silent), false);
});
