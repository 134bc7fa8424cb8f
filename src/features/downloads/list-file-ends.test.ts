import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { Actor } from '#db/db.ts';
import { listFile, money } from '#features/downloads/list-file.ts';
import { presentListFile } from '#features/downloads/list-file-queries.ts';
import { bytesOfDownload } from '#features/downloads/read-download.ts';
import { cancelListFile, startListFile } from '#features/downloads/start-list-file.ts';
import { sweepListFiles, writeListFile } from '#features/downloads/write-list-file.ts';
import { listItems } from '#features/items/api.ts';
import { scopes } from '#lib/endpoint.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { listFiles } from '#list-files.ts';
import { textOf, unpack } from '../../../test/support/exports.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { givenMessage } from '../../../test/support/stored-files.ts';

const keyOf = ({ organizationId }: Books): Actor => ({
  kind: 'api_key',
  organizationId,
  apiKeyId: 'key',
  scopes,
});

async function ask(books: Books, list: 'items' | 'messages' = 'items', now = books.now) {
  const { organizationId } = books;
  const wish = { organizationId, list, format: 'csv', search: {}, ids: undefined } as const;
  const scope = list === 'items' ? 'settings:read' : 'messages:read';
  const asked = await books.tx((tx) => startListFile(tx, keyOf(books), { ...wish, scope }, now));
  return { organizationId, ...asked };
}
const shown = (books: Books, { listFileId }: { listFileId: string }) =>
  books.tx((tx) => presentListFile(tx, books.organizationId, listFileId));

test('the file of messages has no mail of the host’s desk, whoever asked for it: others fetch it as well', async () => {
  const books = await given.organization();
  const { organizationId, now } = books;
  const [mine, told] = [await givenMessage(books), await givenMessage(books)];
  const ticketId = newId('ticket');
  await books.tx(async (tx) => {
    await tx.run(sql`insert into tickets (organization_id, id, desk, state, category, priority, subject, asker_name,
        asker_email, created_at, updated_at)
      values (${organizationId}, ${ticketId}, 'host', 'new', 'other', 'normal', 'Why?', 'A', 'a@x.test', ${now}, ${now})`);
    await tx.run(sql`insert into ticket_mails (organization_id, message_id, ticket_id)
      values (${organizationId}, ${told}, ${ticketId})`);
  });
  const one = await ask(books, 'messages');
  await writeListFile({ db: books.db, listFiles }, one);
  const download = must((await shown(books, one)).download, 'the file');
  let text = '';
  const file = { organizationId, downloadId: download.id };
  for await (const part of bytesOfDownload(books.db, keyOf(books), file))
    text += Buffer.from(part).toString();
  assert.ok(text.includes(mine));
  assert.ok(!text.includes(told));
});

const broken = {
  ...listFiles,
  items: {
    ...listFiles.items,
    bytes: () => {
      throw new Error('this list cannot be read');
    },
  },
};

test('a file that cannot be written is tried a few times, and then it failed and another may be asked for', async () => {
  const books = await given.organization();
  const one = await ask(books);
  const states: string[] = [];
  for (let no = 1; no <= 5; no += 1) {
    await assert.rejects(writeListFile({ db: books.db, listFiles: broken }, one), /cannot be read/);
    states.push((await shown(books, one)).state);
  }
  assert.deepEqual(states, ['running', 'running', 'running', 'running', 'failed']);
  await writeListFile({ db: books.db, listFiles }, one);
  assert.deepEqual(
    [(await shown(books, one)).state, (await shown(books, one)).download],
    ['failed', null],
    'what failed stays so',
  );
});

test('a filter that the list takes no more fails at once; so does what its worker never came back from', async () => {
  const books = await given.organization();
  const [odd, deadly] = [await ask(books), await ask(books)];
  await books.tx(async (tx) => {
    await tx.run(sql`update list_files set search = '{"status": "purple"}' where organization_id = ${books.organizationId}
      and id = ${odd.listFileId}`);
    await tx.run(sql`update list_files set tries = 5 where organization_id = ${books.organizationId}
      and id = ${deadly.listFileId}`);
  });
  await assert.rejects(writeListFile({ db: books.db, listFiles }, odd));
  await writeListFile({ db: books.db, listFiles }, deadly);
  assert.deepEqual(
    [(await shown(books, odd)).state, (await shown(books, deadly)).state],
    ['failed', 'failed'],
  );
});

test('five files are made at once for an organization, and a sixth when one has ended', async () => {
  const books = await given.organization();
  const other = await given.organization();
  const first = await ask(books);
  const rest = await Promise.allSettled(Array.from({ length: 8 }, () => ask(books)));
  assert.equal(rest.filter(({ status }) => status === 'fulfilled').length, 4);
  await assert.rejects(ask(books), { code: 'conflict', message: /5 files are being made/ });
  await ask(other);
  await books.tx((tx) => cancelListFile(tx, keyOf(books), first, books.now));
  await ask(books);
});

test('what was asked a month ago is forgotten, ended or not', async () => {
  const books = await given.organization();
  const daysAgo = (days: number) => new Date(books.now.getTime() - days * 86_400_000);
  const [old, young] = [await ask(books, 'items', daysAgo(31)), await ask(books, 'items', daysAgo(29))];
  await sweepListFiles(books.db, books.now);
  await assert.rejects(shown(books, old), { code: 'not_found' });
  assert.equal((await shown(books, young)).state, 'running');
});

test('a spreadsheet shows amounts with the decimals of the organization’s currency', async () => {
  const books = await given.organization();
  const file = listFile({
    list: listItems,
    title: 'Sums',
    read: async () => ({ data: [{ id: 'a', currency: 'JPY', amount: 1200n }], has_more: false }),
  })([money('Sum', (row) => row.amount)]);
  const stylesFor = async (currency: string): Promise<string> => {
    const organization = {
      id: books.organizationId,
      name: 'Harbor',
      mode: 'live',
      currency,
      timeZone: 'UTC',
      locale: 'en-US',
      clockOffsetMs: 0n,
    } as const;
    const reading = {
      actor: keyOf(books),
      organization,
      now: books.now,
      ids: undefined,
      query: {},
      inTx: books.tx,
    };
    const parts: Uint8Array[] = [];
    for await (const part of file.bytes(reading, 'xlsx'))
      parts.push(typeof part === 'string' ? Buffer.from(part) : part);
    return textOf(await unpack(new Uint8Array(Buffer.concat(parts))), 'xl/styles.xml');
  };
  for (const [currency, format] of [
    ['JPY', '#,##0'],
    ['USD', '#,##0.00'],
    ['KWD', '#,##0.000'],
  ] as const)
    assert.ok((await stylesFor(currency)).includes(`"${format}"`), currency);
});
