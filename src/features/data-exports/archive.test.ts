import assert from 'node:assert/strict';
import { test } from 'node:test';
import { archiveTo, folderIn, type ManifestEntry } from '#features/data-exports/archive.ts';
import { must } from '#lib/errors.ts';
import { sha256 } from '#lib/secrets.ts';
import { textOf, unpack } from '../../../test/support/exports.ts';

/** An archive with one folder of so many files, which may hold so many before it goes on elsewhere. */
async function archiveOf(count: number, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  const archive = archiveTo(async (bytes) => {
    parts.push(bytes);
  });
  const folder = folderIn(archive, 'notes', most);
  for (let no = 1; no <= count; no += 1) await folder.add(`${no}.txt`, [Buffer.from(`note ${no}`)]);
  await folder.close();
  await archive.add('last.txt', [Buffer.from('end')]);
  await archive.close();
  return new Uint8Array(Buffer.concat(parts));
}

test('a folder with very many files goes on in archives of its own, each with its manifest', async () => {
  const archive = await unpack(await archiveOf(8, 3));
  assert.deepEqual(
    [...archive.keys()],
    ['notes/1.txt', 'notes/2.txt', 'notes/3.txt', 'notes-2.zip', 'notes-3.zip', 'last.txt'],
  );
  const second = await unpack(new Uint8Array(must(archive.get('notes-2.zip'), 'the second')));
  assert.deepEqual([...second.keys()], ['notes/4.txt', 'notes/5.txt', 'notes/6.txt', 'manifest.json']);
  const { files } = JSON.parse(textOf(second, 'manifest.json')) as { files: ManifestEntry[] };
  assert.deepEqual(
    files.map((file) => file.sha256),
    ['note 4', 'note 5', 'note 6'].map(sha256),
  );
  const third = await unpack(new Uint8Array(must(archive.get('notes-3.zip'), 'the third')));
  assert.equal(textOf(third, 'notes/8.txt'), 'note 8');
});

test('as many archives as come are made at once, whatever the processors', { timeout: 30_000 }, async () => {
  const made = await Promise.all(Array.from({ length: 12 }, () => archiveOf(6, 2)));
  for (const bytes of made) assert.equal((await unpack(bytes)).size, 5);
});

test('an archive that cannot be written fails, inside a part too', { timeout: 30_000 }, async () => {
  let written = 0;
  const archive = archiveTo(async (bytes) => {
    written += bytes.length;
    if (written > 100_000) throw new Error('the disk is full');
  });
  const folder = folderIn(archive, 'notes', 1);
  const fill = async () => {
    const noise = Array.from({ length: 30_000 }, (_, no) => `${(no * 7919) % 9973} `).join('');
    for (let no = 0; no < 20; no += 1) await folder.add(`${no}`, [Buffer.from(noise + no)]);
    await folder.close();
  };
  await assert.rejects(fill, /the disk is full/);
});
