import { compareConsolePage, type Side, watchStatements } from './support/compare-console.ts';
import { fillConsoleBooks, type Size } from './support/console-books.ts';
import { consolePages } from './support/console-calls.ts';
import { fillConsoleDesk } from './support/console-desk.ts';
import { type Bench, newOrganization, withDatabase } from './support/database.ts';
import type { BenchResult } from './support/result.ts';
import { serve } from './support/serving.ts';

// `-- console-pages --invoices=100000 --pages=customer` for a look in a minute.
const asked = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.split('=')[1];
const invoices = Number(asked('invoices') ?? 1_000_000);
const chosen = new RegExp(asked('pages') ?? '');
const large: Size = { customers: invoices / 10, invoices };
const small: Size = { customers: 100, invoices: 1000 };

const fillOf = async (
  pool: Bench['db']['pool'],
  side: { organizationId: string; tag: number },
  size: Size,
) => {
  await fillConsoleBooks(pool, side, size);
  await fillConsoleDesk(pool, side, size);
};

/** Every page of the console, of an organization with many rows and of one with few in the same database. */
export async function run(): Promise<BenchResult[]> {
  return withDatabase(async (bench) => {
    const { pool } = bench.db;
    const other = { ...bench, organizationId: await newOrganization(bench.db) };
    await fillOf(pool, { organizationId: bench.organizationId, tag: 1 }, large);
    await fillOf(pool, { organizationId: other.organizationId, tag: 2 }, small);
    await pool.query('vacuum analyze');
    watchStatements();
    const sides = [
      { ...bench, serving: await serve(bench), tag: 1 },
      { ...other, serving: await serve(other), tag: 2 },
    ] satisfies [Side, Side];
    const results: (BenchResult & { ratio: number })[] = [];
    for (const page of consolePages.filter(({ name }) => chosen.test(name))) {
      const result = await compareConsolePage(page, sides);
      process.stderr.write(`${result.ratio} ${result.value} ms, ${page.name}; ${result.note}\n`);
      results.push(result);
    }
    for (const { serving } of sides) await serving.stop();
    const worst = results.reduce((one, each) => (each.ratio > one.ratio ? each : one));
    const note = `${worst.name}, at ${large.invoices} invoices and ${large.customers} customers; goal ≤ 1.5`;
    const { ratio } = worst;
    return [
      ...results,
      { name: 'console-pages', value: ratio, unit: 'worst ratio', against: null, ratio, note },
    ];
  });
}
