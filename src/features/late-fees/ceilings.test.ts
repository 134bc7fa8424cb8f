import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ceiling } from '#features/late-fees/ceiling-rules.ts';
import { addCeiling, removeCeiling } from '#features/late-fees/own-ceilings.ts';
import { readCeilings } from '#features/late-fees/queries.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { agree, refused } from '../../../test/support/late-fees.ts';

const monthly = (percent: string, jurisdiction: string) =>
  ({ amountType: 'percent', percent, everyDays: 30, jurisdiction }) as const;
const own: Omit<Ceiling, 'id'> = {
  ...{ jurisdiction: 'US-TX', basis: 'percent_per_year', title: 'Ours', figure: '18', currency: null },
  ...{ says: '18 % a year in writing.', severity: 'block', source: 'Our lawyer', verifiedOn: '2026-03-01' },
};
const add = (books: Books) =>
  books.tx((tx) =>
    addCeiling(tx, books.actor, { organizationId: books.organizationId, ceiling: own }, books.now),
  );

test('a ceiling that blocks refuses terms above it, by name and figure, and lets terms at it pass', async () => {
  const books = await given.organization();
  // 4 % in thirty days are 48.67 % in a year of 365; 3.9 % are 47.45 %.
  await assert.rejects(agree(books, monthly('4', 'CA')), refused('invalid_request', /ceiling of CA.*48 %/s));
  await assert.rejects(agree(books, monthly('4', 'CA-ON')), refused('invalid_request', /ceiling of CA/));
  await agree(books, monthly('3.9', 'CA'));
  await agree(books, monthly('4', 'US'));
  // Switched off, terms are not held against anything.
  await agree(books, { ...monthly('4', 'CA'), isActive: false });
});

test('a ceiling of the organization’s own holds for it alone, until it is dropped', async () => {
  const [books, others] = [await given.organization(), await given.organization()];
  await agree(books, monthly('2', 'US-TX'));
  const { id } = await add(books);
  await assert.rejects(agree(books, monthly('2', 'US-TX')), refused('invalid_request', /18 %/));
  await agree(books, monthly('1.4', 'US-TX'));
  await agree(others, monthly('2', 'US-TX'));
  const known = await others.tx((tx) => readCeilings(tx, others.organizationId, '2026-03-02'));
  assert.ok(known.every((each) => each.id === null));
  const at = { organizationId: books.organizationId, ceilingId: id ?? '' };
  await books.tx((tx) => removeCeiling(tx, books.actor, at, books.now));
  await agree(books, monthly('2', 'US-TX'));
  await assert.rejects(
    books.tx((tx) => removeCeiling(tx, books.actor, at, books.now)),
    refused('not_found', /ceiling/),
  );
});

test('every ceiling says where it is from', async () => {
  const books = await given.organization();
  const known = await books.tx((tx) => readCeilings(tx, books.organizationId, '2026-03-02'));
  assert.ok(known.length >= 17);
  assert.ok(known.every(({ source }) => source.startsWith('https://')));
});
