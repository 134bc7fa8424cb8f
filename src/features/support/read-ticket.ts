import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Category, Desk, Priority, TicketContext, TicketState } from '#features/support/rules.ts';
import { notFound } from '#lib/errors.ts';

export type TicketRow = {
  organizationId: string;
  id: string;
  number: number;
  desk: Desk;
  state: TicketState | 'unconfirmed';
  category: Category;
  priority: Priority;
  subject: string;
  userId: string | null;
  portalUserId: string | null;
  askerName: string;
  askerEmail: string;
  customerId: string | null;
  invoiceId: string | null;
  paymentId: string | null;
  context: TicketContext;
  assigneeId: string | null;
  assigneeName: string | null;
  createdAt: Date;
  updatedAt: Date;
};

export const ticketColumns =
  sql.raw(`t.organization_id, t.id, t.number, t.desk, t.state, t.category, t.priority, t.subject,
  t.user_id, t.portal_user_id, t.asker_name, t.asker_email, t.customer_id, t.invoice_id, t.payment_id, t.context,
  t.assignee_id, t.assignee_name, t.created_at, t.updated_at`);

export type TicketName = { organizationId: string; ticketId: string; desk: Desk };

/** One ticket of a desk; of the other desk there is none by this id. */
export async function readTicket(tx: Tx, name: TicketName): Promise<TicketRow> {
  const row = await tx.row<TicketRow>(sql`select ${ticketColumns} from tickets t
    where t.organization_id = ${name.organizationId} and t.id = ${name.ticketId} and t.desk = ${name.desk}`);
  if (!row) throw notFound('ticket', name.ticketId);
  return row;
}

/** The ticket as it stands to the end of this transaction. */
export async function lockTicket(tx: Tx, name: TicketName): Promise<TicketRow> {
  await tx.run(sql`select id from tickets
    where organization_id = ${name.organizationId} and id = ${name.ticketId} for update`);
  return readTicket(tx, name);
}

/** The question that a link names, of whichever organization: read as the system, its signature decides. */
export const findQuestion = (tx: Tx, id: string): Promise<TicketRow | undefined> =>
  tx.row<TicketRow>(
    sql`select ${ticketColumns} from tickets t where t.id = ${id} and t.desk = 'organization'`,
  );
