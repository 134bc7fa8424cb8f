import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { readPosts } from '#features/support/queries.ts';
import { readTicket } from '#features/support/read-ticket.ts';
import { askerStateWords, type Category, categoryWords, type TicketState } from '#features/support/rules.ts';
import { notFound } from '#lib/errors.ts';

const pageSize = 25;
type Row = { id: string; number: number; subject: string; state: TicketState; updatedAt: Date };

/** The questions of one customer, newest first. */
export async function listQuestions(
  tx: Tx,
  organizationId: string,
  customerId: string,
  after: string | undefined,
): Promise<{ rows: Row[]; next: string | undefined }> {
  const rows = await tx.rows<Row>(sql`select id, number, subject, state, updated_at from tickets
    where organization_id = ${organizationId} and customer_id = ${customerId} and desk = 'organization'
      and id < ${after ?? '~'} order by id desc limit ${pageSize + 1}`);
  const shown = rows.slice(0, pageSize);
  return { rows: shown, next: rows.length > pageSize ? shown.at(-1)?.id : undefined };
}

const tones = { new: 'plain', open: 'plain', waiting: 'good', solved: 'good', closed: 'plain' } as const;

/** How a question stands, as its page says it. */
export const standingOf = (state: TicketState) => ({
  words: askerStateWords[state],
  tone: tones[state],
  isOver: state === 'solved' || state === 'closed',
});

/** What can be asked about, each with its page. */
export const topicsOf = (urlOf: (category: Category) => string) =>
  Object.entries(categoryWords.organization).map(([category, words]) => ({
    words,
    url: urlOf(category as Category),
  }));

export const topicOf = (category: Category): string =>
  categoryWords.organization[category] ?? 'Ask a question';

type Ink = { when: (at: Date) => string; filesAt: string };

/** One question as its asker sees it; whoever reads decides by their rights whether there is one. */
export async function readQuestion(tx: Tx, organizationId: string, id: string) {
  const ticket = await readTicket(tx, { organizationId, ticketId: id, desk: 'organization' });
  const { state } = ticket;
  if (state === 'unconfirmed') throw notFound('ticket', id);
  const posts = await readPosts(tx, ticket, false);
  return {
    ticket,
    shown: ({ when, filesAt }: Ink) => ({
      number: ticket.number,
      subject: ticket.subject,
      standing: standingOf(state),
      said: posts.map((post) => ({
        mine: post.side === 'asker',
        author: post.authorName,
        when: when(post.createdAt),
        words: post.words,
        files: post.files.map(({ id: file, fileName }) => ({ name: fileName, url: `${filesAt}/${file}` })),
        leftOut: post.leftOut,
      })),
    }),
  };
}
