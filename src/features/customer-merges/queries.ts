import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Merge } from '#features/customer-merges/api.ts';
import { findingsOf, undoWindow_days } from '#features/customer-merges/merge-rules.ts';
import { countPapers, readMergeSides } from '#features/customer-merges/read-merge-sides.ts';
import { readCustomer } from '#features/customers/queries.ts';
import { secondsLater } from '#lib/dates.ts';

const daySeconds = 86_400;

export async function previewOf(tx: Tx, organizationId: string, ids: { loserId: string; winnerId: string }) {
  const { loser, winner } = await readMergeSides(tx, organizationId, ids);
  const side = ({ id, displayName }: { id: string; displayName: string }) => ({
    id,
    display_name: displayName,
  });
  return {
    object: 'merge_preview' as const,
    loser: side(loser),
    winner: side(winner),
    findings: findingsOf(loser, winner),
    moves: await countPapers(tx, organizationId, loser.id),
    undo_days: undoWindow_days,
  };
}

type Row = {
  id: string;
  loserId: string;
  loserName: string;
  winnerId: string;
  winnerName: string;
  moved: Record<string, number>;
  mergedAt: Date;
  mergedBy: string | null;
};

/** The merges that stand and that a customer has a part in, latest first. */
export async function mergesOf(
  tx: Tx,
  organizationId: string,
  customerId: string,
  now: Date,
): Promise<{ object: 'list'; data: Merge[] }> {
  await readCustomer(tx, organizationId, customerId);
  const rows = await tx.rows<Row>(sql`
    select m.id, m.loser_id, l.display_name as loser_name, m.winner_id, w.display_name as winner_name, m.moved,
      m.merged_at, staff_name(m.user_id) as merged_by
    from customer_merges m
    join customers l on l.organization_id = m.organization_id and l.id = m.loser_id
    join customers w on w.organization_id = m.organization_id and w.id = m.winner_id
    where m.organization_id = ${organizationId} and m.undone_at is null
      and (m.loser_id = ${customerId} or m.winner_id = ${customerId})
    order by m.merged_at desc, m.id desc limit 50`);
  return { object: 'list', data: rows.map((row) => mergeOf(row, now)) };
}

function mergeOf(row: Row, now: Date): Merge {
  const until = secondsLater(row.mergedAt, undoWindow_days * daySeconds);
  return {
    object: 'customer_merge',
    id: row.id,
    loser: { id: row.loserId, display_name: row.loserName },
    winner: { id: row.winnerId, display_name: row.winnerName },
    moved: row.moved,
    merged_at: row.mergedAt,
    merged_by: row.mergedBy,
    undo_until: until,
    can_undo: until >= now,
  };
}
