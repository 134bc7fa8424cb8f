import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PDFDocument } from '@cantoo/pdf-lib';
import { sql } from 'kysely';
import { cancelLetter } from '#features/correspondence/cancel-letter.ts';
import { getMessage } from '#features/correspondence/queries.ts';
import { recordNews } from '#features/correspondence/record-carriage.ts';
import { sendLetter } from '#features/correspondence/send-letter.ts';
import { confirmAddress } from '#features/letters/confirm-address.ts';
import { renderLetter } from '#features/letters/render-letter.ts';
import { systemNow } from '#lib/dates.ts';
import type { Refusal } from '#lib/errors.ts';
import {
  austin,
  type ChannelHouse,
  channelHouse,
  messageRow,
  queueOne,
} from '../../../test/support/channels.ts';
import { given, read, secrets } from '../../../test/support/given.ts';

let house: ChannelHouse;
let printing: ChannelHouse;
before(async () => {
  [house, printing] = [await channelHouse(), await channelHouse({ paper: false })];
});
after(async () => {
  await house.close();
  await printing.close();
});

const now = systemNow();
const one = ({ books }: ChannelHouse, messageId: string) => ({
  organizationId: books.organizationId,
  messageId,
});
const cancel = (of: ChannelHouse, id: string, at = now) =>
  cancelLetter({ db: of.books.db, carriers: of.carriers }, of.books.actor, one(of, id), at);
const shown = ({ books }: ChannelHouse, id: string) =>
  books.tx((tx) =>
    getMessage(tx, { actor: books.actor, organization: { id: books.organizationId, mode: 'live' } }, id),
  );

/** A letter whose address is confirmed, with its pages. */
async function letter(of: ChannelHouse, address: object = austin): Promise<string> {
  const { organizationId, actor } = of.books;
  const customerId = await given.customer(of.books, { billingAddress: address });
  const invoiceId = await given.invoice(of.books, customerId, 5_000n);
  await of.books.tx((tx) => confirmAddress(tx, actor, { organizationId, customerId }, now));
  const message = {
    ...{ kind: 'payment_past_due', channel: 'paper' as const, to: [], html: '', customerId, invoiceId },
    ...{ subject: 'Past due', text: 'Please pay.', awaitsDocument: true },
    toAddress: { name: 'Ana', address },
  };
  const id = await queueOne(of, message, now);
  await renderLetter({ db: of.books.db, secrets, baseUrl: 'http://owed.test' }, one(of, id), now);
  return id;
}
const sent = async (of: ChannelHouse): Promise<string> => {
  const id = await letter(of);
  await sendLetter({ db: of.books.db, carriers: of.carriers }, one(of, id), now);
  return id;
};

test('a letter at the printer is taken back within its window, is held back, and news that follow change nothing', async () => {
  const id = await sent(house);
  const before = await shown(house, id);
  assert.equal(before.can_cancel, true);
  assert.ok(before.cancelable_until && before.cancelable_until > now);
  await cancel(house, id);
  const row = await messageRow(house.books, id);
  assert.deepEqual([row.state, row.suppressedBy], ['suppressed', 'cancelled']);
  assert.equal((await shown(house, id)).can_cancel, false);
  assert.equal(house.lob.letters.find(({ id: own }) => own === row.carrierReference)?.isDeleted, true);
  const news = { kind: 'news' as const, eventId: 'e', reference: row.carrierReference ?? '', reason: '' };
  const { organizationId, actor } = house.books;
  await house.books.tx((tx) =>
    recordNews(tx, actor, { organizationId, news: { ...news, state: 'failed' } }, now),
  );
  assert.equal((await messageRow(house.books, id)).state, 'suppressed');
  assert.equal((await read.events(house.books, id)).at(-1), 'message.suppressed');
  await assert.rejects(cancel(house, id), (error: Refusal) => error.code === 'state_refused');
});

test('what is printed is printed: the letter stays sent, and cannot be asked back again', async () => {
  const id = await sent(house);
  const { carrierReference } = await messageRow(house.books, id);
  for (const each of house.lob.letters) if (each.id === carrierReference) each.sendDate = now;
  await assert.rejects(cancel(house, id), (error: Refusal) => /too late/.test(error.message));
  assert.equal((await messageRow(house.books, id)).state, 'sent');
  assert.equal((await shown(house, id)).can_cancel, false);
  const past = await sent(house);
  await house.books.tx((tx) =>
    tx.run(sql`update messages set cancelable_until = now() - interval '1 second' where id = ${past}`),
  );
  const asked = house.lob.exchanges.length;
  await assert.rejects(cancel(house, past), (error: Refusal) => /not printed yet/.test(error.message));
  assert.equal(house.lob.exchanges.length, asked, 'the printer was not asked');
});

test('a printer that does not answer leaves the letter as it was, to be asked again', async () => {
  const id = await sent(house);
  house.lob.troubles.push({ kind: 'unavailable' });
  await assert.rejects(cancel(house, id), (error: Refusal) => error.code === 'unavailable');
  assert.equal((await messageRow(house.books, id)).state, 'sent');
  await cancel(house, id);
  assert.equal((await messageRow(house.books, id)).state, 'suppressed');
});

test('a letter to print yourself is cancelled where it waits, and is on the paper of its reader’s country', async () => {
  const sizes = async (address: object): Promise<[string, number[]]> => {
    const id = await letter(printing, address);
    const file = await printing.books.tx((tx) =>
      tx.row<{ bytes: Buffer }>(sql`select bytes from message_attachments where message_id = ${id}`),
    );
    const pages = (await PDFDocument.load(new Uint8Array(file?.bytes ?? []))).getPages();
    return [id, pages.map((page) => Math.round(page.getHeight()))];
  };
  const [id, american] = await sizes(austin);
  const [, german] = await sizes({
    line1: 'Am Kanal 1',
    city: 'Berlin',
    postal_code: '10115',
    country: 'DE',
  });
  assert.deepEqual([american, german], [[792], [842]]);
  await cancel(printing, id);
  assert.deepEqual((await messageRow(printing.books, id)).suppressedBy, 'cancelled');
  assert.equal(printing.lob.exchanges.length, 0);
});
