import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import type { IncomingReply } from '#features/replies/record-reply.ts';
import { splitQuoted, wordsOfHtml } from '#features/replies/rules.ts';
import { addToTicket, isFull } from '#features/support/add-to-ticket.ts';
import type { TicketName } from '#features/support/read-ticket.ts';
import { type Desk, mostMailsInAnHour } from '#features/support/rules.ts';
import { sortFiles } from '#features/support/write-post.ts';
import { secondsLater } from '#lib/dates.ts';
import { sha256 } from '#lib/secrets.ts';

/** The ticket that a mail of ours was about. */
export async function findTicketOfMail(
  tx: Tx,
  organizationId: string,
  messageId: string,
): Promise<TicketName | undefined> {
  const row = await tx.row<{ ticketId: string; desk: Desk }>(sql`
    select m.ticket_id, t.desk from ticket_mails m
    join tickets t on t.organization_id = m.organization_id and t.id = m.ticket_id
    where m.organization_id = ${organizationId} and m.message_id = ${messageId}`);
  return row && { organizationId, ...row };
}

/**
 * An answer by mail lands on its ticket, under the address that it came from. Nothing goes out for it, so two
 * machines cannot talk to each other; and what it says moves no money.
 */
export async function recordTicketMail(
  tx: Tx,
  actor: Actor,
  input: { name: TicketName; ownEmail: string; mail: IncomingReply },
  now: Date,
): Promise<string> {
  const { name, mail } = input;
  const from = mail.from.address.toLowerCase();
  if (from === input.ownEmail.toLowerCase()) return 'our own mail came back';
  if (await isFlood(tx, name, now)) return 'too many mails on one ticket';
  if (await isFull(tx, name)) return 'a ticket on which too much was said';
  const { text, quoted } = splitQuoted((mail.text?.trim() || wordsOfHtml(mail.html ?? '')).slice(0, 200_000));
  const { kept, leftOut } = sortFiles(mail.attachments.slice(0, 50));
  const key = (mail.mailKey ?? sha256(`${from}\n${mail.subject}\n${text}`)).slice(0, 300);
  const author = { name: mail.from.name || mail.from.address, email: mail.from.address };
  const words = text || (kept.length > 0 ? '(only files)' : '(no words)');
  const postId = await addToTicket(
    tx,
    actor,
    { ...name, author, way: 'mail', words, mail: { key, quoted, kept, leftOut } },
    now,
  );
  return postId ? `ticket ${name.ticketId}` : 'an answer that was here already';
}

async function isFlood(tx: Tx, { organizationId, ticketId }: TicketName, now: Date): Promise<boolean> {
  const row = await tx.row<{ n: number }>(sql`select count(*)::int as n from ticket_posts
    where organization_id = ${organizationId} and ticket_id = ${ticketId} and way = 'mail'
      and created_at > ${secondsLater(now, -3600)}`);
  return (row?.n ?? 0) >= mostMailsInAnHour;
}
