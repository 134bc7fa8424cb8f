import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import { type Archive, archiveTo, manifestOf } from '#features/data-exports/archive.ts';
import { type Entry, entries } from '#features/data-exports/entries.ts';
import { countMessages } from '#features/data-exports/message-files.ts';
import { type DataExport, readDataExport } from '#features/data-exports/queries.ts';
import { readme } from '#features/data-exports/readme.ts';
import { countOf, stores } from '#features/data-exports/stored-bytes.ts';
import { readingEverything } from '#features/data-exports/table-rules.ts';
import { type Unreadable, unreadableCsv } from '#features/data-exports/unreadable.ts';
import { addFiles, addMessages, addPapers } from '#features/data-exports/write-papers.ts';
import {
  downloadWriter,
  dropDownload,
  finishDownload,
  hasWriter,
  openDownload,
  restsBeforeAnother_s,
  touchDownload,
} from '#features/downloads/write-download.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { secondsLater, systemNow } from '#lib/dates.ts';

export type Deps = MailMakings & { db: Database };
type One = { organizationId: string; exportId: string };
/** What every part of the work needs; `step` says what is being written, and is false once it was stopped. */
export type Work = {
  deps: Deps;
  organizationId: string;
  actor: Actor;
  archive: Archive;
  step: (name: string, done: number, rows: number) => Promise<boolean>;
  /** What could not be taken along. */
  unreadable: Unreadable[];
};

const kept_s = 7 * 86_400;
/** What has been begun so often is given up. */
const mostTries = 5;
/** What is written beside rows and files: the read-me, the list of what could not be read, the manifest. */
const ownFiles = 3;

/**
 * Write everything into one archive. All rows are of one moment, from one snapshot; files and papers follow.
 * What was begun and not finished is made anew: an archive has no half.
 */
export async function workDataExport(deps: Deps, one: One, now: () => Date): Promise<void> {
  const { organizationId } = one;
  const actor: Actor = { kind: 'job', organizationId, name: 'data-export' };
  const begun = await begin(deps, actor, one, now());
  if (!begun) return;
  const { work, downloadId } = begun;
  try {
    await write(deps, actor, { ...one, work, downloadId }, now);
  } catch (error) {
    const forGood = work.tries + 1 >= mostTries;
    await deps.db.transaction(actor, (tx) => giveUp(tx, one, { downloadId, forGood }, now()));
    throw error;
  }
}

async function write(
  deps: Deps,
  actor: Actor,
  { work, downloadId, ...one }: One & { work: DataExport; downloadId: string },
  now: () => Date,
): Promise<void> {
  const { organizationId, exportId } = one;
  const writer = downloadWriter({ db: deps.db, actor, organizationId, downloadId });
  const archive = archiveTo(writer.write);
  const step = stepper(deps.db, actor, one, downloadId);
  const job: Work = { deps, organizationId, actor, archive, step, unreadable: [] };
  await archive.add('README.txt', [Buffer.from(readme(work, now()))]);
  if (!(await addRows(job))) return;
  if (work.withFiles && !((await addFiles(job)) && (await addMessages(job)))) return;
  if (work.withPdfs && !(await addPapers(job))) return;
  await archive.add('unreadable.csv', [Buffer.from(unreadableCsv(job.unreadable))]);
  const manifest = { export: exportId, made_at: now().toISOString(), files: archive.manifest };
  await archive.add('manifest.json', [manifestOf(manifest)]);
  await archive.close();
  const made = await writer.end();
  await deps.db.transaction(actor, (tx) => end(tx, { ...one, downloadId, work, made }, now()));
}

/** It could not be written: nothing of it is kept, and unless it is for good the queue begins it again. */
async function giveUp(
  tx: Tx,
  { organizationId, exportId }: One,
  { downloadId, forGood }: { downloadId: string | null; forGood: boolean },
  now: Date,
): Promise<void> {
  const work = await readDataExport(tx, organizationId, exportId, true);
  if (work.state !== 'running' || work.downloadId !== downloadId) return;
  if (downloadId) await dropDownload(tx, organizationId, downloadId);
  if (!forGood) return;
  await tx.run(sql`update data_exports set state = 'failed', finished_at = ${now}
    where organization_id = ${organizationId} and id = ${exportId}`);
  await record(tx, { actor: { kind: 'job', organizationId, name: 'data-export' }, organizationId, now }, [
    { type: 'data_export.failed', subjectId: exportId, data: {} },
  ]);
}

