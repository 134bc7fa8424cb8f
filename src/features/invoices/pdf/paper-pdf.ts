import type { CalendarDate } from '#lib/dates.ts';
import type { Money } from '#lib/money.ts';
import type { Column, Sum } from './compose-sheet.ts';
import { addressee, composeSheet, facts, figures, optional, withDirection } from './compose-sheet.ts';
import type { Addressee, InvoiceDocument, InvoiceLine, LabelledAmount } from './document.ts';
import { plainText } from './plain-text.ts';
import { typeset } from './typeset.ts';

/** A paper about money that is not owed by it: an estimate, a credit memo. */
export type PaperDocument = Pick<
  InvoiceDocument,
  'organization' | 'number' | 'paper' | 'locale' | 'currency' | 'createdAt' | 'footer'
> & {
  heading: string;
  mark?: { word: string; tone: 'good' | 'quiet' };
  addressed: string;
  customer: Addressee;
  dates: [label: string, date: CalendarDate][];
  poNumber?: string;
  panel: { label: string; amount: Money; note: string; filled: boolean };
  lines: InvoiceLine[];
  sums: (LabelledAmount & { weight?: Sum['weight'] })[];
  notice?: string;
  memo?: string;
};

export function paperPdf(paper: PaperDocument, how: { archival?: boolean } = {}): Promise<Buffer> {
  const { createdAt, organization } = paper;
  return typeset('receipt', compose(paper), { createdAt, logo: organization.logo, ...how });
}

/** The same pages as one picture, for whoever is still writing it. */
export function paperPicture(paper: PaperDocument): Promise<Buffer> {
  const { createdAt, organization } = paper;
  return typeset('receipt', compose(paper), { createdAt, logo: organization.logo, asPicture: true });
}

function compose(paper: PaperDocument): Record<string, unknown> {
  const say = figures(paper);
  const hasPrices = paper.lines.some(({ unitPrice }) => unitPrice !== undefined);
  const column = (title: string, width: Column['width']): Column => {
    return { title, width, numeric: width === 'auto' };
  };
  const pictured = [column('Description', 'wider'), ...(hasPrices ? [column('Quantity', 'auto')] : [])];
  const columns = [
    ...pictured,
    ...(hasPrices ? [column('Unit price', 'auto')] : []),
    column('Amount', 'auto'),
  ];
  const cells = (line: InvoiceLine): string[] => [
    [line.item, line.description]
      .filter(Boolean)
      .map((text) => plainText(text ?? ''))
      .join('\n'),
    ...(hasPrices ? [line.quantity ?? '', line.unitPrice ? say.money(line.unitPrice) : ''] : []),
    say.money(line.amount),
  ];
  return withDirection({
    ...composeSheet(paper, paper.heading),
    mark: paper.mark ?? null,
    facts: facts([
      ...paper.dates.map(([label, date]): [string, string] => [label, say.date(date)]),
      ['PO number', paper.poNumber],
    ]),
    parties: [addressee(paper.addressed, paper.customer)],
    panel: { ...paper.panel, amount: say.money(paper.panel.amount) },
    notice: paper.notice ? plainText(paper.notice) : null,
    columns,
    rows: paper.lines.map((line) => ({
      cells: cells(line),
      taxable: false,
      whole: cells(line).join().length < 700,
    })),
    legend: null,
    sums: paper.sums.map(({ label, amount, weight = 'plain' }): Sum => {
      return { label: plainText(label), amount: say.money(amount), weight };
    }),
    memo: optional(paper.memo),
  });
}
