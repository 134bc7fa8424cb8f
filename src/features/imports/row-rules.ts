import type { CalendarDate } from '#lib/dates.ts';
import { readAmount, readDecimal } from './amount-rules.ts';
import { readCountry, readCurrency } from './country-rules.ts';
import { readDate } from './date-rules.ts';
import type { FieldKey, ImportKind } from './field-rules.ts';
import { fieldsOf } from './field-rules.ts';
import type { Formats } from './format-rules.ts';
import { dateOrder, decimalStyle, rateStyle } from './format-rules.ts';
import { ownColumns } from './header-rules.ts';
import type { Layout, Mapping } from './mapping-rules.ts';
import { readRate } from './rate-rules.ts';
import type { Reading } from './value-rules.ts';
import {
  cleanCell,
  longestValue,
  quoted,
  readEmails,
  readFlag,
  readTermsDays,
  readText,
  refuse,
  sheetError,
} from './value-rules.ts';

/** A row as the reader found it; `lineNo` is the line of the file on which it begins. */
export type SourceRow = { lineNo: number; cells: readonly string[] };

/** What is wrong with one cell, or between several (`column` then names them). */
export type Problem = { column: string; value: string; reason: string };

export type RejectedRow = { lineNo: number; cells: readonly string[]; problems: Problem[] };

/** Everything that reading the rows of one file rests on, worked out once. */
export type ImportPlan = {
  kind: ImportKind;
  headers: readonly string[];
  /** The currency of rows that name none: the organization's. */
  currency: string;
  /** The organization's terms, for invoices without due date; undefined refuses those. */
  termsDays: number | undefined;
  layout: Layout;
  formats: Formats;
  columns: { [key in FieldKey]?: number };
  maxLengths: ReadonlyMap<FieldKey, number>;
  width: number;
  /** Dates and rates read before: a file has few of them and many rows. */
  readings: Map<string, Reading<string>>;
};

export type PlanInput = {
  kind: ImportKind;
  headers: readonly string[];
  mapping: Mapping;
  formats: Formats;
  currency: string;
  layout?: Layout;
  termsDays?: number | undefined;
};

export function planImport(input: PlanInput): ImportPlan {
  const { kind, headers, mapping, formats, currency, layout = 'other', termsDays } = input;
  const columns: ImportPlan['columns'] = {};
  for (const [column, key] of Object.entries(mapping)) columns[key] = Number(column);
  const maxLengths = new Map(fieldsOf(kind).map((field) => [field.key, field.maxLength ?? longestValue]));
  const width = ownColumns(headers);
  return {
    kind,
    headers,
    currency,
    termsDays,
    layout,
    formats,
    columns,
    maxLengths,
    width,
    readings: new Map(),
  };
}

const mostReadings = 10_000;

/** Reads the fields of one row and gathers everything that is wrong with it. */
export class RowReader {
  readonly plan: ImportPlan;
  readonly cells: readonly string[];
  problems: Problem[] | undefined;

  constructor(plan: ImportPlan, cells: readonly string[]) {
    this.plan = plan;
    this.cells = cells;
    this.problems = undefined;
    if (cells.length > plan.headers.length) this.checkWidth();
  }

  /** Cells beyond the header mean that a value was cut in two, and all after it stand in the wrong column. */
  private checkWidth(): void {
    const extra = this.cells.slice(this.plan.headers.length).filter((cell) => cell.trim() !== '');
    if (extra.length === 0) return;
    const { length } = this.plan.headers;
    this.refuse(
      '',
      extra.join(' '),
      `The row has ${this.cells.length} cells, but the header has ${length}. ` +
        'Put quotation marks around a value that contains the separator.',
    );
  }

  refuse(column: string, value: string, reason: string): undefined {
    this.problems ??= [];
    this.problems.push({ column, value, reason });
    return undefined;
  }

  column(key: FieldKey): string {
    const index = this.plan.columns[key];
    return index === undefined ? '' : (this.plan.headers[index] ?? '');
  }

