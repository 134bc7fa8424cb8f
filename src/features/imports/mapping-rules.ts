import { readNumber } from './amount-rules.ts';
import { readCountry, readCurrency } from './country-rules.ts';
import { readDate } from './date-rules.ts';
import type { Field, FieldKind } from './field-kind-rules.ts';
import type { FieldKey, ImportKind, MissingField } from './field-rules.ts';
import { fieldsOf, missingFields } from './field-rules.ts';
import { headerWords, ownColumns, plainHeader } from './header-rules.ts';
import { readRate } from './rate-rules.ts';
import type { Reading } from './value-rules.ts';
import { cleanCell, quoted, read, readEmails, readFlag, readTermsDays, refuse } from './value-rules.ts';

/** Column number (from 0) → the field it fills. Plain data: it is stored with the import. */
export type Mapping = { readonly [column: string]: FieldKey };

export type MappedColumn = {
  index: number;
  header: string;
  field: FieldKey;
  confidence: number;
  why: string;
};

/** A known file layout; `itemAmounts` takes line amounts as they are and insists on them. */
export type Layout = 'itemAmounts' | 'other';

export type ProposedMapping = {
  mapping: Mapping;
  layout: Layout;
  columns: MappedColumn[];
  unmapped: { index: number; header: string }[];
  missing: MissingField[];
};

type Candidate = { index: number; field: FieldKey; score: number; why: string };

const synonymsOf = new Map<string, string[]>();

function synonyms(field: Field): string[] {
  const list = synonymsOf.get(field.synonyms) ?? field.synonyms.split('|');
  synonymsOf.set(field.synonyms, list);
  return list;
}

const either = (text: string, reader: (text: string, style: '.' | ',') => { ok: boolean }): boolean =>
  reader(text, '.').ok || reader(text, ',').ok;

const looksLike: Readonly<Record<FieldKind, (text: string) => boolean>> = {
  text: () => true,
  ourId: (text) => text.startsWith('cus_'),
  email: (text) => readEmails(text).ok,
  emails: (text) => readEmails(text).ok,
  country: (text) => readCountry(text).ok,
  currency: (text) => readCurrency(text).ok,
  flag: (text) => readFlag(text).ok,
  days: (text) => readTermsDays(text).ok,
  date: (text) => readDate(text, 'MDY').ok || readDate(text, 'DMY').ok,
  amount: (text) => either(text.replace(/[\p{L}\p{Sc}]/gu, ''), readNumber),
  price: (text) => either(text.replace(/[\p{L}\p{Sc}]/gu, ''), readNumber),
  quantity: (text) => either(text, readNumber),
  rate: (text) => readRate(text, 'percent').ok,
};

/** The share of the filled sample cells that the field could take; undefined when all are blank. */
function fit(field: Field, samples: readonly string[]): number | undefined {
  if (samples.length === 0) return undefined;
  return samples.filter((text) => looksLike[field.kind](text)).length / samples.length;
}

function headerScore(field: Field, header: string): { score: number; why: string } {
  const plain = plainHeader(header);
  if (plain === '') return { score: 0, why: '' };
  if (plain === plainHeader(field.label)) return { score: 1, why: `the header is our "${field.label}"` };
  const list = synonyms(field);
  const place = list.indexOf(plain);
  if (place >= 0)
    return { score: 0.95 - place * 0.005, why: `"${header}" is a usual header for ${field.label}` };
  const words = headerWords(header);
  // One word is too little for what is counted: "Line total" is no total, "Date paid" no amount paid.
  const sizes = field.kind === 'amount' || field.kind === 'date' ? [2, 3] : [1, 2, 3];
  const joined = new Set(
    words.flatMap((_, at) =>
      sizes.filter((size) => at + size <= words.length).map((size) => words.slice(at, at + size).join('')),
    ),
  );
  const within = list.findIndex((synonym) => synonym.length > 3 && joined.has(synonym));
  if (within < 0) return { score: 0, why: '' };
  return { score: 0.6 - within * 0.005, why: `"${header}" contains "${list[within]}"` };
}

