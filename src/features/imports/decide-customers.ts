import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { customerColumns } from '#features/customers/customer-input.ts';
import { interpretCustomerRow } from '#features/imports/customer-rules.ts';
import { duplicateOf } from '#features/imports/decide-invoices.ts';
import type { RowProblems } from '#features/imports/group-rules.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import {
  type CustomerDecision,
  type CustomerFacts,
  type CustomerFindings,
  decideCustomer,
  type KnownCustomer,
} from '#features/imports/match-customer-rules.ts';
import type { StoredRow } from '#features/imports/read-chunk.ts';

export type AcceptedCustomer = Exclude<CustomerDecision, { action: 'reject' }>;

/** What the rows of a chunk come to, as the books stand now; `lock` where it will be acted upon. */
export async function decideCustomers(
  tx: Tx,
  context: ImportContext,
  rows: readonly StoredRow[],
  lock: boolean,
): Promise<{ accepted: AcceptedCustomer[]; rejected: RowProblems[] }> {
  const { plan, batch } = context;
  const rejected: RowProblems[] = [];
  const read: CustomerFacts[] = [];
  const taken = new Set<string>();
  const isOfThisImport = ({ id, importBatchId }: KnownCustomer): boolean =>
    importBatchId === batch.id || taken.has(id);
  for (const row of rows) {
    const { lineNo, cells } = row;
    const outcome = interpretCustomerRow(plan, row);
    if (!outcome.ok) {
      rejected.push({ lineNo, problems: outcome.problems });
      continue;
    }
    const { customer } = outcome.value;
    read.push({ lineNo, cells, customer, duplicate: duplicateOf([row]), isOfThisImport });
  }
  const findings = await find(tx, batch.organizationId, read, lock);
  const accepted: AcceptedCustomer[] = [];
  for (const facts of read) {
    const decision = decideCustomer(plan, facts, findings);
    if (decision.action === 'reject') {
      rejected.push({ lineNo: facts.lineNo, problems: decision.problems });
      continue;
    }
    if (decision.action !== 'create') taken.add(decision.existing.id);
    accepted.push(decision);
  }
  return { accepted, rejected };
}

const columns = sql.raw(
  Object.keys(customerColumns)
    .filter((name) => name !== 'parent_id')
    .map((name) => `c.${name}`)
    .join(', '),
);

async function find(
  tx: Tx,
  organizationId: string,
  read: readonly CustomerFacts[],
  lock: boolean,
): Promise<CustomerFindings> {
  const externalIds = read.flatMap(({ customer }) => customer.externalId ?? []);
  const names = read.map(({ customer }) => customer.displayName);
  const byName = await tx.rows<{ name: string; id: string }>(sql`
    select r.name, c.id from unnest(${names}::text[]) as r(name)
    join customers c on c.organization_id = ${organizationId} and c.name_key = lower(r.name)`);
  const byExternalId = await tx.rows<{
    externalId: string;
    id: string;
  }>(sql`select external_id, id from customers
    where organization_id = ${organizationId} and external_id = any(${externalIds}::text[])`);
  const ids = [...new Set([...byName, ...byExternalId].map(({ id }) => id))];
  const known =
    ids.length === 0
      ? []
      : await tx.rows<KnownCustomer>(sql`
    select c.id, c.import_batch_id, c.deactivated_at is null as active, ${columns} from customers c
    where c.organization_id = ${organizationId} and c.id = any(${ids}::text[])
    order by c.id ${lock ? sql`for update` : sql``}`);
  const byId = new Map(known.map((customer) => [customer.id, customer]));
  const entry = (key: string, id: string): [string, KnownCustomer][] => {
    const customer = byId.get(id);
    return customer ? [[key, customer]] : [];
  };
  return {
    byName: new Map(byName.flatMap(({ name, id }) => entry(name, id))),
    byExternalId: new Map(byExternalId.flatMap(({ externalId, id }) => entry(externalId, id))),
  };
}
