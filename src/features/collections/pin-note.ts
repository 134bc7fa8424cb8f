import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { mostPinned, placedAt } from '#features/collections/pin-rules.ts';
import { notFound, Refusal } from '#lib/errors.ts';

type Asked = {
  organizationId: string;
  noteId: string;
  pinned?: boolean | undefined;
  /** Among the pinned ones; 1 is the top. A new one stands there when nothing is said. */
  place?: number | undefined;
};

/** Put a note where everybody sees it first, move it there, or take it down. */
export async function pinNote(
  tx: Tx,
  actor: Actor,
  input: Asked,
  now: Date,
): Promise<{ customerId: string }> {
  const { organizationId, noteId, place = 1 } = input;
  const note = await tx.row<{ customerId: string; isPinned: boolean }>(sql`select n.customer_id,
      n.pinned_place is not null as is_pinned
    from customer_notes n join customers c on c.organization_id = n.organization_id and c.id = n.customer_id
    where n.organization_id = ${organizationId} and n.id = ${noteId} for no key update of c`);
  if (!note) throw notFound('note', noteId);
  const { customerId, isPinned } = note;
  const stays = input.pinned ?? (isPinned || input.place !== undefined);
  const before = await tx.rows<{
    id: string;
  }>(sql`select id from customer_notes where organization_id = ${organizationId}
    and customer_id = ${customerId} and pinned_place is not null order by pinned_place, id for update`);
  const others = before.map(({ id }) => id).filter((id) => id !== noteId);
  if (stays && others.length >= mostPinned)
    throw new Refusal('state_refused', `At most ${mostPinned} notes are pinned. Take one down first.`);
  if (!stays && !isPinned) return { customerId };
  const after = stays ? placedAt(others, noteId, place) : others;
  await tx.run(sql`update customer_notes n set pinned_place = p.place
    from (select id, array_position(${after}::text[], id::text) as place from customer_notes
      where organization_id = ${organizationId} and customer_id = ${customerId}
        and (id = ${noteId} or pinned_place is not null)) p
    where n.organization_id = ${organizationId} and n.id = p.id`);
  if (stays === isPinned) return { customerId };
  await record(tx, { actor, organizationId, now }, [
    {
      type: stays ? 'customer.note_pinned' : 'customer.note_unpinned',
      subjectId: customerId,
      customerId,
      data: { note_id: noteId },
    },
  ]);
  return { customerId };
}
