import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { readFeeNotes } from '#features/card-fees/read-fee-notes.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import { checkTemplate } from '#features/correspondence/merge-fields.ts';
import { readTemplates } from '#features/correspondence/templates.ts';
import { payLink } from '#features/invoices/pay-link.ts';
import { payableNow } from '#features/invoices/rules.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { composeMessage } from '#features/messenger/compose-message.ts';
import { lockToldInvoices, readToldCustomers } from '#features/messenger/read-told.ts';
import { placeOf } from '#features/messenger/tell-rules.ts';
import type { ReminderType } from '#features/reminders/step-rules.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';

type PreviewStep = MailMakings & {
  organizationId: string;
  today: string;
  type: ReminderType;
  subject: string | null;
  body: string | null;
  invoiceId?: string | undefined;
};

/** What a step would say, of a real invoice: the mail itself, which is not sent. */
export async function previewStep(tx: Tx, input: PreviewStep) {
  const { organizationId, type, today } = input;
  for (const param of ['subject', 'body'] as const) {
    const [problem] = checkTemplate(input[param] ?? '');
    if (problem)
      throw new Refusal('invalid_request', { message: problem, param, fields: { [param]: problem } });
  }
  const invoiceId = input.invoiceId ?? (await anyOpen(tx, organizationId));
  const [invoice] = await lockToldInvoices(tx, organizationId, [invoiceId]);
  if (!invoice) throw notFound('invoice', invoiceId);
  const [customer] = await readToldCustomers(tx, organizationId, [invoice.customerId]);
  const reader = must(customer, 'the customer');
  const template = (await readTemplates(tx, organizationId))(type, 'email');
  const from = await readCorrespondent(tx, organizationId);
  const amount = { ...invoice, base: payableNow(invoice), invoiceIds: [invoice.id] };
  const [fee] = await readFeeNotes(tx, { organizationId, locale: from.locale, today, amounts: [amount] });
  const made = {
    ...{ from, fee },
    ...{ outbox: input.outbox, today, customer: reader, invoices: [invoice], isStatement: false },
    link: payLink(input.secrets, input.outbox.baseUrl, { ...invoice, organizationId }),
    values: {},
    hasPdf: false,
  };
  const place = placeOf('email', reader, new Set());
  const words = { subject: input.subject ?? template.subject, body: input.body ?? template.body };
  return {
    object: 'message_preview' as const,
    invoice_number: invoice.number,
    to: place && 'to' in place ? place.to : [],
    ...composeMessage(made, 'email', words),
  };
}

async function anyOpen(tx: Tx, organizationId: string): Promise<string> {
  const row = await tx.row<{
    id: string;
  }>(sql`select id from invoices where organization_id = ${organizationId}
    and closed_at is null and issued_at is not null order by due_date, id limit 1`);
  if (!row) throw new Refusal('state_refused', 'There is no open invoice to show it with. Issue one first.');
  return row.id;
}