/** Undefined: there is nothing to do. */
async function begin(deps: Deps, actor: Actor, { organizationId, exportId }: One, now: Date) {
  return deps.db.transaction(actor, async (tx) => {
    const work = await readDataExport(tx, organizationId, exportId, true);
    if (work.state !== 'running') return undefined;
    if (work.downloadId && (await hasWriter(tx, organizationId, work.downloadId)))
      return lookLater(tx, { organizationId, exportId });
    if (work.tries >= mostTries) {
      const { downloadId } = work;
      await giveUp(tx, { organizationId, exportId }, { downloadId, forGood: true }, now);
      return undefined;
    }
    if (work.downloadId) await dropDownload(tx, organizationId, work.downloadId);
    const file = { fileName: `Everything ${now.toISOString().slice(0, 10)}.zip`, scopes: readingEverything };
    const expiresAt = secondsLater(now, kept_s);
    const downloadId = await openDownload(tx, { organizationId, ...file, expiresAt }, now);
    const wished = await countWished(tx, organizationId, work);
    await tx.run(sql`update data_exports set download_id = ${downloadId}, entries_done = 0, rows_done = 0, tries = tries + 1,
      entries = ${entries.length + ownFiles + wished}
      where organization_id = ${organizationId} and id = ${exportId}`);
    return { work, downloadId };
  });
}

/** How many files there will be beside the rows. */
async function countWished(tx: Tx, organizationId: string, work: DataExport): Promise<number> {
  const papers = sql<{ count: number }>`select count(*)::int as count from invoices
    where organization_id = ${organizationId} and issued_at is not null`;
  const counts = [
    ...(work.withFiles
      ? [...stores.map((store) => countOf(store, organizationId)), countMessages(organizationId)]
      : []),
    ...(work.withPdfs ? [papers] : []),
  ];
  let wished = 0;
  for (const count of counts) wished += (await tx.row(count))?.count ?? 0;
  return wished;
}

/** Somebody is at it; should that one die, it is begun anew. */
async function lookLater(tx: Tx, one: One): Promise<undefined> {
  const runAt = secondsLater(systemNow(), restsBeforeAnother_s);
  await enqueue(tx, [
    { job: 'work-data-export', key: `data-export:${one.exportId}:again`, payload: one, runAt },
  ]);
}

const stepper =
  (db: Database, actor: Actor, { organizationId, exportId }: One, downloadId: string): Work['step'] =>
  (name, done, rows) =>
    db.transaction(actor, async (tx) => {
      const moved =
        await tx.run(sql`update data_exports set now_writing = ${name}, entries_done = entries_done + ${done},
        rows_done = rows_done + ${rows}
        where organization_id = ${organizationId} and id = ${exportId} and state = 'running'`);
      await touchDownload(tx, organizationId, downloadId);
      return moved === 1;
    });

/** False: it was stopped. */
function addRows({ deps, organizationId, actor, archive, step }: Work): Promise<boolean> {
  return deps.db.transaction(actor, async (tx) => {
    await tx.run(sql`set transaction isolation level repeatable read, read only`);
    // Every row is wanted, so the plan is the one that ends first, not the one that begins first.
    await tx.run(sql`set local cursor_tuple_fraction = 1`);
    for (const entry of entries) {
      if (!(await step(entry.name, 0, 0))) return false;
      const written = { rows: 0 };
      const made = await archive.add(entry.name, bytesOf(entry, tx, organizationId, written));
      made.rows = written.rows;
      await step(entry.name, 1, written.rows);
    }
    return true;
  });
}

async function* bytesOf(
  entry: Entry,
  tx: Tx,
  organizationId: string,
  written: { rows: number },
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const { text, rows } of entry.text(tx, organizationId)) {
    written.rows += rows;
    yield encoder.encode(text);
  }
}

type Ended = One & { downloadId: string; work: DataExport; made: { size: number; hash: string } };

async function end(
  tx: Tx,
  { organizationId, exportId, downloadId, work, made }: Ended,
  now: Date,
): Promise<void> {
  const still = await readDataExport(tx, organizationId, exportId, true);
  if (still.state !== 'running') return;
  await finishDownload(tx, { organizationId, downloadId, ...made }, now);
  await tx.run(sql`update data_exports set state = 'done', finished_at = ${now}, now_writing = '', entries_done = entries
    where organization_id = ${organizationId} and id = ${exportId}`);
  const by: Actor = work.userId
    ? { kind: 'user', organizationId, userId: work.userId, roles: [] }
    : { kind: 'job', organizationId, name: 'data-export' };
  await record(tx, { actor: by, organizationId, now }, [
    { type: 'data_export.done', subjectId: exportId, data: { size_bytes: made.size } },
  ]);
}
