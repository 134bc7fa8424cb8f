import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { extractText, getDocumentProxy } from 'unpdf';
import { confirmAddress, doubtAddress } from '#features/letters/confirm-address.ts';
import { markLettersMailed } from '#features/letters/mark-letters-mailed.ts';
import { listLettersToPrint, readLetterPages } from '#features/letters/queries.ts';
import { renderLetter } from '#features/letters/render-letter.ts';
import { Refusal } from '#lib/errors.ts';
import {
  austin,
  type ChannelHouse,
  channelHouse,
  messageRow,
  monday,
  queueOne,
} from '../../../test/support/channels.ts';
import { given, secrets } from '../../../test/support/given.ts';

let house: ChannelHouse;
before(async () => {
  house = await channelHouse({ paper: false });
});
after(() => house.close());

const org = () => house.books.organizationId;
const thursday = new Date('2026-03-05T17:00:00Z');

/** A letter, which asks for payment if nothing else is said, its pages set on Monday. */
async function onThePile(kind = 'payment_past_due') {
  const customerId = await given.customer(house.books, { billingAddress: austin });
  const dates = { invoiceDate: '2026-02-01', dueDate: '2026-02-20' };
  const invoiceId = await given.invoice(house.books, customerId, 5_000n, dates);
  const confirm = (line1: string) => {
    const address = { ...austin, line1 };
    const input = { organizationId: org(), customerId, address };
    return house.books.tx((tx) => confirmAddress(tx, house.books.actor, input, monday));
  };
  await confirm(austin.line1);
  const letter = {
    ...{ kind, channel: 'paper' as const, to: [], subject: 'Invoice', html: '' },
    ...{ text: 'Dear Ana', customerId, invoiceId, awaitsDocument: true },
    toAddress: { name: 'Ana', address: austin },
  };
  const id = await queueOne(house, letter, monday);
  const deps = { db: house.books.db, secrets, baseUrl: 'http://owed.test' };
  const render = () => renderLetter(deps, { organizationId: org(), messageId: id }, monday);
  await render();
  const pay = () =>
    given.payment(house.books, { customerId, amount: 5_000n, applications: [{ invoiceId, amount: 5_000n }] });
  const doubt = { organizationId: org(), customerId, reason: 'Moved' };
  const comeBack = () => house.books.tx((tx) => doubtAddress(tx, house.books.actor, doubt, monday));
  return { id, pay, comeBack, confirm, render };
}

const pile = async (limit = 100) => {
  const { data, has_more } = await house.books.tx((tx) => listLettersToPrint(tx, org(), { limit }, thursday));
  return { ids: data.map(({ id }) => id), has_more };
};
const pages = (ids: string[]) =>
  house.books.tx((tx) => readLetterPages(tx, org(), ids, thursday)).then((rows) => rows.map(({ id }) => id));
const mark = (ids: string[]) =>
  house.books.tx((tx) => markLettersMailed(tx, house.books.actor, { organizationId: org(), ids }, thursday));
const stands = async (id: string) => {
  const { state, suppressedBy } = await messageRow(house.books, id);
  return [state, suppressedBy];
};

describe('a letter that was set on Monday and paid on Tuesday', () => {
  test('is not on Thursday’s pile, and what is takes its place on the page', async () => {
    const [paid, first, second] = [await onThePile(), await onThePile(), await onThePile()];
    await paid.pay();
    assert.deepEqual(await pile(1), { ids: [first.id], has_more: true });
    assert.deepEqual((await pile()).ids, [first.id, second.id]);
    assert.deepEqual(await stands(paid.id), ['suppressed', 'not_payable']);
  });

  test('is not in the file, though it was on the page that is still open', async () => {
    const [paid, open] = [await onThePile(), await onThePile()];
    await paid.pay();
    assert.deepEqual(await pages([paid.id, open.id]), [open.id]);
    assert.deepEqual(await stands(paid.id), ['suppressed', 'not_payable']);
    await assert.rejects(pages([paid.id]), Refusal);
  });

  test('is not marked as mailed with the others, but named, to be taken out', async () => {
    const [paid, open] = [await onThePile(), await onThePile()];
    await paid.pay();
    const ids = [paid.id, open.id];
    assert.deepEqual(await mark(ids), { count: 1, held: [{ id: paid.id, name: 'Ana' }] });
    assert.deepEqual(await stands(paid.id), ['suppressed', 'not_payable']);
    assert.deepEqual(await stands(open.id), ['sent', null]);
    assert.deepEqual(await mark(ids), { count: 0, held: [] });
  });
});

describe('a letter that brings an invoice, set on Monday, to an address in doubt by Tuesday', () => {
  const attachments = (id: string) =>
    house.books.tx((tx) =>
      tx.rows<{ bytes: Buffer }>(sql`select bytes from message_attachments where message_id = ${id}`),
    );
  const looks: [string, (id: string) => Promise<unknown>][] = [
    ['looked at', () => pile()],
    ['printed', async (id) => pages([id, (await onThePile()).id])],
    ['marked as mailed', (id) => mark([id])],
  ];
  for (const [how, look] of looks)
    test(`leaves the pile when that is ${how}, and comes back with the address that is confirmed`, async () => {
      const letter = await onThePile('new_invoice');
      await letter.comeBack();
      await look(letter.id);
      const row = await messageRow(house.books, letter.id);
      assert.deepEqual([row.state, row.awaitsAddress, row.awaitsDocument], ['queued', true, true]);
      assert.equal((await attachments(letter.id)).length, 0);
      assert.equal((await letter.confirm('2 Oak St')).released, 1);
      await letter.render();
      assert.equal((await pages([letter.id])).length, 1);
      const [set] = await attachments(letter.id);
      const pdf = await getDocumentProxy(new Uint8Array(set?.bytes ?? assert.fail('no pages')));
      const { text } = await extractText(pdf, { mergePages: true });
      assert.match(text, /Ana\n2 Oak St/);
    });
});
