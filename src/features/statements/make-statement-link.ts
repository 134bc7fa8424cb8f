import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { type NewEvent, record } from '#db/events.ts';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { billedTogether } from '#features/customers/shown-together.ts';
import { listOpenInvoices } from '#features/invoices/portal-queries.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { statementLink } from '#features/invoices/statement-link.ts';
import { tellCustomers } from '#features/messenger/tell-customers.ts';
import { noPlaceWords } from '#features/messenger/tell-rules.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type StatementLinkInput = MailMakings & {
  organizationId: string;
  customerId: string;
  /** How it goes to the customer; none: staff copies the link and hands it over itself. */
  channels: readonly Channel[];
  /** Withdraw every statement link that this customer was given before. */
  replace: boolean;
};

type Customer = { id: string; portalShowChildren: boolean; statementLinkVersion: number };

/** Give a customer one link to everything that is open, sent or to hand over. */
export async function makeStatementLink(
  tx: Tx,
  actor: Actor,
  input: StatementLinkInput,
  now: Date,
): Promise<{ url: string; sentTo: string[] }> {
  const { organizationId, customerId, outbox } = input;
  const customer = await tx.row<Customer>(sql`
    update customers set statement_link_version = statement_link_version + ${input.replace ? 1 : 0}
    where organization_id = ${organizationId} and id = ${customerId}
    returning id, portal_show_children, statement_link_version`);
  if (!customer) throw notFound('customer', customerId);
  const url = statementLink(input.secrets, outbox.baseUrl, { ...customer, organizationId });
  const sentTo = input.channels.length > 0 ? await sendStatement(tx, actor, { ...input, customer }, now) : [];
  const about = { subjectId: customerId, customerId };
  const events: NewEvent[] = [
    ...(input.replace ? [{ ...about, type: 'statement_link.withdrawn' }] : []),
    { ...about, type: 'statement_link.made', data: sentTo.length > 0 ? { email: sentTo.join(', ') } : {} },
  ];
  await record(tx, { actor, organizationId, now }, events);
  return { url, sentTo };
}

async function sendStatement(
  tx: Tx,
  actor: Actor,
  input: StatementLinkInput & { customer: Customer },
  now: Date,
): Promise<string[]> {
  const { organizationId, customer, customerId, channels } = input;
  const scope = { organizationId, customerIds: await billedTogether(tx, organizationId, customer) };
  const { rows } = await listOpenInvoices(tx, scope, { limit: 10_000 });
  if (rows.length === 0)
    throw new Refusal('nothing_due', 'This customer has no open invoices: there is nothing to send.');
  const key = `statement_by_hand:${newId('request')}`;
  const invoiceIds = rows.map(({ id }) => id);
  const tells = [{ type: 'statement' as const, customerId, invoiceIds, key, channels }];
  const told = must((await tellCustomers(tx, actor, { ...input, tells }, now))[0], 'the statement');
  const lacking = channels.find((channel) => !told.messages.some((message) => message.channel === channel));
  if (lacking) throw new Refusal('state_refused', noPlaceWords[lacking]);
  const held = told.messages.find(({ state }) => state === 'suppressed');
  if (held)
    throw new Refusal('state_refused', {
      message:
        held.channel === 'paper'
          ? `The billing address of ${held.to.join(', ')} is not confirmed. Confirm it under Reports, Paper mail conflicts.`
          : `Mail to ${held.to.join(', ')} does not arrive. Repair the address, or copy the link.`,
    });
  return told.messages.flatMap(({ to }) => to);
}
