import type { CalendarDate } from '#lib/dates.ts';
import { composeSheet, figures, minus, withDirection } from './compose-sheet.ts';
import type { Letterhead } from './document.ts';
import { plainText } from './plain-text.ts';
import { typeset } from './typeset.ts';

export type ReportDocument = {
  organization: Letterhead;
  paper: 'letter' | 'a4';
  locale: string;
  currency: string;
  title: string;
  /** The filter, in words. */
  asked: string;
  madeOn: CalendarDate;
  columns: { title: string; numeric: boolean }[];
  rows: string[][];
  totals: string[][];
  notes: string[];
};

/** A table of figures for a desk drawer: as many pages as it takes, its head on each. */
export function reportPdf(report: ReportDocument): Promise<Buffer> {
  const { organization, madeOn } = report;
  const date = figures(report).date(madeOn);
  const createdAt = new Date(`${madeOn}T12:00:00Z`);
  const sheet = composeSheet({ ...report, number: '', footer: '' }, report.title);
  const data = withDirection({
    ...sheet,
    running: { name: plainText(organization.name), number: plainText(`${report.title} · ${date}`) },
    asked: plainText(report.asked),
    wide: report.columns.length > 6,
    columns: report.columns.map(({ title, numeric }, at) => ({
      title,
      numeric,
      width: at === 0 ? 'wider' : 'auto',
    })),
    rows: report.rows.map((cells) => cells.map((cell, at) => figure(report, cell, at))),
    totals: report.totals.map((cells) => cells.map((cell, at) => figure(report, cell, at))),
    notes: report.notes.map(plainText),
  });
  return typeset('report', data, { createdAt, logo: undefined });
}

const figure = (report: ReportDocument, cell: string, at: number): string =>
  report.columns[at]?.numeric ? minus(cell) : plainText(cell);
