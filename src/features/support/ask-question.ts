import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { announceTicket, insertTicket, type NewTicket } from '#features/support/open-ticket.ts';
import { lockTicket, type TicketRow } from '#features/support/read-ticket.ts';
import { mostUnconfirmed } from '#features/support/rules.ts';
import { type MailDeps, mailConfirmation } from '#features/support/ticket-mails.ts';
import { takeMail } from '#features/users/guards.ts';
import { plainEmail } from '#features/users/rules.ts';

type Ask = MailDeps & { organizationId: string; ticket: NewTicket; realNow: Date };

/**
 * Somebody who is not signed in writes a question. It waits, shown to nobody, until its address has said that
 * it is its own. The same is answered for every address; when to try again, if one was written to too often.
 */
export async function askQuestion(tx: Tx, actor: Actor, input: Ask, now: Date): Promise<Date | undefined> {
  const { organizationId, ticket, realNow } = input;
  const next = await takeMail(tx, 'question', ticket.asker.email, realNow);
  if (next) return next;
  // A flood of strangers must not keep others from asking: the oldest make room.
  await tx.run(sql`delete from tickets where organization_id = ${organizationId} and id in (select id from tickets
    where organization_id = ${organizationId} and desk = 'organization' and state = 'unconfirmed'
    order by id desc offset ${mostUnconfirmed - 1})`);
  const made = await insertTicket(tx, { organizationId, ticket, state: 'unconfirmed' }, now);
  await mailConfirmation(tx, actor, made, { ...input, now });
  return undefined;
}

/**
 * Whoever reads the mail says that the question is theirs: now it goes to the organization, and belongs to
 * the customer whose address this is. A second press changes nothing.
 */
export async function confirmQuestion(
  tx: Tx,
  actor: Actor,
  input: MailDeps & { organizationId: string; ticketId: string },
  now: Date,
): Promise<TicketRow> {
  const { organizationId, ticketId } = input;
  const name = { organizationId, ticketId, desk: 'organization' as const };
  const ticket = await lockTicket(tx, name);
  if (ticket.state !== 'unconfirmed') return ticket;
  // An address that several customers share says of none of them that it asks.
  const owners = await tx.rows<{ id: string }>(sql`select id from customers
    where organization_id = ${organizationId} and lower(email) = ${plainEmail(ticket.askerEmail)}
      and merged_into_id is null order by id limit 2`);
  const customerId = owners.length === 1 ? (owners[0]?.id ?? null) : null;
  await tx.run(sql`update tickets set state = 'new', customer_id = ${customerId}, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${ticketId}`);
  const confirmed: TicketRow = { ...ticket, state: 'new', customerId };
  await announceTicket(tx, actor, confirmed, { ...input, now });
  return confirmed;
}
