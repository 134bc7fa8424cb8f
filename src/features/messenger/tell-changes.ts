import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import { stateOfInvoice } from '#features/invoices/rules.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { paymentValues, readLastPayment } from '#features/messenger/payment-values.ts';
import { lockCandidates, readMessengerSettings } from '#features/messenger/read-candidates.ts';
import { concernsCustomer, type DocumentSnapshot, isLive, whyNotUpdated } from '#features/messenger/rules.ts';
import { tellCustomers } from '#features/messenger/tell-customers.ts';
import { dateIn } from '#lib/dates.ts';

/** What happened to an invoice, by its event. */
export type InvoiceNews = MailMakings & { organizationId: string; invoiceId: string; eventId: string };

/** Tell a customer that an invoice it was sent says something else now: once a revision, as it stands now. */
export async function tellRevised(tx: Tx, actor: Actor, input: InvoiceNews, now: Date): Promise<void> {
  const { organizationId, invoiceId } = input;
  const rule = await readMessengerSettings(tx, organizationId);
  if (!isLive(rule, now)) return;
  const today = dateIn(rule.timeZone, now);
  const [invoice] = await lockCandidates(tx, organizationId, [invoiceId], today);
  if (!invoice) return;
  const why = whyNotUpdated({ rule, invoice, now, today });
  if (why !== undefined || !(await isOfInterest(tx, input))) return;
  const { customerId, revision } = invoice;
  const key = `invoice_updated:${invoiceId}:${revision}`;
  const tells = [{ type: 'invoice_updated' as const, customerId, invoiceIds: [invoiceId], key }];
  await tellCustomers(tx, actor, { ...input, tells }, now);
}

/** The document of a revision beside the one before it. */
async function isOfInterest(tx: Tx, { organizationId, invoiceId, eventId }: InvoiceNews): Promise<boolean> {
  const [after, before] = await tx.rows<{ document: DocumentSnapshot }>(sql`
    select data -> 'document' as document from events
    where organization_id = ${organizationId} and subject_id = ${invoiceId} and id <= ${eventId}
      and type in ('invoice.created', 'invoice.issued', 'invoice.revised')
    order by id desc limit 2`);
  return after !== undefined && before !== undefined && concernsCustomer(before.document, after.document);
}

/**
 * Thank a customer for an invoice that is paid, wherever the money came from: once each time it is paid. What
 * a credit closed was not paid, and what is open again by now is not thanked for.
 */
export async function tellPaid(tx: Tx, actor: Actor, input: InvoiceNews, now: Date): Promise<void> {
  const { organizationId, invoiceId, eventId } = input;
  const rule = await readMessengerSettings(tx, organizationId);
  if (!isLive(rule, now)) return;
  const today = dateIn(rule.timeZone, now);
  const [invoice] = await lockCandidates(tx, organizationId, [invoiceId], today);
  const event = await tx.row<{ by: string | null }>(sql`select data ->> 'by' as by from events
    where organization_id = ${organizationId} and id = ${eventId}`);
  if (!invoice || event?.by === 'credit' || stateOfInvoice(invoice) !== 'paid') return;
  if (!invoice.customerIsActive && !rule.sendToInactive) return;
  if (await awaitsFunding(tx, organizationId, invoiceId)) return;
  const { customerId } = invoice;
  const key = `paid_invoice:${eventId}`;
  const payment = await readLastPayment(tx, organizationId, invoiceId);
  const { locale } = await readCorrespondent(tx, organizationId);
  const values = payment ? paymentValues(payment, locale) : {};
  const tells = [{ type: 'paid_invoice' as const, customerId, invoiceIds: [invoiceId], key, values }];
  await tellCustomers(tx, actor, { ...input, tells }, now);
}

/** What autopay charged is thanked for once the money has settled; the receipt went when it was charged. */
async function awaitsFunding(tx: Tx, organizationId: string, invoiceId: string): Promise<boolean> {
  const waiting = await tx.row(sql`select 1 as waits from payment_applications a
    join payments p on p.organization_id = a.organization_id and p.id = a.payment_id
    where a.organization_id = ${organizationId} and a.invoice_id = ${invoiceId} and a.state = 'applied'
      and p.source = 'autopay' and p.state in ('approved', 'settling') limit 1`);
  return waiting !== undefined;
}

/** The money of an autopay charge has settled: thank for the invoices that it paid. */
export async function tellFunded(
  tx: Tx,
  actor: Actor,
  input: MailMakings & { organizationId: string; paymentId: string },
  now: Date,
): Promise<void> {
  const { organizationId, paymentId } = input;
  const paid = await tx.rows<{ invoiceId: string; eventId: string | null }>(sql`
    select a.invoice_id, (select max(e.id::text) from events e where e.organization_id = a.organization_id
      and e.subject_id = a.invoice_id and e.type = 'invoice.paid') as event_id
    from payment_applications a join payments p on p.organization_id = a.organization_id and p.id = a.payment_id
    where a.organization_id = ${organizationId} and a.payment_id = ${paymentId} and a.state = 'applied'
      and p.source = 'autopay' and p.state = 'settled' order by a.invoice_id`);
  for (const { invoiceId, eventId } of paid)
    if (eventId) await tellPaid(tx, actor, { ...input, invoiceId, eventId }, now);
}
