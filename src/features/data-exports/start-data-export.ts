import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import { readDataExport } from '#features/data-exports/queries.ts';
import { readingEverything } from '#features/data-exports/table-rules.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { scopesOf } from '#lib/roles.ts';

type Ask = { organizationId: string; withFiles: boolean; withPdfs: boolean };

/** Ask for everything as one archive; one is made at a time. */
export async function startDataExport(
  tx: Tx,
  actor: Actor,
  { organizationId, withFiles, withPdfs }: Ask,
  now: Date,
): Promise<{ exportId: string }> {
  const held = actor.kind === 'user' || actor.kind === 'api_key' ? scopesOf(actor) : undefined;
  const lacking = held ? readingEverything.filter((scope) => !held.has(scope)) : [];
  if (lacking.length > 0)
    throw new Refusal(
      'forbidden',
      `An export holds everything, and you may not read all of it (${lacking.join(', ')}). Ask a superuser.`,
    );
  const id = newId('dataExport');
  const made =
    await tx.run(sql`insert into data_exports (organization_id, id, state, with_files, with_pdfs, user_id,
      created_at)
    values (${organizationId}, ${id}, 'running', ${withFiles}, ${withPdfs},
      ${actor.kind === 'user' ? actor.userId : null}, ${now})
    on conflict (organization_id) where state = 'running' do nothing`);
  if (made === 0)
    throw new Refusal('conflict', 'An export is being made already. Wait for it, or stop it first.');
  await record(tx, { actor, organizationId, now }, [
    { type: 'data_export.asked', subjectId: id, data: { with_files: withFiles, with_pdfs: withPdfs } },
  ]);
  await enqueue(tx, [
    { job: 'work-data-export', key: `data-export:${id}`, payload: { organizationId, exportId: id } },
  ]);
  return { exportId: id };
}

/** Stop it: nothing of it is kept. */
export async function cancelDataExport(
  tx: Tx,
  actor: Actor,
  { organizationId, exportId }: { organizationId: string; exportId: string },
  now: Date,
): Promise<void> {
  const work = await readDataExport(tx, organizationId, exportId, true);
  if (work.state !== 'running')
    throw new Refusal(
      'state_refused',
      `This export is ${work.state} already: there is nothing left to stop.`,
    );
  await tx.run(sql`update data_exports set state = 'cancelled', finished_at = ${now}
    where organization_id = ${organizationId} and id = ${exportId}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'data_export.cancelled', subjectId: exportId, data: {} },
  ]);
}
