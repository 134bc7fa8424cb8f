import { parse } from 'csv-parse';
import type { Parser } from 'csv-parse';
import { Refusal } from '#lib/errors.ts';
import { detectDelimiter, separatorLine } from './dialect-rules.ts';
import type { Delimiter } from './dialect-rules.ts';
import { findHeader, nameHeaders } from './header-rules.ts';
import { Utf8Stream, sniffEncoding } from './text-encoding.ts';
import type { Encoding } from './text-encoding.ts';

/** One record; `lineNo` is the line of the file on which it begins, counted from 1. */
export type CsvRecord = {
  lineNo: number;
  cells: string[];
  /** How many cells it has more than the header, or fewer (negative). Nothing is dropped. */
  ragged: number;
};

export type CsvFile = {
  encoding: Encoding;
  delimiter: Delimiter;
  headers: string[];
  headerLineNo: number;
  /** Rows below the header, blank ones skipped, a few hundred at a time. */
  batches: AsyncIterable<CsvRecord[]>;
  rows: AsyncIterable<CsvRecord>;
};

const headSize = 65_536;
const pieceSize = 65_536;
const mostColumns = 500;
const longestRow = 1_048_576;

const refused = (message: string): Refusal => new Refusal('invalid_request', { message, param: 'file' });

/** The first bytes of the file, then the rest as it comes. */
async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<{ head: Buffer; isWhole: boolean }> {
  const parts: Buffer[] = [];
  let size = 0;
  while (size < headSize) {
    const next = await chunks.next();
    if (next.done) return { head: Buffer.concat(parts), isWhole: true };
    const part = Buffer.from(next.value);
    parts.push(part);
    size += part.length;
  }
  return { head: Buffer.concat(parts), isWhole: false };
}

const lineBreaks = (cell: string): number => cell.match(/\r\n|\r|\n/g)?.length ?? 0;
const isBlank = (cells: readonly string[]): boolean => {
  for (const cell of cells) if (cell !== '' && cell.trim() !== '') return false;
  return true;
};

/** Follows the parser: which line a record begins on, and the limits that the parser does not keep. */
class RecordCounter {
  lineNo: number;
  width = -1;
  private hasQuotes = false;
  private bytesSinceRecord = 0;

  constructor(firstLine: number) {
    this.lineNo = firstLine;
  }

  /** Every record that the parser has ready; `piece` is what it was just fed. */
  take(parser: Parser, piece: Buffer): CsvRecord[] {
    this.hasQuotes ||= piece.includes(0x22);
    const records: CsvRecord[] = [];
    let any = false;
    for (let cells: string[] | null = parser.read(); cells !== null; cells = parser.read()) {
      any = true;
      this.add(records, cells);
    }
    this.bytesSinceRecord = any ? 0 : this.bytesSinceRecord + piece.length;
    if (this.bytesSinceRecord > longestRow) throw this.tooLong();
    return records;
  }

  add(records: CsvRecord[], cells: string[]): void {
    const lineNo = this.lineNo;
    this.lineNo += 1;
    if (this.hasQuotes) this.countBreaks(cells, lineNo);
    if (cells.length > mostColumns) {
      throw refused(`Line ${lineNo} has ${cells.length} columns; at most ${mostColumns} can be read. Remove some.`);
    }
    if (!isBlank(cells)) records.push({ lineNo, cells, ragged: this.width < 0 ? 0 : cells.length - this.width });
  }

  private countBreaks(cells: readonly string[], lineNo: number): void {
    for (const cell of cells) {
      const breaks = cell.includes('\n') || cell.includes('\r') ? lineBreaks(cell) : 0;
      // The parser leaves the mark in a cell whose quotes do not pair up: rows have run together in it.
      if (breaks > 0 && cell.startsWith('"')) throw unclosed(lineNo);
      this.lineNo += breaks;
    }
  }

  tooLong(): Refusal {
    return refused(
      `The row that begins on line ${this.lineNo} is longer than 1 MiB. ` +
        'Usually a quotation mark in it is not closed; close it.',
    );
  }

  /** What the parser says, in the reader's words. */
  translate(error: unknown): unknown {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'CSV_MAX_RECORD_SIZE') return this.tooLong();
    return code === 'CSV_QUOTE_NOT_CLOSED' ? unclosed(this.lineNo) : error;
  }
}

