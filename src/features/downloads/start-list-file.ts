import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import type { Format } from '#features/downloads/list-file.ts';
import { readListFile } from '#features/downloads/list-file-queries.ts';
import type { ListName } from '#features/downloads/list-name-rules.ts';
import type { Scope } from '#lib/endpoint.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { scopesOf } from '#lib/roles.ts';

type Ask = {
  organizationId: string;
  list: ListName;
  format: Format;
  search: Readonly<Record<string, string>>;
  ids: readonly string[] | undefined;
  scope: Scope;
};

/** So many are made at once for one organization. */
const mostRunning = 5;

/** Ask for a list as a file; a job writes it, and it is read as the asker would read it. */
export async function startListFile(
  tx: Tx,
  actor: Actor,
  { organizationId, list, format, search, ids, scope }: Ask,
  now: Date,
): Promise<{ listFileId: string }> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`list files ${organizationId}`}, 0))`);
  const running = await tx.row<{ count: number }>(sql`select count(*)::int as count from list_files
    where organization_id = ${organizationId} and state = 'running'`);
  if ((running?.count ?? 0) >= mostRunning)
    throw new Refusal(
      'conflict',
      `${mostRunning} files are being made already. Wait for one of them, or stop one first.`,
    );
  const id = newId('listFile');
  await tx.run(sql`insert into list_files (organization_id, id, list, format, search, chosen, scope, held, state, user_id,
      created_at)
    values (${organizationId}, ${id}, ${list}, ${format}, ${JSON.stringify(search)},
      ${ids ? [...new Set(ids)] : null}, ${scope}, ${[...scopesOf(actor)]}, 'running',
      ${actor.kind === 'user' ? actor.userId : null}, ${now})`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'list_file.asked', subjectId: id, data: { list, format } },
  ]);
  await enqueue(tx, [
    { job: 'write-list-file', key: `list-file:${id}`, payload: { organizationId, listFileId: id } },
  ]);
  return { listFileId: id };
}

/** Stop it: nothing of it is kept. */
export async function cancelListFile(
  tx: Tx,
  actor: Actor,
  { organizationId, listFileId }: { organizationId: string; listFileId: string },
  now: Date,
): Promise<void> {
  const work = await readListFile(tx, organizationId, listFileId, true);
  if (work.state !== 'running')
    throw new Refusal('state_refused', `This file is ${work.state} already: there is nothing left to stop.`);
  await tx.run(sql`update list_files set state = 'cancelled', finished_at = ${now}
    where organization_id = ${organizationId} and id = ${listFileId}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'list_file.cancelled', subjectId: listFileId, data: { list: work.list } },
  ]);
}
