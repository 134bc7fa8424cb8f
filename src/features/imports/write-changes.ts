import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { ImportContext } from '#features/imports/import-context.ts';
import { toJson } from '#lib/json.ts';

/** `before` is left out where the batch made the row. */
export type NewChange = { lineNo: number; targetId: string; before?: unknown };

/** Remember what the batch did, so that it can be undone. */
export async function writeChanges(
  tx: Tx,
  context: ImportContext,
  changes: readonly NewChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const { batch, now } = context;
  await tx.run(sql`
    insert into import_changes (organization_id, batch_id, line_no, target_id, before, changed_at)
    select ${batch.organizationId}, ${batch.id}, c.*, ${now}
    from unnest(${changes.map((c) => c.lineNo)}::bigint[],
      ${changes.map((c) => c.targetId)}::text[],
      ${changes.map((c) => (c.before === undefined ? null : toJson(c.before)))}::jsonb[]) as c`);
}
