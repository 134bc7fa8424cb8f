import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractText, getDocumentProxy } from 'unpdf';
import type { InvoiceDocument } from './document.ts';
import { invoicePdf } from './invoice-pdf.ts';
import { sampleInvoice } from './sample-document.ts';

const money = (amount: bigint, currency = 'USD') => ({ amount, currency });
const invoice = (over: Partial<InvoiceDocument>): InvoiceDocument => ({ ...sampleInvoice, ...over });
const picture = (text: string) => ({ bytes: new TextEncoder().encode(text), type: 'image/svg+xml' as const });
const withLogo = (logo: InvoiceDocument['organization']['logo'] & {}): InvoiceDocument =>
  invoice({ organization: { ...sampleInvoice.organization, logo } });

async function read(pdf: Buffer): Promise<{ pages: string[]; text: string }> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: false });
  const pages = text.map((page) => page.replaceAll(/\s+/g, ' '));
  return { pages, text: pages.join(' ') };
}
const readInvoice = async (over: Partial<InvoiceDocument>) => read(await invoicePdf(invoice(over)));
const claimsAccessible = (pdf: Buffer): boolean => pdf.includes('pdfuaid:part>1<');

test('an invoice is one page that says who owes what to whom, and until when', async () => {
  const { pages, text } = await readInvoice({});
  assert.equal(pages.length, 1);
  for (const said of [
    'Northwind Trading Co., LLC',
    'EIN 93-1234567',
    'billing@northwind.example',
    'INV-10042',
    'Mar 2, 2026',
    'Apr 1, 2026',
    'Net 30',
    '4500-77123',
    'Bill to Acme Robotics, Inc.',
    'Ship to Acme Robotics Dock 7',
    'Servo motor Brushless, 24 V, 0.4 Nm, with encoder 24 $128.50 $3,084.00 T',
    'T Taxable',
    'Subtotal $6,348.00',
    'Discount, 5% −$317.40',
    'Sales tax, 8.25% $391.74',
    'Total $6,422.34',
    'Payments applied −$1,000.00',
    'Credits applied −$150.00',
    'Balance due $5,272.34',
    'Thank you for your order.',
    'Past due balances bear interest',
    'pay.northwind.example/i/8fK2vQ9x',
    'Page 1 of 1',
  ]) {
    assert.ok(text.includes(said), `${said} is missing in: ${text}`);
  }
});

test('an invoice is a tagged PDF/UA with a title, a language and its fonts inside', async () => {
  const pdf = await invoicePdf(sampleInvoice);
  const source = pdf.toString('latin1');
  for (const mark of [
    '/StructTreeRoot',
    '/MarkInfo',
    '/Lang (en-US)',
    '/DisplayDocTitle true',
    '/FontFile2',
  ]) {
    assert.ok(source.includes(mark), mark);
  }
  assert.ok(source.includes('/Title (Invoice INV-10042 from Northwind Trading)'));
  assert.ok(claimsAccessible(pdf));
  const fonts = source.match(/\/BaseFont \/[A-Z]{6}\+[\w-]+/g) ?? [];
  assert.ok(fonts.length > 0 && fonts.every((font) => font.includes('+Inter-')), fonts.join());
});

test('a screen reader finds a heading, a table with its headings, and a name for each picture', async () => {
  const document = await getDocumentProxy(new Uint8Array(await invoicePdf(sampleInvoice)));
  const tree = JSON.stringify(await (await document.getPage(1)).getStructTree());
  const count = (role: string) => tree.split(`"role":"${role}"`).length - 1;
  assert.equal(count('H1'), 1);
  assert.equal(count('Table'), 1);
  assert.equal(count('TH'), 5);
  assert.equal(count('TD'), 15);
  assert.equal(count('Link'), 1);
  assert.ok(tree.includes('QR code of the payment link'));
});

test('the same document has the same bytes, whatever was set in between', async () => {
  const first = await invoicePdf(sampleInvoice);
  const other = await invoicePdf(invoice({ number: 'INV-2', createdAt: new Date('2027-01-01T00:00:00Z') }));
  assert.ok(first.equals(await invoicePdf(structuredClone(sampleInvoice))));
  assert.ok(!first.equals(other));
  assert.ok(first.includes('/CreationDate (D:20260302150000Z)'));
});

