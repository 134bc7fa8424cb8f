import type { ImportPlan, Problem, SourceRow } from './row-rules.ts';
import { RowReader } from './row-rules.ts';

/** An item as a row of a file describes it; what the row leaves blank is undefined. */
export type ItemOfFile = {
  name: string;
  description: string | undefined;
  unitPrice: string | undefined;
  taxable: boolean | undefined;
  /** By name, as the file spells them. */
  taxRates: string[] | undefined;
  active: boolean | undefined;
};

export type ItemOutcome =
  | { ok: true; value: { lineNo: number; item: ItemOfFile } }
  | { ok: false; lineNo: number; problems: Problem[] };

const mostRates = 5;

function readRates(row: RowReader, taxable: boolean | undefined): string[] | undefined {
  const names = (row.text('taxRates') ?? '')
    .split(/[;\n\r]+/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) return undefined;
  if (names.length > mostRates) {
    return row.fault('taxRates', `An item has at most ${mostRates} tax rates; here are ${names.length}.`);
  }
  if (taxable === false) {
    return row.fault('taxRates', 'The row says that the item is not taxable. Leave its tax rates blank.');
  }
  return [...new Set(names)];
}

/** Read one row of a file of items: the item, or everything that is wrong with the row. */
export function interpretItemRow(plan: ImportPlan, source: SourceRow): ItemOutcome {
  const { lineNo, cells } = source;
  const row = new RowReader(plan, cells);
  if (row.problems) return { ok: false, lineNo, problems: row.problems };
  const name = row.required('name', row.text('name'), 'The item has no name. Fill it in.');
  const currency = row.currency('currency');
  if (currency !== undefined && currency !== plan.currency) {
    row.fault(
      'currency',
      `The price is in ${currency}, but this organization bills in ${plan.currency}. Convert it.`,
    );
  }
  const taxable = row.flag('taxable');
  const item = {
    name: name ?? '',
    description: row.text('description'),
    unitPrice: row.decimal('unitPrice', plan.currency),
    taxable,
    taxRates: readRates(row, taxable),
    active: row.flag('active'),
  };
  if (row.problems) return { ok: false, lineNo, problems: row.problems };
  return { ok: true, value: { lineNo, item } };
}
