import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type IdKind, idPrefixes, isId, newId } from '#lib/ids.ts';

test('ids of one process are all different and sort in the order they were made', () => {
  const ids = Array.from({ length: 50_000 }, () => newId('payment'));
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual([...ids].sort(), ids);
});

test('an id tells its kind, and is told from any other text', () => {
  for (const kind of Object.keys(idPrefixes) as IdKind[]) assert.ok(isId(kind, newId(kind)), kind);
  assert.equal(
    new Set(Object.values(idPrefixes)).size,
    Object.keys(idPrefixes).length,
    'no prefix serves two kinds',
  );
  const id = newId('invoice');
  for (const text of [
    id.toUpperCase(),
    id.slice(0, -1),
    `${id}0`,
    ` ${id}`,
    newId('payment'),
    '',
    `${id}\n`,
  ]) {
    assert.equal(isId('invoice', text), false, JSON.stringify(text));
  }
});
