import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { faultNames } from './faults.ts';
import { passesLuhn } from './read-instrument.ts';
import { testBankAccounts, testBanks, testCards } from './test-numbers.ts';

const page = readFileSync(new URL('../../../../docs/sandbox-gateway.md', import.meta.url), 'utf8');

/** The rows of the page that hold this in their first cell, whatever spaces the number is printed with. */
const rowsOf = (first: string): string[] =>
  page.split('\n').filter((line) => line.split('|')[1]?.replace(/[`\s]/g, '') === first);

test('each test number is on the page of the sandbox gateway, with what it does', () => {
  for (const { number, funding, what } of testCards) {
    assert.ok(passesLuhn(number), number);
    const [row, ...others] = rowsOf(number);
    assert.ok(row?.includes(what) && row.includes(`| ${funding} |`), `${number}: ${row}`);
    assert.deepEqual(others, []);
  }
  for (const { accountNumber, what } of testBankAccounts)
    assert.ok(rowsOf(accountNumber)[0]?.includes(what), accountNumber);
  for (const { routingNumber, name } of testBanks)
    assert.ok(page.includes(`\`${routingNumber}\` (${name})`), routingNumber);
});

test('each fault is on the page', () => {
  for (const name of faultNames) assert.ok(page.includes(`\`${name}\``), name);
});

test('no two test numbers end alike, so that a receipt tells which one was used', () => {
  const lasts = [
    ...testCards.map((card) => card.number),
    ...testBankAccounts.map((each) => each.accountNumber),
  ];
  assert.equal(new Set(lasts.map((number) => number.slice(-4))).size, lasts.length);
});
