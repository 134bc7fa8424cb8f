import type { Actor, Database } from '#db/db.ts';
import { csvFile, type FileColumn, pagesOf, xlsxFile } from '#features/downloads/list-file.ts';
import type { Payment } from '#features/payments/api.ts';
import { type PaymentFilter, readPaymentRows } from '#features/payments/list-payments.ts';
import { limitFor, presentPayment } from '#features/payments/report-queries.ts';
import { fileColumns } from '#features/payments/report-rules.ts';
import type { CalendarDate } from '#lib/dates.ts';

const pageSize = 500;

type Scope = { organizationId: string; filter: PaymentFilter; today: CalendarDate };

/** The list as a file, of any number of rows: the filter, the columns and the order that the page shows. */
export function exportPayments(
  db: Database,
  actor: Actor,
  { organizationId, filter, today }: Scope,
  format: 'csv' | 'xlsx',
): AsyncIterable<string | Uint8Array> {
  const view = filter.status === 'undeposited' ? 'all' : filter.status;
  const columns = fileColumns(view).map(([heading, text, kind]): FileColumn<Payment> => {
    return [heading, kind ?? 'text', (payment) => text(payment, today)];
  });
  const pages = pagesOf(db, actor, async (tx, startingAfter) => {
    const rows = await readPaymentRows(tx, organizationId, { ...filter, limit: pageSize, startingAfter });
    const limit = await limitFor(tx, rows);
    return { rows: rows.map((row) => presentPayment(row, limit)), hasMore: rows.length === pageSize };
  });
  return format === 'csv' ? csvFile(columns, pages) : xlsxFile('Payments', columns, pages);
}