const unclosed = (lineNo: number): Refusal =>
  refused(
    `A quotation mark opened in the row that begins on line ${lineNo} is not closed. ` +
      'Close it, or write it twice if it belongs to the text.',
  );

const newParser = (delimiter: Delimiter): Parser =>
  parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    ltrim: true,
    max_record_size: longestRow,
  });

type Text = { first: Buffer; more: AsyncIterable<Buffer>; delimiter: Delimiter; firstLine: number };

async function* toBatches(text: Text, counter: RecordCounter): AsyncGenerator<CsvRecord[], void> {
  const parser = newParser(text.delimiter);
  const state: { failure?: Error } = {};
  parser.on('error', (error) => {
    state.failure = error;
  });
  const feed = function* (bytes: Buffer): Generator<CsvRecord[]> {
    for (let at = 0; at < bytes.length; at += pieceSize) {
      const piece = bytes.subarray(at, at + pieceSize);
      // The parser works within write(): what the piece completes is there to be read at once.
      parser.write(piece);
      const records = counter.take(parser, piece);
      if (state.failure ?? parser.errored) throw counter.translate(state.failure ?? parser.errored);
      if (records.length > 0) yield records;
    }
  };
  try {
    yield* feed(text.first);
    for await (const bytes of text.more) yield* feed(bytes);
    parser.end();
    const last: CsvRecord[] = [];
    for await (const cells of parser) counter.add(last, cells);
    if (last.length > 0) yield last;
  } catch (error) {
    throw counter.translate(error);
  } finally {
    parser.destroy();
  }
}

async function* decoded(stream: Utf8Stream, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    const text = stream.push(Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength));
    if (text.length > 0) yield text;
  }
  const rest = stream.end();
  if (rest.length > 0) yield rest;
}

async function openText(chunks: AsyncIterator<Uint8Array>): Promise<Text & { stream: Utf8Stream }> {
  const { head, isWhole } = await readHead(chunks);
  const { encoding, mark } = sniffEncoding(head);
  const stream = new Utf8Stream(encoding);
  const first = stream.push(head.subarray(mark));
  const sample = first.subarray(0, headSize).toString('utf8');
  const named = separatorLine(sample);
  return {
    stream,
    first: named ? first.subarray(named.length) : first,
    more: decoded(stream, chunks),
    delimiter: named?.delimiter ?? detectDelimiter(sample, isWhole),
    firstLine: named ? 2 : 1,
  };
}

const headerRows = 20;

/** The first records, enough to find the header among; and what was read beyond it. */
async function readFirst(batches: AsyncGenerator<CsvRecord[], void>): Promise<CsvRecord[]> {
  const first: CsvRecord[] = [];
  while (first.length < headerRows) {
    const next = await batches.next();
    if (next.done) break;
    first.push(...next.value);
  }
  return first;
}

async function* withFirst(first: CsvRecord[], others: AsyncGenerator<CsvRecord[], void>): AsyncGenerator<CsvRecord[]> {
  if (first.length > 0) yield first;
  yield* others;
}

async function* oneByOne(batches: AsyncIterable<CsvRecord[]>): AsyncGenerator<CsvRecord> {
  for await (const batch of batches) yield* batch;
}

/**
 * Open a CSV of any size, encoding and dialect; memory stays flat. Take either `batches` or `rows`, once.
 * What cannot be read at all is refused with its line; what is only odd is read.
 */
export async function readCsv(input: AsyncIterable<Uint8Array>): Promise<CsvFile> {
  const text = await openText(input[Symbol.asyncIterator]());
  const counter = new RecordCounter(text.firstLine);
  const records = toBatches(text, counter);
  const first = await readFirst(records);
  const at = findHeader(first.slice(0, headerRows).map((record) => record.cells));
  const header = first[at];
  if (!header) throw refused('The file has no rows. Send one with a header row and at least one row below it.');
  const headers = nameHeaders(header.cells);
  counter.width = headers.length;
  const below = first.slice(at + 1).map((row) => ({ ...row, ragged: row.cells.length - headers.length }));
  const batches = withFirst(below, records);
  return {
    encoding: text.stream.encoding,
    delimiter: text.delimiter,
    headers,
    headerLineNo: header.lineNo,
    batches,
    rows: oneByOne(batches),
  };
}
