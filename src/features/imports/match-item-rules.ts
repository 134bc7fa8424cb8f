import { changesOf, type FieldChange } from '#features/imports/change-rules.ts';
import { times } from '#features/imports/decimal-rules.ts';
import { columnOf } from '#features/imports/draft-rules.ts';
import type { FieldKey } from '#features/imports/field-rules.ts';
import type { ItemOfFile } from '#features/imports/item-rules.ts';
import type { ImportPlan, Problem } from '#features/imports/row-rules.ts';
import { quoted } from '#features/imports/value-rules.ts';

/** As a row says it; its tax rates by id. */
export type ItemSaid = {
  name: string;
  description?: string;
  unitPrice?: string;
  taxable?: boolean;
  taxRateIds?: string[];
  active?: boolean;
};

export type KnownItem = Required<Omit<ItemSaid, 'description'>> & {
  id: string;
  description: string | null;
  /** The names of its rates, in their order. */
  taxRates: string[];
  importBatchId: string | null;
};

export type ItemFindings = {
  /** By the name as the file spells it: the database compares without case. */
  byName: ReadonlyMap<string, KnownItem>;
  /** Rates in use, by the name as the file spells it. */
  rates: ReadonlyMap<string, { id: string; name: string }>;
};

export type ItemFacts = {
  lineNo: number;
  item: ItemOfFile;
  duplicate: { of: number; by: FieldKey } | undefined;
  /** An item that this import brought in, or that an earlier row of the file stands for. */
  isOfThisImport(known: KnownItem): boolean;
};

export type ItemDecision = ItemFacts &
  (
    | { action: 'create'; said: ItemSaid }
    | { action: 'update'; existing: KnownItem; said: ItemSaid; changes: FieldChange[] }
    | { action: 'unchanged'; existing: KnownItem }
    | { action: 'reject'; problems: Problem[] }
  );

type Rate = { id: string; name: string };

function findRates(item: ItemOfFile, { rates }: ItemFindings): { found: Rate[]; missing?: string } {
  const found: Rate[] = [];
  for (const name of item.taxRates ?? []) {
    const rate = rates.get(name);
    if (!rate) return { found, missing: name };
    found.push(rate);
  }
  return { found };
}

/** What the row leaves blank is left out, so that it stays as it is. */
function saidBy(
  { name, description, unitPrice, taxable, taxRates, active }: ItemOfFile,
  rates: Rate[],
): ItemSaid {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(unitPrice === undefined ? {} : { unitPrice }),
    // What has a rate is taxed; what is not taxed has none.
    ...(taxRates ? { taxable: true, taxRateIds: rates.map(({ id }) => id) } : {}),
    ...(taxable === undefined ? {} : { taxable }),
    ...(taxable === false ? { taxRateIds: [] } : {}),
    ...(active === undefined ? {} : { active }),
  };
}

/** For the eye: rates by name, and a price that only spells its zeros otherwise is the same. */
function changes(existing: KnownItem, { taxRateIds, ...said }: ItemSaid, rates: Rate[]): FieldChange[] {
  const before = { ...existing, unitPrice: times(existing.unitPrice, '1') };
  const byName = taxRateIds === undefined ? {} : { taxRates: rates.map(({ name }) => name) };
  return changesOf('items', before, { ...said, ...byName });
}

/** What a row of the file does: adds an item, changes one, nothing, or why it cannot come in. */
export function decideItem(plan: ImportPlan, facts: ItemFacts, findings: ItemFindings): ItemDecision {
  const { item, duplicate } = facts;
  const reject = (key: FieldKey, value: string, reason: string): ItemDecision => ({
    ...facts,
    action: 'reject',
    problems: [{ column: columnOf(plan, key), value, reason }],
  });
  const twice = (where: string): ItemDecision =>
    reject('name', item.name, `${where} has the same name. Leave one of them.`);
  if (duplicate) return twice(`Line ${duplicate.of} of the file`);
  const { found, missing } = findRates(item, findings);
  if (missing !== undefined) {
    const reason = `No tax rate in use is called ${quoted(missing)}. Add it in the settings, or correct the name.`;
    return reject('taxRates', missing, reason);
  }
  const said = saidBy(item, found);
  const existing = findings.byName.get(item.name);
  if (!existing) return { ...facts, action: 'create', said };
  if (facts.isOfThisImport(existing)) return twice('An earlier line of the file');
  const differences = changes(existing, said, found);
  return differences.length > 0
    ? { ...facts, action: 'update', existing, said, changes: differences }
    : { ...facts, action: 'unchanged', existing };
}
