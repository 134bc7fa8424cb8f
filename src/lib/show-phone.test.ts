import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showPhone } from '#lib/show-phone.ts';

test('a telephone number is shown as it is read at home, or with its country; what is none stays as it was typed', () => {
  for (const [typed, country, shown] of [
    ['+15125550188', 'US', '(512) 555-0188'],
    ['512.555.0188', 'US', '(512) 555-0188'],
    ['+4930901820', 'US', '+49 30 901820'],
    ['+15125550188', 'DE', '+1 512 555 0188'],
    ['+15125550188', '', '(512) 555-0188'],
    ['ask for Ana', 'US', 'ask for Ana'],
    ['12', 'US', '12'],
  ] as const)
    assert.equal(showPhone(typed, country), shown, typed);
});
