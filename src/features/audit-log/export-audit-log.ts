import type { Actor, Database } from '#db/db.ts';
import { areas } from '#features/audit-log/kind-rules.ts';
import {
  type Asking,
  type AuditFilter,
  presentEntry,
  readAuditRows,
} from '#features/audit-log/read-audit-log.ts';
import { csvLine, guardFormula } from '#lib/csv-line.ts';

const pageSize = 500;
/** The mark by which spreadsheets know UTF-8. */
const mark = '\ufeff';

type Entry = ReturnType<typeof presentEntry>;

const changesOf = ({ details }: Entry): string =>
  details
    .map(({ field, before, after }) => `${field}: ${before === undefined ? after : `${before} → ${after}`}`)
    .join('\n');

const columns: readonly [heading: string, text: (entry: Entry) => string][] = [
  ['Time (UTC)', ({ occurred_at }) => occurred_at.toISOString()],
  ['Who', ({ actor }) => actor.name],
  ['What happened', ({ says }) => says],
  ['On', ({ area }) => areas[area].title],
  ['Record', ({ subject_name }) => subject_name],
  ['Customer', ({ customer }) => customer?.name ?? ''],
  ['Details', changesOf],
  ['Acting as', ({ actor }) => actor.acting_as ?? ''],
  ['From where', ({ from }) => from.says ?? ''],
  ['IP address', ({ from }) => from.ip ?? ''],
  ['Device', ({ from }) => from.device ?? ''],
  ['Kind', ({ kind }) => kind],
  ['Record id', ({ subject_id }) => subject_id],
  ['Request id', ({ request_id }) => request_id ?? ''],
  ['Entry id', ({ id }) => id],
];

/** The log as a file, of any number of rows: each page has a short transaction of its own. */
export async function* exportAuditLog(
  db: Database,
  actor: Actor,
  { asking, filter }: { asking: Asking; filter: AuditFilter },
): AsyncGenerator<string> {
  yield mark + csvLine(columns.map(([heading]) => heading));
  let startingAfter: string | undefined;
  do {
    const after = startingAfter;
    const rows = await db.transaction(actor, (tx) =>
      readAuditRows(tx, asking, { ...filter, limit: pageSize, startingAfter: after }),
    );
    startingAfter = rows.length < pageSize ? undefined : rows.at(-1)?.id;
    const entries = rows.map((row) => presentEntry(row, asking));
    yield entries.map((entry) => csvLine(columns.map(([, text]) => guardFormula(text(entry))))).join('');
  } while (startingAfter !== undefined);
}