test('what customers and staff type is printed, never run', async () => {
  const evil =
    '#import "/etc/passwd"; $x^2$ ]) \\ *bold* _it_ @ref <label> `code` // gone /* gone */ {{x}} "q" = no';
  const { text } = await readInvoice({
    memo: evil,
    customer: {
      name: '#panic("x") ] $',
      addressLines: ['#read("invoice.typ")', '= Heading', '- item', '"); evil("'],
    },
    lines: [{ item: '$', description: '#sys.inputs $(1) \\u{1F600}', amount: money(1n) }],
  });
  for (const said of [
    evil,
    '#panic("x") ] $',
    '#read("invoice.typ") = Heading - item "); evil("',
    '#sys.inputs $(1)',
  ]) {
    assert.ok(text.includes(said), `${said} is missing in: ${text}`);
  }
});

test('300 lines take many pages, each with the headings of the columns and its number', async () => {
  const lines = Array.from({ length: 300 }, (_, i) => ({
    item: `SKU-${1000 + i}`,
    description:
      i % 7 ? 'Bracket' : 'A bracket whose long description needs a second line of the column to be told',
    quantity: String(i + 1),
    unitPrice: money(1999n),
    amount: money(1999n * BigInt(i + 1)),
  }));
  const { pages, text } = await readInvoice({ lines });
  assert.ok(pages.length >= 8 && pages.length <= 12, String(pages.length));
  for (const [i, page] of pages.entries()) {
    assert.ok(page.includes(`Page ${i + 1} of ${pages.length}`));
    if (page.includes('SKU-')) assert.ok(page.includes('Item Description Quantity Unit price Amount'));
  }
  for (const { item } of lines) assert.equal(text.split(`${item} `).length, 2, item);
  assert.ok(pages.at(-1)?.includes('Amount enclosed'));
});

test('the slip for a check and the payment link are there only while something is owed', async () => {
  const open = await readInvoice({});
  assert.match(open.text, /Detach here .* Amount due \$5,272\.34 Amount enclosed .*PO Box 88210 Portland/);
  for (const over of [
    { status: 'paid', balanceDue: money(0n) },
    { status: 'void', balanceDue: money(0n) },
    { status: 'draft' },
    { status: 'open', balanceDue: money(-500n) },
  ] as const) {
    const { text } = await readInvoice(over);
    assert.doesNotMatch(text, /Detach here|Pay online|8fK2vQ9x/, JSON.stringify(over.status));
  }
});

test('a paid, void or draft invoice says so', async () => {
  assert.match(
    (await readInvoice({ status: 'paid', balanceDue: money(0n) })).text,
    /Invoice Paid .*Paid, with thanks/,
  );
  assert.match(
    (await readInvoice({ status: 'void', balanceDue: money(0n) })).text,
    /Invoice Void .*nothing is owed/,
  );
  assert.match((await readInvoice({ status: 'draft' })).text, /Invoice Draft .*not yet issued/);
  assert.match((await readInvoice({ balanceDue: money(-500n) })).text, /Credit balance −\$5\.00/);
});

test('yen have no decimals, dinars have three, and the largest amount fits', async () => {
  const amounts = (amount: bigint, currency: string) => {
    const value = money(amount, currency);
    const rest = { discounts: [], taxes: [], applied: money(0n, currency), credits: money(0n, currency) };
    return {
      currency,
      lines: [{ item: 'A', amount: value }],
      subtotal: value,
      total: value,
      balanceDue: value,
      ...rest,
    };
  };
  assert.match((await readInvoice(amounts(360_000n, 'JPY'))).text, /Total ¥360,000 Balance due ¥360,000/);
  const dinars = await readInvoice(amounts(9_000_000_000_001n, 'KWD'));
  assert.match(dinars.text, /Balance due KWD 9,000,000,000\.001/);
  assert.equal(dinars.pages.length, 1);
  const german = await readInvoice({ ...amounts(123_456_789n, 'EUR'), locale: 'de-DE' });
  assert.match(german.text, /1\.234\.567,89 €/);
});

test('names in other scripts print with fonts inside the file', async () => {
  const lines = [
    '株式会社東京ロボット',
    '华为技术有限公司',
    '서울특별시 강남구',
    'हिन्दी',
    'ภาษาไทย',
    'Ελλάς Київ Łódź',
    '🧾',
  ];
  const pdf = await invoicePdf(
    invoice({
      customer: { name: 'شركة الخليج للتجارة', addressLines: ['رقم 14', 'חברת הצפון בע״מ'] },
      shipTo: { name: 'Trading', addressLines: lines },
    }),
  );
  assert.ok(claimsAccessible(pdf), 'every character has a glyph');
  const { text } = await read(pdf);
  for (const line of lines.slice(0, 3)) assert.ok(text.includes(line), `${line} in ${text}`);
});

