import type { Database, Tx } from '#db/db.ts';
import { type BenchResult, median, now_ms, round } from './result.ts';

export type Side = { organizationId: string; tag: number };
export type Page = { name: string; read: (tx: Tx, side: Side) => Promise<unknown> };
type PageResult = BenchResult & { ratio: number };

/** One page as the API reads it: a transaction with the role of the organization, under row-level security. */
async function time(db: Database, page: Page, side: Side): Promise<number> {
  const start = now_ms();
  const actor = { kind: 'job', organizationId: side.organizationId, name: 'bench' } as const;
  await db.transaction(actor, (tx) => page.read(tx, side));
  return now_ms() - start;
}

/** The same pages on the side with many rows and on the one with few, in turns: p50. */
export async function comparePages(
  db: Database,
  [large, small]: readonly [Side, Side],
  { of, pages, runs }: { of: string; pages: readonly Page[]; runs: number },
): Promise<PageResult[]> {
  const results: PageResult[] = [];
  for (const page of pages) {
    const [many, few] = [[] as number[], [] as number[]];
    for (let at = 0; at < runs; at += 1) {
      many.push(await time(db, page, large));
      few.push(await time(db, page, small));
    }
    const [value, against] = [median(many), median(few)];
    const ratio = round(value / against);
    results.push({
      name: `${of}: ${page.name}`,
      value: round(value),
      unit: 'ms p50',
      against: round(against),
      ratio,
    });
  }
  return results;
}
