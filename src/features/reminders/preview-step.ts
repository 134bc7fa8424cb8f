import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { readFeeNotes } from '#features/card-fees/read-fee-notes.ts';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import { checkTemplate } from '#features/correspondence/merge-fields.ts';
import { readTemplates } from '#features/correspondence/templates.ts';
import { payLink } from '#features/invoices/pay-link.ts';
import { payableNow } from '#features/invoices/rules.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { composeMessage } from '#features/messenger/compose-message.ts';
import { lockToldInvoices, readToldCustomers } from '#features/messenger/read-told.ts';
import { type Place, placeOf } from '#features/messenger/tell-rules.ts';
import { type ReminderType, type StepWords, wordsIn } from '#features/reminders/step-rules.ts';
import { addressLines } from '#lib/address-lines.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';

type PreviewStep = MailMakings &
  StepWords & {
    organizationId: string;
    today: string;
    type: ReminderType;
    channel: Channel;
    invoiceId?: string | undefined;
  };

/** What a step would say in a channel, of a real invoice: the message itself, which is not sent. */
export async function previewStep(tx: Tx, input: PreviewStep) {
  const { organizationId, type, today, channel } = input;
  refuseBadWords(input);
  const invoiceId = input.invoiceId ?? (await anyOpen(tx, organizationId));
  const [invoice] = await lockToldInvoices(tx, organizationId, [invoiceId]);
  if (!invoice) throw notFound('invoice', invoiceId);
  const [customer] = await readToldCustomers(tx, organizationId, [invoice.customerId]);
  const reader = must(customer, 'the customer');
  const template = (await readTemplates(tx, organizationId))(type, channel);
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
  const own = wordsIn(channel, input);
  const words = { subject: own.subject ?? template.subject, body: own.body ?? template.body };
  return {
    object: 'message_preview' as const,
    invoice_number: invoice.number,
    to: readersIn(placeOf(channel, reader, new Set())),
    ...composeMessage(made, channel, words),
  };
}

function refuseBadWords(input: PreviewStep): void {
  const { subject, body, textBody, letterSubject, letterBody } = input;
  const words = {
    subject,
    body,
    text_body: textBody,
    letter_subject: letterSubject,
    letter_body: letterBody,
  };
  for (const [param, text] of Object.entries(words)) {
    const [problem] = checkTemplate(text ?? '');
    if (problem)
      throw new Refusal('invalid_request', { message: problem, param, fields: { [param]: problem } });
  }
}

function readersIn(place: Place | undefined): string[] {
  if (!place) return [];
  if ('toPhone' in place) return [place.toPhone];
  if ('toAddress' in place) return [place.toAddress.name, ...addressLines(place.toAddress.address)];
  return place.to;
}

async function anyOpen(tx: Tx, organizationId: string): Promise<string> {
  const row = await tx.row<{
    id: string;
  }>(sql`select id from invoices where organization_id = ${organizationId}
    and closed_at is null and issued_at is not null order by due_date, id limit 1`);
  if (!row) throw new Refusal('state_refused', 'There is no open invoice to show it with. Issue one first.');
  return row.id;
}
