import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { disconnectChannel } from '#features/channel-accounts/connect-channel.ts';
import { connectedAccount } from '#features/correspondence/carriers.ts';
import { advanceClock } from '#features/organizations/advance-clock.ts';
import { systemNow } from '#lib/dates.ts';
import {
  austin,
  type ChannelHouse,
  channelHouse,
  messageRow,
  monday,
  phone,
  queueText,
  runText,
  say,
} from '../../../test/support/channels.ts';
import { given } from '../../../test/support/given.ts';

const minutes = (n: number, from: Date = monday): Date => new Date(from.getTime() + n * 60_000);

let house: ChannelHouse;
before(async () => {
  house = await channelHouse();
});
after(() => house.close());

/** A customer in Austin with a phone of its own, who agreed to texts. */
async function agreed(own: string, address: object = austin) {
  const customerId = await given.customer(house.books, { phone: own, billingAddress: address });
  await say(house, 'given', { customerId, phone: own });
  return { customerId, toPhone: own };
}
const sentTo = (to: string) => house.twilio.messages.filter((each) => each.to === to);

describe('a text message', () => {
  test('goes to the carrier in its hours, once, and only with consent', async () => {
    const customerId = await given.customer(house.books, { billingAddress: austin });
    const without = await queueText(house, { customerId });
    assert.deepEqual(
      [(await messageRow(house.books, without)).state, (await messageRow(house.books, without)).suppressedBy],
      ['suppressed', 'no_consent'],
    );
    await say(house, 'given', { customerId });
    const id = await queueText(house, { customerId, toPhone: '(512) 555-0143' });
    assert.equal((await messageRow(house.books, id)).toPhone, phone);
    await runText(house, id, monday);
    await runText(house, id, monday);
    const row = await messageRow(house.books, id);
    assert.deepEqual([row.state, row.attempts], ['sent', 1]);
    assert.equal(sentTo(phone).length, 1);
    assert.equal(sentTo(phone)[0]?.sid, row.carrierReference);
    assert.equal(sentTo(phone)[0]?.statusUrl, `http://owed.test/webhooks/texts/${await accountId()}/${id}`);
  });

  test('written at night it waits until nine o’clock there, and over the weekend until Monday', async () => {
    const to = await agreed('+15125550150');
    const night = new Date('2026-03-03T04:00:00Z');
    // Texas keeps two clocks: nine o'clock in El Paso is ten in Austin.
    const id = await queueText(house, to, night);
    const row = await messageRow(house.books, id);
    assert.equal(row.nextAttemptAt?.toISOString(), '2026-03-03T16:00:00.000Z');
    await runText(house, id, night);
    assert.equal(sentTo(to.toPhone).length, 0);
    const saturday = await queueText(house, to, new Date('2026-03-07T18:00:00Z'));
    // The clocks go forward on Sunday: nine o'clock is an hour earlier in UTC.
    assert.equal(
      (await messageRow(house.books, saturday)).nextAttemptAt?.toISOString(),
      '2026-03-09T15:00:00.000Z',
    );
  });

  test('due in its hours but reached by the job after them, it waits for the next day', async () => {
    const to = await agreed('+15125550151');
    const id = await queueText(house, to);
    await runText(house, id, new Date('2026-03-02T23:55:00Z'));
    const row = await messageRow(house.books, id);
    assert.deepEqual([row.state, row.nextAttemptAt?.toISOString()], ['queued', '2026-03-03T16:00:00.000Z']);
    assert.equal(sentTo(to.toPhone).length, 0);
  });

  test('somebody whose state neither address nor area code tells is held to every zone of the country', async () => {
    const to = await agreed('+18885550152', {});
    const id = await queueText(house, to);
    // Nine o'clock in Honolulu is one in the afternoon in Austin.
    assert.equal(
      (await messageRow(house.books, id)).nextAttemptAt?.toISOString(),
      '2026-03-02T19:00:00.000Z',
    );
  });

  test('a number from another state than the address waits for the hours of both', async () => {
    const to = await agreed('+14155550152');
    const id = await queueText(house, to);
    // Eleven in Austin is nine in San Francisco; at four in the afternoon there it is six in Austin.
    const row = await messageRow(house.books, id);
    assert.equal(row.nextAttemptAt?.toISOString(), '2026-03-02T17:00:00.000Z');
    const early = await queueText(house, to, new Date('2026-03-02T15:30:00Z'));
    assert.equal(
      (await messageRow(house.books, early)).nextAttemptAt?.toISOString(),
      '2026-03-02T17:00:00.000Z',
    );
    const late = await queueText(house, to, new Date('2026-03-02T23:55:00Z'));
    assert.equal(
      (await messageRow(house.books, late)).nextAttemptAt?.toISOString(),
      '2026-03-03T17:00:00.000Z',
    );
  });

  test('without an address the area code tells the state', async () => {
    const to = await agreed('+15125550152', {});
    const id = await queueText(house, to, new Date('2026-03-02T15:30:00Z'));
    // Nine o'clock in El Paso, the later of the two clocks of Texas.
    assert.equal(
      (await messageRow(house.books, id)).nextAttemptAt?.toISOString(),
      '2026-03-02T16:00:00.000Z',
    );
  });

  test('after STOP nothing goes out, not even what was queued before; START brings it back', async () => {
    const to = await agreed('+15125550153');
    const before_ = await queueText(house, to);
    await say(house, 'stop', { phone: to.toPhone });
    await runText(house, before_, monday);
    assert.deepEqual((await messageRow(house.books, before_)).suppressedBy, 'stopped');
    const later = await queueText(house, to);
    assert.equal((await messageRow(house.books, later)).suppressedBy, 'stopped');
    await say(house, 'given', { customerId: to.customerId, phone: to.toPhone });
    assert.equal((await messageRow(house.books, await queueText(house, to))).suppressedBy, 'stopped');
    assert.equal(sentTo(to.toPhone).length, 0);
    await say(house, 'start', { phone: to.toPhone });
    const again = await queueText(house, to);
    await runText(house, again, monday);
    assert.equal(sentTo(to.toPhone).length, 1);
  });

  test('an answer that was lost is asked about, not sent again', async () => {
    const to = await agreed('+15125550154');
    const id = await queueText(house, to);
    house.twilio.troubles.push({ kind: 'dropAfterCommit' });
    await runText(house, id, monday);
    const lost = await messageRow(house.books, id);
    assert.deepEqual([lost.state, lost.outcomeUnknown], ['queued', true]);
    assert.equal(lost.nextAttemptAt?.toISOString(), minutes(1).toISOString());
    await runText(house, id, minutes(2));
    assert.equal((await messageRow(house.books, id)).state, 'sent');
    assert.equal(sentTo(to.toPhone).length, 1);
  });

  test('lost before the carrier had it, it is sent again; after STOP it is not', async () => {
    const to = await agreed('+15125550155');
    const [first, second] = [await queueText(house, to), await queueText(house, to)];
    house.twilio.troubles.push({ kind: 'dropBeforeCommit' }, { kind: 'dropBeforeCommit' });
    await runText(house, first, monday);
    await runText(house, second, monday);
    await runText(house, first, minutes(2));
    assert.equal((await messageRow(house.books, first)).state, 'sent');
    await say(house, 'stop', { phone: to.toPhone });
    await runText(house, second, minutes(2));
    assert.equal((await messageRow(house.books, second)).suppressedBy, 'stopped');
    assert.equal(sentTo(to.toPhone).length, 1);
  });

  test('lost and then night: what was taken is recorded, what was not waits', async () => {
    const to = await agreed('+15125550156');
    const [taken, not] = [await queueText(house, to), await queueText(house, to)];
    house.twilio.troubles.push({ kind: 'errorAfterCommit' }, { kind: 'dropBeforeCommit' });
    await runText(house, taken, monday);
    await runText(house, not, monday);
    const night = new Date('2026-03-03T04:00:00Z');
    await runText(house, taken, night);
    assert.equal((await messageRow(house.books, taken)).state, 'sent');
    await runText(house, not, night);
    await runText(house, not, minutes(1, night));
    const row = await messageRow(house.books, not);
    assert.deepEqual([row.state, row.nextAttemptAt?.toISOString()], ['queued', '2026-03-03T16:00:00.000Z']);
    assert.equal(sentTo(to.toPhone).length, 1);
  });

  test('told to wait, it waits as long as it was told', async () => {
    const to = await agreed('+15125550157');
    const id = await queueText(house, to);
    house.twilio.troubles.push({ kind: 'rateLimited', retryAfter_s: 600 });
    await runText(house, id, monday);
    const row = await messageRow(house.books, id);
    assert.deepEqual(
      [row.outcomeUnknown, row.nextAttemptAt?.toISOString()],
      [false, minutes(10).toISOString()],
    );
    assert.match(row.lastError ?? '', /Too Many Requests/);
  });

  test('whoever opted out at the carrier is on our list as well', async () => {
    const to = await agreed('+15125550158');
    house.twilio.stopped.add(to.toPhone);
    const id = await queueText(house, to);
    await runText(house, id, monday);
    assert.equal((await messageRow(house.books, id)).state, 'failed');
    assert.equal((await messageRow(house.books, await queueText(house, to))).suppressedBy, 'stopped');
  });

  test('a number that is none, and no carrier, are rules of their own', async () => {
    const to = await agreed('+15125550159');
    const bad = await queueText(house, { ...to, toPhone: '12' });
    assert.equal((await messageRow(house.books, bad)).suppressedBy, 'bad_phone');
    const bare = await channelHouse({ sms: false });
    const customerId = await given.customer(bare.books, { billingAddress: austin });
    await say(bare, 'given', { customerId });
    const id = await queueText(bare, { customerId });
    assert.equal((await messageRow(bare.books, id)).suppressedBy, 'no_sms_sender');
    await bare.close();
  });

  test('in a practice organization it stays in the mailbox, by the same hours and the same consent', async () => {
    const practice = await channelHouse({ mode: 'sandbox' });
    const customerId = await given.customer(practice.books, { billingAddress: austin });
    const without = await queueText(practice, { customerId });
    assert.equal((await messageRow(practice.books, without)).suppressedBy, 'no_consent');
    await say(practice, 'given', { customerId });
    const id = await queueText(practice, { customerId });
    await runText(practice, id, new Date('2026-03-03T04:00:00Z'));
    assert.equal((await messageRow(practice.books, id)).state, 'queued');
    await runText(practice, id, new Date('2026-03-03T16:00:00Z'));
    const row = await messageRow(practice.books, id);
    assert.deepEqual([row.state, row.route], ['sent', 'mailbox']);
    assert.equal(practice.twilio.messages.length, 0);
    await practice.close();
  });

  test('a practice clock moved on brings a waiting text out at its own hour, and one that waits longer nearer', async () => {
    const practice = await channelHouse({ mode: 'sandbox' });
    const { organizationId, actor } = practice.books;
    const customerId = await given.customer(practice.books, { billingAddress: austin });
    await say(practice, 'given', { customerId });
    // Nine on a Sunday evening in Austin; the hours open on Monday at nine in El Paso, 16:00 in UTC.
    const sunday = new Date('2040-03-05T03:00:00Z');
    const offset_ms = sunday.getTime() - systemNow().getTime();
    await practice.books.tx((tx) =>
      tx.run(sql`update organizations set clock_offset_ms = ${offset_ms} where id = ${organizationId}`),
    );
    const soon = await queueText(practice, { customerId }, sunday);
    // On Friday night, for Monday a week later.
    const far = await queueText(practice, { customerId }, new Date('2040-03-10T03:00:00Z'));
    const before_ms = (await messageRow(practice.books, far)).nextAttemptAt?.getTime() ?? 0;
    await advanceClock(practice.books.db, async () => undefined, { ...actor, organizationId }, 1);
    const [first, second] = [await messageRow(practice.books, soon), await messageRow(practice.books, far)];
    assert.deepEqual([first.state, first.route], ['sent', 'mailbox']);
    assert.equal(before_ms - (second.nextAttemptAt?.getTime() ?? 0), 86_400_000);
    await practice.close();
  });

  test('a carrier let go between queueing and sending sends nothing', async () => {
    const own = await channelHouse();
    const { organizationId, actor } = own.books;
    const customerId = await given.customer(own.books, { billingAddress: austin });
    await say(own, 'given', { customerId });
    const id = await queueText(own, { customerId });
    await own.books.tx(async (tx) => {
      const account = await connectedAccount(tx, organizationId, 'sms');
      await disconnectChannel(tx, actor, { organizationId, channelAccountId: account?.id ?? '' }, monday);
    });
    await runText(own, id, monday);
    assert.equal((await messageRow(own.books, id)).suppressedBy, 'no_sms_sender');
    await own.close();
  });
});

async function accountId(): Promise<string> {
  const account = await house.books.tx((tx) => connectedAccount(tx, house.books.organizationId, 'sms'));
  return account?.id ?? '';
}
