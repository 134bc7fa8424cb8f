import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type Filter, filterWords } from '#features/reports/filter-fields.ts';
import type { Cell, Desk, Report, ReportRow } from '#features/reports/report.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

const perBatch = 1000;

type Raw = Record<string, Cell> & { currency?: string | null; link?: string | null };

/**
 * The rows of a report, batch by batch from one statement: all of them are of one moment, and memory does not
 * grow with them. A reader who stops reading for a minute is left, so that no snapshot is held for ever.
 */
export async function* readReport(
  tx: Tx,
  report: Report,
  desk: Desk,
  filter: Filter,
): AsyncGenerator<ReportRow[]> {
  const keys = report.columns(filter).map(({ key }) => key);
  // Every row is wanted, so the plan is the one that ends first, not the one that begins first.
  await tx.run(sql`set local cursor_tuple_fraction = 1`);
  await tx.run(sql`set local idle_in_transaction_session_timeout = '60s'`);
  await tx.list(sql`declare report_rows no scroll cursor for ${report.statement(desk, filter)}`);
  for (;;) {
    const rows = await tx.list<Raw>(sql`fetch ${sql.raw(String(perBatch))} from report_rows`);
    if (rows.length > 0)
      yield rows.map((row) => ({
        cells: keys.map((key) => row[key] ?? null),
        currency: row.currency ?? null,
        link: row.link ?? null,
      }));
    if (rows.length < perBatch) break;
  }
  await tx.run(sql`close report_rows`);
}

/** The filter in words, with the customer by its name: a page that leaves the house says whose it is. */
export async function readAsked(
  tx: Tx,
  { report, desk, filter }: { report: Report; desk: Desk; filter: Filter },
): Promise<string> {
  const customer = filter.customer_id
    ? await tx.row<{ name: string }>(sql`select display_name as name from customers
        where organization_id = ${desk.organizationId} and id = ${filter.customer_id}`)
    : undefined;
  return filterWords(report.fields, filter, desk, customer?.name);
}

/** The organization on a day: its own of now, unless one is given. */
export async function readDesk(
  tx: Tx,
  organizationId: string,
  day: { now: Date; today?: string },
): Promise<Desk> {
  const row = must(
    await tx.row<Omit<Desk, 'today' | 'organizationId'>>(
      sql`select time_zone, currency, locale, first_weekday, fiscal_month from organizations where id = ${organizationId}`,
    ),
    'the organization',
  );
  return { ...row, organizationId, today: day.today ?? dateIn(row.timeZone, day.now) };
}
