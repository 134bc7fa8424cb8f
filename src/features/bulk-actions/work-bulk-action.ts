import type { Tx } from '#db/db.ts';
import { doRows } from '#features/bulk-actions/do-rows.ts';
import { type Deps, makePapers, type One } from '#features/bulk-actions/make-papers.ts';
import { actorOf, askOf, type BulkActionRow, readBulkAction } from '#features/bulk-actions/queries.ts';
import { type ChosenRow, readChosenRows } from '#features/bulk-actions/read-chosen.ts';
import { makesFile, ruleWords } from '#features/bulk-actions/rules.ts';
import { refusalOf } from '#features/bulk-actions/start-bulk-action.ts';
import { finish, type Outcome, writeOutcomes } from '#features/bulk-actions/write-outcomes.ts';
import { must, Refusal } from '#lib/errors.ts';

/** So many rows a transaction: few enough that nobody waits long for one of them. */
const usualBatch = 50;

/**
 * Do what was asked, some rows a transaction. Each begins where the last one ended, and writes down what
 * became of its rows together with what it did: a second worker, or one after a crash, does nothing twice.
 */
export async function workBulkAction(
  deps: Deps,
  one: One,
  now: () => Date,
  batch = usualBatch,
): Promise<void> {
  const { organizationId, bulkActionId } = one;
  const reader = { kind: 'job', organizationId, name: 'bulk-action' } as const;
  const work = await deps.db.transaction(reader, (tx) => readBulkAction(tx, organizationId, bulkActionId));
  if (makesFile(work.action)) return makePapers(deps, one, now);
  // After a refusal its neighbours go one by one, so that it is known whose it is.
  let alone = 0;
  let refused: Refused | undefined;
  for (;;) {
    const size = alone > 0 || refused ? 1 : batch;
    const seen: Seen = {};
    try {
      if (!(await workSome(deps, one, { size, refused, seen }, now()))) return;
      refused = undefined;
      alone = Math.max(0, alone - 1);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (size > 1) alone = size;
      else refused = { id: must(seen.id, 'the row that was refused'), reason: error.details.message };
    }
  }
}

/** The row that its command refused: by the time that is written down, another worker may have done so. */
type Refused = { id: string; reason: string };
/** The first row that was worked, also where that failed. */
type Seen = { id?: string };

/** False: there is nothing more to do. */
async function workSome(
  deps: Deps,
  { organizationId, bulkActionId }: One,
  by: { size: number; refused: Refused | undefined; seen: Seen },
  now: Date,
): Promise<boolean> {
  const job = { kind: 'job', organizationId, name: 'bulk-action' } as const;
  return deps.db.transaction(job, async (tx) => {
    const work = await readBulkAction(tx, organizationId, bulkActionId, true);
    if (work.state !== 'running') return false;
    const after = { after: work.doneThrough, before: work.createdAt, limit: by.size };
    const rows = await readChosenRows(tx, askOf(organizationId, work), after);
    const [first] = rows;
    if (!first) {
      await finish(tx, organizationId, work, now);
      return false;
    }
    by.seen.id = first.id;
    const refused = by.refused?.id === first.id ? by.refused.reason : undefined;
    const outcomes = await doSome(tx, deps, { organizationId, work, rows, refused }, now);
    await writeOutcomes(tx, organizationId, work, outcomes);
    return true;
  });
}

type Some = {
  organizationId: string;
  work: BulkActionRow;
  rows: readonly ChosenRow[];
  refused?: string | undefined;
};

async function doSome(tx: Tx, deps: Deps, some: Some, now: Date): Promise<Outcome[]> {
  const { organizationId, work, rows, refused } = some;
  const ruled = new Map(rows.map((row) => [row.id, refusalOf(work, row)]));
  const fit = rows.filter(({ id }) => !ruled.get(id));
  const left = refused
    ? new Map(fit.map(({ id }) => [id, { rule: 'refused' as const, reason: refused }]))
    : await doRows(
        tx,
        actorOf(organizationId, work),
        { organizationId, work, rows: fit, makings: deps },
        now,
      );
  return rows.map(({ id, label }) => {
    const rule = ruled.get(id);
    if (rule) return { id, label, rule, reason: ruleWords[rule] };
    return { id, label, rule: left.get(id)?.rule ?? null, reason: left.get(id)?.reason ?? null };
  });
}
