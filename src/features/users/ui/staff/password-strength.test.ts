import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strengthOf } from '#features/users/ui/staff/password-strength.ts';

test('short passwords are weak, whatever they hold', () => {
  assert.equal(strengthOf('aB3$xY9!').word, 'Too short');
});

test('length made of rows, repeats and common words does not count', () => {
  for (const text of ['aaaaaaaaaaaaaaaa', '123456789012345', 'passwordpassword', 'abcdefghijklmnop']) {
    assert.equal(strengthOf(text).score, 1, text);
  }
});

test('a name that is known to everybody adds little', () => {
  assert.ok(
    strengthOf('lindnerlindner9', ['Lindner']).score < strengthOf('quartzmagpie9xu', ['Lindner']).score,
  );
});

test('four unrelated words are strong', () => {
  assert.equal(strengthOf('birch kettle nineteen moss').score, 4);
});
