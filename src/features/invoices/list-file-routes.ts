import { csvFile, type FileColumn, pagesOf, xlsxFile } from '#features/downloads/list-file.ts';
import * as api from '#features/invoices/list-files/api.ts';
import { listInvoices, presentInvoice } from '#features/invoices/queries.ts';
import type { App } from '#http/app.ts';
import { type FileContext, serveText } from '#http/serve-file.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';
import { toDecimal } from '#lib/money.ts';

type Invoice = ReturnType<typeof presentInvoice> & { lastSentOn: string; lastViewedOn: string };

const columns: readonly FileColumn<Invoice>[] = [
  ['Number', 'text', ({ number }) => number],
  ['Customer', 'text', ({ customer_name: name }) => name],
  ['State', 'text', ({ state }) => state],
  ['Invoice date', 'date', ({ invoice_date: date }) => date],
  ['Due date', 'date', ({ due_date: date }) => date],
  ['Days late', 'count', ({ days_late: days }) => String(days)],
  ['PO number', 'text', ({ po_number: number }) => number ?? ''],
  ['Currency', 'text', ({ currency }) => currency],
  ['Total', 'money', ({ total, fees, currency }) => toDecimal(total + fees, currency)],
  ['Paid', 'money', ({ applied, currency }) => toDecimal(applied, currency)],
  ['Credited', 'money', ({ credited, currency }) => toDecimal(credited, currency)],
  ['Balance due', 'money', ({ balance_due: due, currency }) => toDecimal(due, currency)],
  ['Last sent', 'date', ({ lastSentOn }) => lastSentOn],
  ['Last viewed', 'date', ({ lastViewedOn }) => lastViewedOn],
];

const perPage = 500;

/** The list as a file, of any number of rows: the same filter in the same order. */
export function invoiceListFileRoutes(app: App): void {
  const asked = ({ caller, query }: FileContext<typeof api.invoicesCsv>) => {
    const { actor, organization, now } = caller;
    const today = dateIn(organization.timeZone, now);
    const dayOf = (at: Date | null): string => (at ? dateIn(organization.timeZone, at) : '');
    const pages = pagesOf(app.db, actor, async (tx, startingAfter) => {
      const page = { ...camel(query), limit: perPage, startingAfter };
      const { rows, hasMore } = await listInvoices(tx, organization.id, today, page);
      return {
        rows: rows.map((row) => ({
          ...presentInvoice(row, today),
          lastSentOn: dayOf(row.lastSentAt),
          lastViewedOn: dayOf(row.lastViewedAt),
        })),
        hasMore,
      };
    });
    return { pages, name: `invoices-${today}` };
  };
  serveText(app, api.invoicesCsv, (context) => {
    const { pages, name } = asked(context);
    return { fileName: `${name}.csv`, text: csvFile(columns, pages) };
  });
  serveText(app, api.invoicesXlsx, (context) => {
    const { pages, name } = asked(context);
    return { fileName: `${name}.xlsx`, text: xlsxFile('Invoices', columns, pages) };
  });
}
