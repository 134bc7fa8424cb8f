import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { refreshWorklist } from '#features/collections/refresh-worklist.ts';
import { findingsOf, type MergeSide } from '#features/customer-merges/merge-rules.ts';
import { hangers, movedOf, papers, singles } from '#features/customer-merges/moved-papers.ts';
import { readMergeSides } from '#features/customer-merges/read-merge-sides.ts';
import { readBalances, transferEntries } from '#features/customer-merges/transfer-entries.ts';
import { refuseParentCircle } from '#features/customers/refuse-parent-circle.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type Move = { organizationId: string; mergeId: string; from: string; to: string };

/** Make one record of two that are the same customer: all papers of the loser become the winner's. */
export async function mergeCustomers(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; loserId: string; winnerId: string; today: string },
  now: Date,
): Promise<{ mergeId: string }> {
  const { organizationId, loserId: from, winnerId: to, today } = input;
  const { loser, winner } = await readMergeSides(tx, organizationId, input, true);
  const refused = findingsOf(loser, winner).filter(({ severity }) => severity === 'refuses');
  if (refused.length > 0)
    throw new Refusal('state_refused', {
      message: refused.map(({ says }) => says).join(' '),
      param: 'into_id',
    });
  const mergeId = newId('customerMerge');
  const move = { organizationId, mergeId, from, to };
  await lockMoney(tx, organizationId, from);
  await refuseRunning(tx, organizationId, [from, to]);
  const currency = loser.currencies[0] ?? winner.currencies[0] ?? 'USD';
  await writeMerge(tx, actor, move, { loser, winner, currency, now });
  await movePapers(tx, move);
  await moveSingles(tx, move);
  await moveChildren(tx, move, winner);
  await tx.run(sql`update customers set merged_into_id = ${to}, deactivated_at = coalesce(deactivated_at, ${now}),
    updated_at = ${now} where organization_id = ${organizationId} and id = ${from}`);
  await refuseParentCircle(tx, organizationId, [to]);
  const entries = transferEntries(
    await readBalances(tx, organizationId, mergeId),
    { ...move, kind: 'customer_merged', currency },
    today,
  );
  await postEntries(tx, organizationId, entries, now);
  const moved = await countMoved(tx, move);
  await tellMoved(tx, { actor, organizationId, now, quiet: true }, move);
  await record(
    tx,
    { actor, organizationId, now },
    [from, to].map((id) => ({
      type: 'customer.merged',
      subjectId: id,
      customerId: id,
      data: { merge_id: mergeId, from, to, from_name: loser.displayName, to_name: winner.displayName, moved },
    })),
  );
  await refreshWorklist(tx, { organizationId, customerIds: [from, to], today }, now);
  return { mergeId };
}

/** In the order of the house: customers (locked above), invoices, payments, credit memos. */
export async function lockMoney(tx: Tx, organizationId: string, customerId: string): Promise<void> {
  for (const table of ['invoices', 'payments', 'credit_memos'])
    await tx.run(sql`select id from ${sql.table(table)} where organization_id = ${organizationId}
      and customer_id = ${customerId} order by id for update`);
}

/** A charge that was asked for while we waited for its invoice. */
export async function refuseRunning(tx: Tx, organizationId: string, ids: readonly string[]): Promise<void> {
  const running = await tx.row(sql`select 1 as found from payments where organization_id = ${organizationId}
    and customer_id = any(${[...ids]}::text[]) and state in ('pending', 'unknown') limit 1`);
  if (running)
    throw new Refusal(
      'state_refused',
      'A charge is with the gateway and not answered. Wait a minute and try again.',
    );
}

async function writeMerge(
  tx: Tx,
  actor: Actor,
  { organizationId, mergeId, from, to }: Move,
  { loser, winner, currency, now }: { loser: MergeSide; winner: MergeSide; currency: string; now: Date },
): Promise<void> {
  const before = { loser_active: loser.active, winner_parent_id: winner.parentId };
  await tx.run(sql`insert into customer_merges (organization_id, id, loser_id, winner_id, before, moved, currency,
      user_id, merged_at)
    values (${organizationId}, ${mergeId}, ${from}, ${to}, ${JSON.stringify(before)}::jsonb, '{}', ${currency},
      ${actor.kind === 'user' ? actor.userId : null}, ${now})`);
}

