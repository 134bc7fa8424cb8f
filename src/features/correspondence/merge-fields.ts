import type { CalendarDate } from '#lib/dates.ts';
import { daysBetween, formatDate } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';

/** What a template may name, with the words under which a person finds it. */
export const mergeFields = {
  'customer.display_name': 'Customer display name',
  'customer.business_name': 'Customer business name',
  'customer.first_name': 'Customer first name',
  'customer.last_name': 'Customer last name',
  'organization.name': 'Your company’s name',
  'organization.email': 'Your e-mail address',
  'organization.phone': 'Your phone number',
  'organization.website': 'Your website',
  'organization.address': 'Your address, on one line',
  'invoice.number': 'Invoice number',
  'invoice.amount': 'Invoice total',
  'invoice.balance_due': 'Balance due',
  'invoice.date': 'Invoice date',
  'invoice.due_date': 'Due date',
  'invoice.days_until_due': 'Days until due',
  'invoice.days_late': 'Days late',
  'invoice.po_number': 'PO number',
  'payment.amount': 'Amount of the payment',
  'payment.date': 'Date of the payment',
  'payment.method': 'How it was paid, with the last four digits',
  'payment.notice': 'What was paid, when and how, in a sentence; empty where no payment is meant',
  'statement.total': 'Total of the invoices that the message is about',
  'statement.count': 'How many invoices the message is about',
  'late_fee.amount': 'Late fee amount',
  'late_fee.date': 'Date of the late fee',
  'card_fee.notice': 'What paying by card costs on top; empty where it costs nothing',
  'portal.link': 'Link to the invoice, payable without sign-in',
} as const;
export type MergeField = keyof typeof mergeFields;
export type MergeValues = Partial<Record<MergeField, string | null>>;

const isField = (name: string): name is MergeField => Object.hasOwn(mergeFields, name);
const tag = /\{\{([^{}]*)\}\}/g;

/** What is wrong with a template, each fault by name and with its remedy; empty when it may be saved. */
export function checkTemplate(text: string): string[] {
  const names = [...text.matchAll(tag)].map((match) => (match[1] ?? '').trim());
  const unknown = [...new Set(names)]
    .filter((name) => !isField(name))
    .map((name) => {
      const near = nearest(name);
      return `There is no field {{${name}}}.${near ? ` Did you mean {{${near}}}?` : ''}`;
    });
  const rest = text.replace(tag, '');
  const open = /\{\{|\}\}/.test(rest)
    ? ['A field begins with {{ and ends with }}, and one of these is missing.']
    : [];
  return [...unknown, ...open];
}

/** The field that differs in the fewest letters, when these are few. */
function nearest(name: string): MergeField | undefined {
  const byDistance = (Object.keys(mergeFields) as MergeField[])
    .map((field) => ({
      field,
      distance: Math.min(distance(name, field), distance(name, field.split('.')[1] ?? '')),
    }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = byDistance;
  return best && best.distance <= Math.max(2, name.length / 4) ? best.field : undefined;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(
        Math.min((row[j] ?? 0) + (letter === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1),
      );
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * A template with its values in. A value is text and stays text: it is read once, so a `{{…}}` in it means
 * nothing, and whoever makes HTML of the result escapes it. An empty value takes the space before it along.
 */
export function mergeText(template: string, values: MergeValues): string {
  const merged = template.replace(/( ?)\{\{([^{}]*)\}\}/g, (_whole, space: string, name: string) => {
    const field = name.trim();
    const value = isField(field) ? oneLine(values[field] ?? '') : '';
    return value === '' ? '' : `${space}${value}`;
  });
  return merged.replace(/[ \t]{2,}/g, ' ').replace(/^[ \t]+|[ \t]+$/gm, '');
}

/** The same for a subject, which has one line. */
export const mergeLine = (template: string, values: MergeValues): string =>
  oneLine(mergeText(template, values));

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

export type InvoiceMergeFacts = {
  today: CalendarDate;
  locale: string;
  link: string;
  customer: {
    displayName: string;
    businessName: string | null;
    firstName: string | null;
    lastName: string | null;
  };
  organization: {
    name: string;
    email: string | null;
    phone: string | null;
    website: string | null;
    addressLines: readonly string[];
  };
  invoice: {
    number: string;
    currency: string;
    total: bigint;
    balanceDue: bigint;
    invoiceDate: CalendarDate;
    dueDate: CalendarDate;
    poNumber: string | null;
  };
};

/**
 * The values of one invoice. A count of days stands only while it means something: none late before the due
 * date.
 */
export function invoiceValues(facts: InvoiceMergeFacts): MergeValues {
  const { customer, organization, invoice, locale } = facts;
  const left = daysBetween(facts.today, invoice.dueDate);
  return {
    'customer.display_name': customer.displayName,
    'customer.business_name': customer.businessName,
    'customer.first_name': customer.firstName,
    'customer.last_name': customer.lastName,
    'organization.name': organization.name,
    'organization.email': organization.email,
    'organization.phone': organization.phone,
    'organization.website': organization.website,
    'organization.address': organization.addressLines.join(', '),
    'invoice.number': invoice.number,
    'invoice.amount': formatMoney(invoice.total, invoice.currency, locale),
    'invoice.balance_due': formatMoney(invoice.balanceDue, invoice.currency, locale),
    'invoice.date': formatDate(invoice.invoiceDate, locale),
    'invoice.due_date': formatDate(invoice.dueDate, locale),
    'invoice.days_until_due': left >= 0 ? String(left) : '',
    'invoice.days_late': left < 0 && invoice.balanceDue > 0n ? String(-left) : '',
    'invoice.po_number': invoice.poNumber,
    'portal.link': facts.link,
  };
}
