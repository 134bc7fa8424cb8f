import pg from 'pg';
import { openSession } from '#http/session.ts';
import type { ConsolePage } from './console-calls.ts';
import { personOf } from './person-of.ts';
import { type BenchResult, median, now_ms, round } from './result.ts';
import type { Serving } from './serving.ts';

export type Side = { serving: Serving; organizationId: string; tag: number };
type Took = { page_ms: number[]; sql_ms: number[] };

const most_runs = 30;
/** What one page may take of the measurement: a slow one is opened less often, but at least five times. */
const enough_ms = 10_000;
let sql_ms = 0;

/** From here on the time that statements take is summed: what the database itself has of each page. */
export function watchStatements(): void {
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

/** As a program asks, or, where a page belongs to a person, as one who is signed in. */
async function headersOf(page: ConsolePage, side: Side): Promise<Record<string, string>> {
  if (!page.ofPerson) return { authorization: `Bearer ${side.serving.apiKey}` };
  const { db } = side.serving.parts;
  const who = { userId: personOf(side.tag), organizationId: side.organizationId };
  const { token } = await openSession(db, who, { ip: '127.0.0.1', userAgent: 'bench' });
  return { cookie: `owed_staff=${token}`, origin: side.serving.origin };
}

/** Only one organization of an installation bills the others: whoever is asked at the moment. */
async function becomeHost({ serving, organizationId }: Side): Promise<void> {
  const { pool } = serving.parts.db;
  await pool.query('update organizations set hosts = false where hosts');
  await pool.query('update organizations set hosts = true where id = $1', [organizationId]);
}

async function open(
  page: ConsolePage,
  side: Side,
  headers: Record<string, string>,
  took: Took,
): Promise<void> {
  const { serving, tag } = side;
  if (page.ofHost) await becomeHost(side);
  sql_ms = 0;
  const start = now_ms();
  for (const { path, body } of page.calls(tag)) {
    const reply = await fetch(
      serving.origin + path,
      body
        ? {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }
        : { headers },
    );
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    await reply.arrayBuffer();
  }
  took.page_ms.push(now_ms() - start);
  took.sql_ms.push(sql_ms);
}

const p99 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? 0;

/** All calls that a page makes, one after the other, large against small in turns: p50 and p99. */
export async function compareConsolePage(
  page: ConsolePage,
  [many, few]: [Side, Side],
): Promise<BenchResult & { ratio: number }> {
  const took = [many, few].map((): Took => ({ page_ms: [], sql_ms: [] })) as [Took, Took];
  const headers = [await headersOf(page, many), await headersOf(page, few)] as const;
  const openBoth = async (): Promise<number> => {
    const start = now_ms();
    await open(page, many, headers[0], took[0]);
    await open(page, few, headers[1], took[1]);
    return now_ms() - start;
  };
  const once_ms = await openBoth();
  const runs = Math.max(5, Math.min(most_runs, Math.floor(enough_ms / once_ms)));
  for (let at = 0; at < Math.min(6, runs); at += 1) await openBoth();
  for (const { page_ms, sql_ms: sums } of took) page_ms.length = sums.length = 0;
  for (let at = 0; at < runs; at += 1) await openBoth();
  const [of, against] = took;
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
