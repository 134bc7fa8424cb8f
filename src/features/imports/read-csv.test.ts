import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvLine } from '#lib/csv-line.ts';
import type { CsvRecord } from './csv-records.ts';
import { detectDelimiter } from './dialect-rules.ts';
import type { CsvFile } from './read-csv.ts';
import { readCsv } from './read-csv.ts';

/** Rows enough that the head of the file, which is read in one go, ends before what is tested begins. */
const filler = `one,${'x'.repeat(9990)}\n`.repeat(7);

const open = (content: string | Buffer, chunkSize = 65_536): Promise<CsvFile> => {
  const bytes = Buffer.from(content);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkSize) }, (_, at) =>
    bytes.subarray(at * chunkSize, (at + 1) * chunkSize),
  );
  return readCsv(Readable.from(chunks, { objectMode: true }));
};

const rowsOf = async (file: CsvFile): Promise<CsvRecord[]> => {
  const rows: CsvRecord[] = [];
  for await (const row of file.rows) rows.push(row);
  return rows;
};

const cellsOf = async (content: string | Buffer): Promise<string[][]> =>
  (await rowsOf(await open(content))).map((row) => row.cells);

const refusal = async (content: string | Buffer): Promise<string> => {
  try {
    await rowsOf(await open(content));
  } catch (error) {
    assert.ok(error instanceof Error && error.name === 'Refusal', String(error));
    return error.message;
  }
  return assert.fail('the file was read');
};

test('a row keeps the line of the file on which it begins', async () => {
  const rows = await rowsOf(await open('\n\na,b\r\n1,"two\r\nlines"\r\n\r\n , \r\n3,"x\ny\nz"\n4,5\n'));
  assert.deepEqual(
    rows.map(({ lineNo, cells }) => [lineNo, ...cells]),
    [
      [4, '1', 'two\r\nlines'],
      [8, '3', 'x\ny\nz'],
      [11, '4', '5'],
    ],
  );
});

test('line ends of every kind are understood, even mixed in one file', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    assert.deepEqual(
      await cellsOf(['a,b', '1,2', '3,4'].join(end)),
      [
        ['1', '2'],
        ['3', '4'],
      ],
      JSON.stringify(end),
    );
    assert.deepEqual(await cellsOf(['a,b', '"1",2', '3,4', ''].join(end)), [
      ['1', '2'],
      ['3', '4'],
    ]);
  }
  assert.deepEqual(await cellsOf('a,b\r\n1,2\n3,4\r5,6'), [
    ['1', '2'],
    ['3', '4'],
    ['5', '6'],
  ]);
});

test('the delimiter is what separates most rows equally, not what stands in a text', async () => {
  const cases: [string, string][] = [
    ['a,b,c\n1,2,3\n', ','],
    ['a;b;c\n1,50;2,50;3,50\n4,50;5,50;6,50\n', ';'],
    ['a\tb\n1,2\t3\n', '\t'],
    ['a|b\n1;2|3\n', '|'],
    ['name,note\n"x; y; z",1\n"a; b; c",2\n', ','],
    ['name\nAcme\n', ','],
    ['a,b\n"1;2\n3;4\n5;6",2\n', ','],
    ['Report\n\na;b;c\n1;2;3\n4;5;6\n', ';'],
  ];
  for (const [text, delimiter] of cases) assert.equal(detectDelimiter(text, true), delimiter, text);
  const named = await open('sep=;\r\na,x;b\r\n1;2\r\n');
  assert.deepEqual([named.delimiter, named.headers, named.headerLineNo], [';', ['a,x', 'b'], 2]);
});

