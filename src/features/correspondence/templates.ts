import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Channel, MessageType } from '#features/correspondence/channel-rules.ts';

/** Subject and body with merge fields in them; a text message has no subject. */
export type Template = { subject: string; body: string };

const mails: Record<MessageType, Template> = {
  new_invoice: {
    subject: 'Invoice {{invoice.number}} from {{organization.name}}',
    body: `Hello {{customer.first_name}},

Thank you for your business. Invoice {{invoice.number}} is ready:
{{invoice.balance_due}}, due {{invoice.due_date}}.

You can pay it online with the button below.`,
  },
  invoice_updated: {
    subject: 'Invoice {{invoice.number}} has changed',
    body: `Hello {{customer.first_name}},

Invoice {{invoice.number}} has been changed. It now comes to {{invoice.amount}},
of which {{invoice.balance_due}} is due {{invoice.due_date}}.`,
  },
  paid_invoice: {
    subject: 'Invoice {{invoice.number}} is paid',
    body: `Hello {{customer.first_name}},

Invoice {{invoice.number}} is paid in full. Thank you.`,
  },
  upcoming_payment: {
    subject: 'Invoice {{invoice.number}} is due {{invoice.due_date}}',
    body: `Hello {{customer.first_name}},

A friendly reminder: {{invoice.balance_due}} for invoice {{invoice.number}} is due
{{invoice.due_date}}.`,
  },
  payment_due: {
    subject: 'Invoice {{invoice.number}} is due today',
    body: `Hello {{customer.first_name}},

{{invoice.balance_due}} for invoice {{invoice.number}} is due today.`,
  },
  payment_past_due: {
    subject: 'Invoice {{invoice.number}} is past due',
    body: `Hello {{customer.first_name}},

Invoice {{invoice.number}} was due {{invoice.due_date}} and {{invoice.balance_due}} of it is
still open. If you have paid it in the meantime, please disregard this message.

If something about the invoice is not right, answer this mail and we will look into it.`,
  },
  upcoming_late_fee: {
    subject: 'A late fee will be added to invoice {{invoice.number}}',
    body: `Hello {{customer.first_name}},

Invoice {{invoice.number}} was due {{invoice.due_date}} and {{invoice.balance_due}} of it is
still open. Unless it is paid before, a late fee will be added to it.`,
  },
  statement: {
    subject: 'Your statement from {{organization.name}}',
    body: `Hello {{customer.first_name}},

Here is everything that is open between us. You can pay all of it, or the invoices that you
choose, with the button below.`,
  },
};

const texts: Record<MessageType, string> = {
  new_invoice:
    '{{organization.name}}: invoice {{invoice.number}}, {{invoice.balance_due}}, due {{invoice.due_date}}. {{portal.link}}',
  invoice_updated:
    '{{organization.name}}: invoice {{invoice.number}} has changed, {{invoice.balance_due}} due {{invoice.due_date}}. {{portal.link}}',
  paid_invoice: '{{organization.name}}: invoice {{invoice.number}} is paid. Thank you.',
  upcoming_payment:
    '{{organization.name}}: {{invoice.balance_due}} for invoice {{invoice.number}} is due {{invoice.due_date}}. {{portal.link}}',
  payment_due:
    '{{organization.name}}: {{invoice.balance_due}} for invoice {{invoice.number}} is due today. {{portal.link}}',
  payment_past_due:
    '{{organization.name}}: invoice {{invoice.number}} is past due, {{invoice.balance_due}} is open. {{portal.link}}',
  upcoming_late_fee:
    '{{organization.name}}: a late fee will be added to invoice {{invoice.number}} unless it is paid. {{portal.link}}',
  statement: '{{organization.name}}: your statement is ready. {{portal.link}}',
};

/** What a message says until the organization writes words of its own. A letter says what the mail says. */
export const defaultTemplate = (type: MessageType, channel: Channel): Template =>
  channel === 'sms'
    ? { subject: '', body: texts[type] }
    : { subject: mails[type].subject, body: unbroken(mails[type].body) };

/** Lines end above where the code does; a reader's screen is another width. */
const unbroken = (words: string): string =>
  words
    .split('\n\n')
    .map((paragraph) => paragraph.replaceAll('\n', ' '))
    .join('\n\n');

export type Templates = (type: MessageType, channel: Channel) => Template;

/** An organization's words for each type and channel, its own where it has them. */
export async function readTemplates(tx: Tx, organizationId: string): Promise<Templates> {
  const rows = await tx.rows<Template & { messageType: string; channel: string }>(sql`
    select message_type, channel, subject, body from message_templates where organization_id = ${organizationId}`);
  const own = new Map(rows.map((row) => [`${row.messageType}.${row.channel}`, row]));
  return (type, channel) => own.get(`${type}.${channel}`) ?? defaultTemplate(type, channel);
}
