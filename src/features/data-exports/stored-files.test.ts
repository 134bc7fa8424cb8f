import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import PostalMime from 'postal-mime';
import type { Database, Tx } from '#db/db.ts';
import { otherBytes, stores } from '#features/data-exports/stored-bytes.ts';
import { plainPath } from '#features/data-exports/write-papers.ts';
import { addFile } from '#features/files/change-files.ts';
import { must } from '#lib/errors.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { exported, textOf } from '../../../test/support/exports.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { attach, givenMessage, keepOneOfEach } from '../../../test/support/stored-files.ts';

const whole = { withFiles: true };
const has = (archive: ReadonlyMap<string, Uint8Array>, bytes: Buffer): boolean =>
  [...archive.values()].some((content) => Buffer.from(content).includes(bytes));
const linesOf = (archive: ReadonlyMap<string, Uint8Array>, name: string): string[] =>
  textOf(archive, name).trimEnd().split('\r\n').slice(1);

test('every column of bytes is taken along, or left out by name with the reason', async () => {
  const { db } = await testDatabase();
  const { rows } = await db.pool.query<{ column: string }>(`
    select table_name || '.' || column_name as column from information_schema.columns c
    where table_schema = 'public' and data_type = 'bytea' and exists (select from information_schema.columns o
      where o.table_schema = 'public' and o.table_name = c.table_name and o.column_name = 'organization_id')`);
  const known = new Set([...stores.map(({ holds }) => holds), ...Object.keys(otherBytes)]);
  const columns = rows.map(({ column }) => column);
  assert.deepEqual(
    columns.filter((column) => !known.has(column)),
    [],
    'new bytes: name them in data-exports/stored-bytes.ts, as a store or left out with the reason',
  );
  // The words of agreements are text, which is kept as a file too.
  assert.deepEqual(
    [...known].filter((column) => !columns.includes(column)),
    ['authorizations.text'],
  );
});

test('each file of the organization is in the archive with its bytes, and no other organization’s', async () => {
  const [ours, theirs] = [await given.organization(), await given.organization()];
  const kept = await keepOneOfEach(ours);
  const foreign = await keepOneOfEach(theirs);
  const told = await givenMessage(ours, { text: 'The host says so' });
  await ours.tx((tx) =>
    tx.run(sql`insert into ticket_mails (organization_id, message_id, ticket_id)
      select organization_id, ${told}, id from tickets where organization_id = ${ours.organizationId} and desk = 'host'`),
  );
  const { archive, shown } = await exported(ours, whole);
  assert.equal(kept.length, stores.length + 1, 'one of each, and two of files');
  for (const { name, bytes } of kept)
    assert.deepEqual(Buffer.from(must(archive.get(name), name)), bytes, name);
  for (const { name, bytes } of foreign) assert.ok(!has(archive, bytes), name);
  // What staff asked the host, and was told, is nobody else's: of two questions one is here.
  assert.equal([...archive.keys()].filter((name) => name.startsWith('tickets/')).length, 1);
  assert.ok(!archive.has(`messages/2026-03/${told}.eml`));
  for (const name of ['messages.csv', 'records/messages.jsonl'])
    assert.ok(!textOf(archive, name).includes(told), name);
  assert.deepEqual(linesOf(archive, 'unreadable.csv'), []);
  assert.equal(shown.entries_done, shown.entries);
});

test('without files there are rows alone', async () => {
  const books = await given.organization();
  const kept = await keepOneOfEach(books);
  const { archive } = await exported(books);
  assert.deepEqual(
    kept.filter(({ name }) => archive.has(name)),
    [],
  );
  assert.ok(![...archive.keys()].some((name) => name.startsWith('messages/')));
  assert.doesNotMatch(textOf(archive, 'README.txt'), /messages\/ {2}/);
});

