import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { refreshWorklist } from '#features/collections/refresh-worklist.ts';
import { lockMoney, type Move, refuseRunning, tellMoved } from '#features/customer-merges/merge-customers.ts';
import { undoWindow_days } from '#features/customer-merges/merge-rules.ts';
import { hangers, movedOf, papers, singles } from '#features/customer-merges/moved-papers.ts';
import { readBalances, transferEntries } from '#features/customer-merges/transfer-entries.ts';
import { refuseParentCircle } from '#features/customers/refuse-parent-circle.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { notFound, Refusal } from '#lib/errors.ts';

type Merge = {
  id: string;
  loserId: string;
  winnerId: string;
  currency: string;
  undoneAt: Date | null;
  isTooLate: boolean;
  before: { loser_active: boolean; winner_parent_id: string | null };
};

/**
 * Take a merge back: what moved goes back, with what hangs on it by now; what came to the winner since stays
 * there.
 */
export async function undoMerge(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; mergeId: string; today: string },
  now: Date,
): Promise<void> {
  const { organizationId, mergeId, today } = input;
  const merge = await lockMerge(tx, input, now);
  const { loserId, winnerId, before } = merge;
  const move: Move = { organizationId, mergeId, from: winnerId, to: loserId };
  await lockMoney(tx, organizationId, winnerId);
  await refuseRunning(tx, organizationId, [loserId, winnerId]);
  await refuseCrossedCredit(tx, move);
  await tx.run(sql`update customers set merged_into_id = null, updated_at = ${now},
    deactivated_at = case when ${before.loser_active} then null else deactivated_at end
    where organization_id = ${organizationId} and id = ${loserId}`);
  await bringBack(tx, move);
  if (before.winner_parent_id === loserId)
    await tx.run(sql`update customers set parent_id = ${loserId}
      where organization_id = ${organizationId} and id = ${winnerId} and parent_id is null`);
  await refuseParentCircle(tx, organizationId, [loserId, winnerId]);
  const entries = transferEntries(
    await readBalances(tx, organizationId, mergeId),
    { ...move, kind: 'merge_undone', currency: merge.currency },
    today,
  );
  await postEntries(tx, organizationId, entries, now);
  await tx.run(sql`update customer_merges set undone_at = ${now}
    where organization_id = ${organizationId} and id = ${mergeId}`);
  await tellMoved(tx, { actor, organizationId, now, quiet: true }, move);
  await record(
    tx,
    { actor, organizationId, now },
    [loserId, winnerId].map((id) => ({
      type: 'customer.merge_undone',
      subjectId: id,
      customerId: id,
      data: { merge_id: mergeId, from: loserId, to: winnerId },
    })),
  );
  await refreshWorklist(tx, { organizationId, customerIds: [loserId, winnerId], today }, now);
}

async function lockMerge(
  tx: Tx,
  { organizationId, mergeId }: { organizationId: string; mergeId: string },
  now: Date,
): Promise<Merge> {
  const named = await tx.row<{ loserId: string; winnerId: string }>(sql`select loser_id, winner_id
    from customer_merges where organization_id = ${organizationId} and id = ${mergeId}`);
  if (!named) throw notFound('merge', mergeId);
  await tx.rows(sql`select id from customers where organization_id = ${organizationId}
    and id = any(${[named.loserId, named.winnerId]}::text[]) order by id for update`);
  const merge = await tx.row<Merge>(sql`select id, loser_id, winner_id, currency, undone_at, before,
      merged_at < ${now}::timestamptz - ${undoWindow_days} * interval '1 day' as is_too_late
    from customer_merges where organization_id = ${organizationId} and id = ${mergeId} for update`);
  if (!merge || merge.undoneAt) throw new Refusal('state_refused', 'This merge has been undone already.');
  if (merge.isTooLate)
    throw new Refusal(
      'state_refused',
      `A merge can be undone for ${undoWindow_days} days, which have passed. Move single invoices by hand.`,
    );
  const onward = await tx.row<{ name: string }>(sql`select w.display_name as name from customers c
    join customers w on w.organization_id = c.organization_id and w.id = c.merged_into_id
    where c.organization_id = ${organizationId} and c.id = ${merge.winnerId}`);
  if (onward)
    throw new Refusal('state_refused', `The record was itself merged into ${onward.name}. Undo that first.`);
  return merge;
}

/** A credit memo pays invoices of its own customer only: one that crosses the line has to come off first. */
async function refuseCrossedCredit(tx: Tx, move: Move): Promise<void> {
  const crossed = await tx.row<{ memo: string; invoice: string }>(sql`
    select m.number as memo, i.number as invoice from credit_applications a
    join credit_memos m on m.organization_id = a.organization_id and m.id = a.credit_memo_id
    join invoices i on i.organization_id = a.organization_id and i.id = a.invoice_id
    where a.organization_id = ${move.organizationId} and a.customer_id = ${move.from} and a.state = 'applied'
      and (m.id in ${movedOf(move, 'credit_memos')}) <> (i.id in ${movedOf(move, 'invoices')}) limit 1`);
  if (crossed)
    throw new Refusal(
      'state_refused',
      `Since the merge, credit memo ${crossed.memo} was put against invoice ${crossed.invoice}. Take it off first.`,
    );
}

async function bringBack(tx: Tx, move: Move): Promise<void> {
  const { organizationId, mergeId, from, to } = move;
  for (const table of papers)
    await tx.run(sql`update ${sql.table(table)} set customer_id = ${to} where organization_id = ${organizationId}
      and customer_id = ${from} and id in ${movedOf(move, table)}`);
  for (const [table, [column, paper]] of Object.entries(hangers))
    await tx.run(sql`update ${sql.table(table)} set customer_id = ${to} where organization_id = ${organizationId}
      and customer_id = ${from} and ${sql.ref(column)} in ${movedOf(move, paper)}`);
  for (const [table, key] of Object.entries(singles)) {
    const moved =
      key === 'customer_id'
        ? sql`exists ${movedOf(move, table)}`
        : sql`s.${sql.ref(key)} in ${movedOf(move, table)}`;
    await tx.run(sql`update ${sql.table(table)} s set customer_id = ${to} where s.organization_id = ${organizationId}
      and s.customer_id = ${from} and ${moved} and not exists (select from ${sql.table(table)} t
        where t.organization_id = ${organizationId} and t.customer_id = ${to}
          and ${key === 'customer_id' ? sql`true` : sql`t.${sql.ref(key)} = s.${sql.ref(key)}`})`);
  }
  await tx.run(sql`update customers set parent_id = ${to} where organization_id = ${organizationId}
    and parent_id = ${from} and id in ${movedOf(move, 'children')}`);
  await tx.rows(sql`select unfollow_merge(${organizationId}, ${mergeId})`);
}