function candidatesOf(
  fields: readonly (Field & { key: FieldKey })[],
  header: string,
  samples: readonly string[],
) {
  const found: Omit<Candidate, 'index'>[] = [];
  for (const field of fields) {
    const { score, why } = headerScore(field, header);
    const share = fit(field, samples);
    if (score > 0 && (share === undefined ? field.kind !== 'ourId' : share >= 0.5)) {
      const bonus = share !== undefined && field.kind === 'ourId' ? 0.1 : 0;
      found.push({ field: field.key, score: score + bonus, why });
    } else if (field.kind === 'emails' && score === 0 && share !== undefined && share >= 0.8) {
      found.push({ field: field.key, score: 0.4, why: 'its values are e-mail addresses' });
    } else if (field.kind === 'ourId' && share === 1) {
      found.push({ field: field.key, score: 0.7, why: 'its values are our customer ids' });
    }
  }
  return found;
}

const itemAmounts = ['customerid', 'invoiceno', 'itemrate', 'itemquantity', 'itemamount'];

function layoutOf(kind: ImportKind, headers: readonly string[]): Layout {
  const plain = new Set(headers.map(plainHeader));
  return kind === 'invoices' && itemAmounts.every((header) => plain.has(header)) ? 'itemAmounts' : 'other';
}

/** For each column the likeliest field, each field once; what is not sure is for the user to confirm. */
export function proposeMapping(
  kind: ImportKind,
  headers: readonly string[],
  sampleRows: readonly (readonly string[])[],
): ProposedMapping {
  const fields = fieldsOf(kind);
  const candidates: Candidate[] = headers.slice(0, ownColumns(headers)).flatMap((header, index) => {
    const samples = sampleRows.map((cells) => cleanCell(cells[index])).filter((text) => text !== '');
    return candidatesOf(fields, header, samples.slice(0, 100)).map((found) => ({ index, ...found }));
  });
  candidates.sort((a, b) => b.score - a.score || a.index - b.index);
  const mapping: { [column: string]: FieldKey } = {};
  const columns: MappedColumn[] = [];
  const taken = new Set<FieldKey>();
  for (const { index, field, score, why } of candidates) {
    if (mapping[index] || taken.has(field)) continue;
    mapping[index] = field;
    taken.add(field);
    const confidence = Math.round(Math.min(score, 1) * 100) / 100;
    columns.push({ index, header: headers[index] ?? '', field, confidence, why });
  }
  columns.sort((a, b) => a.index - b.index);
  const unmapped = headers.flatMap((header, index) => (!mapping[index] ? [{ index, header }] : []));
  return { mapping, layout: layoutOf(kind, headers), columns, unmapped, missing: missingFields(kind, taken) };
}

/** A mapping that a user made or changed, or what is wrong with it. */
export function readMapping(
  kind: ImportKind,
  headers: readonly string[],
  wanted: Readonly<Record<string, string>>,
): Reading<Mapping> {
  const fields = new Map(fieldsOf(kind).map((field): [string, FieldKey] => [field.key, field.key]));
  const mapping: { [column: string]: FieldKey } = {};
  const taken = new Set<FieldKey>();
  for (const [column, key] of Object.entries(wanted)) {
    const field = fields.get(key);
    if (!field)
      return refuse(`There is no field ${quoted(key)} in a file of ${kind}. Choose one of the list.`);
    const header = /^\d+$/.test(column) ? headers[Number(column)] : undefined;
    if (header === undefined)
      return refuse(`The file has no column ${quoted(column)}. Columns count from 0.`);
    if (taken.has(field)) return refuse(`Two columns fill ${field}; the second is "${header}". Leave one.`);
    taken.add(field);
    mapping[column] = field;
  }
  const [missing] = missingFields(kind, taken);
  return missing ? refuse(`No column gives ${missing.what}. Choose the one that does.`) : read(mapping);
}
