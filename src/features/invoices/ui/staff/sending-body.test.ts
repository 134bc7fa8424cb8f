import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asTyped as written } from '#features/invoices/ui/staff/sending-body.ts';

const usual = {
  to: ['ana@example.com'],
  cc: ['books@example.com'],
  subject: 'Invoice A-7',
  body: 'Hello Ana,',
};
type Sent = { to?: string[]; cc?: string[]; subject?: string; body?: string; files?: unknown[] };
const asTyped = async (...asked: Parameters<typeof written>): Promise<Sent> => written(...asked);
const typed = { ...usual, channels: ['email' as const], attach_pdf: true, files: [] };

test('what nobody changed is left to the server, which knows who reads it', async () => {
  assert.deepEqual(await asTyped(typed, usual), { channels: ['email'], attach_pdf: true });
});

test('whoever changes one reader says all of them: the copies that are shown are the copies that go', async () => {
  const toSelf = await asTyped({ ...typed, to: ['me@fern.example'], cc: [] }, usual);
  assert.deepEqual([toSelf.to, toSelf.cc], [['me@fern.example'], []]);
  const elsewhere = await asTyped({ ...typed, to: ['new@example.com'] }, usual);
  assert.deepEqual([elsewhere.to, elsewhere.cc], [['new@example.com'], ['books@example.com']]);
  const noCopy = await asTyped({ ...typed, cc: [] }, usual);
  assert.deepEqual([noCopy.to, noCopy.cc], [['ana@example.com'], []]);
});

test('words go where they were changed; files only with a mail', async () => {
  const files = [new File(['three of them'], 'Hours.txt')];
  const sent = await asTyped({ ...typed, body: 'Dear Ana,', files }, usual);
  assert.deepEqual([sent.subject, sent.body], [undefined, 'Dear Ana,']);
  assert.deepEqual(sent.files, [{ file_name: 'Hours.txt', base64: btoa('three of them') }]);
  const letter = await asTyped({ ...typed, channels: ['paper'], files }, usual);
  assert.deepEqual(letter, { channels: ['paper'] });
});
