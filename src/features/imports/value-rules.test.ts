import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { guardFormula, unguardFormula } from '#lib/csv-line.ts';
import { cleanCell, readEmails, readFlag, readTermsDays, sheetError } from './value-rules.ts';

test('yes and no are read in the words that files use', () => {
  for (const text of ['Y', 'yes', 'TRUE', '1', 'x', 'X', 'Active', 'oui', 'Tax']) {
    assert.deepEqual(readFlag(text), { ok: true, value: true }, text);
  }
  for (const text of ['N', 'No', 'false', '0', 'Not-active', 'Non', 'nein']) {
    assert.deepEqual(readFlag(text), { ok: true, value: false }, text);
  }
  assert.equal(readFlag('maybe').ok, false);
});

test('e-mail lists are split at commas, semicolons and line breaks, each address once', () => {
  const cases: [string, string[]][] = [
    ['a@x.example', ['a@x.example']],
    ['a@x.example, b@x.example;A@X.example', ['a@x.example', 'b@x.example']],
    ['"Doe, Jane" <jane@x.example>', ['jane@x.example']],
    ['Jane Doe <mailto:jane@x.example>\nb@x.example', ['jane@x.example', 'b@x.example']],
    ["o'neil+ar@mail.x.example", ["o'neil+ar@mail.x.example"]],
  ];
  for (const [text, value] of cases) assert.deepEqual(readEmails(text), { ok: true, value }, text);
  const wrong = [
    'jane',
    'jane@',
    '@x.example',
    'jane@localhost',
    'a b@x.example',
    'a..b@x.example',
    'a@x..example',
    ',',
  ];
  for (const text of wrong) assert.equal(readEmails(text).ok, false, text);
});

test('terms are read as days, however they are worded', () => {
  const cases: [string, number][] = [
    ['30', 30],
    ['Net 30', 30],
    ['net30', 30],
    ['2% 10 Net 45', 45],
    ['Due on receipt', 0],
    ['15 days', 15],
    ['30.00', 30],
  ];
  for (const [text, value] of cases) assert.deepEqual(readTermsDays(text), { ok: true, value }, text);
  for (const text of ['soon', '-5', 'Net 900', 'end of month'])
    assert.equal(readTermsDays(text).ok, false, text);
});

test('spreadsheet errors are known by name, and other words with # are not errors', () => {
  for (const text of ['#REF!', '#NAME?', '#N/A', '#VALUE!', '#ref!', '#####']) {
    assert.match(sheetError(text) ?? '', /spreadsheet/, text);
  }
  for (const text of ['#1 Pizza', '# 12', 'REF!', '']) assert.equal(sheetError(text), undefined, text);
});

test('the formula guard stops what a spreadsheet would run, and leaves numbers alone', () => {
  for (const text of ['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\t=1', "'=1", '+1 (555) 010-2030']) {
    assert.equal(guardFormula(text), `'${text}`, text);
  }
  for (const text of ['-12.50', '+5', '-1.234,50', '-3%', 'Acme', "'tis", ''])
    assert.equal(guardFormula(text), text);
});

test('the formula guard is undone exactly', () => {
  const cell = fc.string({
    unit: fc.constantFrom('=', '+', '-', '@', '\t', "'", '1', '.', 'a', ' '),
    maxLength: 6,
  });
  fc.assert(fc.property(fc.oneof(cell, fc.string()), (text) => unguardFormula(guardFormula(text)) === text));
});

test('a cell loses outer blanks and invisible marks, nothing else', () => {
  assert.equal(cleanCell('\u00a0 Acme\u200b '), 'Acme');
  assert.equal(cleanCell('\ufeff12'), '12');
  assert.equal(cleanCell("'+1 555"), '+1 555');
  assert.equal(cleanCell('a  b'), 'a  b');
  assert.equal(cleanCell(undefined), '');
});
