import type { Actor, Database } from '#db/db.ts';
import { readScheduleRows, type ScheduleFilter, type ShownSchedule } from '#features/schedules/queries.ts';
import { frequencyWords, occurrenceWords } from '#features/schedules/rules.ts';
import { csvLine, guardFormula } from '#lib/csv-line.ts';
import { toDecimal } from '#lib/money.ts';

const pageSize = 500;
/** The mark by which spreadsheets know UTF-8. */
const mark = '\ufeff';

const columns: readonly (readonly [heading: string, text: (row: ShownSchedule) => string])[] = [
  ['ID', (row) => row.id],
  ['Type', (row) => row.kind],
  ['Status', (row) => row.state],
  ['Payment plan', (row) => row.paymentPlanId ?? ''],
  ['Description', (row) => row.description],
  ['Customer', (row) => row.customerName],
  ['Frequency', frequencyWords],
  ['Amount', (row) => toDecimal(row.amount, row.currency)],
  ['Currency', (row) => row.currency],
  ['Start', (row) => row.startsOn],
  ['Next run', (row) => row.nextOn ?? ''],
  ['Occurrences', (row) => occurrenceWords(row, row.taken)],
];

/** The list as a file, of any number of rows, each page in a transaction of its own. */
export async function* exportSchedules(
  db: Database,
  actor: Actor,
  { organizationId, filter }: { organizationId: string; filter: ScheduleFilter },
): AsyncGenerator<string> {
  yield mark + csvLine(columns.map(([heading]) => heading));
  let startingAfter: string | undefined;
  do {
    const page = { ...filter, limit: pageSize, startingAfter };
    const rows = await db.transaction(actor, (tx) => readScheduleRows(tx, organizationId, page));
    startingAfter = rows.length < pageSize ? undefined : rows.at(-1)?.id;
    if (rows.length > 0)
      yield rows.map((row) => csvLine(columns.map(([, text]) => guardFormula(text(row))))).join('');
  } while (startingAfter !== undefined);
}
