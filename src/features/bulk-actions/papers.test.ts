import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PDFDocument } from '@cantoo/pdf-lib';
import { BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { sql } from 'kysely';
import {
  bytesOfDownload,
  readDownload,
  refuseReader,
  sweepDownloads,
} from '#features/downloads/read-download.ts';
import { must } from '#lib/errors.ts';
import { sha256 } from '#lib/secrets.ts';
import { bulk } from '../../../test/support/bulk-actions.ts';
import { type Books, given, later } from '../../../test/support/given.ts';

const every = { subject: 'invoices' as const, filter: { status: 'all' as const } };

async function fetched(books: Books, bulkActionId: string): Promise<Buffer> {
  const { downloadId } = await bulk.read(books, bulkActionId);
  const one = { organizationId: books.organizationId, downloadId: must(downloadId, 'the file') };
  const parts: Uint8Array[] = [];
  for await (const part of bytesOfDownload(books.db, books.actor, one)) parts.push(part);
  return Buffer.concat(parts);
}

async function three(books: Books): Promise<void> {
  const customerId = await given.customer(books);
  for (let at = 0; at < 3; at += 1) await given.invoice(books, customerId, 100n);
}

test('the papers of many invoices come as one archive, each under its number', async () => {
  const books = await given.organization();
  await three(books);
  const id = await bulk.start(books, { action: 'pdf_zip', chosen: every });
  await bulk.work(books, id);
  const bytes = await fetched(books, id);
  const entries = await new ZipReader(new BlobReader(new Blob([new Uint8Array(bytes)]))).getEntries();
  assert.equal(entries.length, 3);
  assert.ok(
    entries.every(({ filename }) => /^Invoice INV-\d+\.pdf$/.test(filename)),
    entries[0]?.filename,
  );
  const [first] = entries;
  const pdf = first && !first.directory ? await first.getData(new Uint8ArrayWriter()) : undefined;
  assert.equal(
    Buffer.from(pdf ?? [])
      .subarray(0, 5)
      .toString(),
    '%PDF-',
  );
  const { downloadId } = await bulk.read(books, id);
  const download = await books.tx((tx) => readDownload(tx, books.organizationId, downloadId ?? ''));
  assert.deepEqual([Number(download.sizeBytes), download.hash], [bytes.length, sha256(bytes)]);
});

test('what a worker left half is not taken up by another while the first is heard of, and then made anew', async () => {
  const books = await given.organization();
  await three(books);
  const id = await bulk.start(books, { action: 'pdf_zip', chosen: every });
  await bulk.work(books, id);
  const before = (await bulk.read(books, id)).downloadId;
  // As a process leaves it that dies before the end.
  await books.tx((tx) =>
    tx.run(sql`update bulk_actions set state = 'running' where organization_id = ${books.organizationId}`),
  );
  await bulk.work(books, id);
  assert.equal((await bulk.read(books, id)).downloadId, before, 'somebody may be at it');
  await books.tx((tx) =>
    tx.run(sql`update downloads set touched_at = '2020-01-01', ready_at = null
      where organization_id = ${books.organizationId}`),
  );
  await bulk.work(books, id);
  const again = await bulk.read(books, id);
  assert.notEqual(again.downloadId, before);
  assert.deepEqual([again.state, again.done], ['done', 3]);
});

test('one PDF to print begins each invoice on the front of a sheet', async () => {
  const books = await given.organization();
  await three(books);
  const id = await bulk.start(books, { action: 'pdf_print', chosen: every });
  await bulk.work(books, id);
  const book = await PDFDocument.load(await fetched(books, id));
  // Three of one page each: a blank back behind the first and the second.
  assert.equal(book.getPageCount(), 5);
});

test('a file is for whoever may read what is in it, until its day; then it is forgotten', async () => {
  const books = await given.organization();
  await three(books);
  const id = await bulk.start(books, { action: 'pdf_zip', chosen: every });
  await bulk.work(books, id);
  const { downloadId } = await bulk.read(books, id);
  const download = await books.tx((tx) => readDownload(tx, books.organizationId, downloadId ?? ''));
  const reader = (scopes: string[]) =>
    ({ kind: 'api_key', organizationId: books.organizationId, apiKeyId: 'key', scopes }) as const;
  refuseReader(reader(['invoices:read']), download, books.now);
  assert.throws(() => refuseReader(reader(['customers:read']), download, books.now), { code: 'forbidden' });
  const after = later(8 * 86_400);
  assert.throws(() => refuseReader(reader(['invoices:read']), download, after), { code: 'link_expired' });
  await sweepDownloads(books.db, after);
  await assert.rejects(
    books.tx((tx) => readDownload(tx, books.organizationId, downloadId ?? '')),
    { code: 'not_found' },
  );
  assert.equal((await bulk.read(books, id)).downloadId, null, 'the result stays, without its file');
});