test('a mail is in the archive as mail programs read it, with all that it carried', async () => {
  const books = await given.organization();
  const [html, text] = ['<p>Grüße &amp; <b>thanks</b></p>', 'Grüße & thanks\nFrom us'];
  const messageId = await givenMessage(books, { html, text });
  const [pdf, extra] = [Buffer.from('%PDF-1.7 paper'), Buffer.from('words of a file')];
  await attach(books, messageId, 'Invoice 7.pdf', pdf);
  const customerId = await given.customer(books);
  const invoiceId = await given.invoice(books, customerId, 5000n);
  const file = { organizationId: books.organizationId, invoiceId, fileName: 'terms.txt', bytes: extra };
  await books.tx(async (tx) => {
    const { fileId } = await addFile(tx, books.actor, { ...file, customerSees: true }, books.now);
    // It goes with mails no more, but with this one it went.
    await tx.run(sql`insert into message_files (organization_id, message_id, file_id)
      values (${books.organizationId}, ${messageId}, ${fileId})`);
  });
  const { archive } = await exported(books, whole);
  const name = `messages/2026-03/${messageId}.eml`;
  const mail = await new PostalMime().parse(must(archive.get(name), name).slice());
  assert.deepEqual(
    [mail.subject, mail.from, mail.to?.map(({ address }) => address), mail.cc?.map(({ address }) => address)],
    [
      'Für Sie: Invoice 7',
      { name: 'Harbor, Ltd', address: 'us@h.test' },
      ['a@x.test', 'b@x.test'],
      ['c@x.test'],
    ],
  );
  assert.deepEqual([mail.messageId, mail.replyTo?.[0]?.address], [`<${messageId}@owed.test>`, 'r@h.test']);
  assert.deepEqual(new Date(mail.date ?? ''), books.now);
  assert.deepEqual([mail.html?.trim(), mail.text?.trim()], [html, text]);
  assert.deepEqual(
    mail.attachments.map(({ filename, content }) => [filename, Buffer.from(content as ArrayBuffer)]),
    [
      ['Invoice 7.pdf', pdf],
      ['terms.txt', extra],
    ],
  );
  const state = mail.headers.find(({ key }) => key === 'x-owed-state');
  assert.equal(state?.value, 'sent');
});

test('a text is there with whom it went to, a letter with its words and its pages', async () => {
  const books = await given.organization();
  const text = await givenMessage(books, { channel: 'sms', text: 'Invoice 7 is due.' });
  const letter = await givenMessage(books, { channel: 'paper', html: '<p>Dear Ana</p>' });
  const pages = Buffer.from('%PDF-1.7 pages');
  await attach(books, letter, 'letter.pdf', pages);
  const { archive } = await exported(books, whole);
  assert.match(
    textOf(archive, `messages/2026-03/${text}.txt`),
    /^From: Harbor, Ltd\nTo: \+15550102030\n[\s\S]*State: sent\n[\s\S]*\n\nInvoice 7 is due\.\n$/,
  );
  assert.match(
    textOf(archive, `messages/2026-03/${letter}.html`),
    /^<!--\nTo: Ana Reyes, 12 Quay Street, Portland[\s\S]*Subject: Für Sie: Invoice 7[\s\S]*-->\n<p>Dear Ana<\/p>/,
  );
  assert.deepEqual(Buffer.from(must(archive.get(`messages/2026-03/${letter} letter.pdf`), 'pages')), pages);
});

test('a link that opens an account is in no archive, but for practice', async () => {
  const link = 'https://owed.test/pay/secret-token';
  const mail = { html: `<a href="${link}">Pay</a>`, text: `Pay: ${link}` };
  const mailOf = async (mode: 'live' | 'sandbox', security = false): Promise<string> => {
    const books = await given.organization({ mode });
    const id = await givenMessage(books, { ...mail, security });
    const { archive } = await exported(books, whole);
    const name = `messages/2026-03/${id}.eml`;
    const { html = '', text = '' } = await new PostalMime().parse(must(archive.get(name), name).slice());
    return html + text;
  };
  assert.doesNotMatch(await mailOf('live'), /secret-token/);
  assert.doesNotMatch(await mailOf('live', true), /secret-token/);
  assert.match(await mailOf('sandbox'), /secret-token.*secret-token/s);
});

