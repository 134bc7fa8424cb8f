import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { makeMethodLink } from '#features/payment-methods/method-links.ts';
import { inviteMail, signMail } from '#features/payment-methods/method-mails.ts';
import { notFound, Refusal } from '#lib/errors.ts';

export type LinkToSend = {
  organizationId: string;
  customerId: string;
  /** The bank account to sign for; missing: to add a method. */
  methodId?: string;
  /** False: staff copies the link and hands it over itself. */
  mail: boolean;
  /** Whether the page offers autopay with the method. */
  offersAutopay?: boolean;
  outbox: Outbox;
};

export type SentLink = { url: string; expiresAt: Date; sentTo: string | null };

/** Ask a customer, by mail or by a link to copy, to add a method or to sign for a bank account. */
export async function sendMethodLink(tx: Tx, actor: Actor, input: LinkToSend, now: Date): Promise<SentLink> {
  const { organizationId, customerId, methodId, outbox } = input;
  const customer = await tx.row<{ email: string | null; ccEmails: string[] }>(sql`
    select email, cc_emails from customers where organization_id = ${organizationId} and id = ${customerId}`);
  if (!customer) throw notFound('customer', customerId);
  const method = methodId && (await readSignable(tx, { organizationId, customerId, methodId }));
  const to = input.mail ? customer.email : null;
  if (input.mail && !to)
    throw new Refusal('state_refused', 'This customer has no e-mail address. Give one, or copy the link.');
  const about = {
    organizationId,
    customerId,
    ...(methodId ? { methodId } : {}),
    ...(to ? { email: to } : {}),
    ...(input.offersAutopay && !methodId ? { offersAutopay: true } : {}),
  };
  const { token, expiresAt } = await makeMethodLink(tx, actor, about, now);
  const url = `${outbox.baseUrl}/portal/${method ? 'sign' : 'add-method'}/${token}`;
  if (to) {
    const writer = { from: await readCorrespondent(tx, organizationId), outbox };
    const letter = method ? signMail(writer, { last4: method.last4, url }) : inviteMail(writer, url);
    const kind = method ? 'authorization_request' : 'method_invitation';
    await queueMessages(
      tx,
      actor,
      { organizationId, outbox, messages: [{ kind, to: [to], customerId, ...letter }] },
      now,
    );
  }
  return { url, expiresAt, sentTo: to };
}

async function readSignable(
  tx: Tx,
  one: { organizationId: string; customerId: string; methodId: string },
): Promise<{ last4: string }> {
  const method = await tx.row<{ last4: string; state: string }>(sql`
    select last4, state from payment_methods
    where organization_id = ${one.organizationId} and id = ${one.methodId} and customer_id = ${one.customerId}`);
  if (!method) throw notFound('payment method', one.methodId);
  if (method.state === 'needs_authorization') return method;
  throw new Refusal('state_refused', 'This payment method needs no signature.');
}
