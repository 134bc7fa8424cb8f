import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { makeParts, type Parts } from '#compose.ts';
import { makeApp } from '#compose-app.ts';
import { makeJobs } from '#compose-jobs.ts';
import { readConfig } from '#config.ts';
import { letterJson } from '#connectors/letters/lob/fake-letters.ts';
import { lobWebhook } from '#connectors/letters/lob/lob-lab.ts';
import type { App } from '#http/app.ts';
import type { Jobs } from '#jobs/worker.ts';
import { systemNow } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { hashToken, newToken } from '#lib/secrets.ts';
import {
  austin,
  type ChannelHouse,
  channelHouse,
  messageRow,
  monday,
  queueOne,
  queueText,
  runText,
  say,
} from '../../../test/support/channels.ts';
import { given, secrets } from '../../../test/support/given.ts';
import { testLog } from '../../../test/support/logs.ts';

let house: ChannelHouse;
let app: App;
let jobs: Jobs;
let key = '';
before(async () => {
  house = await channelHouse();
  const config = readConfig({ PORT: '0', OWED_BASE_URL: 'http://owed.test' });
  const { db } = house.books;
  const carrierUrls = { twilio: house.twilio.url, lob: house.lob.url };
  const parts: Parts = makeParts({ db, secrets, config, sandboxUrl: 'http://127.0.0.1:2', carrierUrls });
  app = await makeApp(parts, testLog('channels'));
  await app.fastify.ready();
  jobs = makeJobs(parts);
  key = await apiKey();
});
after(async () => {
  await app.fastify.close();
  await house.close();
});

async function apiKey(): Promise<string> {
  const token = `owed_live_${newToken()}`;
  await house.books.tx((tx) =>
    tx.run(sql`insert into api_keys (organization_id, id, name, token_hash, last4, scopes, created_at)
      values (${house.books.organizationId}, ${newId('apiKey')}, 'test', ${hashToken(token)}, ${token.slice(-4)},
        ${['settings:read', 'settings:write', 'messages:read', 'customers:read', 'customers:write', 'invoices:write']}, ${monday})`),
  );
  return token;
}

const call = async (method: 'GET' | 'POST' | 'PATCH', url: string, body?: object) => {
  const reply = await app.fastify.inject({
    method,
    url,
    headers: { authorization: `Bearer ${key}` },
    ...(body ? { payload: body } : {}),
  });
  return { status: reply.statusCode, body: reply.json() };
};

const accountOf = async (channel: string): Promise<string> => {
  const accounts = (await call('GET', '/v1/channel-accounts')).body.data as { id: string; channel: string }[];
  const account = accounts.find((each) => each.channel === channel);
  return must(account, 'the account').id;
};

async function texted(params: Record<string, string>, path = '', forge = false) {
  const url = `/webhooks/texts/${await accountOf('sms')}${path}`;
  const all = { AccountSid: house.twilio.accountSid, ...params };
  const { body, signature } = house.twilio.sign(`http://owed.test${url}`, all);
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': forge ? `${signature.slice(0, -3)}AA=` : signature,
  };
  return app.fastify.inject({ method: 'POST', url, headers, payload: body });
}

let sids = 0;
const incoming = (from: string, text: string, more: Record<string, string> = {}) => {
  sids += 1;
  const sid = `SM${String(sids).padStart(32, '0')}`;
  return texted({ MessageSid: sid, From: from, To: house.twilio.number, Body: text, ...more });
};

/** Works what webhooks have left, as the worker does. */
async function workNews(): Promise<void> {
  const { organizationId } = house.books;
  const rows = await house.books.tx((tx) =>
    tx.rows<{ id: string }>(sql`select id from channel_webhooks where organization_id = ${organizationId}
      and worked_at is null and hint->>'kind' = 'news' order by id`),
  );
  for (const { id } of rows) await jobs['work-carrier-news']?.({ organizationId, webhookId: id } as never);
}

const stateOf = async (id: string) => (await messageRow(house.books, id)).state;

async function agreed(own: string) {
  const customerId = await given.customer(house.books, { phone: own, billingAddress: austin });
  await say(house, 'given', { customerId, phone: own });
  return { customerId, toPhone: own };
}

