import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { arrayParameter } from '#db/array-parameter.ts';
import { given } from '../../test/support/given.ts';

test('what goes into the database as an array is there as it was, whatever it is made of', async () => {
  const { db, actor } = await given.organization();
  const echo = <T>(items: T[], type: string): Promise<T[]> =>
    db.transaction(actor, async (tx) => {
      const rows = await tx.rows<{ item: T }>(
        sql`select item from unnest(${items}::${sql.raw(type)}[]) with ordinality as u(item, at) order by at`,
      );
      return rows.map((row) => row.item);
    });
  const characters = ['"', '\\', '\\"', ',', '{', '}', '{}', ' ', '\n', '\t', "'", '$1', '€', '😀', 'ß'];
  const texts = ['', 'NULL', 'null', 'a', ' a ', 'Müller & Söhne, "Zoë"', ...characters, characters.join('')];
  for (const text of texts) assert.deepEqual(await echo([text], 'text'), [text]);
  assert.deepEqual(await echo<string | null>([...texts, null, ''], 'text'), [...texts, null, '']);
  assert.deepEqual(await echo([], 'text'), []);
  assert.deepEqual(await echo([0n, -1n, 9_007_199_254_740_993n], 'bigint'), [
    0n,
    -1n,
    9_007_199_254_740_993n,
  ]);
  assert.deepEqual(await echo<number | null>([1, -2.5, 1e21, null], 'float8'), [1, -2.5, 1e21, null]);
  assert.deepEqual(await echo([true, false], 'boolean'), [true, false]);
  const moments = [new Date('2026-11-20T23:59:59.999Z'), new Date(0)];
  assert.deepEqual(await echo(moments, 'timestamptz'), moments);
});

test('arrays that are not of plain values stay as they are, for the driver to write', () => {
  for (const value of [[new Date(0)], [['a']], [{ a: 1 }], [Buffer.from('a')], 'a', null, 1n])
    assert.equal(arrayParameter(value), value);
});
