import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { isHostMail } from '#features/correspondence/host-mail.ts';
import {
  csvOfInvoice,
  type ExportedInvoice,
  invoiceHeadings,
  invoiceStatement,
} from '#features/data-exports/invoice-rows.ts';
import { type Sheet, sheets } from '#features/data-exports/sheets.ts';
import { exportedTables } from '#features/data-exports/table-rules.ts';
import { csvLine, guardFormula } from '#lib/csv-line.ts';
import { toDecimal } from '#lib/money.ts';

/** One file of the archive that is written from rows: its text, some rows at a time. */
export type Entry = { name: string; text: (tx: Tx, organizationId: string) => AsyncGenerator<Piece> };
export type Piece = { text: string; rows: number };

const perBatch = 500;
/** The mark by which spreadsheets know UTF-8. */
const mark = '\ufeff';

/** The rows of one statement, some at a time: memory does not grow with them. */
async function* rowsOf<Row>(tx: Tx, statement: RawBuilder<unknown>): AsyncGenerator<Row[]> {
  await tx.list(sql`declare exported_rows no scroll cursor for ${statement}`);
  for (;;) {
    const rows = await tx.list<Row>(sql`fetch ${sql.raw(String(perBatch))} from exported_rows`);
    if (rows.length > 0) yield rows;
    if (rows.length < perBatch) break;
  }
  await tx.run(sql`close exported_rows`);
}

function sheetEntry(sheet: Sheet): Entry {
  const currency = sheet.columns.findIndex(([heading]) => heading === 'Currency');
  const selected = sql.raw(sheet.columns.map(([, value], no) => `(${value})::text as c${no}`).join(', '));
  return {
    name: sheet.name,
    async *text(tx, organizationId) {
      yield { text: mark + csvLine(sheet.columns.map(([heading]) => heading)), rows: 0 };
      const statement = sql`select ${selected} ${sheet.from(organizationId)}`;
      for await (const rows of rowsOf<Record<string, string | null>>(tx, statement)) {
        const lines = rows.map((row) =>
          csvLine(
            sheet.columns.map(([, , kind], no) => {
              const cell = row[`c${no}`] ?? '';
              if (kind !== 'money') return guardFormula(cell);
              return cell === '' ? '' : toDecimal(BigInt(cell), row[`c${currency}`] ?? 'USD');
            }),
          ),
        );
        yield { text: lines.join(''), rows: rows.length };
      }
    },
  };
}

const invoiceEntry: Entry = {
  name: 'import/invoices.csv',
  async *text(tx, organizationId) {
    yield { text: mark + csvLine(invoiceHeadings), rows: 0 };
    for await (const rows of rowsOf<ExportedInvoice>(tx, invoiceStatement(organizationId)))
      yield { text: rows.map(csvOfInvoice).join(''), rows: rows.length };
  },
};

/** What staff asked the host is its own, and what nobody has confirmed does not exist. */
const onlyOf: Readonly<Record<string, RawBuilder<unknown>>> = {
  tickets: sql`t.desk <> 'host' and t.state <> 'unconfirmed'`,
  ticket_posts: sql`exists (select from tickets k where k.organization_id = t.organization_id and k.id = t.ticket_id
    and k.desk <> 'host' and k.state <> 'unconfirmed')`,
  messages: sql`not ${isHostMail(sql`t.organization_id`, sql`t.id`)}`,
};

/** Every row of a table as it is kept, but for what is left out. */
function tableEntry(table: string, without: readonly string[]): Entry {
  return {
    name: `records/${table.replaceAll('_', '-')}.jsonl`,
    async *text(tx, organizationId) {
      const statement = sql`select (to_jsonb(t) - ${['organization_id', ...without]}::text[])::text as line
        from ${sql.table(table)} t where t.organization_id = ${organizationId} and ${onlyOf[table] ?? sql`true`}`;
      for await (const rows of rowsOf<{ line: string }>(tx, statement))
        yield { text: rows.map(({ line }) => `${line}\n`).join(''), rows: rows.length };
    },
  };
}

/** What is said of the organization itself. */
const settingsEntry: Entry = {
  name: 'settings.json',
  async *text(tx, organizationId) {
    const row = await tx.row<{ line: string }>(
      sql`select jsonb_pretty(to_jsonb(o)) as line from organizations o where o.id = ${organizationId}`,
    );
    yield { text: `${row?.line ?? '{}'}\n`, rows: 1 };
  },
};

export const entries: readonly Entry[] = [
  ...sheets.map(sheetEntry),
  invoiceEntry,
  settingsEntry,
  ...Object.entries(exportedTables).map(([table, without]) => tableEntry(table, without)),
];
