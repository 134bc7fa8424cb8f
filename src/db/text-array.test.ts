import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { given } from '../../test/support/given.ts';

test('an array of text comes out of the database as it is there, whatever its texts are', async () => {
  const { db, actor } = await given.organization();
  const read = (text: string) =>
    db.transaction(actor, (tx) => tx.row<{ items: unknown }>(sql`select ${sql.raw(text)} as items`));
  const texts = [
    '',
    'NULL',
    'null',
    ' a ',
    'a,b',
    '{',
    '}',
    '"',
    '\\',
    '\n',
    "'",
    '€',
    '😀',
    'payment_due.email',
  ];
  const written = texts.map((text) => `'${text.replaceAll("'", "''")}'`);
  for (const text of written)
    assert.deepEqual(await read(`array[${text}]`), { items: [texts[written.indexOf(text)]] });
  assert.deepEqual(await read(`array[${written.join()}]`), { items: texts });
  assert.deepEqual(await read(`array['a', null, 'b']`), { items: ['a', null, 'b'] });
  assert.deepEqual(await read(`'{}'::text[]`), { items: [] });
  assert.deepEqual(await read('null::text[]'), { items: null });
  assert.deepEqual(await read(`array[['a', 'b'], ['c', 'd']]`), {
    items: [
      ['a', 'b'],
      ['c', 'd'],
    ],
  });
  assert.deepEqual(await read(`'[0:1]={a,b}'::text[]`), { items: ['a', 'b'] });
});
