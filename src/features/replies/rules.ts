/**
 * Was this mail written by a machine (RFC 3834, 5, and what mail programs really send)? Nobody asked anything
 * in it.
 */
export function isAutomatic(headers: ReadonlyMap<string, string>): boolean {
  const submitted = headers.get('auto-submitted')?.toLowerCase();
  if (submitted && !submitted.startsWith('no')) return true;
  if (headers.has('x-autoreply') || headers.has('x-autorespond')) return true;
  if (/^(auto_reply|bulk|junk)$/i.test(headers.get('precedence') ?? '')) return true;
  if (headers.get('return-path') === '<>') return true;
  return /^(out of office|automatic reply|automatische antwort|abwesenheits|auto(matic)?[ -]?reply|réponse automatique)/i.test(
    headers.get('subject') ?? '',
  );
}

const quoteBegins: readonly RegExp[] = [
  /^\s*>/,
  /^-{2,}\s*(original message|ursprüngliche nachricht|forwarded message)/i,
  /^_{10,}\s*$/,
  /^(on|am|le|el|il) .{5,200}(wrote|schrieb|écrit|escribió|ha scritto)\b.{0,80}:\s*$/i,
  /^(from|von|de): .+@/i,
];

/** What the reader wrote, and the mail below that it answers. */
export function splitQuoted(text: string): { text: string; quoted: string } {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const at = lines.findIndex((line, index) => {
    // "On Monday … wrote:" is broken over two lines by many programs.
    const pair = `${line} ${lines[index + 1] ?? ''}`.trim();
    return quoteBegins.some((begin) => begin.test(line)) || (quoteBegins[3] as RegExp).test(pair);
  });
  if (at < 0) return { text: text.trim(), quoted: '' };
  const own = lines.slice(0, at).join('\n').trim();
  // Answers written below or between the quoted lines are kept whole.
  const below = lines.slice(at).filter((line) => line.trim() !== '' && !/^\s*>/.test(line));
  if (own === '' && below.length > 1) return { text: text.trim(), quoted: '' };
  return { text: own, quoted: lines.slice(at).join('\n').trim() };
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The words of an HTML mail that has no text of its own; its markup is never shown. */
export function wordsOfHtml(html: string): string {
  return html
    .slice(0, 1_000_000)
    .replace(/<(script|style|head|title)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/<(br|\/p|\/div|\/tr|\/li|\/h[1-6]|blockquote)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{1,10}));/gi, (whole, decimal, hex, name) => {
      if (name) return entities[name.toLowerCase()] ?? whole;
      const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 31 && code < 0x110000 && (code < 0xd800 || code > 0xdfff)
        ? String.fromCodePoint(code)
        : ' ';
    })
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

const attachmentLimits = { files: 20, each_bytes: 10 * 1024 * 1024, all_bytes: 20 * 1024 * 1024 };

/** Shown by the browser in place; all else is handed over as a file that no program opens by itself. */
const harmless = new Set(['application/pdf', 'image/png', 'image/jpeg']);
const starts: Record<string, string> = {
  'application/pdf': '25504446',
  'image/png': '89504e47',
  'image/jpeg': 'ffd8ff',
};

/** What it says it is, believed only where its first bytes agree. */
export const safeType = (contentType: string, firstBytes: string): string =>
  harmless.has(contentType) && firstBytes.startsWith(starts[contentType] ?? '-')
    ? contentType
    : 'application/octet-stream';

type Named = { fileName: string; bytes: { length: number } };

/** Which attachments are kept, each under a plain name of its own, and the names of those left out. */
export function keptAttachments<T extends Named>(all: readonly T[]): { kept: T[]; leftOut: string[] } {
  const kept: T[] = [];
  const leftOut: string[] = [];
  const names = new Set<string>();
  let sum = 0;
  for (const each of all) {
    const plain = plainName(each.fileName);
    const fits =
      each.bytes.length <= attachmentLimits.each_bytes &&
      sum + each.bytes.length <= attachmentLimits.all_bytes;
    if (!fits || kept.length >= attachmentLimits.files) {
      leftOut.push(plain);
      continue;
    }
    let name = plain;
    for (let n = 2; names.has(name.toLowerCase()); n += 1) name = `${n}-${plain}`;
    names.add(name.toLowerCase());
    sum += each.bytes.length;
    kept.push({ ...each, fileName: name });
  }
  return { kept, leftOut };
}

/** No folders, no marks that hide the ending (RIGHT-TO-LEFT OVERRIDE), nothing that a file system minds. */
function plainName(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replace(/[\p{C}<>:"|?*]/gu, '')
    .replace(/^\.+/, '')
    .trim();
  return plain.slice(-120) || 'attachment';
}
