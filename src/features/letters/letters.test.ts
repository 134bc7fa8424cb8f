import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PDFDocument } from '@cantoo/pdf-lib';
import { sql } from 'kysely';
import { extractText, getDocumentProxy } from 'unpdf';
import { sendLetter } from '#features/correspondence/send-letter.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { confirmAddress } from '#features/letters/confirm-address.ts';
import { markLettersMailed } from '#features/letters/mark-letters-mailed.ts';
import { mergeLetters } from '#features/letters/merge-letters.ts';
import { listLettersToPrint, readLetterPages } from '#features/letters/queries.ts';
import { renderLetter } from '#features/letters/render-letter.ts';
import { secondsLater, systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import {
  austin,
  type ChannelHouse,
  channelHouse,
  messageRow,
  queueOne,
} from '../../../test/support/channels.ts';
import { given, secrets } from '../../../test/support/given.ts';

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
const letterTo = (customerId: string, more: object = {}) => ({
  ...{ kind: 'new_invoice', channel: 'paper' as const, to: [], html: '', customerId },
  subject: 'Invoice past due',
  text: 'Dear Ana,\n\nplease pay the invoice below.\n\nSincerely',
  toAddress: { name: 'Ana & Co.', address: austin },
  awaitsDocument: true,
  ...more,
});
const one = (of: ChannelHouse, messageId: string) => ({ organizationId: of.books.organizationId, messageId });
const render = (of: ChannelHouse, id: string, at = now) =>
  renderLetter({ db: of.books.db, secrets, baseUrl: 'http://owed.test' }, one(of, id), at);
const send = (of: ChannelHouse, id: string, at = now) =>
  sendLetter({ db: of.books.db, carriers: of.carriers }, one(of, id), at);

async function confirmed(of: ChannelHouse) {
  const { customerId, invoiceId } = await given.debtor(of.books, 12_000n);
  await of.books.tx((tx) =>
    updateCustomers(
      tx,
      of.books.actor,
      { organizationId: of.books.organizationId, patches: [{ id: customerId, billingAddress: austin }] },
      now,
    ),
  );
  await confirm(of, customerId);
  return { customerId, invoiceId };
}
const confirm = (of: ChannelHouse, customerId: string, address?: object) =>
  of.books.tx((tx) =>
    confirmAddress(
      tx,
      of.books.actor,
      { organizationId: of.books.organizationId, customerId, ...(address ? { address } : {}) },
      now,
    ),
  );
const attachment = (of: ChannelHouse, id: string) =>
  of.books.tx((tx) =>
    tx.row<{ bytes: Buffer }>(sql`select bytes from message_attachments where message_id = ${id}`),
  );
const textOf = async (pdf: Buffer): Promise<string> =>
  (await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true })).text;

describe('a letter', () => {
  test('is set with its slip and code, handed to the printer once, without addresses of its own', async () => {
    const { customerId, invoiceId } = await confirmed(house);
    const id = await queueOne(house, letterTo(customerId, { invoiceId }), now);
    await render(house, id);
    await render(house, id);
    const pdf = (await attachment(house, id))?.bytes ?? Buffer.alloc(0);
    const text = await textOf(pdf);
    assert.match(text, /Dear Ana,[\s\S]*Pay online[\s\S]*Remittance/);
    assert.match(text, /\$120\.00/);
    assert.match(text, /Page 1 of 1/);
    assert.ok(!text.includes('Ana & Co.'), 'the printer writes the address');
    await send(house, id);
    await send(house, id);
    const row = await messageRow(house.books, id);
    assert.equal(row.state, 'sent');
    const taken = house.lob.letters.filter((each) => each.metadata.message_id === id);
    assert.equal(taken.length, 1);
    assert.ok(taken[0]?.pdf.equals(pdf));
    assert.equal(taken[0]?.id, row.carrierReference);
  });

  test('an answer that was lost is asked about, and the letter is one', async () => {
    const { customerId } = await confirmed(house);
    const id = await queueOne(house, letterTo(customerId), now);
    await render(house, id);
    house.lob.troubles.push({ kind: 'dropAfterCommit' });
    await send(house, id);
    assert.deepEqual((await messageRow(house.books, id)).outcomeUnknown, true);
    await send(house, id, secondsLater(now, 400));
    assert.equal((await messageRow(house.books, id)).state, 'sent');
    assert.equal(house.lob.letters.filter((each) => each.metadata.message_id === id).length, 1);
  });

  test('what the printer refuses has failed, with its words', async () => {
    const { customerId } = await confirmed(house);
    const address = { ...austin, postal_code: 'none' };
    const id = await queueOne(house, letterTo(customerId, { toAddress: { name: 'Ana', address } }), now);
    await render(house, id);
    await send(house, id);
    const row = await messageRow(house.books, id);
    assert.equal(row.state, 'failed');
    assert.match(row.lastError ?? '', /zip/);
  });

  test('waits while its address is unconfirmed, and leaves at once to the address that was confirmed', async () => {
    const customerId = await given.customer(house.books, {
      billingAddress: { ...austin, line1: '9 Old Rd' },
    });
    const id = await queueOne(
      house,
      letterTo(customerId, { toAddress: { name: 'Ana', address: { line1: '9 Old Rd' } } }),
      now,
    );
    await render(house, id);
    const waiting = await messageRow(house.books, id);
    assert.deepEqual([waiting.state, waiting.awaitsAddress, waiting.nextAttemptAt], ['queued', true, null]);
    assert.equal((await confirm(house, customerId, austin)).released, 1);
    const free = await messageRow(house.books, id);
    assert.equal(free.toAddress?.address.line1, '1 Main St');
    await render(house, id, secondsLater(now, 60));
    await send(house, id, secondsLater(now, 60));
    assert.equal((await messageRow(house.books, id)).state, 'sent');
    // Another address is one that nobody has looked at.
    await house.books.tx((tx) =>
      updateCustomers(
        tx,
        house.books.actor,
        {
          organizationId: house.books.organizationId,
          patches: [{ id: customerId, billingAddress: { line1: '2 New St' } }],
        },
        now,
      ),
    );
    assert.equal(
      (await messageRow(house.books, await queueOne(house, letterTo(customerId), now))).awaitsAddress,
      true,
    );
  });

  test('to a customer that is billed with its parent, it waits for the parent’s address', async () => {
    const parentId = await given.customer(house.books, { billingAddress: austin });
    const customerId = await given.customer(house.books, { parentId });
    await house.books.tx((tx) =>
      tx.run(sql`update customers set bill_with_parent = true where id = ${customerId}`),
    );
    const id = await queueOne(house, letterTo(customerId), now);
    assert.equal((await messageRow(house.books, id)).awaitsAddress, true);
    assert.equal((await confirm(house, parentId)).released, 1);
    assert.equal((await messageRow(house.books, id)).awaitsAddress, false);
  });

  test('an address that says too little cannot be confirmed', async () => {
    const customerId = await given.customer(house.books, { billingAddress: { city: 'Austin' } });
    await assert.rejects(
      confirm(house, customerId),
      (error) => error instanceof Refusal && /street/.test(error.message),
    );
  });
});

