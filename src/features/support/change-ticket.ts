import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { lockTicket, type TicketName, type TicketRow } from '#features/support/read-ticket.ts';
import {
  type Category,
  categoryWords,
  isCategoryOf,
  nextState,
  type Priority,
  stateWords,
  type TicketState,
} from '#features/support/rules.ts';
import { type Author, writePost } from '#features/support/write-post.ts';
import { notFound, Refusal } from '#lib/errors.ts';

export type TicketChange = {
  state?: 'open' | 'waiting' | 'solved' | 'closed' | undefined;
  priority?: Priority | undefined;
  category?: Category | undefined;
  /** Null: nobody looks after it. */
  assignee?: { id: string; name: string } | null | undefined;
};

/** State, priority, category, who looks after it: each change stands on the ticket's own line of time. */
export async function changeTicket(
  tx: Tx,
  actor: Actor,
  input: TicketName & { change: TicketChange; author: Author; side: 'asker' | 'desk' | 'system' },
  now: Date,
): Promise<void> {
  const { organizationId, change, author, side } = input;
  const ticket = await lockTicket(tx, input);
  if (ticket.state === 'unconfirmed') throw notFound('ticket', ticket.id);
  if (change.category && !isCategoryOf(ticket.desk, change.category))
    throw new Refusal('invalid_request', { message: 'This desk has no such category.', param: 'category' });
  const after = {
    state: stateAfter(ticket.state, change),
    priority: change.priority ?? ticket.priority,
    category: change.category ?? ticket.category,
    assigneeId: change.assignee === undefined ? ticket.assigneeId : (change.assignee?.id ?? null),
    assigneeName: change.assignee === undefined ? ticket.assigneeName : (change.assignee?.name ?? null),
  };
  const said = changeWords(ticket, after, change);
  if (said.length === 0) return;
  await tx.run(sql`update tickets set state = ${after.state}, priority = ${after.priority},
      category = ${after.category}, assignee_id = ${after.assigneeId},
      assignee_name = ${after.assigneeName}, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${ticket.id}`);
  const way = side === 'system' ? 'system' : 'console';
  const about = { ticketId: ticket.id, desk: ticket.desk, kind: 'change', side, way } as const;
  await writePost(tx, organizationId, { ...about, author, words: said.join(' · ') }, now);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'ticket.changed',
      subjectId: ticket.id,
      customerId: ticket.customerId ?? undefined,
      data: { desk: ticket.desk, number: ticket.number, state: after.state, change: said.join(' · ') },
    },
  ]);
}

function stateAfter(state: TicketState, { state: wanted, assignee }: TicketChange): TicketState {
  if (wanted === 'solved') return nextState(state, 'solve');
  if (wanted === 'open') return state === 'new' ? 'open' : nextState(state, 'reopen');
  if (wanted) return wanted;
  return assignee ? nextState(state, 'work_on') : state;
}

type After = { state: TicketState; priority: Priority; category: Category; assigneeId: string | null };

function changeWords(ticket: TicketRow, after: After, { assignee }: TicketChange): string[] {
  return [
    ...(after.state !== ticket.state ? [stateWords[after.state]] : []),
    ...(after.priority !== ticket.priority ? [`Priority ${after.priority}`] : []),
    ...(after.category !== ticket.category ? [`About: ${categoryWords[ticket.desk][after.category]}`] : []),
    ...(after.assigneeId !== ticket.assigneeId
      ? [assignee ? `Assigned to ${assignee.name}` : 'Assigned to nobody']
      : []),
  ];
}
