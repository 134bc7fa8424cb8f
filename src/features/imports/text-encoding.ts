import { isAscii, isUtf8 } from 'node:buffer';
import { Refusal } from '#lib/errors.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

const notCsv: readonly (readonly [string, string])[] = [
  [
    '504b0304',
    'This is an Excel workbook or a ZIP file. In Excel choose File > Save As > CSV UTF-8, and send that.',
  ],
  ['d0cf11e0', 'This is an old Excel workbook. In Excel choose File > Save As > CSV UTF-8, and send that.'],
  ['25504446', 'This is a PDF. Export the list as CSV from the program that made it.'],
  ['1f8b', 'This file is compressed. Unpack it and send the CSV inside.'],
];

const refused = (message: string): Refusal => new Refusal('invalid_request', { message, param: 'file' });

const remedy = 'Save it as "CSV UTF-8" and send it again.';

/** The bytes at the end that begin a character and do not finish it. */
function unfinishedTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** UTF-16 without its mark: in most text every other byte is zero. */
function unmarkedUtf16(head: Buffer): Encoding | undefined {
  const zeros = [0, 0];
  for (let at = 0; at < head.length; at += 1) {
    if (head[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  if (odd > head.length / 5 && even < odd / 10) return 'utf-16le';
  if (even > head.length / 5 && odd < even / 10) return 'utf-16be';
  return undefined;
}

/** The encoding of a file by its first bytes, and how many of them are its mark. Refuses what is no text. */
export function sniffEncoding(head: Buffer): { encoding: Encoding; mark: number } {
  if (head.length === 0)
    throw refused('The file is empty. Send one with a header row and at least one row below it.');
  const hex = head.subarray(0, 4).toString('hex');
  for (const [signature, message] of notCsv) if (hex.startsWith(signature)) throw refused(message);
  if (/^\s*<(!doctype|html|table|\?xml)/i.test(head.subarray(0, 200).toString('latin1'))) {
    throw refused(
      'This is a web page or XML, not a CSV, whatever its name is. Open it in a spreadsheet; save as CSV.',
    );
  }
  if (hex.startsWith('efbbbf')) return { encoding: 'utf-8', mark: 3 };
  if (hex.startsWith('fffe')) return { encoding: 'utf-16le', mark: 2 };
  if (hex.startsWith('feff')) return { encoding: 'utf-16be', mark: 2 };
  if (head.includes(0)) {
    const encoding = unmarkedUtf16(head);
    if (encoding) return { encoding, mark: 0 };
    throw refused(`This file is not text. ${remedy}`);
  }
  const whole = head.subarray(0, head.length - unfinishedTail(head));
  return { encoding: isUtf8(whole) ? 'utf-8' : 'windows-1252', mark: 0 };
}

/** Turns chunks of any encoding into chunks of UTF-8; a character cut by a chunk's end waits for the next. */
export class Utf8Stream {
  encoding: Encoding;
  private decoder: TextDecoder | undefined;
  private tail: Buffer = Buffer.alloc(0);
  private seenAccents = false;

  constructor(encoding: Encoding) {
    this.encoding = encoding;
    this.decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding);
  }

  push(chunk: Buffer): Buffer {
    const text = this.decoder
      ? Buffer.from(this.decoder.decode(chunk, { stream: true }))
      : this.pushUtf8(chunk);
    if (text.includes(0)) throw refused(`The file holds zero bytes, which no text has. ${remedy}`);
    return text;
  }

  private pushUtf8(chunk: Buffer): Buffer {
    if (this.tail.length === 0 && isAscii(chunk)) return chunk;
    const bytes = this.tail.length === 0 ? chunk : Buffer.concat([this.tail, chunk]);
    const end = bytes.length - unfinishedTail(bytes);
    const whole = bytes.subarray(0, end);
    if (isUtf8(whole)) {
      this.seenAccents ||= !isAscii(whole);
      // The chunk's memory belongs to the stream, which may use it again.
      this.tail = Buffer.from(bytes.subarray(end));
      return whole;
    }
    return this.turnToWindows(bytes);
  }

  /** Plain ASCII reads the same in both, so a file may show only far down that it is Windows-1252. */
  private turnToWindows(bytes: Buffer): Buffer {
    if (this.seenAccents)
      throw refused(`The file mixes encodings: some accented letters cannot be read. ${remedy}`);
    this.encoding = 'windows-1252';
    this.decoder = new TextDecoder('windows-1252');
    this.tail = Buffer.alloc(0);
    return Buffer.from(this.decoder.decode(bytes, { stream: true }));
  }

  end(): Buffer {
    if (this.decoder) return Buffer.from(this.decoder.decode());
    return this.tail.length === 0 ? this.tail : this.turnToWindows(this.tail);
  }
}
