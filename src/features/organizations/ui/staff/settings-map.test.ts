import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { findSettings, settingFields } from '#features/organizations/ui/staff/settings-map.ts';

const sections = [
  { name: 'general', title: 'General' },
  { name: 'invoices', title: 'Invoices and mail' },
  { name: 'autopay', title: 'Autopay and retries' },
];
const labels = (query: string) => findSettings(query, sections).map(({ label, title }) => label ?? title);

test('a setting is found by its label, by what others call it, and by the words of its section', () => {
  assert.deepEqual(labels('time zone'), ['Time zone']);
  assert.deepEqual(labels('MERCHANT email'), ['Send notices about payments to']);
  assert.deepEqual(labels('retries'), [
    'Autopay and retries',
    'An invoice is charged',
    ...labels('retries').slice(2),
  ]);
  assert.deepEqual(labels("customers' portal"), ['Your customers’ portal']);
  assert.deepEqual(labels('surcharge'), [], 'of a section that is not there');
  assert.deepEqual(labels('  '), []);
});

test('each label that can be found stands on a page of the console', () => {
  const files = globSync('src/**/ui/staff/*.{ts,tsx}').concat('src/ui/logo-field.tsx');
  const pages = files
    .filter((file) => !file.includes('settings-map'))
    .map((file) => readFileSync(file, 'utf8'));
  const missing = settingFields.filter(({ label }) => !pages.some((page) => page.includes(label)));
  assert.deepEqual(missing, []);
});
