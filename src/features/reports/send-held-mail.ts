import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import { type NewMessage, queueMessages } from '#features/correspondence/queue-messages.ts';
import { roomTaken } from '#features/files/rules.ts';
import { type MailMakings, sendInvoices } from '#features/invoices/send-invoices.ts';
import { readEmailProblems, readToldCustomers } from '#features/messenger/read-told.ts';
import { placeOf } from '#features/messenger/tell-rules.ts';
import { toSendAgain } from '#features/reports/held-mail.ts';
import { type HeldMail, planHeldMail } from '#features/reports/held-mail-rules.ts';
import { readAddedFiles } from '#features/reports/read-added-files.ts';
import { notFound, Refusal } from '#lib/errors.ts';

type Row = HeldMail & { subject: string; html: string; text: string };
type One = { organizationId: string; customerId: string };
type Readers = { to: string[]; cc: string[] };

/** A customer misses no more than this; who does has the rest sent by asking again. */
const most = 200;

/**
 * The address of a customer works again: everything that did not reach it goes out, an invoice as it stands
 * now and any other mail as it was written, each once. Answers how many went, and how many have to be sent
 * from their own page.
 */
export async function sendHeldMail(
  tx: Tx,
  actor: Actor,
  input: One & MailMakings,
  now: Date,
): Promise<{ sent: number; left: number }> {
  const { organizationId, customerId } = input;
  const readers = await readersOfCustomer(tx, input);
  const rows = await tx.rows<Row>(sql`
    select m.id, m.kind, m.security, m.awaits_document, m.invoice_id, m.payment_id, m.subject, m.html, m.text,
      exists (select from invoices i where i.organization_id = m.organization_id and i.id = m.invoice_id
        and i.closed_at is not null) as is_moot,
      (m.estimate_id is not null or m.credit_memo_id is not null) as has_own_paper
    from messages m where m.organization_id = ${organizationId} and m.customer_id = ${customerId}
      and ${toSendAgain} and not m.security
    order by m.id limit ${most} for update`);
  const plan = planHeldMail(rows);
  const filesOf = await filesOfInvoices(tx, input, rows, plan.invoiceIds);
  const report = await sendInvoices(
    tx,
    actor,
    { ...input, ...readers, invoiceIds: [...filesOf.keys()], filesOf, skipSentToday: false },
    now,
  );
  const copies = rows.filter(({ id }) => plan.copies.includes(id));
  const queued = await queueMessages(
    tx,
    actor,
    { ...input, messages: await copiesOf(tx, input, copies, readers) },
    now,
  );
  const again = new Map([
    ...copies.map(({ id }, at) => [id, queued[at]?.messageId] as const),
    ...report.sent.map(({ invoiceId, messageId }) => [invoiceId, messageId] as const),
  ]);
  const sentAnew = new Set(report.sent.map(({ invoiceId }) => invoiceId));
  const refused = new Set(plan.invoiceIds.filter((id) => !sentAnew.has(id)));
  const settled = rows.filter(
    ({ id, invoiceId }) => plan.settled.includes(id) && !(invoiceId && refused.has(invoiceId)),
  );
  await markSettled(tx, actor, { ...input, rows: settled, again }, now);
  return { sent: report.sent.length + queued.length, left: rows.length - settled.length };
}

async function readersOfCustomer(tx: Tx, { organizationId, customerId }: One): Promise<Readers> {
  const customers = await readToldCustomers(tx, organizationId, [customerId]);
  const [customer] = customers;
  if (!customer) throw notFound('customer', customerId);
  const place = placeOf('email', customer, await readEmailProblems(tx, organizationId, customers));
  if (place && 'to' in place && !place.suppressedBy) return { to: place.to, cc: place.cc };
  throw new Refusal(
    'state_refused',
    `No address of ${customer.customerName} takes mail. Give another one, or try the one that there is again.`,
  );
}

/** What was added to the mails about each invoice; one that it is too much for goes from its own page. */
async function filesOfInvoices(
  tx: Tx,
  { organizationId }: One,
  rows: readonly Row[],
  invoiceIds: readonly string[],
): Promise<Map<string, Attachment[]>> {
  const filesOf = new Map<string, Attachment[]>();
  for (const invoiceId of invoiceIds) {
    const mails = rows.filter((row) => row.invoiceId === invoiceId).map(({ id }) => id);
    const files = await readAddedFiles(tx, organizationId, mails);
    const sizes = files.map(({ bytes }) => bytes.length);
    if (roomTaken(sizes, { hasPapers: true }) !== undefined) filesOf.set(invoiceId, files);
  }
  return filesOf;
}

async function copiesOf(tx: Tx, { organizationId, customerId }: One, rows: readonly Row[], readers: Readers) {
  const files = await tx.rows<{
    messageId: string;
    fileName: string;
    contentType: string;
    bytes: Buffer;
  }>(sql`
    select message_id, file_name, content_type, bytes from message_attachments
    where organization_id = ${organizationId} and message_id = any(${rows.map(({ id }) => id)})`);
  return rows.map(
    ({ id, kind, subject, html, text, invoiceId, paymentId }): NewMessage => ({
      ...{ kind, subject, html, text, customerId, ...readers },
      invoiceId: invoiceId ?? undefined,
      paymentId: paymentId ?? undefined,
      attachments: files.filter(({ messageId }) => messageId === id),
    }),
  );
}

async function markSettled(
  tx: Tx,
  actor: Actor,
  input: One & { rows: readonly Row[]; again: ReadonlyMap<string, string | undefined> },
  now: Date,
): Promise<void> {
  const { organizationId, customerId, rows, again } = input;
  await tx.run(sql`update messages set put_right_at = ${now}
    where organization_id = ${organizationId} and id = any(${rows.map(({ id }) => id)})`);
  await record(
    tx,
    { actor, organizationId, now },
    rows.map(({ id, invoiceId, kind, subject }) => {
      const by = again.get(id) ?? (invoiceId ? again.get(invoiceId) : undefined);
      return {
        type: 'message.put_right',
        subjectId: id,
        customerId,
        data: { kind, subject, ...(by ? { sent_again_as: by } : {}) },
      };
    }),
  );
}
