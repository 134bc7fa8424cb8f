import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { paymentLink } from '#features/payment-links/payment-link.ts';
import { paymentLinkMail } from '#features/payment-links/payment-link-mail.ts';
import { secondsLater } from '#lib/dates.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import type { Secrets } from '#lib/secrets.ts';

export type PaymentLinkInput = {
  organizationId: string;
  customerId: string;
  /** What the money is for, in words for the payer. */
  description: string;
  /** Missing where the payer says how much. */
  amount?: bigint | undefined;
  /** False: the amount is a suggestion. */
  fixed: boolean;
  expiresInDays: number;
  /** False: staff copies the link and hands it over itself. */
  mail: boolean;
  outbox: Outbox;
  secrets: Secrets;
};

type Customer = { firstName: string | null; email: string | null; ccEmails: string[]; isActive: boolean };

/** Ask a customer for money that has no invoice yet, such as a deposit, by a page that takes one payment. */
export async function makePaymentLink(
  tx: Tx,
  actor: Actor,
  input: PaymentLinkInput,
  now: Date,
): Promise<{ paymentLinkId: string }> {
  const { organizationId, customerId, description, amount } = input;
  const customer = await tx.row<Customer>(sql`
    select first_name, email, cc_emails, deactivated_at is null as is_active from customers
    where organization_id = ${organizationId} and id = ${customerId}`);
  if (!customer) throw notFound('customer', customerId);
  if (!customer.isActive)
    throw new Refusal('state_refused', 'This customer is inactive. Activate it before you ask for money.');
  if (input.mail && !customer.email)
    throw new Refusal('state_refused', 'This customer has no e-mail address. Give one, or copy the link.');
  const from = await readCorrespondent(tx, organizationId);
  const link = { id: newId('paymentLink'), organizationId };
  const expiresAt = secondsLater(now, input.expiresInDays * 86_400);
  const sentTo = input.mail ? customer.email : null;
  await tx.run(sql`
    insert into payment_links (organization_id, id, customer_id, description, amount, is_fixed, currency, sent_to,
      created_at, expires_at)
    values (${organizationId}, ${link.id}, ${customerId}, ${description}, ${amount ?? null}, ${input.fixed},
      ${from.currency}, ${sentTo}, ${now}, ${expiresAt})`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'payment_link.made',
      subjectId: link.id,
      customerId,
      data: {
        description,
        ...(amount === undefined ? {} : { amount, currency: from.currency }),
        ...(sentTo ? { email: sentTo } : {}),
      },
    },
  ]);
  if (sentTo) {
    const url = paymentLink(input.secrets, input.outbox.baseUrl, link);
    const letter = paymentLinkMail({ ...input, from, firstName: customer.firstName, url, expiresAt });
    const message = { kind: 'payment_request', to: [sentTo], cc: customer.ccEmails, customerId, ...letter };
    await queueMessages(tx, actor, { organizationId, outbox: input.outbox, messages: [message] }, now);
  }
  return { paymentLinkId: link.id };
}
