import type { Database, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { workThrough } from '#features/imports/work-through.ts';

type One = { organizationId: string; importId: string };

/** One job for check, import and undo: it does what the batch's state asks for, from where it stands. */
export const importJobs = ({ db }: { db: Database }) => ({
  'work-import': async (payload: One) => {
    await workThrough(db, payload);
  },
});

export const askForWork = (tx: Tx, { organizationId, importId }: One): Promise<void> =>
  enqueue(tx, [
    { job: 'work-import', key: `work-import:${importId}`, payload: { organizationId, importId } },
  ]);
