import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { changesOf, changesOfInvoice, type FieldChange } from '#features/imports/change-rules.ts';
import { decideCustomers } from '#features/imports/decide-customers.ts';
import { decideInvoices } from '#features/imports/decide-invoices.ts';
import { decideItems } from '#features/imports/decide-items.ts';
import { missingFields } from '#features/imports/field-rules.ts';
import type { RowProblems } from '#features/imports/group-rules.ts';
import { contextOf, type ImportContext, makePlan } from '#features/imports/import-context.ts';
import { type ImportBatch, openQuestion, readImport } from '#features/imports/queries.ts';
import { inGroups, rowColumns, type StoredRow } from '#features/imports/read-chunk.ts';
import type { Problem } from '#features/imports/row-rules.ts';
import { cleanCell } from '#features/imports/value-rules.ts';
import { formatMoney } from '#lib/money.ts';

export type RowFilter = { limit: number; afterLine: number; only: 'all' | 'rejected' };
type Shown = {
  action: 'create' | 'update' | 'unchanged' | 'reject' | 'unknown';
  summary: string;
  problems: Problem[];
  /** What an update would change. */
  changes?: FieldChange[];
  targetId?: string;
};
type Page = { batch: ImportBatch; rows: StoredRow[] };

/**
 * Rows of a file as they stand: before the import what each would do, worked out for this page; then what it
 * did.
 */
export async function listRows(
  tx: Tx,
  actor: Actor,
  one: { organizationId: string; importId: string },
  filter: RowFilter,
) {
  const batch = await readImport(tx, one.organizationId, one.importId);
  const read = await readPage(tx, batch, filter);
  const page = { batch, rows: read.slice(0, filter.limit) };
  const isBefore = batch.state === 'mapping' || batch.state === 'checking' || batch.state === 'checked';
  const shown = isBefore ? await foresee(tx, actor, page) : await recall(tx, page);
  const data = page.rows.map((row) => {
    const { targetId, changes = [], ...known } = shown.get(row.lineNo) ?? unknownRow;
    return { line: row.lineNo, cells: row.cells, ...known, changes, target_id: targetId ?? null };
  });
  return { object: 'list' as const, data, has_more: read.length > filter.limit };
}

const unknownRow: Shown = { action: 'unknown', summary: '', problems: [] };

async function readPage(
  tx: Tx,
  batch: ImportBatch,
  { limit, afterLine, only }: RowFilter,
): Promise<StoredRow[]> {
  const own = sql`r.organization_id = ${batch.organizationId} and r.batch_id = ${batch.id}
    and r.line_no > ${afterLine}`;
  const wanted =
    only === 'all'
      ? sql``
      : sql`and r.line_no = any(array(select distinct p.line_no from import_problems p
    where p.organization_id = ${batch.organizationId} and p.batch_id = ${batch.id}
    and p.line_no > ${afterLine}
    order by p.line_no limit ${limit + 1}))`;
  return tx.rows<StoredRow>(
    sql`select ${rowColumns} from import_rows r where ${own} ${wanted} order by r.line_no limit ${limit + 1}`,
  );
}

/** What the rows would do, as the books stand now. Rows of an invoice are judged with all its others. */
async function foresee(tx: Tx, actor: Actor, { batch, rows }: Page): Promise<Map<number, Shown>> {
  const isUnclear =
    missingFields(batch.kind, new Set(Object.values(batch.mapping))).length > 0 || openQuestion(batch);
  if (isUnclear) return new Map();
  const context = contextOf(actor, batch, await makePlan(tx, batch));
  const shown = await foreseeRows[batch.kind](tx, context, rows);
  for (const row of rows.filter(({ groupNo }) => groupNo === 0)) {
    const reason = 'Too many rows have this number for one invoice. Split it.';
    shown.set(row.lineNo, { action: 'reject', summary: '', problems: [{ column: '', value: '', reason }] });
  }
  return shown;
}

const refused = (rejected: readonly RowProblems[]): Map<number, Shown> =>
  new Map(rejected.map(({ lineNo, problems }) => [lineNo, { action: 'reject', summary: '', problems }]));

async function foreseeCustomers(
  tx: Tx,
  context: ImportContext,
  rows: readonly StoredRow[],
): Promise<Map<number, Shown>> {
  const { accepted, rejected } = await decideCustomers(tx, context, rows, false);
  const shown = refused(rejected);
  for (const row of accepted) {
    const { displayName, email } = row.customer;
    shown.set(row.lineNo, {
      action: row.action,
      summary: email ? `${displayName}, ${email}` : displayName,
      problems: [],
      ...(row.action === 'create' ? {} : { targetId: row.existing.id }),
      ...(row.action === 'update' ? { changes: changesOf('customers', row.existing, row.input) } : {}),
    });
  }
  return shown;
}

