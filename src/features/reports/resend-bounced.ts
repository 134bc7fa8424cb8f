import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { readerOf } from '#features/correspondence/message-kind-rules.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { sendInvoice } from '#features/invoices/send-invoice.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { repaired, wayToResend } from '#features/reports/rules.ts';
import { notFound, Refusal } from '#lib/errors.ts';

type Row = {
  kind: string;
  security: boolean;
  subject: string;
  html: string;
  text: string;
  toEmails: string[];
  ccEmails: string[];
  acceptedEmails: string[];
  state: string;
  customerId: string | null;
  invoiceId: string | null;
  paymentId: string | null;
  awaitsDocument: boolean;
  putRightAt: Date | null;
};
type One = { organizationId: string; messageId: string };

/**
 * A mail did not arrive: give it a new address, which the customer keeps, or try the same one again; either
 * way it may be written to from now on, and the mail goes out once more to those who did not get it.
 */
export async function resendBounced(
  tx: Tx,
  actor: Actor,
  input: One & MailMakings & { email?: string | undefined },
  now: Date,
): Promise<{ messageId: string }> {
  const { organizationId, messageId } = input;
  const row = await lockBounced(tx, input);
  const way = wayToResend(row);
  if (way === 'refused')
    throw new Refusal(
      'state_refused',
      row.security
        ? 'This mail opens an account and has a link of its own time. Invite the customer again on its Portal tab.'
        : readerOf(row.kind) === 'ticket'
          ? 'This mail belongs to a ticket. Answer the ticket once more.'
          : readerOf(row.kind) === 'staff'
            ? 'This mail told your own people, not the customer. Correct their address in Settings › Notifications.'
            : 'This mail still waits for its document.',
    );
  const bad = await badReaders(tx, organizationId, messageId, row);
  const to = input.email ? [input.email] : bad;
  if (input.email) await keepAddress(tx, actor, { ...input, row, bad, email: input.email }, now);
  await freeAddresses(
    tx,
    actor,
    { organizationId, row, emails: to.map((email) => email.toLowerCase()) },
    now,
  );
  const sent =
    way === 'anew' && row.invoiceId
      ? await sendInvoice(tx, actor, { ...input, invoiceId: row.invoiceId, to }, now)
      : await sendCopy(tx, actor, { ...input, row, to }, now);
  await markPutRight(tx, actor, { organizationId, messageId, row, by: sent.messageId }, now);
  return sent;
}

/** A mail that did not arrive does not matter any more; its address stays as it is. */
export async function dismissBounced(tx: Tx, actor: Actor, input: One, now: Date): Promise<void> {
  const row = await lockBounced(tx, input);
  await markPutRight(tx, actor, { ...input, row, by: null }, now);
}

async function lockBounced(tx: Tx, { organizationId, messageId }: One): Promise<Row> {
  const row = await tx.row<Row>(sql`
    select kind, security, subject, html, text, to_emails, cc_emails, accepted_emails, state, customer_id, invoice_id,
      payment_id, awaits_document, put_right_at
    from messages where organization_id = ${organizationId} and id = ${messageId} and channel = 'email' for update`);
  if (!row) throw notFound('message', messageId);
  if (row.putRightAt) throw new Refusal('state_refused', 'This mail has been put right already.');
  if (!['failed', 'soft_bounced', 'bounced', 'complained'].includes(row.state))
    throw new Refusal('state_refused', 'This mail did not come back: there is nothing to put right.');
  return row;
}

/** Who did not get it, in small letters; all of its readers where that is not known. */
async function badReaders(tx: Tx, organizationId: string, messageId: string, row: Row): Promise<string[]> {
  const news = await tx.rows<{ email: string }>(sql`
    select distinct email from message_news where organization_id = ${organizationId} and message_id = ${messageId}
      and kind in ('soft_bounced', 'bounced', 'complained') and email <> '' order by email`);
  if (news.length > 0) return news.map((each) => each.email);
  const all = [...row.toEmails, ...row.ccEmails];
  const without = all.filter((email) => !row.acceptedEmails.includes(email));
  return (without.length > 0 ? without : all).map((email) => email.toLowerCase());
}

async function keepAddress(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; row: Row; bad: readonly string[]; email: string },
  now: Date,
): Promise<void> {
  const { organizationId, row } = input;
  if (!row.customerId) return;
  // Who reads for it: the parent where it bills with one.
  const customer = await tx.row<{ id: string; email: string | null; ccEmails: string[] }>(sql`
    select id, email, cc_emails from customers where organization_id = ${organizationId}
      and id = billed_to(${organizationId}, ${row.customerId})`);
  const change = customer && repaired(customer, input.bad, input.email);
  if (change)
    await updateCustomers(tx, actor, { organizationId, patches: [{ id: customer.id, ...change }] }, now);
}

async function freeAddresses(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; row: Row; emails: readonly string[] },
  now: Date,
): Promise<void> {
  const { organizationId, row } = input;
  const freed = await tx.rows<{ email: string; kind: string }>(sql`
    delete from email_problems where organization_id = ${organizationId} and email = any(${[...input.emails]})
    returning email, kind`);
  await record(
    tx,
    { actor, organizationId, now },
    freed.map(({ email, kind }) => ({
      type: 'customer.email_tried_again',
      subjectId: row.customerId ?? organizationId,
      customerId: row.customerId ?? undefined,
      data: { email, was: kind },
    })),
  );
}

async function sendCopy(
  tx: Tx,
  actor: Actor,
  input: One & MailMakings & { row: Row; to: readonly string[] },
  now: Date,
): Promise<{ messageId: string }> {
  const { organizationId, row } = input;
  const attachments = await tx.rows<{ fileName: string; contentType: string; bytes: Buffer }>(sql`
    select file_name, content_type, bytes from message_attachments
    where organization_id = ${organizationId} and message_id = ${input.messageId}`);
  const { kind, subject, html, text, customerId, invoiceId, paymentId } = row;
  const about = { customerId: customerId ?? undefined, invoiceId: invoiceId ?? undefined };
  const [queued] = await queueMessages(
    tx,
    actor,
    {
      organizationId,
      outbox: input.outbox,
      messages: [
        { kind, subject, html, text, ...about, paymentId: paymentId ?? undefined, to: input.to, attachments },
      ],
    },
    now,
  );
  if (!queued) throw new Error('the message was not queued');
  return { messageId: queued.messageId };
}

async function markPutRight(
  tx: Tx,
  actor: Actor,
  input: One & { row: Row; by: string | null },
  now: Date,
): Promise<void> {
  const { organizationId, messageId, row } = input;
  await tx.run(sql`update messages set put_right_at = ${now}
    where organization_id = ${organizationId} and id = ${messageId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'message.put_right',
      subjectId: messageId,
      customerId: row.customerId ?? undefined,
      data: { kind: row.kind, subject: row.subject, ...(input.by ? { sent_again_as: input.by } : {}) },
    },
  ]);
}
