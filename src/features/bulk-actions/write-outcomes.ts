import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { actorOf, type BulkActionRow } from '#features/bulk-actions/queries.ts';
import { type Rule, ruleWords } from '#features/bulk-actions/rules.ts';

export type Outcome = { id: string; label: string; rule: Rule | null; reason: string | null };

export async function writeOutcomes(
  tx: Tx,
  organizationId: string,
  work: BulkActionRow,
  outcomes: readonly Outcome[],
): Promise<void> {
  await tx.run(sql`insert into bulk_action_rows (organization_id, bulk_action_id, row_id, label, rule, reason)
    select ${organizationId}, ${work.id}, r.* from unnest(${outcomes.map(({ id }) => id)}::text[],
      ${outcomes.map(({ label }) => label)}::text[], ${outcomes.map(({ rule }) => rule)}::text[],
      ${outcomes.map(({ reason }) => reason)}::text[]) r`);
  const refused = outcomes.filter(({ rule }) => rule !== null).length;
  await tx.run(sql`update bulk_actions set done = done + ${outcomes.length - refused}, refused = refused + ${refused},
    done_through = ${outcomes.at(-1)?.id ?? work.doneThrough}
    where organization_id = ${organizationId} and id = ${work.id}`);
}

/** Behind the last row. Those that were chosen and are not there any more are said, too. */
export async function finish(tx: Tx, organizationId: string, work: BulkActionRow, now: Date): Promise<void> {
  const gone =
    await tx.run(sql`insert into bulk_action_rows (organization_id, bulk_action_id, row_id, label, rule, reason)
    select ${organizationId}, ${work.id}, x.id, x.id, 'not_found', ${ruleWords.not_found}
    from unnest(${work.chosen ?? []}::text[]) as x(id) on conflict do nothing`);
  const { done, refused } =
    (await tx.row<{ done: number; refused: number }>(sql`
    update bulk_actions set state = 'done', finished_at = ${now}, refused = refused + ${gone},
      total = done + refused + ${gone}
    where organization_id = ${organizationId} and id = ${work.id} returning done, refused`)) ?? work;
  await record(tx, { actor: actorOf(organizationId, work), organizationId, now }, [
    { type: 'bulk_action.done', subjectId: work.id, data: { action: work.action, done, refused } },
  ]);
}
