import { unguardFormula } from '#lib/csv-line.ts';

/** What a cell of a file says, or why it cannot be used: a sentence for a bookkeeper, with the remedy. */
export type Reading<T> = { ok: true; value: T } | { ok: false; reason: string };

export const read = <T>(value: T): Reading<T> => ({ ok: true, value });
export const refuse = (reason: string): { ok: false; reason: string } => ({ ok: false, reason });

/** Longer cells are no number, date, rate or code, and are not searched for one. */
export const longestValue = 100;

/** The cell inside a reason; long ones are cut. */
export const quoted = (text: string): string =>
  text.length > longestValue ? `"${text.slice(0, longestValue)}…"` : `"${text}"`;

/** A format decided from every value of a column, or the question to ask: never a guess. */
export type Decision<T> =
  | { ambiguous: false; format: T }
  | { ambiguous: true; candidates: T[]; examples: string[]; likely?: T; mixed: boolean };

const invisible = /^[\s\u200b-\u200f\u2060\ufeff]+|[\s\u200b-\u200f\u2060\ufeff]+$/g;

/** The cell without outer white space, invisible marks and the formula guard; a missing cell is blank. */
export function cleanCell(cell: string | undefined): string {
  if (cell === undefined || cell === '') return '';
  const first = cell.charCodeAt(0);
  const last = cell.charCodeAt(cell.length - 1);
  if (first > 0x27 && first < 0x7f && last > 0x20 && last < 0x7f) return cell;
  return unguardFormula(cell).replace(invisible, '');
}

const sheetErrors: Readonly<Record<string, string>> = {
  '#REF!': 'a formula points to a cell that is gone',
  '#NAME?': 'a formula uses a name that the spreadsheet does not know',
  '#N/A': 'a look-up found nothing',
  '#VALUE!': 'a formula was given text where it needs a number',
  '#DIV/0!': 'a formula divides by zero',
  '#NUM!': 'a formula gives a number that is impossible',
  '#NULL!': 'a formula names two ranges that do not meet',
  '#SPILL!': 'a formula has no room for its result',
  '#CALC!': 'a formula could not be worked out',
};

/** Spreadsheet errors are refused by name, in every field: they are never what was meant. */
export function sheetError(text: string): string | undefined {
  if (text.charCodeAt(0) !== 0x23) return undefined;
  const cause = sheetErrors[text.toUpperCase()];
  if (cause) {
    return `The cell holds the error ${text.toUpperCase()}: ${cause}. Correct it in the spreadsheet.`;
  }
  if (/^#{3,}$/.test(text)) {
    return 'The column was too narrow to show the value. Widen it in the spreadsheet and save again.';
  }
  return undefined;
}

export function readText(text: string, maxLength: number): Reading<string> {
  if (text.length > maxLength) {
    return refuse(`The text has ${text.length} characters; at most ${maxLength} fit. Shorten it.`);
  }
  return read(text);
}

const yes = new Set(
  'y yes true t 1 x ✓ on active taxable tax ja j oui o si sí s sim vero wahr vrai'.split(' '),
);
const no = new Set(
  (
    'n no false f 0 - off inactive not-active nontaxable non-taxable non nein nee não nao ' +
    'falso falsch faux none exempt'
  ).split(' '),
);

export function readFlag(text: string): Reading<boolean> {
  const word = text.toLowerCase();
  if (yes.has(word)) return read(true);
  if (no.has(word)) return read(false);
  return refuse(`${quoted(text)} is neither yes nor no. Write Y or N.`);
}

const address = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\.]+(?:\.[^\s@<>(),;:"[\]\\.]+)+$/;

function oneEmail(text: string): string | undefined {
  const inner = /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text;
  const email = inner.replace(/^mailto:/i, '').trim();
  if (email.length > 254 || email.includes('..') || !address.test(email)) return undefined;
  const at = email.lastIndexOf('@');
  if (email.startsWith('.') || email[at - 1] === '.') return undefined;
  return email;
}

const longestEmails = 4000;
const mostEmails = 50;

/** One address or several, between commas, semicolons or line breaks; each once. */
export function readEmails(text: string): Reading<string[]> {
  if (text.length > longestEmails)
    return refuse(`${quoted(text)} is too long for e-mail addresses. Shorten it.`);
  const emails = new Map<string, string>();
  // A comma inside quotes belongs to a name such as "Doe, Jane" <jane@example.com>.
  for (const part of text.replace(/"[^"]*"/g, '').split(/[,;\n\r]+/)) {
    if (part.trim() === '') continue;
    const email = oneEmail(part.trim());
    if (!email)
      return refuse(`${quoted(part.trim())} is not an e-mail address. Write it like name@example.com.`);
    if (!emails.has(email.toLowerCase())) emails.set(email.toLowerCase(), email);
  }
  if (emails.size === 0)
    return refuse(`${quoted(text)} holds no e-mail address. Write it like name@example.com.`);
  if (emails.size > mostEmails)
    return refuse(`The cell holds ${emails.size} addresses; at most ${mostEmails} fit.`);
  return read([...emails.values()]);
}

/** Days until an invoice falls due, as people and accounting programs write terms. */
export function readTermsDays(text: string): Reading<number> {
  if (text.length > longestValue)
    return refuse(`${quoted(text)} is not a number of days. Write the days, such as 30.`);
  const word = text.toLowerCase().replace(/\s+/g, ' ');
  if (/^(due (up)?on receipt|on receipt|upon receipt|due now|immediate(ly)?|cod|cash)$/.test(word))
    return read(0);
  const found = /^(?:.*\bnet\s*)?(\d{1,4})(?:\.0+)?(?: ?d(?:ays?)?)?$/.exec(word)?.[1];
  const days = Number(found);
  if (found === undefined || days > 365) {
    return refuse(
      `The terms "${text}" are not a number of days up to 365. Write the days, such as 30, or Net 30.`,
    );
  }
  return read(days);
}