describe('letters that are printed here', () => {
  test('carry both addresses for the windows, are merged as they are kept, and are marked as mailed once', async () => {
    const { organizationId, actor } = printing.books;
    const { customerId, invoiceId } = await confirmed(printing);
    const ids: string[] = [];
    for (const more of [{ invoiceId }, {}]) {
      const id = await queueOne(printing, letterTo(customerId, more), now);
      await render(printing, id);
      ids.push(id);
    }
    const text = await textOf((await attachment(printing, ids[0] ?? ''))?.bytes ?? Buffer.alloc(0));
    assert.match(text, /Organization \d+\s*1 Main St\s*Austin, TX 78701/);
    assert.match(text, /Ana & Co\.\s*1 Main St/);
    const page = (limit: number, startingAfter?: string) =>
      printing.books.tx((tx) => listLettersToPrint(tx, organizationId, { limit, startingAfter }, now));
    assert.deepEqual(
      (await page(10)).data.map((each) => each.id),
      ids,
    );
    assert.deepEqual((await page(1)).has_more, true);
    assert.deepEqual(
      (await page(10, ids[0])).data.map((each) => each.id),
      [ids[1]],
    );
    const pages = () => printing.books.tx((tx) => readLetterPages(tx, organizationId, ids, now));
    const merged = await mergeLetters((await pages()).map(({ bytes }) => bytes));
    assert.equal((await PDFDocument.load(new Uint8Array(merged))).getPageCount(), 2);
    await assert.rejects(
      house.books.tx((tx) => readLetterPages(tx, house.books.organizationId, ids, now)),
      Refusal,
    );
    const mark = () => printing.books.tx((tx) => markLettersMailed(tx, actor, { organizationId, ids }, now));
    assert.deepEqual([(await mark()).count, (await mark()).count], [2, 0]);
    assert.equal((await messageRow(printing.books, ids[0] ?? '')).state, 'sent');
    assert.equal((await page(10)).data.length, 0);
    await assert.rejects(pages(), Refusal, 'what is mailed is not printed again');
  });

  test('a letter whose printer was let go is set anew with addresses, and printed here', async () => {
    const own = await channelHouse();
    const { customerId } = await confirmed(own);
    const id = await queueOne(own, letterTo(customerId), now);
    await render(own, id);
    await own.books.tx((tx) =>
      tx.run(sql`update channel_accounts set disconnected_at = now() where channel = 'paper'
      and organization_id = ${own.books.organizationId}`),
    );
    await send(own, id);
    await render(own, id);
    const row = await messageRow(own.books, id);
    assert.deepEqual([row.route, row.state, row.awaitsDocument], ['print', 'queued', false]);
    assert.match(await textOf((await attachment(own, id))?.bytes ?? Buffer.alloc(0)), /Ana & Co\./);
    await own.close();
  });

  test('in a practice organization the letter rests in the mailbox with its pages', async () => {
    const practice = await channelHouse({ mode: 'sandbox', paper: false });
    const { customerId } = await confirmed(practice);
    const id = await queueOne(practice, letterTo(customerId), now);
    await render(practice, id);
    const row = await messageRow(practice.books, id);
    assert.deepEqual([row.route, row.state], ['mailbox', 'sent']);
    await practice.close();
  });
});
