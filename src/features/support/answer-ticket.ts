import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { lockTicket, type TicketName, type TicketRow } from '#features/support/read-ticket.ts';
import { nextState, type TicketState } from '#features/support/rules.ts';
import { type MailDeps, mailAnswer } from '#features/support/ticket-mails.ts';
import { type Author, checkFiles, type NewFile, writePost } from '#features/support/write-post.ts';
import { must, Refusal } from '#lib/errors.ts';

export type DeskWords = TicketName &
  MailDeps & {
    author: Author;
    words: string;
    /** For the desk alone: the asker never sees it. */
    note: boolean;
    /** With this the matter is settled, unless the asker says otherwise. */
    solve: boolean;
    files: readonly NewFile[];
  };

/** The desk answers, by mail and on the asker's page; or it keeps a note for itself. */
export async function answerTicket(tx: Tx, actor: Actor, input: DeskWords, now: Date): Promise<void> {
  const { organizationId, note, author } = input;
  const ticket = await lockTicket(tx, input);
  if (!input.words.trim())
    throw new Refusal('invalid_request', { message: 'Write something first.', param: 'words' });
  const files = checkFiles(input.files);
  const about = { ticketId: ticket.id, desk: ticket.desk, side: 'desk', way: 'console' } as const;
  const post = { ...about, kind: note ? 'note' : 'words', author, words: input.words, files } as const;
  const postId = must(await writePost(tx, organizationId, post, now), 'the words just written');
  const state = deskState(ticket, input);
  // Who answers first looks after it.
  const takes = !ticket.assigneeId && !note && author.userId !== undefined;
  const [id, name] = takes ? [author.userId, author.name] : [ticket.assigneeId, ticket.assigneeName];
  await tx.run(sql`update tickets set state = ${state}, assignee_id = ${id ?? null}, assignee_name = ${name}, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${ticket.id}`);
  // What the host notes for itself is nobody else's news.
  if (!(note && ticket.desk === 'host'))
    await record(tx, { actor, organizationId, now }, [
      {
        type: note ? 'ticket.noted' : 'ticket.answered',
        subjectId: ticket.id,
        customerId: ticket.customerId ?? undefined,
        data: { desk: ticket.desk, number: ticket.number, state, by: author.name },
      },
    ]);
  if (note) return;
  const { asked, words } = await lastWords(tx, organizationId, ticket.id);
  const by = ticket.desk === 'host' ? `${author.name}, support` : author.name;
  const answer = { postId, by, words, attachments: files };
  await mailAnswer(tx, actor, ticket, { ...input, now, answer, asked });
}

function deskState(ticket: TicketRow, { note, solve }: DeskWords): TicketState {
  const state = ticket.state === 'unconfirmed' ? 'new' : ticket.state;
  if (note) return nextState(state, 'work_on');
  return nextState(nextState(state, 'desk_answers'), solve ? 'solve' : 'work_on');
}

/** What the asker said last, and the answer as it was kept: without card numbers. */
async function lastWords(tx: Tx, organizationId: string, ticketId: string) {
  const rows = await tx.rows<{ side: string; words: string }>(sql`
    select distinct on (side) side, words from ticket_posts
    where organization_id = ${organizationId} and ticket_id = ${ticketId} and kind = 'words'
    order by side, id desc`);
  const of = (side: string): string => rows.find((row) => row.side === side)?.words ?? '';
  return { asked: of('asker'), words: of('desk') };
}
