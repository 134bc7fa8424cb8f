import { openDatabase } from '#db/db.ts';
import { type FileImport, importFile } from '#features/imports/cli.ts';

/** A process that brings in one file and tells how much memory it used: run by imports/memory.test.ts. */
const [config, input] = process.argv.slice(2).map((text) => JSON.parse(text) as unknown);
const db = openDatabase({ ...(config as object), max: 4 });
let most = 0;
const { created, rejected, state } = await importFile(db, {
  ...(input as FileImport),
  onProgress: () => {
    most = Math.max(most, process.memoryUsage().heapUsed);
  },
});
process.stdout.write(JSON.stringify({ created, rejected, state, most_mb: Math.round(most / 1e6) }));
await db.close();
