import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAutomatic, keptAttachments, safeType, splitQuoted, wordsOfHtml } from '#features/replies/rules.ts';

const heads = (headers: Record<string, string>) => new Map(Object.entries(headers));

test('what a machine wrote is told from what a person wrote', () => {
  for (const headers of [
    { 'auto-submitted': 'auto-replied (vacation)' },
    { 'auto-submitted': 'Auto-Generated' },
    { 'x-autoreply': 'yes' },
    { precedence: 'bulk' },
    { precedence: 'auto_reply' },
    { subject: 'Out of Office: back on Monday' },
    { 'return-path': '<>' },
  ])
    assert.equal(isAutomatic(heads(headers as Record<string, string>)), true, JSON.stringify(headers));
  for (const headers of [{ 'auto-submitted': 'no' }, { subject: 'Re: Invoice 7' }, { precedence: 'list' }])
    assert.equal(isAutomatic(heads(headers as Record<string, string>)), false, JSON.stringify(headers));
});

test('the mail below an answer is folded away, in the ways that mail programs quote it', () => {
  const own = 'We pay on Friday.\n\nAna';
  for (const quote of [
    'On Mon, Mar 2, 2026 at 4:00 PM Fern <a@b.example> wrote:\n> Invoice 7',
    'On Mon, Mar 2, 2026 at 4:00 PM Fern & Company of the long name\n<a@b.example> wrote:\n\n> Invoice 7',
    'Am 02.03.2026 um 16:00 schrieb Fern:\n> Invoice 7',
    '-----Original Message-----\nFrom: Fern',
    '________________________________\nFrom: Fern <a@b.example>\nSent: Monday',
    'From: Fern <a@b.example>\nSent: Monday',
    '> Invoice 7',
  ])
    assert.deepEqual(splitQuoted(`${own}\n\n${quote}`), { text: own, quoted: quote }, quote);
  assert.deepEqual(splitQuoted('Thanks'), { text: 'Thanks', quoted: '' });
});

test('an answer written below what it quotes is kept whole', () => {
  const mail = 'On Monday, Fern wrote:\n> When do you pay?\nOn Friday.\nAna';
  assert.equal(splitQuoted(mail).text, mail);
});

test('of an HTML mail only its words are kept', () => {
  const words = wordsOfHtml(
    '<style>p{color:red}</style><script>alert(1)</script><p>Hello &amp; thanks</p>' +
      '<p>&lt;b&gt; &#8364;5&#0;</p><img src=x onerror=alert(1)>',
  );
  assert.equal(words, 'Hello & thanks\n<b> €5');
});

test('a file is what its first bytes say, and anything else is handed over as a file', () => {
  assert.equal(safeType('application/pdf', '25504446'), 'application/pdf');
  assert.equal(safeType('application/pdf', '4d5a9000'), 'application/octet-stream');
  assert.equal(safeType('text/html', '3c68746d'), 'application/octet-stream');
  assert.equal(safeType('image/svg+xml', '3c737667'), 'application/octet-stream');
});

test('attachments keep to their limits and get plain names', () => {
  const file = (fileName: string, length = 10) => ({ fileName, bytes: { length } });
  const { kept, leftOut } = keptAttachments([
    file('../../etc/passwd'),
    file('C:\\x\\invoice\u202egnp.exe'),
    file('scan.pdf'),
    file('scan.pdf'),
    file('...'),
    file('large.zip', 11 * 1024 * 1024),
  ]);
  assert.deepEqual(
    kept.map((each) => each.fileName),
    ['passwd', 'invoicegnp.exe', 'scan.pdf', '2-scan.pdf', 'attachment'],
  );
  assert.deepEqual(leftOut, ['large.zip']);
  assert.equal(keptAttachments(Array.from({ length: 30 }, (_, n) => file(`${n}.txt`))).kept.length, 20);
});
