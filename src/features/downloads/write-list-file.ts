import { sql } from 'kysely';
import { ZodError } from 'zod';
import { type Actor, type Database, systemActor, type Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import type { ListFile } from '#features/downloads/list-file.ts';
import { type ListFileRow, readListFile } from '#features/downloads/list-file-queries.ts';
import type { ListName } from '#features/downloads/list-name-rules.ts';
import {
  downloadWriter,
  dropDownload,
  finishDownload,
  hasWriter,
  openDownload,
  restsBeforeAnother_s,
  touchDownload,
} from '#features/downloads/write-download.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn, secondsLater, systemNow } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';

export type ListFiles = Readonly<Record<ListName, ListFile>>;
type Deps = { db: Database; listFiles: ListFiles };
type One = { organizationId: string; listFileId: string };

/** How long a file can be fetched. */
const kept_s = 7 * 86_400;

class Stopped extends Error {}

/** What has failed so often, or in a way that stays, is given up. */
const mostTries = 5;

/**
 * Write a list as a file. All its rows are of one moment, read page by page from one snapshot, so a row that
 * is changed meanwhile is neither missed nor told twice. What was begun and not finished is made anew.
 */
export async function writeListFile({ db, listFiles }: Deps, one: One): Promise<void> {
  const { organizationId } = one;
  const job: Actor = { kind: 'job', organizationId, name: 'list-file' };
  const begun = await db.transaction(job, (tx) => begin(tx, one, listFiles));
  if (!begun) return;
  const { work, downloadId, organization, now } = begun;
  const file = listFiles[work.list];
  const writer = downloadWriter({ db, actor: job, organizationId, downloadId });
  const onRows = (rows: number) => db.transaction(job, (tx) => step(tx, one, downloadId, rows));
  const actor = readerOf(organizationId, work);
  const encoder = new TextEncoder();
  try {
    await db.transaction(file.as === 'system' ? systemActor('list-file') : actor, async (tx) => {
      await tx.run(sql`set transaction isolation level repeatable read, read only`);
      const reading = {
        actor,
        organization,
        now,
        ids: work.chosen ?? undefined,
        query: file.list.query.omit(paging).parse(work.search),
        inTx: <T>(read: (tx: Tx) => Promise<T>) => read(tx),
        onRows,
      };
      for await (const part of file.bytes(reading, work.format))
        await writer.write(typeof part === 'string' ? encoder.encode(part) : part);
    });
  } catch (error) {
    if (error instanceof Stopped) return;
    const lasts = error instanceof Refusal || error instanceof ZodError || work.tries + 1 >= mostTries;
    await db.transaction(job, (tx) => giveUp(tx, one, { downloadId, forGood: lasts }, now));
    throw error;
  }
  const made = await writer.end();
  await db.transaction(job, (tx) => end(tx, one, { downloadId, ...made }, now));
}

/** It could not be written: nothing of it is kept, and unless it is for good the queue begins it again. */
async function giveUp(
  tx: Tx,
  { organizationId, listFileId }: One,
  { downloadId, forGood }: { downloadId: string | null; forGood: boolean },
  now: Date,
): Promise<void> {
  const work = await readListFile(tx, organizationId, listFileId, true);
  if (work.state !== 'running' || work.downloadId !== downloadId) return;
  if (downloadId) await dropDownload(tx, organizationId, downloadId);
  if (!forGood) return;
  await tx.run(sql`update list_files set state = 'failed', finished_at = ${now}
    where organization_id = ${organizationId} and id = ${listFileId}`);
  await record(tx, { actor: { kind: 'job', organizationId, name: 'list-file' }, organizationId, now }, [
    { type: 'list_file.failed', subjectId: listFileId, data: { list: work.list } },
  ]);
}

/** What a list's endpoint takes that a file has no use for. */
export const paging = { limit: true, starting_after: true } as const;

/** As whoever asked, with what they were allowed when they asked. */
const readerOf = (organizationId: string, { userId, held }: ListFileRow): Actor =>
  userId
    ? { kind: 'user', organizationId, userId, roles: [], ownScopes: held }
    : { kind: 'api_key', organizationId, apiKeyId: '', scopes: held };

/** Undefined: there is nothing to do. */
async function begin(tx: Tx, one: One, listFiles: ListFiles) {
  const { organizationId, listFileId } = one;
  const work = await readListFile(tx, organizationId, listFileId, true);
  if (work.state !== 'running') return undefined;
  if (work.downloadId && (await hasWriter(tx, organizationId, work.downloadId))) return lookLater(tx, one);
  const organization = must(
    await tx.row<
      Parameters<ListFile['bytes']>[0]['organization']
    >(sql`select id, name, mode, currency, time_zone, locale,
      clock_offset_ms from organizations where id = ${organizationId}`),
    'the organization',
  );
  const now = organizationNow(organization);
  if (work.tries >= mostTries) {
    await giveUp(tx, one, { downloadId: work.downloadId, forGood: true }, now);
    return undefined;
  }
  if (work.downloadId) await dropDownload(tx, organizationId, work.downloadId);
  const day = dateIn(organization.timeZone, now);
  const { title } = listFiles[work.list];
  const about = { organizationId, fileName: `${title} ${day}.${work.format}`, scopes: [work.scope] };
  const downloadId = await openDownload(tx, { ...about, expiresAt: secondsLater(now, kept_s) }, now);
  await tx.run(sql`update list_files set download_id = ${downloadId}, rows_done = 0, tries = tries + 1
    where organization_id = ${organizationId} and id = ${listFileId}`);
  return { work, downloadId, organization, now };
}

/** Somebody is at it; should that one die, it is begun anew. */
async function lookLater(tx: Tx, one: One): Promise<undefined> {
  const runAt = secondsLater(systemNow(), restsBeforeAnother_s);
  await enqueue(tx, [
    { job: 'write-list-file', key: `list-file:${one.listFileId}:again`, payload: one, runAt },
  ]);
}

async function step(tx: Tx, { organizationId, listFileId }: One, downloadId: string, rows: number) {
  const moved = await tx.run(sql`update list_files set rows_done = ${rows}
    where organization_id = ${organizationId} and id = ${listFileId} and state = 'running'`);
  if (moved === 0) throw new Stopped();
  await touchDownload(tx, organizationId, downloadId);
}

type Made = { downloadId: string; size: number; hash: string };

async function end(tx: Tx, { organizationId, listFileId }: One, made: Made, now: Date): Promise<void> {
  const still = await readListFile(tx, organizationId, listFileId, true);
  if (still.state !== 'running') return;
  await finishDownload(tx, { organizationId, ...made }, now);
  await tx.run(sql`update list_files set state = 'done', finished_at = ${now}
    where organization_id = ${organizationId} and id = ${listFileId}`);
  const by: Actor = still.userId
    ? readerOf(organizationId, still)
    : { kind: 'job', organizationId, name: 'list-file' };
  await record(tx, { actor: by, organizationId, now }, [
    {
      type: 'list_file.done',
      subjectId: listFileId,
      data: { list: still.list, rows: Number(still.rowsDone) },
    },
  ]);
}

/** Forget what was asked long ago; its files have gone before. */
export const sweepListFiles = (db: Database, now: Date): Promise<number> =>
  db.transaction(systemActor('sweep'), (tx) =>
    tx.run(sql`delete from list_files where finished_at < ${secondsLater(now, -30 * 86_400)}
      or (state = 'running' and created_at < ${secondsLater(now, -30 * 86_400)})`),
  );
