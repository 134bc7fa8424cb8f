import { sql } from 'kysely';
import type pg from 'pg';
import { type Actor, openDatabase } from '#db/db.ts';
import { startDataExport } from '#features/data-exports/start-data-export.ts';
import { workDataExport } from '#features/data-exports/work-data-export.ts';
import { makings } from './bulk-actions.ts';
import { start } from './given.ts';

/** Makes the export of an organization in a process of its own, and says how much memory that took. */
const [config, organizationId] = process.argv.slice(2);
const db = openDatabase(JSON.parse(config ?? '{}') as pg.PoolConfig);
const actor: Actor = { kind: 'job', organizationId: organizationId ?? '', name: 'test' };
const ask = { organizationId: actor.organizationId, withFiles: true, withPdfs: false };
const { exportId } = await db.transaction(actor, (tx) => startDataExport(tx, actor, ask, start));

let most_bytes = 0;
const before = process.memoryUsage().rss;
const watch = setInterval(() => {
  most_bytes = Math.max(most_bytes, process.memoryUsage().rss);
}, 20);
await workDataExport({ db, ...makings }, { organizationId: actor.organizationId, exportId }, () => start);
clearInterval(watch);
const [size] = await db.transaction(actor, (tx) =>
  tx.rows<{ rowsDone: bigint; sizeBytes: bigint }>(sql`select x.rows_done, d.size_bytes from data_exports x
    join downloads d on d.organization_id = x.organization_id and d.id = x.download_id
    where x.organization_id = ${actor.organizationId} and x.id = ${exportId}`),
);
await db.close();
process.stdout.write(
  JSON.stringify({
    rows: Number(size?.rowsDone),
    size: Number(size?.sizeBytes),
    grew_mb: Math.round((most_bytes - before) / 1e6),
  }),
);
