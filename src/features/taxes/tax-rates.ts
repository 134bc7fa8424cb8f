import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { refuseTaken } from '#db/refuse-taken.ts';
import type { Tax } from '#features/taxes/rules.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type TaxRateRow = {
  id: string;
  name: string;
  percent: string;
  inclusive: boolean;
  compound: boolean;
  active: boolean;
};
type NewTaxRate = Omit<TaxRateRow, 'id' | 'active'>;

const columns = sql.raw('id, name, percent, inclusive, compound, deactivated_at is null as active');
const taken = {
  tax_rates_name: { message: 'A tax rate in use has this name already. Give it another.', param: 'name' },
};

export const readTaxRates = (
  tx: Tx,
  organizationId: string,
  filter: { limit: number; startingAfter?: string | undefined; status: 'active' | 'all' },
): Promise<TaxRateRow[]> =>
  tx.rows<TaxRateRow>(sql`select ${columns} from tax_rates where organization_id = ${organizationId}
    and (${filter.status === 'all'} or deactivated_at is null)
    and (${filter.startingAfter ?? null}::text is null or (lower(name), id) > (select lower(name), id from tax_rates
      where organization_id = ${organizationId} and id = ${filter.startingAfter ?? null}))
    order by lower(name), id limit ${filter.limit + 1}`);

export async function readTaxRate(tx: Tx, organizationId: string, id: string): Promise<TaxRateRow> {
  const row = await tx.row<TaxRateRow>(sql`select ${columns} from tax_rates
    where organization_id = ${organizationId} and id = ${id}`);
  if (!row) throw notFound('tax rate', id);
  return row;
}

/** The rates that lines or items name, as lines keep them; one that is not in use is refused by its name. */
export async function ratesInUse(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
  param = 'lines',
): Promise<Map<string, Tax>> {
  const rows =
    ids.length === 0
      ? []
      : await tx.rows<TaxRateRow>(sql`select ${columns} from tax_rates
    where organization_id = ${organizationId} and id = any(${[...new Set(ids)]}::text[])`);
  const found = new Map(rows.map(({ active, ...tax }) => [tax.id, { active, tax }]));
  for (const id of ids) {
    const rate = found.get(id);
    if (rate?.active) continue;
    const message = rate
      ? `The tax rate ${rate.tax.name} is not in use any more. Choose another.`
      : `There is no tax rate ${id}.`;
    throw new Refusal('invalid_request', { message, param });
  }
  return new Map(rows.map(({ active: _active, ...tax }) => [tax.id, tax]));
}

/** Add a rate; its percentage stays what it is, so that what was charged under it can be told for ever. */
export async function addTaxRate(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; rate: NewTaxRate },
  now: Date,
): Promise<{ taxRateId: string }> {
  const { organizationId, rate } = input;
  if (rate.inclusive && rate.compound) {
    const message = 'A tax inside the price cannot be taken on other taxes. Choose one of the two.';
    throw new Refusal('invalid_request', { message, param: 'compound' });
  }
  const taxRateId = newId('taxRate');
  await refuseTaken(taken, () =>
    tx.run(sql`insert into tax_rates (organization_id, id, name, percent, inclusive, compound, created_at)
      values (${organizationId}, ${taxRateId}, ${rate.name}, ${rate.percent}, ${rate.inclusive}, ${rate.compound}, ${now})`),
  );
  await record(tx, { actor, organizationId, now }, [
    { type: 'tax_rate.added', subjectId: taxRateId, data: rate },
  ]);
  return { taxRateId };
}

/** Rename a rate, take it out of use, or take it back. */
export async function changeTaxRate(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    taxRateId: string;
    name?: string | undefined;
    active?: boolean | undefined;
  },
  now: Date,
): Promise<void> {
  const { organizationId, taxRateId, name, active } = input;
  const found = await tx.row<TaxRateRow>(sql`select ${columns} from tax_rates
    where organization_id = ${organizationId} and id = ${taxRateId} for update`);
  if (!found) throw notFound('tax rate', taxRateId);
  const next = { name: name ?? found.name, active: active ?? found.active };
  if (next.name === found.name && next.active === found.active) return;
  await refuseTaken(taken, () =>
    tx.run(sql`update tax_rates set name = ${next.name},
      deactivated_at = case when ${next.active} then null else coalesce(deactivated_at, ${now}::timestamptz) end
      where organization_id = ${organizationId} and id = ${taxRateId}`),
  );
  await record(tx, { actor, organizationId, now }, [
    { type: 'tax_rate.changed', subjectId: taxRateId, data: next },
  ]);
}
