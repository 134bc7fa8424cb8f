import assert from 'node:assert/strict';
import { test } from 'node:test';
import { date, oneOf, searchOf, text } from '#web/staff/search.ts';

const read = searchOf({ q: text, status: oneOf(['open', 'draft']), due_from: date });

test('an old or mistyped link still opens the page: what is unknown falls away', () => {
  assert.deepEqual(read({ q: 'oak', status: 'ancient', due_from: '2026-02-31', more: 1 }), { q: 'oak' });
});

test('a search for a number stays a search', () => {
  assert.deepEqual(read({ q: 1042, status: 'open', due_from: '2026-02-28' }), {
    q: '1042',
    status: 'open',
    due_from: '2026-02-28',
  });
});
