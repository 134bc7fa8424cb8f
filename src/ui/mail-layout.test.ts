import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Mail } from '#ui/mail-layout.ts';
import { renderMail } from '#ui/mail-layout.ts';

const invoiceMail: Mail = {
  organization: {
    name: 'Harbor & Pine Supply',
    brandColor: '#1f4d2b',
    address: ['18 Commercial Wharf', 'Portland, ME 04101'],
    phone: '+1 (207) 555-0134',
    website: 'https://harborpine.example',
  },
  preheader: '$1,073.07 due November 10 for invoice 1042',
  heading: 'Invoice 1042 from Harbor & Pine Supply',
  blocks: [
    { kind: 'amount', label: 'Amount due', amount: '$1,073.07', note: 'Due November 10, 2026' },
    {
      kind: 'button',
      words: 'View and pay invoice',
      url: 'https://pay.harborpine.example/p/tok_123?a=1&b=2',
    },
    {
      kind: 'paragraph',
      words: ['Thank you for your business, ', { strong: 'Ada' }, '. Your invoice is ready.'],
    },
    {
      kind: 'facts',
      rows: [
        ['Invoice', '1042'],
        ['Payable to', 'Harbor & Pine Supply'],
        ['Terms', 'Net 30'],
      ],
    },
    {
      kind: 'table',
      head: ['Item', 'Quantity', 'Amount'],
      rows: [
        ['Parchment', '12', '$648.00'],
        ['Proofing baskets', '40', '$490.00'],
      ],
      total: ['Total', '$1,138.00'],
    },
    { kind: 'notice', words: 'Practice mode: no money moves.' },
    { kind: 'divider' },
    {
      kind: 'small',
      words: [
        'Questions? Just answer this email, or see ',
        { url: 'https://harborpine.example/help', words: 'our help' },
        '.',
      ],
    },
  ],
  footer: {
    words: 'Not the right person for invoices?',
    link: { url: 'https://pay.harborpine.example/wrong/tok', words: 'Tell us' },
  },
};

test('a mail says the same in both forms', () => {
  const { html, text } = renderMail(invoiceMail);
  const shown = [
    'Amount due',
    '$1,073.07',
    'Due November 10, 2026',
    'View and pay invoice',
    'Net 30',
    'Proofing baskets',
    '18 Commercial Wharf',
    'Tell us',
  ];
  for (const each of shown) {
    assert.ok(html.includes(each), `html: ${each}`);
    assert.ok(text.includes(each), `text: ${each}`);
  }
  assert.ok(html.includes('href="https://pay.harborpine.example/p/tok_123?a=1&amp;b=2"'));
  assert.ok(text.includes('\nhttps://pay.harborpine.example/p/tok_123?a=1&b=2\n'));
  assert.match(text, /our\s+help\s+\(https:\/\/harborpine\.example\/help\)/);
});

test('in plain text figures stand below each other', () => {
  const { text } = renderMail(invoiceMail);
  const rows = text.split('\n').filter((line) => /^(Item|Parchment|Proofing|Total)/.test(line));
  assert.deepEqual(rows, [
    'Item              Quantity     Amount',
    'Parchment         12          $648.00',
    'Proofing baskets  40          $490.00',
    'Total                       $1,138.00',
  ]);
});

test('a mail is small enough never to be cut off', () => {
  assert.ok(Buffer.byteLength(renderMail(invoiceMail).html) < 20_000);
  const rows = Array.from({ length: 2000 }, (_each, index) => [`Invoice ${index}`, '', '$1.00']);
  assert.throws(
    () => renderMail({ ...invoiceMail, blocks: [{ kind: 'table', head: ['', '', ''], rows }] }),
    /cut off/,
  );
});

test('a mail has one primary button', () => {
  const button = { kind: 'button', words: 'Pay', url: 'https://x.example' } as const;
  assert.throws(() => renderMail({ ...invoiceMail, blocks: [button, button] }), /one primary button/);
});

test('nothing that a customer or an organization wrote becomes markup', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'<>"\'&ab\n =/') }), (evil) => {
      const tags = (mail: Mail): string[] => renderMail(mail).html.match(/<[a-z!/][^>]*/gi) ?? [];
      const make = (words: string): Mail => ({
        organization: { name: words, address: [words], phone: words },
        preheader: words,
        heading: words,
        blocks: [
          { kind: 'paragraph', words: [{ strong: words }, { url: 'https://x.example', words }] },
          { kind: 'facts', rows: [[words, words]] },
          { kind: 'table', head: [words, words], rows: [[words, words]] },
          { kind: 'button', words, url: 'https://x.example' },
        ],
        footer: { words },
      });
      const oneLine = evil.replaceAll('\n', ' ');
      assert.deepEqual(tags(make(oneLine)), tags(make('plain')));
    }),
  );
});

test('a link in a mail leads to the web', () => {
  assert.throws(() =>
    renderMail({ ...invoiceMail, blocks: [{ kind: 'button', words: 'Pay', url: 'javascript:alert(1)' }] }),
  );
});

test('the line at the head of a mail is in the second colour, by day and by night; without one in the brand’s', () => {
  const lined = { ...invoiceMail, organization: { ...invoiceMail.organization, accentColor: '#b0591b' } };
  assert.match(renderMail(lined).html, /border-top:4px solid #b0591b/);
  assert.doesNotMatch(renderMail(invoiceMail).html, /#b0591b/);
});
