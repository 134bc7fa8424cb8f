import { sql } from 'kysely';
import pg from 'pg';
import type { Actor, Database, Tx } from '#db/db.ts';
import { finishWork } from '#features/imports/finish-work.ts';
import { checkChunk, importChunk } from '#features/imports/import-chunk.ts';
import { contextOf, makePlan } from '#features/imports/import-context.ts';
import { planEachTime } from '#features/imports/plan-cache.ts';
import { type ImportBatch, lockImport, readImport } from '#features/imports/queries.ts';
import { undoChunk } from '#features/imports/undo-chunk.ts';
import { Refusal } from '#lib/errors.ts';

type One = { organizationId: string; importId: string };
type Made = Awaited<ReturnType<typeof makePlan>>;

export type WorkOptions = {
  /** Rows a transaction. */
  chunkSize?: number;
  /** After each chunk, with the batch as it stands then. */
  onProgress?: (batch: ImportBatch) => void;
};

const isUnderWay = ({ state }: ImportBatch): boolean =>
  state === 'checking' || state === 'importing' || state === 'undoing';

/**
 * Do what the state of a batch asks for, a chunk a transaction, until it is done. Each chunk takes the
 * batch's lock and begins where the last one ended: a second worker, or one after a crash, repeats nothing.
 */
export async function workThrough(db: Database, one: One, options: WorkOptions = {}): Promise<ImportBatch> {
  const actor: Actor = { kind: 'job', organizationId: one.organizationId, name: 'import' };
  let made: Made | undefined;
  for (;;) {
    const batch = await persist(db, actor, one, async (tx) => {
      const current = await lockImport(tx, one.organizationId, one.importId);
      if (!isUnderWay(current)) return current;
      await planEachTime(tx);
      made ??= await makePlan(tx, current);
      const context = contextOf(actor, current, made);
      const step = { checking: checkChunk, importing: importChunk, undoing: undoChunk }[
        current.state as 'checking'
      ];
      const did = await step(tx, context, options.chunkSize ?? 1000);
      if (!did) await finishWork(tx, context);
      return readImport(tx, one.organizationId, one.importId);
    });
    options.onProgress?.(batch);
    if (!isUnderWay(batch)) return batch;
  }
}

/** Somebody took a number or removed a customer between the look and the write: the chunk looks again. */
const mayLookAgain = (error: unknown): boolean =>
  (error instanceof pg.DatabaseError && (error.code === '23505' || error.code === '23503')) ||
  (error instanceof Refusal && error.code === 'conflict');

async function persist<T>(db: Database, actor: Actor, one: One, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction(actor, work);
    } catch (error) {
      if (tries < 4 && mayLookAgain(error)) continue;
      // The job is tried again later, from the same chunk; until then the page says why it stands still.
      const said = error instanceof Error ? error.message : String(error);
      const reason = `Stopped after an error, to be tried again: ${said}`;
      await db.transaction(actor, (tx) =>
        tx.run(sql`update import_batches set error = ${reason.slice(0, 1000)}
        where organization_id = ${one.organizationId} and id = ${one.importId}`),
      );
      throw error;
    }
  }
}