test('a file’s name is one that any disk takes, whatever it was', () => {
  for (const [path, plain] of [
    ['cus_1/plan.txt', 'cus_1/plan.txt'],
    ['cus_1/..', 'cus_1/file'],
    ['cus_1/. .', 'cus_1/file'],
    ['cus_1/...hidden.', 'cus_1/hidden'],
    ['cus_1/a:b*c?d"e<f>g|h.txt', 'cus_1/a_b_c_d_e_f_g_h.txt'],
    ['cus_1/../x', 'cus_1/_x'],
  ] as const)
    assert.equal(plainPath(path), plain);
});

async function givenFile(books: Books, fileName: string, words: string): Promise<string> {
  const customerId = await given.customer(books);
  const file = { organizationId: books.organizationId, customerId, fileName, bytes: Buffer.from(words) };
  const { fileId } = await books.tx((tx) =>
    addFile(tx, books.actor, { ...file, customerSees: false }, books.now),
  );
  return fileId;
}

/** A database of which one value cannot be read any more, and what it says then. */
function failingAt(db: Database, words: string, code: string): Database {
  const read = (tx: Tx): Tx => ({
    ...tx,
    row: async (statement) => {
      const row = await tx.row(statement);
      const { bytes } = (row ?? {}) as { bytes?: Buffer };
      if (!bytes || bytes.toString() !== words) return row;
      throw Object.assign(new pg.DatabaseError('missing chunk number 0', 1, 'error'), { code });
    },
  });
  return { ...db, transaction: (actor, work, id) => db.transaction(actor, (tx) => work(read(tx)), id) };
}

test('a file that cannot be read is named with the reason; the others are there, whatever their names', async () => {
  const books = await given.organization();
  const gone = await givenFile(books, 'gone.txt', 'gone');
  const changed = await givenFile(books, 'changed.txt', 'as it came');
  await givenFile(books, 'spoilt.txt', 'spoilt');
  const good = await givenFile(books, 'good.txt', 'good');
  const { pool } = books.db;
  await pool.query('delete from file_bytes where organization_id = $1 and file_id = $2', [
    books.organizationId,
    gone,
  ]);
  await pool.query(`update file_bytes set bytes = 'other' where organization_id = $1 and file_id = $2`, [
    books.organizationId,
    changed,
  ]);
  await pool.query(`update files set file_name = '../../etc/good' where organization_id = $1 and id = $2`, [
    books.organizationId,
    good,
  ]);
  const { archive, shown } = await exported({ ...books, db: failingAt(books.db, 'spoilt', 'XX001') }, whole);
  assert.equal(shown.state, 'done');
  const lines = linesOf(archive, 'unreadable.csv').map((line) => line.replace(/cus_\w+/, 'CUS'));
  assert.equal(lines.length, 3);
  assert.match(lines[0] ?? '', /^files\/CUS\/gone\.txt,Its bytes are not in the database\.$/);
  assert.match(lines[1] ?? '', /^files\/CUS\/changed\.txt,These are not the bytes that came: their SHA-256/);
  assert.match(lines[2] ?? '', /^files\/CUS\/spoilt\.txt,The database cannot read it: missing chunk/);
  const names = [...archive.keys()].filter((name) => name.startsWith('files/'));
  assert.deepEqual(
    names.map((name) => name.replace(/cus_\w+/, 'CUS')),
    ['files/CUS/changed.txt', 'files/CUS/_.._etc_good'],
  );
});

test('what fails otherwise is no file that cannot be read: the work is done again', async () => {
  const books = await given.organization();
  await givenFile(books, 'lost.txt', 'lost');
  const db = failingAt(books.db, 'lost', '57P01');
  await assert.rejects(exported({ ...books, db }, whole), /missing chunk number/);
});
