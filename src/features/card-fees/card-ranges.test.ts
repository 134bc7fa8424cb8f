import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { systemActor, type Tx } from '#db/db.ts';
import {
  knownFunding,
  loadCardRanges,
  readFundingOf,
  readRangeLists,
} from '#features/card-fees/card-ranges.ts';
import { priceCharge } from '#features/card-fees/price-charge.ts';
import {
  agreedRanges,
  type CardRange,
  fundingIn,
  rangeFundings,
  spanOf,
} from '#features/card-fees/range-rules.ts';
import { readRangeList } from '#features/card-fees/read-range-list.ts';
import { Refusal } from '#lib/errors.ts';
import { sha256 } from '#lib/secrets.ts';
import { setFees } from '../../../test/support/card-fees.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { card, given } from '../../../test/support/given.ts';
import { testCardList } from '../../../test/support/test-cards.ts';

test('a list says what stands behind a card, and what contradicts itself or is cut into says nothing', () => {
  const list = readRangeList(
    'BIN,Type,Prepaid\n424242,Credit,N\n400005,DEBIT,N\n510510,debit,yes\n520082,debit,no\n52008282,credit,no\n99,credit,no\n601100,,\n',
  );
  assert.deepEqual([list.rows, list.skipped], [7, 2]);
  const told = (bin: string) => fundingIn(bin, list.ranges);
  assert.deepEqual(['424242', '42424211', '400005', '510510', '601100', '424243'].map(told), [
    'credit',
    'credit',
    'debit',
    'prepaid',
    undefined,
    undefined,
  ]);
  assert.equal(told('52008282'), undefined, 'two rows differ');
  assert.equal(told('520082'), undefined, 'a part of it is not known');
  assert.equal(told('52008211'), 'debit');
});

test('ranges with more than eight digits count only where they are whole blocks of eight', () => {
  assert.equal(spanOf('4571736400', '4571736450'), undefined);
  assert.equal(spanOf('4571736420', '4571736499'), undefined);
  assert.deepEqual(spanOf('4571736000', '4571736999'), { first: 45_717_360, last: 45_717_369 });
  assert.deepEqual(spanOf('45717360000', '45717360999'), { first: 45_717_360, last: 45_717_360 });
  assert.deepEqual(spanOf('400005', '400007'), { first: 40_000_500, last: 40_000_799 });
  for (const odd of ['', '12345', '4000x5', '000005']) assert.equal(spanOf(odd, odd), undefined, odd);
});

test('whatever a list says, a card is called credit only where every row that touches it does', () => {
  const range = fc
    .tuple(
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 0, max: 12 }),
      fc.constantFrom(...rangeFundings),
    )
    .map(([from, more, funding]): CardRange => {
      const first = 42_424_200 + from;
      return { first, last: first + more, funding };
    });
  let credits = 0;
  fc.assert(
    fc.property(fc.array(range, { maxLength: 8 }), fc.integer({ min: 0, max: 72 }), (ranges, at) => {
      const bin = String(42_424_200 + at);
      const touching = ranges.filter(({ first, last }) => first <= Number(bin) && last >= Number(bin));
      const said = new Set(touching.map(({ funding }) => funding));
      const found = fundingIn(bin, agreedRanges(ranges));
      assert.equal(found, said.size === 1 ? [...said][0] : undefined);
      if (found === 'credit') credits += 1;
    }),
    { numRuns: 2_000 },
  );
  assert.ok(credits > 50);
});

const load = async (text: string, source: string, datedOn: string) => {
  const { db } = await testDatabase();
  const input = { list: readRangeList(text), source, datedOn, sha256: sha256(`${source} ${text}`) };
  return db.transaction(systemActor('test'), (tx) =>
    loadCardRanges(tx, input, new Date('2026-03-02T15:00:00Z')),
  );
};

test('a stored card whose gateway tells only its first digits has a surcharge once a list calls it credit', async () => {
  const books = await given.organization();
  await setFees(books);
  const customerId = await given.customer(books);
  const { funding: _, ...plain } = card;
  const methodId = await given.storedMethod(books, customerId, plain);
  await books.db.pool.query(`update payment_methods set bin = '424242' where id = $1`, [methodId]);
  const priced = async () => {
    const { rows } = await books.db.pool.query<{ funding: string | null; brand: string }>(
      'select funding, brand from payment_methods where id = $1',
      [methodId],
    );
    const charge = {
      ...{ organizationId: books.organizationId, customerId, base: 10_000n, currency: 'USD', parts: [] },
      ...{ kind: 'card' as const, today: '2026-03-02', ...rows[0] },
    };
    const { paidOnTop, why } = await books.tx((tx: Tx) => priceCharge(tx, charge));
    return paidOnTop?.amount ?? why;
  };
  assert.equal(await priced(), 'funding_unknown', 'nobody says what it is');
  const loaded = await load(testCardList, 'Stripe, testing', '2026-01-01');
  assert.ok(loaded.cards >= 1);
  assert.equal(await priced(), 300n);
  const of = (bin: string) => books.tx((tx) => readFundingOf(tx, bin));
  assert.deepEqual(
    await Promise.all(['400005', '520082', '510510', '601100'].map(async (bin) => (await of(bin))?.funding)),
    ['debit', 'debit', 'prepaid', undefined],
  );
  // The gateway's own word goes before any list.
  const told = await books.tx((tx) => knownFunding(tx, { funding: 'debit', bin: '424242' }));
  assert.deepEqual([told.funding, told.listId], ['debit', null]);
  // Another source that differs: nobody knows, so no surcharge.
  await load('bin,funding\n424242,debit\n', 'Another', '2026-02-01');
  assert.equal(await priced(), 'funding_unknown');
  await load('bin,funding\n424242,credit\n', 'Another', '2026-02-02');
  assert.equal(await priced(), 300n, 'the newest list of a source is what it says');
  const lists = await books.tx(readRangeLists);
  assert.deepEqual(
    lists.filter(({ source }) => source === 'Another').map(({ datedOn }) => datedOn),
    ['2026-02-02'],
  );
  await assert.rejects(
    load('bin,funding\n424242,credit\n', 'Another', '2026-02-02'),
    (error: unknown) => error instanceof Refusal && error.code === 'conflict',
  );
});

test('a file that names no column or no card is refused with what it needs', () => {
  const refused = (text: string, says: RegExp) =>
    assert.throws(
      () => readRangeList(text),
      (error: unknown) => error instanceof Refusal && says.test(error.message),
    );
  refused('number,what\n424242,credit\n', /columns bin/);
  refused('', /columns bin/);
  refused('bin,funding\n42,credit\n', /at least six digits/);
});
