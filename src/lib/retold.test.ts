import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRetold } from '#lib/retold.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 9, minute));

test('what was counted is told again with its time until it is too old, and never before it was counted', () => {
  const retold = makeRetold<string>({ most: 2, for_ms: 10 * 60_000 });
  retold.keep('a', at(0), 'seven');
  assert.deepEqual(retold.find('a', at(9)), { at: at(0), what: 'seven' });
  assert.equal(retold.find('a', at(10)), undefined);
  assert.equal(retold.find('a', new Date(at(0).getTime() - 1)), undefined, 'a clock that was set back');
  assert.equal(retold.find('b', at(1)), undefined);
});

test('the oldest goes when there are too many; one that was kept anew is the newest', () => {
  const retold = makeRetold<number>({ most: 2, for_ms: 60_000 });
  retold.keep('a', at(0), 1);
  retold.keep('b', at(0), 2);
  retold.keep('a', at(0), 3);
  retold.keep('c', at(0), 4);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => retold.find(key, at(0))?.what),
    [3, undefined, 4],
  );
});