describe('what people text back', () => {
  test('STOP in any spelling ends texts at once and is answered once; START begins them again', async () => {
    const to = await agreed('+15125550161');
    const stop = await incoming(to.toPhone, ' Stop. ');
    assert.equal(stop.statusCode, 200);
    assert.match(String(stop.headers['content-type']), /^text\/xml/);
    assert.match(stop.body, /<Response><Message>Organization \d+: you will get no more text messages/);
    assert.equal((await messageRow(house.books, await queueText(house, to))).suppressedBy, 'stopped');
    assert.match((await incoming(to.toPhone, 'HELP')).body, /<Message>.*\(512\) 555-0100.*STOP/);
    assert.match((await incoming(to.toPhone, 'start')).body, /<Message>.*again/);
    assert.equal((await messageRow(house.books, await queueText(house, to))).state, 'queued');
    assert.match((await incoming(to.toPhone, 'I paid yesterday')).body, /<Response><\/Response>$/);
  });

  test('where the carrier has answered the keyword itself, we heed it and say nothing', async () => {
    const to = await agreed('+15125550162');
    assert.match(
      (await incoming(to.toPhone, 'STOP', { OptOutType: 'STOP' })).body,
      /<Response><\/Response>$/,
    );
    assert.equal((await messageRow(house.books, await queueText(house, to))).suppressedBy, 'stopped');
  });

  test('a forged STOP and one for another account are refused, and change nothing', async () => {
    const to = await agreed('+15125550163');
    const params = { MessageSid: `SM${'9'.repeat(32)}`, From: to.toPhone, Body: 'STOP' };
    assert.equal((await texted(params, '', true)).statusCode, 403);
    assert.equal((await texted({ ...params, AccountSid: `AC${'0'.repeat(32)}` })).statusCode, 403);
    assert.equal(
      (await app.fastify.inject({ method: 'POST', url: '/webhooks/texts/cha_nobody' })).statusCode,
      404,
    );
    assert.equal((await messageRow(house.books, await queueText(house, to))).state, 'queued');
  });
});

describe('what carriers tell', () => {
  test('news come doubled and out of order: delivered stays delivered', async () => {
    const to = await agreed('+15125550164');
    const id = await queueText(house, to);
    await runText(house, id, monday);
    const sid = (await messageRow(house.books, id)).carrierReference ?? '';
    const tell = (status: string) =>
      texted({ MessageSid: sid, MessageStatus: status, To: to.toPhone }, `/${id}`);
    for (const status of ['delivered', 'delivered', 'sent', 'queued', 'undelivered'])
      assert.equal((await tell(status)).statusCode, 200);
    await workNews();
    assert.equal(await stateOf(id), 'delivered');
  });

  test('news that overtake the answer settle a message whose answer was lost, without another look', async () => {
    const to = await agreed('+15125550165');
    const id = await queueText(house, to);
    house.twilio.troubles.push({ kind: 'dropAfterCommit' });
    await runText(house, id, monday);
    assert.equal(await stateOf(id), 'queued');
    const sid = house.twilio.messages[0]?.sid ?? '';
    await texted(
      { MessageSid: sid, MessageStatus: 'undelivered', ErrorCode: '30006', To: to.toPhone },
      `/${id}`,
    );
    await workNews();
    const row = await messageRow(house.books, id);
    assert.deepEqual([row.state, row.outcomeUnknown, row.carrierReference], ['failed', false, sid]);
    assert.match(row.lastError ?? '', /landline/);
    await runText(house, id, new Date(monday.getTime() + 600_000));
    assert.equal(house.twilio.messages.filter((each) => each.to === to.toPhone).length, 1);
  });

  test('a letter that came back puts its customer’s address in doubt; a forged word of it does not', async () => {
    const customerId = await given.customer(house.books, { billingAddress: austin });
    await given.invoice(house.books, customerId, 5_000n);
    assert.equal((await call('POST', `/v1/customers/${customerId}/confirm-address`, {})).status, 200);
    const id = await queueOne(
      house,
      {
        kind: 'statement',
        channel: 'paper',
        to: [],
        subject: 'Statement',
        html: '',
        text: 'Dear Ana',
        customerId,
        toAddress: { name: 'Ana', address: austin },
      },
      systemNow(),
    );
    const payload = { organizationId: house.books.organizationId, messageId: id } as never;
    await jobs['render-letter']?.(payload);
    await jobs['send-letter']?.(payload);
    assert.equal(await stateOf(id), 'sent');
    const letter = must(
      house.lob.letters.find((each) => each.metadata.message_id === id),
      'the letter',
    );
    const about = { type: 'letter.returned_to_sender', reference: letter.id, body: letterJson(letter) };
    const url = `/webhooks/letters/${await accountOf('paper')}`;
    const post = ({ raw, headers }: ReturnType<typeof lobWebhook>) =>
      app.fastify.inject({
        method: 'POST',
        url,
        payload: raw,
        headers: { ...headers, 'content-type': 'application/json' },
      });
    assert.equal((await post(lobWebhook('another secret', about, systemNow()))).statusCode, 403);
    assert.equal((await post(lobWebhook(house.lob.webhookSecret, about, monday))).statusCode, 403);
    await workNews();
    assert.equal(await stateOf(id), 'sent');
    assert.equal((await post(lobWebhook(house.lob.webhookSecret, about, systemNow()))).statusCode, 200);
    await workNews();
    assert.equal(await stateOf(id), 'bounced');
    const customer = await house.books.tx((tx) =>
      tx.row<{ addressState: string }>(sql`select address_state from customers where id = ${customerId}`),
    );
    assert.equal(customer?.addressState, 'unconfirmed');
  });
});