  /** A problem with the cell of this field. */
  fault(key: FieldKey, reason: string): undefined {
    return this.refuse(this.column(key), this.raw(key), reason);
  }

  failed(key: FieldKey): boolean {
    const column = this.column(key);
    return this.problems?.some((problem) => problem.column === column) ?? false;
  }

  isMapped(key: FieldKey): boolean {
    return this.plan.columns[key] !== undefined;
  }

  raw(key: FieldKey): string {
    const index = this.plan.columns[key];
    return index === undefined ? '' : cleanCell(this.cells[index]);
  }

  private take<T>(key: FieldKey, reading: Reading<T>): T | undefined {
    return reading.ok ? reading.value : this.fault(key, reading.reason);
  }

  text(key: FieldKey): string | undefined {
    const text = this.raw(key);
    if (text === '') return undefined;
    const broken = text.charCodeAt(0) === 0x23 ? sheetError(text) : undefined;
    if (broken) return this.fault(key, broken);
    const maxLength = this.plan.maxLengths.get(key) ?? longestValue;
    return text.length <= maxLength ? text : this.take(key, readText(text, maxLength));
  }

  private value<T>(key: FieldKey, reader: (text: string) => Reading<T>): T | undefined {
    const text = this.raw(key);
    if (text === '') return undefined;
    const broken = sheetError(text);
    return this.take(key, broken ? refuse(broken) : reader(text));
  }

  amount(key: FieldKey, currency: string): bigint | undefined {
    const text = this.raw(key);
    if (text === '') return undefined;
    return this.take(key, readAmount(text, decimalStyle(this.plan.formats[key]), currency));
  }

  decimal(key: FieldKey, currency?: string): string | undefined {
    const text = this.raw(key);
    if (text === '') return undefined;
    return this.take(key, readDecimal(text, decimalStyle(this.plan.formats[key]), currency));
  }

  private remembered(
    key: FieldKey,
    format: string,
    reader: (text: string) => Reading<string>,
  ): string | undefined {
    const text = this.raw(key);
    if (text === '') return undefined;
    const { readings } = this.plan;
    // The format is part of the key because columns may differ in it.
    const remembered = `${format} ${text}`;
    let reading = readings.get(remembered);
    if (!reading) {
      reading = reader(text);
      if (readings.size >= mostReadings) readings.clear();
      if (text.length <= longestValue) readings.set(remembered, reading);
    }
    return this.take(key, reading);
  }

  date(key: FieldKey): CalendarDate | undefined {
    const order = dateOrder(this.plan.formats[key]);
    return this.remembered(key, `date ${order}`, (text) => readDate(text, order));
  }

  rate(key: FieldKey): string | undefined {
    const style = rateStyle(this.plan.formats[key]);
    return this.remembered(key, `rate ${style}`, (text) => readRate(text, style));
  }

  flag(key: FieldKey): boolean | undefined {
    const text = this.raw(key);
    if (text === 'Y') return true;
    if (text === 'N') return false;
    return this.value(key, readFlag);
  }

  emails(key: FieldKey): string[] | undefined {
    return this.value(key, readEmails);
  }

  country(key: FieldKey): string | undefined {
    return this.value(key, readCountry);
  }

  currency(key: FieldKey): string | undefined {
    return this.value(key, readCurrency);
  }

  days(key: FieldKey): number | undefined {
    return this.value(key, readTermsDays);
  }

  /** The value, or the problem that it is missing; a value that could not be read has its problem already. */
  required<T>(key: FieldKey, value: T | undefined, reason: string): T | undefined {
    if (value === undefined && !this.failed(key)) this.fault(key, reason);
    return value;
  }

  notAnIdOfOurs(key: FieldKey): undefined {
    return this.fault(
      key,
      `${quoted(this.raw(key))} is not a customer id of ours, which begins with cus_. Correct it.`,
    );
  }
}
