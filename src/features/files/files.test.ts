import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeCustomers } from '#features/customer-merges/merge-customers.ts';
import { addFile, removeFile, showFile } from '#features/files/change-files.ts';
import { fileReply, readFile, readFiles } from '#features/files/read-files.ts';
import { judgeFile } from '#features/files/rules.ts';
import { type Books, given } from '../../../test/support/given.ts';

const pdf = Buffer.from('%PDF-1.7 hello');
const add = async (
  books: Books,
  about: { customerId?: string; invoiceId?: string },
  fileName = 'Contract.pdf',
) =>
  (
    await books.tx((tx) =>
      addFile(
        tx,
        books.actor,
        { organizationId: books.organizationId, ...about, fileName, bytes: pdf, customerSees: false },
        books.now,
      ),
    )
  ).fileId;
const seenBy = (books: Books, customerId: string, invoiceId: string) =>
  books.db.transaction({ kind: 'payer_link', organizationId: books.organizationId, customerId }, (tx) =>
    readFiles(tx, books.organizationId, { invoiceId }),
  );

test('a file is what its bytes are: one that only says so is refused, by its name', () => {
  const bytes = (text: string, isText = false) => ({
    size: text.length,
    firstHex: Buffer.from(text).subarray(0, 8).toString('hex'),
    isText,
  });
  assert.deepEqual(judgeFile('A.PDF', bytes('%PDF-1.7')), { ok: true, type: 'application/pdf' });
  assert.deepEqual(judgeFile('a.csv', bytes('a,b', true)), { ok: true, type: 'text/csv' });
  const refused: [string, ReturnType<typeof bytes>, RegExp][] = [
    ['a.pdf', bytes('MZ executable'), /something else/],
    ['a.html', bytes('<script>', true), /may be PDF/],
    ['a.svg', bytes('<svg>', true), /may be PDF/],
    ['a.txt', bytes('a'), /not text/],
    ['a.pdf', { ...bytes('%PDF-'), size: 10 * 1024 * 1024 + 1 }, /10 MB/],
    ['a.pdf', bytes(''), /empty/],
  ];
  for (const [name, file, says] of refused) {
    const verdict = judgeFile(name, file);
    assert.match(verdict.ok ? 'kept' : verdict.reason, says, name);
  }
});

test('a payer has what is shown of an own invoice, and nothing else', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const stranger = await given.customer(books);
  const id = await add(books, { invoiceId });
  assert.equal((await seenBy(books, customerId, invoiceId)).length, 0, 'not shown yet');
  await books.tx((tx) =>
    showFile(
      tx,
      books.actor,
      { organizationId: books.organizationId, fileId: id, customerSees: true },
      books.now,
    ),
  );
  assert.equal((await seenBy(books, customerId, invoiceId)).length, 1);
  assert.equal((await seenBy(books, stranger, invoiceId)).length, 0);
  const row = await books.tx((tx) => readFile(tx, books.organizationId, id));
  const { db, organizationId } = books;
  const asPayer = (payer: string) =>
    fileReply({ db, organizationId, actor: { kind: 'payer_link', organizationId, customerId: payer } }, row);
  await assert.rejects(asPayer(stranger).render(), { code: 'not_found' });
  const file = asPayer(customerId);
  assert.deepEqual(await file.render(), pdf);
  assert.equal(file.inPlace, false, 'handed over, never opened in place');
});

test('there are at most 20 files, names are no paths, and files go with a merge', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const id = await add(books, { customerId }, '../../etc/My\u202e plan.pdf');
  const list = (owner: string) =>
    books.tx((tx) => readFiles(tx, books.organizationId, { customerId: owner }));
  assert.equal((await list(customerId))[0]?.fileName, 'My plan.pdf');
  for (let n = 1; n < 20; n += 1) await add(books, { customerId });
  await assert.rejects(add(books, { customerId }), { code: 'state_refused' });
  await books.tx((tx) =>
    removeFile(tx, books.actor, { organizationId: books.organizationId, fileId: id }, books.now),
  );
  await assert.rejects(add(books, {}), { code: 'invalid_request' });
  const winnerId = await given.customer(books);
  await books.tx((tx) =>
    mergeCustomers(
      tx,
      books.actor,
      { organizationId: books.organizationId, loserId: customerId, winnerId, today: '2026-03-02' },
      books.now,
    ),
  );
  assert.equal((await list(winnerId)).length, 19);
});