test('encodings are told apart, whatever the chunks cut', async () => {
  const text = 'Name,City\r\nCafé Noël,Köln\r\n"Größe €",Łódź 東京 😀\r\n';
  const utf16 = Buffer.from(text, 'utf16le');
  const cases: [string, Buffer][] = [
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\ufeff${text}`)],
    ['utf-16le', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ['utf-16be', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()])],
    ['utf-16le', Buffer.from('Name,City\nAnna,Bonn\n', 'utf16le')],
  ];
  for (const [encoding, bytes] of cases) {
    for (const size of [1, 2, 3, 5, 7, 1000]) {
      const file = await open(bytes, size);
      assert.equal(file.encoding, encoding);
      assert.deepEqual(file.headers, ['Name', 'City']);
      const [first] = await rowsOf(file);
      assert.ok(['Café Noël', 'Anna'].includes(first?.cells[0] ?? ''), `${encoding} in chunks of ${size}`);
    }
  }
});

test('Windows-1252 is recognised, even when its first accent is far down the file', async () => {
  const accents = Buffer.from([0x43, 0x61, 0x66, 0xe9, 0x20, 0x80, 0x0a]);
  const near = await open(Buffer.concat([Buffer.from('Name\n'), accents]));
  assert.equal(near.encoding, 'windows-1252');
  assert.deepEqual(
    (await rowsOf(near)).map((row) => row.cells),
    [['Café €']],
  );
  const far = await open(Buffer.concat([Buffer.from(`Name\n${'plain\n'.repeat(30_000)}`), accents]));
  assert.equal((await rowsOf(far)).at(-1)?.cells[0], 'Café €');
  assert.equal(far.encoding, 'windows-1252');
  const both = Buffer.concat([Buffer.from(`Name\nCafé\n${'plain\n'.repeat(30_000)}`), accents]);
  assert.match(await refusal(both), /mixes encodings.*CSV UTF-8/);
});

test('what is no CSV is refused with the way to make one', async () => {
  assert.match(await refusal(''), /empty/);
  assert.match(await refusal('\n \n,,\n'), /no rows/);
  assert.match(await refusal(Buffer.from('504b030414000600', 'hex')), /Excel workbook.*CSV UTF-8/);
  assert.match(await refusal(Buffer.from('d0cf11e0a1b11ae1', 'hex')), /old Excel workbook/);
  assert.match(await refusal('%PDF-1.7'), /PDF/);
  assert.match(await refusal('\n<html><table>'), /web page/);
  assert.match(await refusal('a,b\n1,\u0000\n'), /not text|zero bytes/);
  assert.match(await refusal(`a,b\n${'x,y\n'.repeat(40_000)}1,\u0000\n`), /zero bytes/);
});

test('a quotation mark that is never closed is refused with its line', async () => {
  assert.match(await refusal('a,b\n1,2\n3,"4\n5,6\n'), /line 3 is not closed/);
  assert.match(await refusal('a,b\n1,2\n3,"4\n5,"6"\n7,8\n'), /line 3 is not closed/);
  assert.match(await refusal(`a,b\n1,"2\n${'x'.repeat(2_000_000)}`), /line 2 is longer than 1 MiB/);
});

test('limits: columns and the length of a row', async () => {
  assert.match(await refusal(`a,b\n${','.repeat(500)}\n`), /Line 2 has 501 columns; at most 500/);
  assert.match(await refusal(`a,b\n"",${','.repeat(500)}\n`), /Line 2 has 502 columns/);
  assert.match(await refusal(`a,b\n1,${'x'.repeat(1_200_000)}\n`), /line 2 is longer than 1 MiB/);
  assert.match(await refusal(`a,b\n"1",${','.repeat(3_000_000)}`), /longer than 1 MiB/);
});

test('rows that are too short or too long are kept and said to be', async () => {
  const rows = await rowsOf(await open('a,b,c\n1,2\n1,2,3,4\n"1",2,3\n"",2\n'));
  assert.deepEqual(
    rows.map(({ cells, ragged }) => [cells.length, ragged]),
    [
      [2, -1],
      [4, 1],
      [3, 0],
      [2, -1],
    ],
  );
});

test('quotation marks inside a text stay, blanks before a quoted cell go', async () => {
  assert.deepEqual(await cellsOf('a,b\n12" pipe, "x, ""y"""\n5\'11",z\n'), [
    ['12" pipe', 'x, "y"'],
    ['5\'11"', 'z'],
  ]);
});

test('the header is the first row of the table, and every column has a name of its own', async () => {
  const file = await open('Open Invoices\r\n"Acme, Inc"\r\n\r\nDate,,Amount,amount\r\n1,2,3,4\r\n');
  assert.deepEqual([file.headerLineNo, file.headers], [4, ['Date', 'Column 2', 'Amount', 'amount (2)']]);
  assert.deepEqual(
    (await rowsOf(file)).map((row) => row.ragged),
    [0],
  );
  assert.deepEqual((await open('Name\nAcme\n')).headers, ['Name']);
});

const cell = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !/\0/.test(text)),
  fc.constantFrom('', '12', 'a,b', 'x;y', '"', '""', 'two\nlines', 'cr\r\nlf', '\r', 'é', '€ 5', '|'),
);
/** A quotation mark first and a newline later in one cell is taken for an unclosed quote. */
const fair = cell.filter((text) => !(/^\s*"/.test(text) && /[\r\n]/.test(text)));

test('what is written as CSV is read back, in any chunks, with the right lines', async () => {
  const table = fc.array(fc.array(fair, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom(',', ';', '\t', '|'),
      fc.integer({ min: 1, max: 50 }),
      async (rows, delimiter, size) => {
        const lines = [csvLine(['h1', 'h2', 'h3'], delimiter), ...rows.map((row) => csvLine(row, delimiter))];
        const text = `sep=${delimiter}\r\n${lines.join('')}`;
        const starts = lines.map(
          (_, at) => 1 + (`sep\n${lines.slice(0, at).join('')}`.match(/\r\n|\r|\n/g)?.length ?? 0),
        );
        const found = await rowsOf(await open(text, size));
        const expected = rows
          .map((cells, at) => ({ cells, lineNo: starts[at + 1] }))
          .filter(({ cells }) => cells.some((text) => text.trim() !== ''));
        assert.deepEqual(
          found.map(({ cells, lineNo }) => ({ cells: cells.map((text) => text.trim()), lineNo })),
          expected.map(({ cells, lineNo }) => ({ cells: cells.map((text) => text.trim()), lineNo })),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('a text without quotation marks reads the same with the parser and without it', async () => {
  const unit = fc.constantFrom('a', 'é', '1', ',', ',', ' ', '\t', '\n', '\r', '\r\n', '東', '\u00a0');
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit, maxLength: 60 }),
      fc.integer({ min: 1, max: 30 }),
      async (body, size) => {
        const plain = await rowsOf(await open(`h1,h2,h3\n${body}`, size));
        const parsed = await rowsOf(await open(`"h1",h2,h3\n${body}`, size));
        assert.deepEqual(plain, parsed);
      },
    ),
    { numRuns: 500 },
  );
});

test('a reader that stops early closes the file', async () => {
  const source = Readable.from(
    (function* () {
      for (;;) yield Buffer.from('a,b\n1,2\n'.repeat(10_000));
    })(),
  );
  for await (const row of (await readCsv(source)).rows) if (row.lineNo > 50_000) break;
  assert.equal(source.destroyed, true);
});

/** The rows that `body` adds to a long file, with the bytes of `body` coming in chunks of `size`. */
async function readTail(header: string, body: Buffer, size: number): Promise<CsvRecord[]> {
  const head = Buffer.from(`${header}\n${filler}`);
  const tail = Array.from({ length: Math.ceil(body.length / size) }, (_, at) =>
    body.subarray(at * size, (at + 1) * size),
  );
  const rows = await rowsOf(await readCsv(Readable.from([head, ...tail], { objectMode: true })));
  return rows.filter(({ lineNo }) => lineNo > 8);
}

test('wherever the chunks of a long file cut, its rows are the same', async () => {
  const unit = fc.constantFrom('a', 'é', '€', '😀', ',', ' ', '\n', '\r', '\r\n', '"q"', '"x\r\ny"');
  const text = fc.array(unit, { maxLength: 40 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (body, size) => {
      // Only at the start of a cell do quotation marks quote; elsewhere a pair may stay open across rows.
      fc.pre(!/[^,\r\n ]"[qx]|"[qx][^"]*"[^,\r\n]/.test(body));
      const bytes = Buffer.from(body);
      assert.deepEqual(await readTail('a,b', bytes, size), await readTail('a,b', bytes, 1000));
      if (!body.includes('"')) {
        assert.deepEqual(await readTail('a,b', bytes, size), await readTail('"a",b', bytes, size));
      }
    }),
    { numRuns: 100 },
  );
});

test('UTF-16 and Windows-1252 survive chunks that cut their characters', async () => {
  const line = 'Größe €,Łódź 東京,😀\n';
  for (const size of [1, 3, 5]) {
    const utf16 = Buffer.from(`\ufeffa,b,c\n${filler}${line}`, 'utf16le');
    const cut = utf16.length - 101;
    const chunks = [utf16.subarray(0, 70_001), utf16.subarray(70_001, cut)];
    for (let at = cut; at < utf16.length; at += size) chunks.push(utf16.subarray(at, at + size));
    const rows = await rowsOf(await readCsv(Readable.from(chunks, { objectMode: true })));
    assert.ok(rows.slice(0, -1).every(({ cells }) => cells[0] === 'one' && cells[1]?.length === 9990));
    assert.deepEqual(rows.at(-1)?.cells, ['Größe €', 'Łódź 東京', '😀']);
    const accents = Buffer.from([0x47, 0x72, 0xf6, 0xdf, 0x65, 0x2c, 0x80, 0x0a]);
    assert.deepEqual(
      (await readTail('a,b', accents, size)).map((row) => row.cells),
      [['Größe', '€']],
    );
  }
});

test('a file that ends in half a character is Windows-1252 or an error, never a lost letter', async () => {
  assert.deepEqual(
    (await readTail('a,b', Buffer.from([0x78, 0xc3]), 1)).map((row) => row.cells),
    [['xÃ']],
  );
  const half = Buffer.concat([Buffer.from('\ufeffa\nx', 'utf16le'), Buffer.from([0x41])]);
  assert.deepEqual(await cellsOf(half), [['x\ufffd']]);
});
