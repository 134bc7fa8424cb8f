import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { type NewEvent, record } from '#db/events.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { billedTogether } from '#features/customers/shown-together.ts';
import { listOpenInvoices, openTotals } from '#features/invoices/portal-queries.ts';
import { statementLink } from '#features/statements/statement-link.ts';
import { mostListed, statementMail } from '#features/statements/statement-mail.ts';
import { dateIn } from '#lib/dates.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

export type StatementLinkInput = {
  organizationId: string;
  customerId: string;
  /** False: staff copies the link and hands it over itself. */
  mail: boolean;
  /** Withdraw every statement link that this customer was given before. */
  replace: boolean;
  outbox: Outbox;
  secrets: Secrets;
};

type Customer = {
  id: string;
  displayName: string;
  firstName: string | null;
  email: string | null;
  ccEmails: string[];
  portalShowChildren: boolean;
  statementLinkVersion: number;
};

/** Give a customer one link to everything that is open, by mail or to hand over. */
export async function makeStatementLink(
  tx: Tx,
  actor: Actor,
  input: StatementLinkInput,
  now: Date,
): Promise<{ url: string; sentTo: string | null }> {
  const { organizationId, customerId, outbox } = input;
  const customer = await tx.row<Customer>(sql`
    update customers set statement_link_version = statement_link_version + ${input.replace ? 1 : 0}
    where organization_id = ${organizationId} and id = ${customerId}
    returning id, display_name, first_name, email, cc_emails, portal_show_children, statement_link_version`);
  if (!customer) throw notFound('customer', customerId);
  const url = statementLink(input.secrets, outbox.baseUrl, { ...customer, organizationId });
  const sentTo = input.mail ? await sendStatement(tx, actor, { ...input, customer, url }, now) : null;
  const about = { subjectId: customerId, customerId };
  const events: NewEvent[] = [
    ...(input.replace ? [{ ...about, type: 'statement_link.withdrawn' }] : []),
    { ...about, type: 'statement_link.made', data: sentTo ? { email: sentTo } : {} },
  ];
  await record(tx, { actor, organizationId, now }, events);
  return { url, sentTo };
}

type ToSend = StatementLinkInput & { customer: Customer; url: string };

async function sendStatement(tx: Tx, actor: Actor, input: ToSend, now: Date): Promise<string> {
  const { organizationId, customer, outbox, url } = input;
  const { email, id: customerId } = customer;
  if (!email)
    throw new Refusal('state_refused', 'This customer has no e-mail address. Give one, or copy the link.');
  const scope = { organizationId, customerIds: await billedTogether(tx, organizationId, customer) };
  const from = await readCorrespondent(tx, organizationId);
  const today = dateIn(from.timeZone, now);
  const { rows } = await listOpenInvoices(tx, scope, { limit: 500 });
  if (rows.length === 0)
    throw new Refusal('nothing_due', 'This customer has no open invoices: there is nothing to send.');
  const totals = await openTotals(tx, scope, today);
  const letter = statementMail({
    ...{ from, outbox, customer, url, today, totals },
    oldest: rows.slice(0, mostListed),
    more: rows.length - mostListed,
  });
  const message = { kind: 'statement', to: [email], cc: customer.ccEmails, customerId, ...letter };
  await queueMessages(tx, actor, { organizationId, outbox, messages: [message] }, now);
  return email;
}
