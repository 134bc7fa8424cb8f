import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { readTicket, type TicketRow } from '#features/support/read-ticket.ts';
import {
  type Category,
  type Desk,
  isCategoryOf,
  subjectOf,
  type TicketContext,
  withoutCards,
} from '#features/support/rules.ts';
import { tellHost } from '#features/support/tell-host.ts';
import { type MailDeps, mailReceived } from '#features/support/ticket-mails.ts';
import { checkFiles, type NewFile, type Way, writePost } from '#features/support/write-post.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type Asker = {
  name: string;
  email: string;
  userId?: string;
  portalUserId?: string;
  customerId?: string | undefined;
};

export type NewTicket = {
  desk: Desk;
  category: Category;
  subject: string;
  words: string;
  asker: Asker;
  way: Way;
  context: TicketContext;
  invoiceId?: string | undefined;
  paymentId?: string | undefined;
  /** Whose papers may be named, where the asker sees those of others too. */
  papersOf?: readonly string[];
  files?: readonly NewFile[];
};

/** Somebody asks: a customer the organization, or its staff the host. */
export async function openTicket(
  tx: Tx,
  actor: Actor,
  input: MailDeps & { organizationId: string; ticket: NewTicket },
  now: Date,
): Promise<{ ticketId: string }> {
  const ticket = await insertTicket(tx, { ...input, state: 'new' }, now);
  await announceTicket(tx, actor, ticket, { ...input, now });
  return { ticketId: ticket.id };
}

/** The row and its first words. */
export async function insertTicket(
  tx: Tx,
  input: { organizationId: string; ticket: NewTicket; state: 'new' | 'unconfirmed' },
  now: Date,
): Promise<TicketRow> {
  const { organizationId, ticket, state } = input;
  const { desk, category, asker } = ticket;
  const subject = withoutCards(subjectOf(ticket.subject));
  if (!isCategoryOf(desk, category))
    throw new Refusal('invalid_request', { message: 'Choose what it is about.', param: 'category' });
  if (!subject) throw new Refusal('invalid_request', { message: 'Give it a subject.', param: 'subject' });
  if (!ticket.words.trim())
    throw new Refusal('invalid_request', { message: 'Write what you want to know.', param: 'words' });
  await refuseForeign(tx, organizationId, ticket);
  const files = checkFiles(ticket.files ?? []);
  const id = newId('ticket');
  await tx.run(sql`
    insert into tickets (organization_id, id, desk, state, category, priority, subject, user_id, portal_user_id,
      asker_name, asker_email, customer_id, invoice_id, payment_id, context, created_at, updated_at)
    values (${organizationId}, ${id}, ${desk}, ${state}, ${category}, 'normal', ${subject}, ${asker.userId ?? null},
      ${asker.portalUserId ?? null}, ${asker.name.slice(0, 200)}, ${asker.email.slice(0, 254)},
      ${asker.customerId ?? null}, ${ticket.invoiceId ?? null}, ${ticket.paymentId ?? null},
      ${JSON.stringify(ticket.context)}::jsonb, ${now}, ${now})`);
  const { words, way } = ticket;
  const post = {
    ticketId: id,
    desk,
    kind: 'words',
    side: 'asker',
    way,
    author: asker,
    words,
    files,
  } as const;
  await writePost(tx, organizationId, post, now);
  return readTicket(tx, { organizationId, ticketId: id, desk });
}

/** A paper that is named belongs to the asking customer; else there is none by that name. */
async function refuseForeign(
  tx: Tx,
  organizationId: string,
  { asker, invoiceId, paymentId, desk, papersOf }: NewTicket,
): Promise<void> {
  const customerIds = papersOf ?? [asker.customerId ?? ''];
  const own = desk === 'host' ? sql`true` : sql`customer_id = any(${customerIds}::text[])`;
  const isThere = (table: string, id: string) =>
    tx.row(sql`select 1 as found from ${sql.table(table)}
      where organization_id = ${organizationId} and id = ${id} and ${own}`);
  if (invoiceId && !(await isThere('invoices', invoiceId))) throw notFound('invoice', invoiceId);
  if (paymentId && !(await isThere('payments', paymentId))) throw notFound('payment', paymentId);
}

/** Tell whom it concerns: the asker that it is there, and the desk that it has come. */
export async function announceTicket(
  tx: Tx,
  actor: Actor,
  ticket: TicketRow,
  deps: MailDeps & { now: Date },
): Promise<void> {
  const { organizationId, id, desk, number, subject, category } = ticket;
  await record(tx, { actor, organizationId, now: deps.now }, [
    {
      type: 'ticket.opened',
      subjectId: id,
      customerId: ticket.customerId ?? undefined,
      data: { desk, number, subject, category, from: ticket.askerName || ticket.askerEmail },
    },
  ]);
  if (desk === 'host') await tellHost(tx, organizationId, id);
  else await mailReceived(tx, actor, ticket, deps);
}
