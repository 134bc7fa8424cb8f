import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsProblem, columnsSaid, columnsShown, type ListColumns } from '#lib/list-columns.ts';

const list: ListColumns = { always: 'number', usual: ['due', 'total'], more: ['po'] };

test('columns are spelled in the order of the list, and not at all where they are the usual ones', () => {
  assert.equal(columnsSaid(new Set(['number', 'total', 'due']), list), undefined);
  assert.equal(columnsSaid(new Set(['po', 'due', 'number']), list), 'number,due,po');
  assert.equal(columnsSaid(new Set(['number', 'due', 'total', 'po']), list), 'number,due,total,po');
});

test('an old address still opens something: what it cannot know falls away, and a row keeps its name', () => {
  assert.deepEqual([...columnsShown(undefined, list)], ['number', 'due', 'total']);
  assert.deepEqual([...columnsShown('po,colour', list)], ['number', 'po']);
  assert.deepEqual([...columnsShown('colour', list)], ['number', 'due', 'total']);
});

test('what is kept under a name is refused where it names a column that is not there, twice, or no row', () => {
  assert.equal(columnsProblem('number,po', list), undefined);
  assert.match(columnsProblem('number,colour', list) ?? '', /no column colour.*due, total, po/);
  assert.match(columnsProblem('number,', list) ?? '', /without a name/);
  assert.match(columnsProblem('number,po,po', list) ?? '', /twice/);
  assert.match(columnsProblem('po', list) ?? '', /number has to be/);
});
