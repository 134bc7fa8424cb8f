import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { InvoiceDraft } from '#features/imports/draft-rules.ts';
import { groupInvoiceLines, type RowProblems } from '#features/imports/group-rules.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import {
  type InvoiceOutcome,
  type InvoiceRow,
  interpretInvoiceRow,
} from '#features/imports/invoice-rules.ts';
import {
  type DraftFacts,
  decideInvoice,
  type InvoiceDecision,
  type InvoiceFindings,
  type MatchedCustomer,
  type RefKind,
  refKey,
  refOf,
} from '#features/imports/match-invoice-rules.ts';
import type { StoredRow } from '#features/imports/read-chunk.ts';
import { cleanCell } from '#features/imports/value-rules.ts';
import { readRevisable } from '#features/invoices/revise-invoices.ts';
import { must } from '#lib/errors.ts';

export type AcceptedInvoice = Exclude<InvoiceDecision, { action: 'reject' }>;

/** What the rows of a chunk come to, as the books stand now; `lock` where it will be acted upon. */
export async function decideInvoices(
  tx: Tx,
  context: ImportContext,
  rows: readonly StoredRow[],
  lock: boolean,
): Promise<{ accepted: AcceptedInvoice[]; rejected: RowProblems[] }> {
  const { plan, batch } = context;
  const { drafts, rejected } = groupInvoiceLines(plan, interpret(context, rows));
  const findings = await find(tx, batch.organizationId, drafts, lock);
  const byLine = new Map(rows.map((row) => [row.lineNo, row]));
  const taken = new Set<string>();
  const accepted: AcceptedInvoice[] = [];
  for (const draft of drafts) {
    const own = draft.lineNos.map((lineNo) => must(byLine.get(lineNo), 'the row of a line'));
    const facts: DraftFacts = {
      isDerived: isDerived(context, own),
      duplicate: duplicateOf(own),
      isOfThisImport: ({ id, importBatchId }) => importBatchId === batch.id || taken.has(id),
    };
    const decision = decideInvoice(plan, draft, facts, findings);
    if (decision.action === 'reject') {
      rejected.push(...draft.lineNos.map((lineNo) => ({ lineNo, problems: decision.problems })));
      continue;
    }
    if (decision.action !== 'create') taken.add(decision.existing.id);
    accepted.push(decision);
  }
  return { accepted, rejected };
}

/**
 * Rows in the order of their invoices: one that leaves customer and dates blank continues the one before
 * it.
 */
function* interpret({ plan }: ImportContext, rows: readonly StoredRow[]): Generator<InvoiceOutcome> {
  let previous: InvoiceRow | undefined;
  for (const row of rows) {
    const outcome = interpretInvoiceRow(plan, row, previous);
    previous = outcome.ok ? outcome.value : undefined;
    yield outcome;
  }
}

function isDerived({ plan }: ImportContext, [first]: readonly StoredRow[]): boolean {
  const cells = first?.cells ?? [];
  return (['dueDate', 'termsDays'] as const).every(
    (field) => cleanCell(cells[plan.columns[field] ?? -1]) === '',
  );
}

export function duplicateOf(rows: readonly StoredRow[]): DraftFacts['duplicate'] {
  const row = rows.find(({ duplicateOf: of }) => of !== null);
  return row?.duplicateOf && row.duplicateBy ? { of: row.duplicateOf, by: row.duplicateBy } : undefined;
}

async function find(
  tx: Tx,
  organizationId: string,
  drafts: readonly InvoiceDraft[],
  lock: boolean,
): Promise<InvoiceFindings> {
  const customers = await findCustomers(tx, organizationId, drafts);
  const externalIds = drafts.flatMap(({ externalId }) => externalId ?? []);
  const numbers = drafts.map(({ number }) => number);
  const invoices = await readRevisable(tx, organizationId, { externalIds, numbers }, lock);
  return {
    customers,
    byExternalId: new Map(
      invoices.flatMap((invoice) => (invoice.externalId ? [[invoice.externalId, invoice]] : [])),
    ),
    byNumber: new Map(invoices.map((invoice) => [invoice.number, invoice])),
  };
}

const matches: Readonly<Record<RefKind, RawBuilder<unknown>>> = {
  id: sql`c.id = r.value`,
  externalId: sql`c.external_id = r.value`,
  displayName: sql`c.name_key = lower(r.value)`,
  email: sql`lower(c.email) = lower(r.value)`,
};

async function findCustomers(
  tx: Tx,
  organizationId: string,
  drafts: readonly InvoiceDraft[],
): Promise<Map<string, MatchedCustomer[]>> {
  const wanted = new Map<RefKind, Set<string>>();
  for (const { customerRef } of drafts) {
    const { kind, value } = refOf(customerRef);
    const values = wanted.get(kind);
    if (values) values.add(value);
    else wanted.set(kind, new Set([value]));
  }
  const found = new Map<string, MatchedCustomer[]>();
  for (const [kind, values] of wanted) {
    const rows = await tx.rows<MatchedCustomer & { value: string }>(sql`
      select r.value, c.id, c.display_name, c.external_id, c.terms_days from unnest(${[...values]}::text[])
      as r(value)
      join customers c on c.organization_id = ${organizationId} and ${matches[kind]} order by r.value, c.id`);
    for (const { value, ...customer } of rows) {
      const key = refKey(kind, value);
      const others = found.get(key);
      if (others) others.push(customer);
      else found.set(key, [customer]);
    }
  }
  return found;
}
