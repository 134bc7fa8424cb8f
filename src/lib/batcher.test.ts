import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { microBatcher } from '#lib/batcher.ts';

const limits = { maxBatch: 100, maxInFlight: 2 };

test('what arrives while a batch is under way goes together, and each gets its own answer', async () => {
  const batches: number[][] = [];
  const add = microBatcher<number, string>(async (items) => {
    batches.push(items);
    await sleep(5);
    return items.map((item) => `verdict ${item}`);
  }, limits);
  const numbers = Array.from({ length: 64 }, (_, at) => at);
  const verdicts = await Promise.all(numbers.map((number) => add(number)));
  assert.deepEqual(
    verdicts,
    numbers.map((number) => `verdict ${number}`),
  );
  assert.ok(batches.length <= 3, `${batches.length} batches`);
});

test('no batch is larger, and no more are under way, than was said', async () => {
  let underWay = 0;
  const add = microBatcher<number, number>(
    async (items) => {
      underWay += 1;
      assert.ok(items.length <= 3 && underWay <= 2);
      await sleep(1);
      underWay -= 1;
      return items;
    },
    { maxBatch: 3, maxInFlight: 2 },
  );
  assert.equal((await Promise.all(Array.from({ length: 50 }, (_, at) => add(at)))).length, 50);
});

test('an item that spoils its batch fails alone', async () => {
  const written: number[] = [];
  const add = microBatcher<number, number>(async (items) => {
    if (items.includes(7)) throw new Error('seven');
    written.push(...items);
    return items;
  }, limits);
  const results = await Promise.allSettled(Array.from({ length: 12 }, (_, at) => add(at)));
  assert.deepEqual(
    results.flatMap(({ status }, at) => (status === 'rejected' ? [at] : [])),
    [7],
  );
  assert.deepEqual(
    written.sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11],
  );
  assert.equal(await add(3), 3, 'and the next come through');
});
