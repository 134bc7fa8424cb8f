import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addNote } from '#features/collections/add-note.ts';
import { pinNote } from '#features/collections/pin-note.ts';
import { mostPinned } from '#features/collections/pin-rules.ts';
import { listNotes } from '#features/collections/queries.ts';
import { type Books, given, read } from '../../../test/support/given.ts';

async function noted(count: number) {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const note = {
      organizationId: books.organizationId,
      customerId,
      outcome: 'note' as const,
      text: `Note ${at}`,
    };
    ids.push((await books.tx((tx) => addNote(tx, books.actor, note, books.now))).noteId);
  }
  return { books, customerId, ids };
}
const pin = (books: Books, noteId = '', more: { pinned?: boolean; place?: number } = { pinned: true }) =>
  books.tx((tx) =>
    pinNote(tx, books.actor, { organizationId: books.organizationId, noteId, ...more }, books.now),
  );
const pinned = async (books: Books, customerId: string) =>
  (
    await books.tx((tx) => listNotes(tx, books.organizationId, { customerId, limit: 20, pinned: 'true' }))
  ).data.map(({ text }) => text);

test('the newest pin stands on top, each can be moved, and one that is taken down is a note as before', async () => {
  const { books, customerId, ids } = await noted(3);
  for (const id of ids) await pin(books, id);
  assert.deepEqual(await pinned(books, customerId), ['Note 2', 'Note 1', 'Note 0']);
  await pin(books, ids[0], { place: 2 });
  assert.deepEqual(await pinned(books, customerId), ['Note 2', 'Note 0', 'Note 1']);
  await pin(books, ids[2], { pinned: false });
  assert.deepEqual(await pinned(books, customerId), ['Note 0', 'Note 1']);
  const all = await books.tx((tx) => listNotes(tx, books.organizationId, { customerId, limit: 20 }));
  assert.deepEqual(
    all.data.map((note) => note.pinned),
    [false, true, true],
  );
  await pin(books, ids[2], { pinned: false });
  const events = (await read.events(books, customerId)).filter((type) => /note_(un)?pinned$/.test(type));
  assert.equal(events.length, 4, 'a move is no news, nor is what was so already');
});

test('more than a few are not read, so they are refused; two at once leave no two in one place', async () => {
  const { books, customerId, ids } = await noted(mostPinned + 1);
  await Promise.all(ids.slice(0, mostPinned).map((id) => pin(books, id)));
  assert.equal((await pinned(books, customerId)).length, mostPinned);
  await assert.rejects(pin(books, ids[mostPinned]), { code: 'state_refused' });
  await pin(books, ids[0], { pinned: true, place: 1 });
  assert.equal((await pinned(books, customerId))[0], 'Note 0');
});
