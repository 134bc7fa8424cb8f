import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { FieldKey, ImportKind } from '#features/imports/field-rules.ts';
import type { Mapping } from '#features/imports/mapping-rules.ts';

type Rows = { organizationId: string; id: string; kind: ImportKind };

/** More rows than this under one number are no invoice. */
export const mostLinesOfInvoice = 2000;

// cleanCell of value-rules.ts, in SQL: the formula guard goes, then white space and invisible marks on both
// ends.
const guarded = "^'+[=+@\\t\\r\\n-]";
const white =
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029' +
  '\u202f\u205f\u3000\ufeff\u200b\u200c\u200d\u200e\u200f\u2060';
const clean = (index: number): RawBuilder<string> => {
  const cell = sql`r.cells[${sql.lit(index + 1)}]`;
  return sql<string>`btrim(case when ${cell} ~ ${sql.lit(guarded)} then substr(${cell},
    2) else coalesce(${cell}, '') end,
    ${sql.lit(white)}) collate "C"`;
};

/** The SQL of what a row says of a field; undefined when no column gives it. */
function saidOf(mapping: Mapping, field: FieldKey): RawBuilder<string> | undefined {
  const column = Object.entries(mapping).find(([, key]) => key === field)?.[0];
  return column === undefined ? undefined : clean(Number(column));
}

/** The name that a customer row comes to: customer-rules.ts, in SQL. */
function displayName(mapping: Mapping): RawBuilder<string> | undefined {
  const given = (['displayName', 'businessName'] as const).flatMap((field) => saidOf(mapping, field) ?? []);
  const person = (['firstName', 'lastName'] as const).flatMap((field) => saidOf(mapping, field) ?? []);
  const parts = given.map((name) => sql<string>`nullif(${name}, '')`);
  if (person.length > 0) {
    const names = person.map((name) => sql`nullif(${name}, '')`);
    parts.push(sql<string>`concat_ws(' ', ${sql.join(names)})`);
  }
  if (parts.length === 0) return undefined;
  return lowerCase(sql`coalesce(${sql.join([...parts, sql`''`])})`);
}

/** The indexes on customers and items compare names in lower case; so does this. */
const lowerCase = (name: RawBuilder<unknown>): RawBuilder<string> =>
  sql<string>`lower(${name} collate "default")`;

const isRow = (rows: Rows) => sql`r.organization_id = ${rows.organizationId} and r.batch_id = ${rows.id}`;

/** Rows of one invoice know the first of them, wherever in the file they stand. */
async function groupRows(tx: Tx, rows: Rows, number: RawBuilder<string>): Promise<void> {
  await tx.run(sql`
    update import_rows r set group_no = case when d.n > ${mostLinesOfInvoice} then 0 else d.first end
    from (select ${number} as key, min(r.line_no) as first, count(*) as n from import_rows r
      where ${isRow(rows)} group by 1 having count(*) > 1) d
    where ${isRow(rows)} and d.key <> '' and ${number} = d.key
      and (r.line_no <> d.first or d.n > ${mostLinesOfInvoice})`);
}

/** Rows that say the same key as an earlier one of another group. */
async function markDuplicates(tx: Tx, rows: Rows, key: RawBuilder<string>, field: FieldKey): Promise<void> {
  await tx.run(sql`
    update import_rows r set duplicate_of = d.first, duplicate_by = ${field}
    from (select ${key} as key, min(r.group_no) as first from import_rows r
      where ${isRow(rows)} group by 1 having min(r.group_no) <> max(r.group_no)) d
    where ${isRow(rows)} and d.key <> '' and ${key} = d.key and r.group_no <> d.first
    and r.duplicate_of is null`);
}

/**
 * After the mapping is known: which rows belong together, and which come twice. A mapping that changed
 * starts anew.
 */
export async function arrangeRows(tx: Tx, rows: Rows, mapping: Mapping): Promise<void> {
  // Rows just copied have no statistics: the planner takes them for a handful and would compare each with
  // each.
  await tx.run(sql`set local enable_nestloop = off`);
  await tx.run(sql`update import_rows r set group_no = line_no, duplicate_of = null, duplicate_by = null
    where ${isRow(rows)} and (group_no <> line_no or duplicate_of is not null)`);
  const number = rows.kind === 'invoices' ? saidOf(mapping, 'number') : undefined;
  if (number) await groupRows(tx, rows, number);
  const externalId = saidOf(mapping, 'externalId');
  if (externalId) await markDuplicates(tx, rows, externalId, 'externalId');
  if (rows.kind === 'customers') {
    const name = displayName(mapping);
    if (name) await markDuplicates(tx, rows, name, 'displayName');
  }
  if (rows.kind === 'items') {
    const name = saidOf(mapping, 'name');
    if (name) await markDuplicates(tx, rows, lowerCase(name), 'name');
  }
  await tx.run(sql`set local enable_nestloop = on`);
}
