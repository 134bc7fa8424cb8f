import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { lockTicket, type TicketName } from '#features/support/read-ticket.ts';
import { mostPosts, nextState } from '#features/support/rules.ts';
import { tellHost } from '#features/support/tell-host.ts';
import {
  type Author,
  checkFiles,
  type KeptFile,
  type NewFile,
  type Way,
  writePost,
} from '#features/support/write-post.ts';
import { notFound, Refusal } from '#lib/errors.ts';

export type AskerWords = TicketName & { author: Author; way: Way; words: string } & (
    | { files: readonly NewFile[] }
    | { mail: { key: string; quoted: string; kept: readonly KeptFile[]; leftOut: readonly string[] } }
  );

/** The asker says more: a ticket that waited, was solved or closed is open again. */
export async function addToTicket(
  tx: Tx,
  actor: Actor,
  input: AskerWords,
  now: Date,
): Promise<string | undefined> {
  const { organizationId, author, way } = input;
  const ticket = await lockTicket(tx, input);
  if (ticket.state === 'unconfirmed') throw notFound('ticket', ticket.id);
  const mail = 'mail' in input ? input.mail : undefined;
  const words = input.words.trim();
  if (!words && !mail)
    throw new Refusal('invalid_request', { message: 'Write something first.', param: 'words' });
  if (await isFull(tx, input))
    throw new Refusal('too_large', 'Very much was said here already. Ask a new question.');
  const postId = await writePost(
    tx,
    organizationId,
    {
      ...{ ticketId: ticket.id, desk: ticket.desk, kind: 'words', side: 'asker', way, author, words },
      ...(mail
        ? { quoted: mail.quoted, mailKey: mail.key, files: mail.kept, leftOut: mail.leftOut }
        : { files: checkFiles('files' in input ? input.files : []) }),
    },
    now,
  );
  if (!postId) return undefined;
  const state = nextState(ticket.state, 'asker_answers');
  await tx.run(sql`update tickets set state = ${state}, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${ticket.id}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'ticket.asker_wrote',
      subjectId: ticket.id,
      customerId: ticket.customerId ?? undefined,
      data: {
        ...{ desk: ticket.desk, number: ticket.number, subject: ticket.subject, from: author.name },
        reopened: ticket.state === 'solved' || ticket.state === 'closed',
      },
    },
  ]);
  if (ticket.desk === 'host') await tellHost(tx, organizationId, ticket.id);
  return postId;
}

/** Nobody reads on in a ticket without end. */
export async function isFull(tx: Tx, { organizationId, ticketId }: TicketName): Promise<boolean> {
  const row = await tx.row<{ n: number }>(sql`select count(*)::int as n from ticket_posts
    where organization_id = ${organizationId} and ticket_id = ${ticketId}`);
  return (row?.n ?? 0) >= mostPosts;
}