describe('connecting a carrier', () => {
  const twilio = (change: object = {}) => ({
    vendor: 'twilio',
    credentials: {
      account_sid: house.twilio.accountSid,
      auth_token: house.twilio.authToken,
      sender: house.twilio.number,
      ...change,
    },
  });
  const fault = async (body: object) => (await call('POST', '/v1/channel-accounts', body)).body.error;

  test('what is wrong is said at its field, and nothing is kept that the carrier has not said yes to', async () => {
    const before_ = (await call('GET', '/v1/channel-accounts')).body.data;
    assert.equal((await fault(twilio({ auth_token: 'wrong' }))).param, 'credentials.auth_token');
    assert.equal((await fault(twilio({ account_sid: 'AC1' }))).param, 'credentials.account_sid');
    assert.match(
      (await fault(twilio({ sender: '+15125550199' }))).message,
      /not a number of this Twilio account/,
    );
    assert.equal((await fault(twilio({ sender: '' }))).param, 'credentials.sender');
    const lob = (api_key: string) => ({ vendor: 'lob', credentials: { api_key } });
    assert.match((await fault(lob('live_pub_0123456789abcdef'))).message, /publishable/);
    assert.match((await fault(lob(`live_${'0'.repeat(34)}`))).message, /does not know this key/);
    assert.match((await fault({ vendor: 'nobody', credentials: {} })).message, /lob/);
    assert.deepEqual((await call('GET', '/v1/channel-accounts')).body.data, before_);
  });

  test('connected again it replaces the one before; its secret is never shown; the test button says what is wrong', async () => {
    const old = await accountOf('sms');
    const made = await call('POST', '/v1/channel-accounts', twilio());
    assert.equal(made.status, 201);
    assert.ok(!JSON.stringify(made.body).includes(house.twilio.authToken));
    assert.equal(made.body.shown, house.twilio.number);
    assert.equal(made.body.webhook_url, `http://owed.test/webhooks/texts/${made.body.id}`);
    assert.notEqual(made.body.id, old);
    assert.equal(await accountOf('sms'), made.body.id);
    const check = () => call('POST', `/v1/channel-accounts/${made.body.id}/check`);
    assert.deepEqual(
      [(await check()).body.ok, (await check()).body.message],
      [true, 'Twilio answers as Fake Twilio.'],
    );
    house.twilio.accountStatus = 'suspended';
    const bad = await check();
    assert.ok(!bad.body.ok && /suspended/.test(bad.body.message));
    house.twilio.accountStatus = 'active';
  });

  test('the hours that are kept can be the law’s, and each says where it comes from', async () => {
    const shown = (await call('GET', '/v1/text-hours')).body;
    assert.equal(shown.keeps, 'business');
    const sunday = shown.rules.find(
      (rule: { jurisdiction: string; opens: string }) =>
        rule.jurisdiction === 'US-TX' && rule.opens === '12:00',
    );
    assert.deepEqual([sunday.weekdays, sunday.closes], [[7], '21:00']);
    assert.ok(shown.rules.every((rule: { source: string }) => rule.source.length > 5));
    assert.equal((await call('PATCH', '/v1/text-hours', { keeps: 'law' })).body.keeps, 'law');
    const to = await agreed('+15125550166');
    const saturday = new Date('2026-03-07T18:00:00Z');
    const id = await queueText(house, to, saturday);
    assert.equal((await messageRow(house.books, id)).nextAttemptAt?.toISOString(), saturday.toISOString());
    const early = await queueText(house, to, new Date('2026-03-08T15:00:00Z'));
    // Sundays from noon in Texas, by both of its clocks.
    assert.equal(
      (await messageRow(house.books, early)).nextAttemptAt?.toISOString(),
      '2026-03-08T18:00:00.000Z',
    );
    await call('PATCH', '/v1/text-hours', { keeps: 'business' });
  });
});