test('a character that no font has leaves a box, not a missing invoice', async () => {
  const pdf = await invoicePdf(
    invoice({ customer: { name: 'Acme \u{1F78C}\u{2FA1F}\u{E000}', addressLines: [] } }),
  );
  // Some systems have a font of boxes for everything; there the claim may stand.
  assert.ok(process.platform !== 'linux' || !claimsAccessible(pdf));
  assert.ok(pdf.includes('/StructTreeRoot'));
  assert.ok((await read(pdf)).text.includes('Acme'));
});

test('a logo is a picture with a name; a broken one gives way to the name of the organization', async () => {
  const good = await invoicePdf(
    withLogo(
      picture('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"><rect width="9" height="3"/></svg>'),
    ),
  );
  const tree = await (await (await getDocumentProxy(new Uint8Array(good))).getPage(1)).getStructTree();
  assert.ok(JSON.stringify(tree).includes('Logo of Northwind Trading'));
  const plain = await invoicePdf(sampleInvoice);
  assert.ok((await invoicePdf(withLogo(picture('<svg')))).equals(plain));
  assert.ok(
    (await invoicePdf(withLogo({ bytes: new Uint8Array([1, 2, 3]), type: 'image/png' }))).equals(plain),
  );
});

test('long names, ten-line addresses and long words stay on the page, and copy out whole', async () => {
  const ten = Array.from({ length: 10 }, (_, i) => `Line ${i + 1} of a long address that goes on`);
  const word = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
  const { text } = await readInvoice({
    number: 'INV-2026-000000000000000000010042-REV-B',
    organization: { ...sampleInvoice.organization, name: `${word} of North America`, addressLines: ten },
    customer: { name: word, addressLines: ten },
    remitTo: { name: 'Northwind', addressLines: ten },
    lines: [
      { item: 'A'.repeat(60), description: 'Long text. '.repeat(400), amount: money(900_000_000_000n) },
    ],
  });
  assert.ok(text.replaceAll(' ', '').includes(word));
  assert.ok(!text.includes('\u200b'));
  assert.equal(text.split('Long text.').length, 401);
});

test('an almost empty invoice is one page on either paper', async () => {
  const { shipTo, terms, poNumber, memo, footer, payUrl, remitTo, discounts, ...rest } = sampleInvoice;
  for (const paper of ['letter', 'a4'] as const) {
    const bare = { name: 'Jo', addressLines: [] };
    const pdf = await invoicePdf({
      ...rest,
      paper,
      organization: { ...bare, color: 'no colour' },
      customer: bare,
      taxes: [],
      lines: [],
    });
    assert.ok(pdf.includes(paper === 'a4' ? '/MediaBox [0 0 595.2' : '/MediaBox [0 0 612 792]'), paper);
    const { pages } = await read(pdf);
    assert.equal(pages.length, 1);
    assert.doesNotMatch(pages.join(), /Ship to|Terms|PO number|Memo|Subtotal|undefined|null|none/);
  }
});

test('each look takes a second colour for its rules and bands, and says the same', async () => {
  const organization = { ...sampleInvoice.organization, accent: '#b0591b' };
  for (const theme of ['simple', 'modern', 'classic', 'compact'] as const) {
    const [plain, lined] = [invoice({ theme }), invoice({ theme, organization })];
    const [before, after] = [await invoicePdf(plain), await invoicePdf(lined)];
    assert.notDeepEqual(after, before, theme);
    assert.equal((await read(after)).text, (await read(before)).text, theme);
  }
});

test('columns that are switched off leave no trace', async () => {
  const columns = { item: false, quantity: false, unitPrice: false, serviceDate: true };
  const lines = sampleInvoice.lines.map((line) => ({ ...line, serviceDate: '2026-02-14' }));
  const { text } = await readInvoice({ columns, lines });
  assert.ok(text.includes('Date Description Amount Feb 14, 2026 Brushless'));
  assert.doesNotMatch(text, /Servo motor|Unit price|\$128\.50/);
  assert.match(
    (await readInvoice({ columns: { item: false, description: false } })).text,
    /Quantity Unit price Amount 24/,
  );
});

test('labels that the organization renamed are used', async () => {
  const { text } = await readInvoice({ labels: { billTo: 'Sold to', shipTo: 'Deliver to' } });
  assert.ok(text.includes('Sold to Acme Robotics, Inc.') && text.includes('Deliver to Acme Robotics'));
});
