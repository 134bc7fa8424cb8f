import type { CsvRecord, CsvText } from './csv-records.ts';
import { csvRecords, RecordCounter, refusedFile } from './csv-records.ts';
import type { Delimiter } from './dialect-rules.ts';
import { detectDelimiter, separatorLine } from './dialect-rules.ts';
import { findHeader, nameHeaders } from './header-rules.ts';
import type { Encoding } from './text-encoding.ts';
import { sniffEncoding, Utf8Stream } from './text-encoding.ts';

export type CsvFile = {
  /** As far as the file has been read: plain ASCII may turn out to be Windows-1252 far down. */
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  readonly headers: string[];
  readonly headerLineNo: number;
  /** Rows below the header, blank ones left out, some hundred at a time. */
  readonly batches: AsyncIterable<CsvRecord[]>;
  readonly rows: AsyncIterable<CsvRecord>;
};

const headSize = 65_536;
const headerRows = 20;

async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<{ head: Buffer; isWhole: boolean }> {
  const parts: Buffer[] = [];
  let size = 0;
  while (size < headSize) {
    const next = await chunks.next();
    if (next.done) return { head: Buffer.concat(parts), isWhole: true };
    parts.push(Buffer.from(next.value));
    size += next.value.length;
  }
  return { head: Buffer.concat(parts), isWhole: false };
}

type Opened = CsvText & { stream: Utf8Stream };

async function* decoded(first: Buffer, stream: Utf8Stream, chunks: AsyncIterator<Uint8Array>) {
  try {
    yield first;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      const { buffer, byteOffset, byteLength } = next.value;
      yield stream.push(Buffer.from(buffer, byteOffset, byteLength));
    }
    yield stream.end();
  } finally {
    await chunks.return?.();
  }
}

async function openText(chunks: AsyncIterator<Uint8Array>): Promise<Opened> {
  const { head, isWhole } = await readHead(chunks);
  const { encoding, mark } = sniffEncoding(head);
  const stream = new Utf8Stream(encoding);
  const first = stream.push(head.subarray(mark));
  const sample = first.subarray(0, headSize).toString('utf8');
  const named = separatorLine(sample);
  return {
    stream,
    chunks: decoded(named ? first.subarray(named.length) : first, stream, chunks),
    delimiter: named?.delimiter ?? detectDelimiter(sample, isWhole && first.length <= headSize),
    firstLine: named ? 2 : 1,
  };
}

/** The first records: enough to find the header among. */
async function readFirst(batches: AsyncGenerator<CsvRecord[], void>): Promise<CsvRecord[]> {
  const first: CsvRecord[] = [];
  while (first.length < headerRows) {
    const next = await batches.next();
    if (next.done) break;
    first.push(...next.value);
  }
  return first;
}

async function* withFirst(first: CsvRecord[], others: AsyncGenerator<CsvRecord[], void>) {
  try {
    if (first.length > 0) yield first;
    yield* others;
  } finally {
    await others.return();
  }
}

async function* oneByOne(batches: AsyncIterable<CsvRecord[]>): AsyncGenerator<CsvRecord> {
  for await (const batch of batches) yield* batch;
}

/**
 * Open a CSV of any size, encoding and dialect; memory stays flat. Take either `batches` or `rows`, once.
 * What cannot be read at all is refused with its line; what is only odd is read.
 */
export async function readCsv(input: AsyncIterable<Uint8Array>): Promise<CsvFile> {
  const chunks = input[Symbol.asyncIterator]();
  try {
    return await openCsv(chunks);
  } catch (error) {
    await chunks.return?.();
    throw error;
  }
}

async function openCsv(chunks: AsyncIterator<Uint8Array>): Promise<CsvFile> {
  const text = await openText(chunks);
  const counter = new RecordCounter(text.firstLine);
  const records = csvRecords(text, counter);
  const first = await readFirst(records);
  const at = findHeader(first.slice(0, headerRows).map((record) => record.cells));
  const header = first[at];
  if (!header) {
    throw refusedFile('The file has no rows. Send one with a header row and at least one row below it.');
  }
  const headers = nameHeaders(header.cells);
  counter.width = headers.length;
  const below = first.slice(at + 1).map((row) => ({ ...row, ragged: row.cells.length - headers.length }));
  const batches = withFirst(below, records);
  return {
    get encoding() {
      return text.stream.encoding;
    },
    delimiter: text.delimiter,
    headers,
    headerLineNo: header.lineNo,
    batches,
    rows: oneByOne(batches),
  };
}