async function movePapers(tx: Tx, { organizationId, mergeId, from, to }: Move): Promise<void> {
  for (const table of papers)
    await tx.run(sql`
      with moved as (update ${sql.table(table)} set customer_id = ${to}
        where organization_id = ${organizationId} and customer_id = ${from} returning id)
      insert into customer_merge_rows (organization_id, merge_id, kind, row_id)
      select ${organizationId}, ${mergeId}, ${table}, id from moved`);
  // By the paper, as its key finds them: what hangs on it may be millions, and is not found by its customer.
  for (const [table, [column, paper]] of Object.entries(hangers))
    await tx.run(sql`update ${sql.table(table)} set customer_id = ${to} where organization_id = ${organizationId}
      and customer_id = ${from} and ${sql.ref(column)} in ${movedOf({ organizationId, mergeId }, paper)}`);
}

async function moveSingles(tx: Tx, { organizationId, mergeId, from, to }: Move): Promise<void> {
  for (const [table, key] of Object.entries(singles)) {
    const sameKey = key === 'customer_id' ? sql`true` : sql`w.${sql.ref(key)} = s.${sql.ref(key)}`;
    await tx.run(sql`
      with moved as (update ${sql.table(table)} s set customer_id = ${to}
        where s.organization_id = ${organizationId} and s.customer_id = ${from} and not exists (
          select from ${sql.table(table)} w where w.organization_id = ${organizationId}
            and w.customer_id = ${to} and ${sameKey})
        returning ${sql.ref(`s.${key}`)} as row_id)
      insert into customer_merge_rows (organization_id, merge_id, kind, row_id)
      select ${organizationId}, ${mergeId}, ${table}, row_id from moved`);
  }
  await tx.run(sql`insert into customer_merge_rows (organization_id, merge_id, kind, row_id)
    select ${organizationId}, ${mergeId}, f.kind, f.row_id from follow_merge(${organizationId}, ${from}, ${to}) f`);
}

async function moveChildren(
  tx: Tx,
  { organizationId, mergeId, from, to }: Move,
  winner: MergeSide,
): Promise<void> {
  if (winner.parentId === from)
    await tx.run(sql`update customers set parent_id = null, bill_with_parent = false
      where organization_id = ${organizationId} and id = ${to}`);
  await tx.run(sql`
    with moved as (update customers set parent_id = ${to}
      where organization_id = ${organizationId} and parent_id = ${from} returning id)
    insert into customer_merge_rows (organization_id, merge_id, kind, row_id)
    select ${organizationId}, ${mergeId}, 'children', id from moved`);
}

async function countMoved(tx: Tx, { organizationId, mergeId }: Move): Promise<Record<string, number>> {
  const row = await tx.row<{ moved: Record<string, number> }>(sql`
    update customer_merges set moved = (select coalesce(jsonb_object_agg(kind, n), '{}') from (
      select kind, count(*) as n from customer_merge_rows
      where organization_id = ${organizationId} and merge_id = ${mergeId} group by kind) k)
    where organization_id = ${organizationId} and id = ${mergeId} returning moved`);
  return row?.moved ?? {};
}

/** One event an invoice: it is now another customer's, which its document in the log is held against. */
export async function tellMoved(tx: Tx, by: Parameters<typeof record>[1], move: Move): Promise<void> {
  const rows = await tx.rows<{ id: string }>(sql`select row_id as id from customer_merge_rows
    where organization_id = ${move.organizationId} and merge_id = ${move.mergeId} and kind = 'invoices' order by 1`);
  for (let at = 0; at < rows.length; at += 5000)
    await record(
      tx,
      by,
      rows.slice(at, at + 5000).map(({ id }) => ({
        type: 'invoice.moved',
        subjectId: id,
        customerId: move.to,
        data: { from: move.from, to: move.to, merge_id: move.mergeId },
      })),
    );
}
