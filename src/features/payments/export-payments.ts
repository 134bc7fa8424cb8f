import type { Actor, Database } from '#db/db.ts';
import { type PaymentFilter, readPaymentRows } from '#features/payments/list-payments.ts';
import { limitFor, presentPayment } from '#features/payments/report-queries.ts';
import { fileColumns } from '#features/payments/report-rules.ts';
import { csvLine, guardFormula } from '#lib/csv-line.ts';
import type { CalendarDate } from '#lib/dates.ts';

const pageSize = 500;
/** The mark by which spreadsheets know UTF-8. */
const mark = '\ufeff';

type Scope = { organizationId: string; filter: PaymentFilter; today: CalendarDate };

/**
 * The list as a file, of any number of rows: the filter, the columns and the order that the page shows. A
 * slow reader holds no transaction open: each page has its own.
 */
export async function* exportPayments(
  db: Database,
  actor: Actor,
  { organizationId, filter, today }: Scope,
): AsyncGenerator<string> {
  const columns = fileColumns(filter.status === 'undeposited' ? 'all' : filter.status);
  yield mark + csvLine(columns.map(([heading]) => heading));
  let startingAfter: string | undefined;
  do {
    const page = { ...filter, limit: pageSize, startingAfter };
    const lines = await db.transaction(actor, async (tx) => {
      const rows = await readPaymentRows(tx, organizationId, page);
      const limit = await limitFor(tx, rows);
      startingAfter = rows.length < pageSize ? undefined : rows.at(-1)?.id;
      return rows.map((row) => {
        const payment = presentPayment(row, limit);
        return csvLine(columns.map(([, text]) => guardFormula(text(payment, today))));
      });
    });
    if (lines.length > 0) yield lines.join('');
  } while (startingAfter !== undefined);
}