async function foreseeItems(
  tx: Tx,
  context: ImportContext,
  rows: readonly StoredRow[],
): Promise<Map<number, Shown>> {
  const { accepted, rejected } = await decideItems(tx, context, rows, false);
  const shown = refused(rejected);
  for (const row of accepted) {
    const { name, unitPrice } = row.item;
    shown.set(row.lineNo, {
      action: row.action,
      summary: unitPrice === undefined ? name : `${name}, ${unitPrice} ${context.plan.currency}`,
      problems: [],
      ...(row.action === 'create' ? {} : { targetId: row.existing.id }),
      ...(row.action === 'update' ? { changes: row.changes } : {}),
    });
  }
  return shown;
}

async function foreseeInvoices(
  tx: Tx,
  context: ImportContext,
  rows: readonly StoredRow[],
): Promise<Map<number, Shown>> {
  const { accepted, rejected } = await decideInvoices(
    tx,
    context,
    await wholeInvoices(tx, context.batch, rows),
    false,
  );
  const shown = refused(rejected);
  for (const row of accepted) {
    const { number, total, currency, dueDate } = row.document;
    const paid = row.pay > 0n ? `, ${formatMoney(row.pay, currency)} of it paid` : '';
    const sum = `${formatMoney(total, currency)}${paid}`;
    const summary = `${number} for ${row.customer.displayName}, ${sum}, due ${dueDate}`;
    const target = row.action === 'create' ? {} : { targetId: row.existing.id };
    const changes = row.action === 'update' ? changesOfInvoice(row.existing, row.document) : [];
    for (const [at, lineNo] of row.draft.lineNos.entries())
      shown.set(lineNo, {
        action: row.action,
        summary,
        problems: [],
        ...target,
        // Of the whole invoice, said once.
        changes: at === 0 ? changes : [],
      });
  }
  return shown;
}

const foreseeRows = { customers: foreseeCustomers, items: foreseeItems, invoices: foreseeInvoices };

async function wholeInvoices(tx: Tx, batch: ImportBatch, rows: readonly StoredRow[]): Promise<StoredRow[]> {
  const groups = [...new Set(rows.map(({ groupNo }) => groupNo))].filter((groupNo) => groupNo > 0);
  const own = sql`r.organization_id = ${batch.organizationId} and r.batch_id = ${batch.id}`;
  const heads = await tx.rows<StoredRow>(sql`select ${rowColumns} from import_rows r
    where ${own} and r.line_no = any(${groups}::bigint[]) order by r.line_no`);
  const tails = await tx.rows<StoredRow>(sql`select ${rowColumns} from import_rows r
    where ${own} and r.group_no = any(${groups}::bigint[]) and r.group_no <> r.line_no order by r.group_no,
    r.line_no`);
  return inGroups(heads, tails);
}

type Recorded = {
  lineNo: number;
  targetId: string | null;
  wasMade: boolean | null;
  problems: [string, string, string, boolean][];
};

/** What became of the rows: what the batch wrote down, else it was there already. */
async function recall(tx: Tx, { batch, rows }: Page): Promise<Map<number, Shown>> {
  const recorded = await tx.rows<Recorded>(sql`
    select r.line_no::float8 as line_no, c.target_id, c.before is null as was_made,
      coalesce((select json_agg(json_build_array(p.column_name, p.value, p.reason, p.kept)
      order by p.problem_no)
        from import_problems p where p.organization_id = r.organization_id and p.batch_id = r.batch_id
          and p.line_no = r.line_no), '[]') as problems
    from import_rows r left join import_changes c on c.organization_id = r.organization_id
    and c.batch_id = r.batch_id
      and c.line_no = r.group_no
    where r.organization_id = ${batch.organizationId} and r.batch_id = ${batch.id}
      and r.line_no = any(${rows.map(({ lineNo }) => lineNo)}::bigint[])`);
  const groups = new Map(rows.map((row) => [row.lineNo, row]));
  return new Map(
    recorded.map((row): [number, Shown] => {
      const stored = groups.get(row.lineNo);
      return [
        row.lineNo,
        {
          action: recalledAction(batch, row, stored?.groupNo ?? 0),
          summary: stored ? named(batch, stored.cells) : '',
          problems: row.problems.map(([column, value, reason]) => ({ column, value, reason })),
          ...(row.targetId ? { targetId: row.targetId } : {}),
        },
      ];
    }),
  );
}

function recalledAction(batch: ImportBatch, row: Recorded, groupNo: number): Shown['action'] {
  if (row.problems.some(([, , , kept]) => !kept)) return 'reject';
  if (row.targetId) return row.wasMade ? 'create' : 'update';
  return batch.state === 'importing' && groupNo > batch.doneThrough ? 'unknown' : 'unchanged';
}

const namedBy = {
  customers: ['displayName', 'businessName', 'firstName', 'lastName'],
  items: ['name'],
  invoices: ['number'],
};

function named(batch: ImportBatch, cells: readonly string[]): string {
  const said = namedBy[batch.kind].map((field) => {
    const column = Object.entries(batch.mapping).find(([, key]) => key === field)?.[0];
    return cleanCell(cells[Number(column ?? -1)]);
  });
  const [name = '', business = '', ...person] = said;
  return name || business || person.join(' ').trim();
}
