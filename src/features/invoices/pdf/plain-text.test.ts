import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainLines, plainText } from './plain-text.ts';

test('line ends become one kind, controls and directional overrides go', () => {
  assert.equal(plainText(' a\r\nb\rc\u2028d\u0000\u202e\te '), 'a\nb\nc\nd e');
  assert.equal(plainText('half \ud800 pair'), 'half \ufffd pair');
});

test('a long run gets places to break: after its own signs first, then anywhere', () => {
  assert.equal(
    plainText('accounts.payable@north-wind.example'),
    'accounts.\u200bpayable@\u200bnorth-\u200bwind.\u200bexample',
  );
  assert.equal(plainText('A'.repeat(24)), 'AAAAAA\u200bAAAAAA\u200bAAAAAA\u200bAAAAAA');
  assert.equal(plainText('北'.repeat(40)), '北'.repeat(40));
  assert.equal(plainText('INV-10042'), 'INV-10042');
});

test('blank address lines are dropped and lines within lines count', () => {
  assert.deepEqual(plainLines(['1 Main St\nSuite 2', ' ', 'Portland']), ['1 Main St', 'Suite 2', 'Portland']);
});
