import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { duplicateOf } from '#features/imports/decide-invoices.ts';
import type { RowProblems } from '#features/imports/group-rules.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import { interpretItemRow } from '#features/imports/item-rules.ts';
import {
  decideItem,
  type ItemDecision,
  type ItemFacts,
  type ItemFindings,
  type KnownItem,
} from '#features/imports/match-item-rules.ts';
import type { StoredRow } from '#features/imports/read-chunk.ts';

export type AcceptedItem = Exclude<ItemDecision, { action: 'reject' }>;

/** What the rows of a chunk come to, as the items stand now; `lock` where it will be acted upon. */
export async function decideItems(
  tx: Tx,
  context: ImportContext,
  rows: readonly StoredRow[],
  lock: boolean,
): Promise<{ accepted: AcceptedItem[]; rejected: RowProblems[] }> {
  const { plan, batch } = context;
  const rejected: RowProblems[] = [];
  const read: ItemFacts[] = [];
  const taken = new Set<string>();
  const isOfThisImport = ({ id, importBatchId }: KnownItem): boolean =>
    importBatchId === batch.id || taken.has(id);
  for (const row of rows) {
    const { lineNo } = row;
    const outcome = interpretItemRow(plan, row);
    if (outcome.ok)
      read.push({ lineNo, item: outcome.value.item, duplicate: duplicateOf([row]), isOfThisImport });
    else rejected.push({ lineNo, problems: outcome.problems });
  }
  const findings = await find(tx, batch.organizationId, read, lock);
  const accepted: AcceptedItem[] = [];
  for (const facts of read) {
    const decision = decideItem(plan, facts, findings);
    if (decision.action === 'reject') {
      rejected.push({ lineNo: facts.lineNo, problems: decision.problems });
      continue;
    }
    if (decision.action !== 'create') taken.add(decision.existing.id);
    accepted.push(decision);
  }
  return { accepted, rejected };
}

async function find(
  tx: Tx,
  organizationId: string,
  read: readonly ItemFacts[],
  lock: boolean,
): Promise<ItemFindings> {
  const names = read.map(({ item }) => item.name);
  const rateNames = [...new Set(read.flatMap(({ item }) => item.taxRates ?? []))];
  const known = await tx.rows<KnownItem & { wanted: string }>(sql`
    select r.name as wanted, i.id, i.name, i.description, i.unit_price, i.taxable, i.tax_rate_ids,
      i.deactivated_at is null as active, i.import_batch_id,
      array(select t.name from unnest(i.tax_rate_ids) with ordinality as o(id, at)
        join tax_rates t on t.organization_id = i.organization_id and t.id = o.id order by o.at) as tax_rates
    from unnest(${names}::text[]) as r(name)
    join items i on i.organization_id = ${organizationId} and lower(i.name) = lower(r.name)
    order by i.id ${lock ? sql`for update of i` : sql``}`);
  const rates =
    rateNames.length === 0
      ? []
      : await tx.rows<{ wanted: string; id: string; name: string }>(sql`
        select r.name as wanted, t.id, t.name from unnest(${rateNames}::text[]) as r(name)
        join tax_rates t on t.organization_id = ${organizationId} and lower(t.name) = lower(r.name)
          and t.deactivated_at is null`);
  return {
    byName: new Map(known.map(({ wanted, ...item }) => [wanted, item])),
    rates: new Map(rates.map(({ wanted, ...rate }) => [wanted, rate])),
  };
}
