import { formatDate } from '#lib/dates.ts';
import type { DecimalEvidence, DecimalStyle } from './amount-rules.ts';
import { decideDecimal, observeDecimal, readNumber } from './amount-rules.ts';
import type { DateEvidence, DateOrder } from './date-rules.ts';
import { decideDate, observeDate, readDate } from './date-rules.ts';
import type { FieldKey, ImportKind } from './field-rules.ts';
import { fieldsOf } from './field-rules.ts';
import type { Mapping } from './mapping-rules.ts';
import type { RateEvidence, RateStyle } from './rate-rules.ts';
import { decideRate, observeRate, readRate } from './rate-rules.ts';
import type { Decision, Reading } from './value-rules.ts';
import { cleanCell, longestValue, read, refuse } from './value-rules.ts';

export type Format = DecimalStyle | DateOrder | RateStyle;

/** How each mapped column writes its values. Plain data: it is stored with the import. */
export type Formats = { readonly [key in FieldKey]?: Format };

/** What is not decided for a field reads plain values only, and refuses those with two meanings. */
export const decimalStyle = (format: Format | undefined): DecimalStyle =>
  format === '.' || format === ',' ? format : 'none';

export const dateOrder = (format: Format | undefined): DateOrder =>
  format === 'MDY' || format === 'DMY' || format === 'YMD' ? format : 'none';

export const rateStyle = (format: Format | undefined): RateStyle =>
  format === 'percent' || format === 'fraction' ? format : 'none';

/** A question for the user, with the file's own values; each choice says how the first would be read. */
export type FormatQuestion = {
  field: FieldKey;
  column: string;
  kind: 'decimal' | 'date' | 'tax_rate';
  question: string;
  choices: { value: Format; label: string }[];
  samples: string[];
  /** What to show first; not an answer. */
  likely?: Format;
  /** The column contradicts itself: whatever is chosen, some of its rows will be refused. */
  mixed: boolean;
};

/** `seen` spares the values that a column repeats. */
type Observed = { column: number; field: FieldKey; seen: Set<string> } & (
  | { kind: 'decimal'; evidence: DecimalEvidence }
  | { kind: 'date'; evidence: DateEvidence }
  | { kind: 'tax_rate'; evidence: RateEvidence }
);

export type FormatEvidence = readonly Observed[];

/** Evidence with nothing seen yet; fold every row of the file into it, so that no sample can mislead. */
export function startEvidence(kind: ImportKind, mapping: Mapping): FormatEvidence {
  const kinds = new Map(fieldsOf(kind).map((field) => [field.key, field.kind]));
  return Object.entries(mapping).flatMap(([index, field]): Observed[] => {
    const fieldKind = kinds.get(field);
    const column = Number(index);
    if (fieldKind === 'date') return [{ column, field, seen: new Set(), kind: 'date', evidence: {} }];
    if (fieldKind === 'rate') return [{ column, field, seen: new Set(), kind: 'tax_rate', evidence: {} }];
    const isNumber = fieldKind === 'amount' || fieldKind === 'price' || fieldKind === 'quantity';
    return isNumber ? [{ column, field, seen: new Set(), kind: 'decimal', evidence: {} }] : [];
  });
}

const mostSeen = 2000;

export function observeRow(evidence: FormatEvidence, cells: readonly string[]): void {
  for (const observed of evidence) {
    const text = cleanCell(cells[observed.column]);
    const { seen } = observed;
    if (text === '' || seen.has(text)) continue;
    if (seen.size < mostSeen && text.length <= longestValue) seen.add(text);
    if (observed.kind === 'decimal') observeDecimal(observed.evidence, text);
    else if (observed.kind === 'date') observeDate(observed.evidence, text);
    else observeRate(observed.evidence, text);
  }
}

const decide = (observed: Observed): Decision<Format> => {
  if (observed.kind === 'decimal') return decideDecimal(observed.evidence);
  if (observed.kind === 'date') return decideDate(observed.evidence);
  // A discount is written as percent by every program known; only taxes come as fractions.
  if (observed.field === 'discountPercent') return { ambiguous: false, format: 'percent' };
  return decideRate(observed.evidence);
};

const questions = {
  decimal: 'How does this column write decimals?',
  date: 'In which order does this column write its dates?',
  tax_rate: 'How does this column write tax rates?',
} as const;

const names: Readonly<Record<Format, string>> = {
  '.': 'with a point',
  ',': 'with a comma',
  MDY: 'month, day, year',
  DMY: 'day, month, year',
  YMD: 'year, month, day',
  percent: 'as a percentage',
  fraction: 'as a fraction of one',
  none: 'plain',
};

function readsAs(kind: FormatQuestion['kind'], sample: string, format: Format): string {
  if (kind === 'date') {
    const date = readDate(sample, dateOrder(format));
    return date.ok ? formatDate(date.value) : 'not a date';
  }
  if (kind === 'tax_rate') {
    const rate = readRate(sample, rateStyle(format));
    return rate.ok ? `${rate.value} %` : 'not a rate';
  }
  const number = readNumber(sample.replace(/[\p{L}\p{Sc}]/gu, ''), decimalStyle(format));
  return number.ok ? number.value : 'not a number';
}

function ask(
  observed: Observed,
  decision: Decision<Format> & { ambiguous: true },
  column: string,
): FormatQuestion {
  const { kind, field } = observed;
  const { examples: samples, mixed, likely } = decision;
  const [sample = ''] = samples;
  const choices = decision.candidates.map((value) => ({
    value,
    label: `${names[value]}: ${sample} is ${readsAs(kind, sample, value)}`,
  }));
  return {
    field,
    column,
    kind,
    question: questions[kind],
    choices,
    samples,
    mixed,
    ...(likely && { likely }),
  };
}

/** The formats that the evidence proves, and a question for each column that it does not. */
export function decideFormats(
  evidence: FormatEvidence,
  headers: readonly string[],
): { formats: Formats; questions: FormatQuestion[] } {
  const formats: { [key in FieldKey]?: Format } = {};
  const open: FormatQuestion[] = [];
  for (const observed of evidence) {
    const decision = decide(observed);
    if (decision.ambiguous) open.push(ask(observed, decision, headers[observed.column] ?? ''));
    else formats[observed.field] = decision.format;
  }
  const settled = new Set(Object.values(formats));
  return { formats, questions: open.map((question) => withLikely(question, settled)) };
}

/** What the file's other columns do is a hint to show first, not an answer. */
function withLikely(question: FormatQuestion, settled: ReadonlySet<Format>): FormatQuestion {
  if (question.likely || question.mixed) return question;
  const [only, ...others] = question.choices.filter(({ value }) => settled.has(value));
  if (only && others.length === 0) return { ...question, likely: only.value };
  const dotted = question.kind === 'date' && question.samples.every((sample) => /^\d+\.\d+\./.test(sample));
  return dotted ? { ...question, likely: 'DMY' } : question;
}

/** The decided formats with the user's answers, or what is wrong with those. */
export function answerFormats(
  decided: Formats,
  open: readonly FormatQuestion[],
  answers: Readonly<Record<string, string>>,
): Reading<Formats> {
  const formats: { [key in FieldKey]?: Format } = { ...decided };
  for (const question of open) {
    const answer = answers[question.field];
    const choice = question.choices.find(({ value }) => value === answer);
    if (!choice)
      return refuse(`Answer the question on the column "${question.column}": ${question.question}`);
    formats[question.field] = choice.value;
  }
  return read(formats);
}
