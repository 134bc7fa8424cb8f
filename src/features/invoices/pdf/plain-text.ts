const lineEnds = /\r\n?|[\u2028\u2029\v\f]/g;
// Controls print nothing; directional overrides can make 10 read as 01 on a page that is about money.
const invisible = /[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const longRun = /[^\s\u200b]{22,}/g;
const spaceless = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/**
 * Whatever people typed or another system sent, made fit for print: one kind of line end, no controls, and
 * places to break a run of letters that is wider than any column.
 */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(lineEnds, '\n')
    .replaceAll('\t', ' ')
    .replace(invisible, (character) => (character === '\n' ? character : ''))
    .trim()
    .replace(longRun, breakable);
}

/** After the signs that addresses and numbers are made of, and anywhere in what is still too long. */
function breakable(run: string): string {
  if (spaceless.test(run)) return run;
  return run
    .split(/(?<=[@._/=&?-])/)
    .map((part) => (part.length > 16 ? (part.match(/.{1,6}/gu) ?? []).join('\u200b') : part))
    .join('\u200b');
}

/** Addresses: one text a printed line, without the blank ones. */
export const plainLines = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => plainText(line).split('\n')).filter((line) => line !== '');
