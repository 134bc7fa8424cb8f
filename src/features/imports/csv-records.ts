import type { Parser } from 'csv-parse';
import { parse } from 'csv-parse';
import { Refusal } from '#lib/errors.ts';
import type { Delimiter } from './dialect-rules.ts';

/** One record; `lineNo` is the line of the file on which it begins, counted from 1. */
export type CsvRecord = {
  lineNo: number;
  cells: string[];
  /** How many cells it has more than the header, or fewer (negative). Nothing is dropped. */
  ragged: number;
};

/** Decoded text: UTF-8 in chunks of any size. */
export type CsvText = { chunks: AsyncIterable<Buffer>; delimiter: Delimiter; firstLine: number };

const pieceSize = 65_536;
const mostColumns = 500;
const longestRow = 1_048_576;
const quote = 0x22;

export const refusedFile = (message: string): Refusal =>
  new Refusal('invalid_request', { message, param: 'file' });

const unclosed = (lineNo: number): Refusal =>
  refusedFile(
    `A quotation mark opened in the row that begins on line ${lineNo} is not closed. ` +
      'Close it, or write it twice if it belongs to the text.',
  );

const tooLong = (lineNo: number): Refusal =>
  refusedFile(
    `The row that begins on line ${lineNo} is longer than 1 MiB. ` +
      'Usually a quotation mark in it is not closed; close it.',
  );

/** What the parser says, in the reader's words. */
function inOurWords(error: unknown, lineNo: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'CSV_QUOTE_NOT_CLOSED' ? unclosed(lineNo) : error;
}

const isBlank = (cells: readonly string[]): boolean => {
  for (const cell of cells) if (cell !== '' && cell.trim() !== '') return false;
  return true;
};

/** Numbers the records, keeps the limits, leaves blank rows out. */
export class RecordCounter {
  lineNo: number;
  /** Cells of the header, once it is known. */
  width = -1;

  constructor(firstLine: number) {
    this.lineNo = firstLine;
  }

  add(records: CsvRecord[], cells: string[]): void {
    if (cells.length > mostColumns) {
      const found = `Line ${this.lineNo} has ${cells.length} columns`;
      throw refusedFile(`${found}; at most ${mostColumns} can be read. Remove some.`);
    }
    if (!isBlank(cells)) {
      records.push({ lineNo: this.lineNo, cells, ragged: this.width < 0 ? 0 : cells.length - this.width });
    }
    this.lineNo += 1;
  }

  /** A record whose quoted cells may run over several lines. */
  addQuoted(records: CsvRecord[], cells: string[]): void {
    const { lineNo } = this;
    this.add(records, cells);
    for (const cell of cells) {
      if (!cell.includes('\n') && !cell.includes('\r')) continue;
      // The parser leaves the mark in a cell whose quotes do not pair up: rows have run together in it.
      if (cell.startsWith('"')) throw unclosed(lineNo);
      this.lineNo += cell.match(/\r\n|\r|\n/g)?.length ?? 0;
    }
  }
}

/** Just after the last line end that is surely whole: a CR at the very end may be half of a CR LF. */
function wholeLines(bytes: Buffer): number {
  const lineFeed = bytes.lastIndexOf(0x0a);
  return (lineFeed >= 0 ? lineFeed : bytes.length < 2 ? -1 : bytes.lastIndexOf(0x0d, bytes.length - 2)) + 1;
}

const startTrimmed = (cell: string): string => {
  const first = cell.charCodeAt(0);
  return first <= 0x20 || first > 0x7f ? cell.trimStart() : cell;
};

/**
 * Records of a text without quotation marks, where a line is a record and nothing needs a parser: five times
 * as fast, and uneven rows cost nothing (csv-parse 7.0.3 builds an error with its stack for each one).
 */
class PlainLines {
  rest: Buffer = Buffer.alloc(0);
  private readonly counter: RecordCounter;
  private readonly delimiter: Delimiter;

  constructor(counter: RecordCounter, delimiter: Delimiter) {
    this.counter = counter;
    this.delimiter = delimiter;
  }

  take(piece: Buffer): CsvRecord[] {
    const bytes = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
    const end = wholeLines(bytes);
    this.rest = bytes.subarray(end);
    if (this.rest.length > longestRow) throw tooLong(this.counter.lineNo);
    return this.split(bytes.toString('utf8', 0, end));
  }

  end(): CsvRecord[] {
    const text = this.rest.toString('utf8');
    return text === '' ? [] : this.split(/[\r\n]$/.test(text) ? text : `${text}\n`);
  }

  private split(text: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    const lines = text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n');
    lines.pop();
    for (const line of lines) {
      const cells = line.split(this.delimiter);
      for (let at = 0; at < cells.length; at += 1) cells[at] = startTrimmed(cells[at] ?? '');
      this.counter.add(records, cells);
    }
    return records;
  }
}

/** Records of a text with quotation marks. */
class QuotedRecords {
  private readonly parser: Parser;
  private readonly counter: RecordCounter;
  private bytesSinceRecord = 0;

  constructor(counter: RecordCounter, delimiter: Delimiter) {
    this.counter = counter;
    this.parser = parse({
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      ltrim: true,
    });
    // Without a listener the error would end the process; it is read from the stream where it is thrown.
    this.parser.on('error', () => undefined);
  }

  take(piece: Buffer): CsvRecord[] {
    // The parser works within write(): what the piece completes is there to be read at once.
    this.parser.write(piece);
    const records: CsvRecord[] = [];
    const { lineNo } = this.counter;
    for (let cells: string[] | null = this.parser.read(); cells !== null; cells = this.parser.read()) {
      this.counter.addQuoted(records, cells);
    }
    if (this.parser.errored) throw inOurWords(this.parser.errored, this.counter.lineNo);
    // The parser's own limit counts neither blank cells nor delimiters.
    this.bytesSinceRecord = this.counter.lineNo === lineNo ? this.bytesSinceRecord + piece.length : 0;
    if (this.bytesSinceRecord > longestRow) throw tooLong(this.counter.lineNo);
    return records;
  }

  async end(): Promise<CsvRecord[]> {
    const records: CsvRecord[] = [];
    this.parser.end();
    try {
      for await (const cells of this.parser) this.counter.addQuoted(records, cells);
    } catch (error) {
      throw inOurWords(error, this.counter.lineNo);
    }
    return records;
  }

  close(): void {
    this.parser.destroy();
  }
}

async function* inPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const bytes of chunks) {
    for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
  }
}

/** The records of a text, some hundred at a time. From the first quotation mark on the parser reads. */
export async function* csvRecords(text: CsvText, counter: RecordCounter): AsyncGenerator<CsvRecord[], void> {
  const plain = new PlainLines(counter, text.delimiter);
  let quoted: QuotedRecords | undefined;
  try {
    for await (const piece of inPieces(text.chunks)) {
      let bytes = piece;
      if (!quoted && piece.includes(quote)) {
        quoted = new QuotedRecords(counter, text.delimiter);
        bytes = Buffer.concat([plain.rest, piece]);
      }
      const records = (quoted ?? plain).take(bytes);
      if (records.length > 0) yield records;
    }
    const last = await (quoted ?? plain).end();
    if (last.length > 0) yield last;
  } finally {
    quoted?.close();
  }
}
