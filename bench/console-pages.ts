import pg from 'pg';
import { fillConsoleBooks, type Size } from './support/console-books.ts';
import { type ConsolePage, consolePages } from './support/console-calls.ts';
import { newOrganization, withDatabase } from './support/database.ts';
import { type BenchResult, median, now_ms, round } from './support/result.ts';
import { type Serving, serve } from './support/serving.ts';

const runs = 30;
// `-- console-pages --invoices=100000` for a look in a minute.
const asked = process.argv.find((argument) => argument.startsWith('--invoices='))?.split('=')[1];
const invoices = Number(asked ?? 1_000_000);
const large: Size = { customers: invoices / 10, invoices };
const small: Size = { customers: 100, invoices: 1000 };

type Side = { serving: Serving; tag: number };
type Took = { page_ms: number[]; sql_ms: number[] };

let sql_ms = 0;
/** From here on the time that statements take is summed: what the database itself has of each page. */
function watchStatements(): void {
  const { prototype } = pg.Client;
  const query = prototype.query as (...args: unknown[]) => unknown;
  prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const start = now_ms();
    const answer = query.apply(this, args);
    if (answer instanceof Promise) {
      const end = () => {
        sql_ms += now_ms() - start;
      };
      answer.then(end, end);
    }
    return answer;
  } as typeof prototype.query;
}

async function open(page: ConsolePage, { serving, tag }: Side, took: Took): Promise<void> {
  const headers = { authorization: `Bearer ${serving.apiKey}` };
  sql_ms = 0;
  const start = now_ms();
  for (const path of page.calls(tag)) {
    const reply = await fetch(serving.origin + path, { headers });
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    await reply.arrayBuffer();
  }
  took.page_ms.push(now_ms() - start);
  took.sql_ms.push(sql_ms);
}

const p99 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? 0;

async function compare(
  page: ConsolePage,
  [many, few]: [Side, Side],
): Promise<BenchResult & { ratio: number }> {
  const [of, against]: [Took, Took] = [
    { page_ms: [], sql_ms: [] },
    { page_ms: [], sql_ms: [] },
  ];
  for (let at = -3; at < runs; at += 1) {
    await open(page, many, of);
    await open(page, few, against);
    if (at < 0) for (const took of [of, against]) took.page_ms.length = took.sql_ms.length = 0;
  }
  const [value, reference] = [median(of.page_ms), median(against.page_ms)];
  const sql = `SQL p50 ${round(median(of.sql_ms))} against ${round(median(against.sql_ms))}`;
  return {
    name: `console-pages: ${page.name}`,
    value: round(value),
    unit: 'ms p50',
    against: round(reference),
    ratio: round(value / reference),
    note: `p99 ${round(p99(of.page_ms))} against ${round(p99(against.page_ms))}; ${sql}`,
  };
}

/** Every page of the console: all calls that it makes, one after the other, large against small, p50 and p99. */
export async function run(): Promise<BenchResult[]> {
  return withDatabase(async (bench) => {
    const other = { ...bench, organizationId: await newOrganization(bench.db) };
    await fillConsoleBooks(bench.db.pool, { organizationId: bench.organizationId, tag: 1 }, large);
    await fillConsoleBooks(bench.db.pool, { organizationId: other.organizationId, tag: 2 }, small);
    await bench.db.pool.query('vacuum analyze');
    watchStatements();
    const [many, few] = [await serve(bench), await serve(other)];
    const results: (BenchResult & { ratio: number })[] = [];
    for (const page of consolePages)
      results.push(
        await compare(page, [
          { serving: many, tag: 1 },
          { serving: few, tag: 2 },
        ]),
      );
    await many.stop();
    await few.stop();
    const worst = results.reduce((one, each) => (each.ratio > one.ratio ? each : one));
    const note = `${worst.name}, at ${large.invoices} invoices and ${large.customers} customers; goal ≤ 1.5`;
    return [
      ...results,
      {
        name: 'console-pages',
        value: worst.ratio,
        unit: 'worst ratio',
        against: null,
        ratio: worst.ratio,
        note,
      },
    ];
  });
}
