import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Channel, MessageType } from '#features/correspondence/channel-rules.ts';

/** Subject and body with merge fields in them; a text message has no subject. */
export type Template = { subject: string; body: string };

const mails: Record<MessageType, Template> = {
  new_invoice: {
    subject: 'Invoice {{invoice.number}} from {{organization.name}}',
    body: `Hello {{customer.first_name}},

Thank you for your business. Invoice {{invoice.number}} is ready: {{invoice.balance_due}}, due {{invoice.due_date}}.

You can pay it online with the button below.`,
  },
  invoice_updated: {
    subject: 'Invoice {{invoice.number}} has changed',
    body: `Hello {{customer.first_name}},

Invoice {{invoice.number}} has been changed. It now comes to {{invoice.amount}}, \
of which {{invoice.balance_due}} is due {{invoice.due_date}}.`,
  },
  paid_invoice: {
    subject: 'Invoice {{invoice.number}} is paid',
    body: `Hello {{customer.first_name}},

Invoice {{invoice.number}} is paid in full. {{payment.notice}} Thank you.`,
  },
  upcoming_payment: {
    subject: 'Invoice {{invoice.number}} is due {{invoice.due_date}}',
    body: `Hello {{customer.first_name}},

A friendly reminder: {{invoice.balance_due}} for invoice {{invoice.number}} is due {{invoice.due_date}}.`,
  },
  payment_due: {
    subject: 'Invoice {{invoice.number}} is due today',
    body: `Hello {{customer.first_name}},

{{invoice.balance_due}} for invoice {{invoice.number}} is due today.`,
  },
  payment_past_due: {
    subject: 'Invoice {{invoice.number}} is past due',
    body: `Hello {{customer.first_name}},

Invoice {{invoice.number}} was due {{invoice.due_date}} and {{invoice.balance_due}} of it is still open. \
If you have paid it in the meantime, please disregard this message.

If something about the invoice is not right, answer this mail and we will look into it.`,
  },
  upcoming_late_fee: {
    subject: 'A late fee will be added to invoice {{invoice.number}}',
    body: `Hello {{customer.first_name}},

Invoice {{invoice.number}} was due {{invoice.due_date}} and {{invoice.balance_due}} of it is still open. \
Unless it is paid before {{late_fee.date}}, a late fee of {{late_fee.amount}} will be added to it.`,
  },
  statement: {
    subject: 'Statement from {{organization.name}}: {{statement.total}} open',
    body: `Hello {{customer.first_name}},

Here is everything that is open between us. You can pay all of it, or the invoices that you choose, with the button below.`,
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
    '{{organization.name}}: {{late_fee.amount}} late fee for {{invoice.number}} on {{late_fee.date}} unless paid. {{portal.link}}',
  statement: '{{organization.name}}: your statement is ready. {{portal.link}}',
};

/** The same about several invoices at once, which are listed below the words. */
const ofSeveral: Partial<Record<MessageType, Template & { text: string }>> = {
  upcoming_payment: {
    subject: '{{statement.count}} invoices are due soon',
    body: `Hello {{customer.first_name}},

A friendly reminder: {{statement.count}} invoices over {{statement.total}} are open, the first of them due \
{{invoice.due_date}}.`,
    text: '{{organization.name}}: {{statement.total}} for {{statement.count}} invoices is due soon. {{portal.link}}',
  },
  payment_due: {
    subject: '{{statement.count}} invoices are due',
    body: `Hello {{customer.first_name}},

{{statement.count}} invoices over {{statement.total}} are open, and one of them is due today.`,
    text: '{{organization.name}}: {{statement.total}} for {{statement.count}} invoices is due. {{portal.link}}',
  },
  payment_past_due: {
    subject: '{{statement.count}} invoices are open, {{statement.total}} in all',
    body: `Hello {{customer.first_name}},

{{statement.count}} invoices over {{statement.total}} are open, the oldest since {{invoice.due_date}}. \
If you have paid in the meantime, please disregard this message.

If something about an invoice is not right, answer this mail and we will look into it.`,
    text: '{{organization.name}}: {{statement.total}} for {{statement.count}} invoices is open. {{portal.link}}',
  },
  upcoming_late_fee: {
    subject: 'A late fee will be added unless {{statement.total}} is paid',
    body: `Hello {{customer.first_name}},

{{statement.count}} invoices over {{statement.total}} are open, the oldest since {{invoice.due_date}}. \
Unless they are paid before {{late_fee.date}}, {{late_fee.amount}} of late fees will be added.`,
    text: '{{organization.name}}: {{late_fee.amount}} late fees from {{late_fee.date}}, unless paid: {{statement.total}}. {{portal.link}}',
  },
};

/** What a message says until the organization writes words of its own. A letter says what the mail says. */
export function defaultTemplate(type: MessageType, channel: Channel, isOfSeveral = false): Template {
  const several = isOfSeveral ? ofSeveral[type] : undefined;
  if (channel === 'sms') return { subject: '', body: several?.text ?? texts[type] };
  return several ?? mails[type];
}

/** `isOfSeveral`: one message about several invoices; words of its own an organization has for both alike. */
export type Templates = (type: MessageType, channel: Channel, isOfSeveral?: boolean) => Template;

/** An organization's words for each type and channel, its own where it has them. */
export async function readTemplates(tx: Tx, organizationId: string): Promise<Templates> {
  const rows = await tx.rows<Template & { messageType: string; channel: string }>(sql`
    select message_type, channel, subject, body from message_templates where organization_id = ${organizationId}`);
  const own = new Map(rows.map((row) => [`${row.messageType}.${row.channel}`, row]));
  return (type, channel, isOfSeveral) =>
    own.get(`${type}.${channel}`) ?? defaultTemplate(type, channel, isOfSeveral);
}
