import {
  type Correspondent,
  footerOf,
  mailOrganization,
} from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import type { Foot } from '#features/notifications/tell-staff.ts';
import { declineWords } from '#features/payments/decline-rules.ts';
import type { PaidInvoice } from '#features/payments/receipt-facts.ts';
import { methodWords } from '#features/payments/receipt-rules.ts';
import type { PaymentKind } from '#features/payments/rules.ts';
import { type CalendarDate, formatDate } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

export type StandingOrigin = 'autopay' | 'schedule' | 'plan_down_payment' | 'plan_installment';

export type FailedCharge = {
  id: string;
  customerId: string;
  customerName: string;
  kind: PaymentKind;
  source: StandingOrigin;
  amount: bigint;
  currency: string;
  declineCode: string | null;
  methodBrand: string | null;
  methodLast4: string | null;
  reference: string | null;
  /** Who reads it: the parent, where the customer bills with one. */
  firstName: string | null;
  email: string | null;
  ccEmails: string[];
  mayBeTold: boolean;
};

/** By which agreement it was charged, as the payer and staff know it. */
const origins: Record<StandingOrigin, string> = {
  autopay: 'autopay',
  schedule: 'your scheduled payment',
  plan_down_payment: 'your payment plan',
  plan_installment: 'your payment plan',
};

type Mail = {
  from: Correspondent;
  outbox: Outbox;
  charge: FailedCharge;
  invoices: readonly PaidInvoice[];
  links: readonly { number: string; url: string }[];
  /** When it is tried again; undefined when it is not. */
  again: CalendarDate | undefined;
};
type Written = { subject: string; html: string; text: string };

/** Mail programs cut long mails off. */
const most_rows = 40;

/** To the payer: what did not go through, what is still due, and how to pay it. */
export function failedChargeMail(mail: Mail): Written {
  const { from, charge, links, again } = mail;
  const amount = formatMoney(charge.amount, charge.currency, from.locale);
  const method = methodWords(charge);
  const { title, payer } = declineWords(charge.declineCode);
  return {
    subject: `Your payment of ${amount} to ${from.name} did not go through`,
    ...renderMail({
      organization: mailOrganization(from, mail.outbox),
      preheader: `${method} was declined. Nothing was charged.`,
      heading: 'Your payment did not go through',
      blocks: [
        { kind: 'paragraph', words: charge.firstName ? `Hello ${charge.firstName},` : 'Hello,' },
        {
          kind: 'paragraph',
          words:
            `We tried to charge ${amount} to ${method} by ${origins[charge.source]}, and it was declined: ` +
            `${lowerFirst(title)}. Nothing was charged.`,
        },
        { kind: 'paragraph', words: payer },
        ...stillDue(mail),
        ...waysToPay(links),
        {
          kind: 'paragraph',
          words: again
            ? `We try ${method} again on ${formatDate(again, from.locale)}, unless it is paid before.`
            : 'We do not try it again by ourselves.',
        },
      ],
      footer: footerOf(
        from,
        `You receive this mail because you agreed that ${from.name} may charge this payment.`,
      ),
    }),
  };
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** To the organization: whose charge failed, why, and what comes next. */
export function failedChargeCopyMail(mail: Mail, foot: Foot): Written {
  const { from, charge, again } = mail;
  const amount = formatMoney(charge.amount, charge.currency, from.locale);
  const { title, staff } = declineWords(charge.declineCode);
  return {
    subject: `Charge declined: ${amount} from ${charge.customerName}`,
    ...renderMail({
      organization: mailOrganization(from, mail.outbox),
      preheader: `${methodWords(charge)}: ${title}.`,
      heading: `Declined: ${amount} from ${charge.customerName}`,
      blocks: [
        {
          kind: 'paragraph',
          words:
            `${methodWords(charge)} was charged by ${origins[charge.source].replace('your ', 'a ')} ` +
            `and declined: ${lowerFirst(title)}. ${staff}`,
        },
        {
          kind: 'paragraph',
          words: again
            ? `It is tried again on ${formatDate(again, from.locale)}.`
            : 'It is not tried again by itself. ' +
              (charge.email && charge.mayBeTold
                ? 'The customer has been sent a way to pay.'
                : 'The customer could not be told: there is no e-mail address, or no contact is allowed.'),
        },
        ...stillDue(mail),
        {
          kind: 'button',
          words: 'Open the payment',
          url: `${mail.outbox.baseUrl}/console/payments/${charge.id}`,
        },
      ],
      footer: foot,
    }),
  };
}

function stillDue({ from, invoices }: Mail): MailBlock[] {
  const rows = invoices
    .filter(({ balanceDue }) => balanceDue > 0n)
    .slice(0, most_rows)
    .map((invoice) => [
      invoice.number,
      formatDate(invoice.dueDate, from.locale),
      formatMoney(invoice.balanceDue, invoice.currency, from.locale),
    ]);
  return rows.length === 0 ? [] : [{ kind: 'table', head: ['Invoice', 'Due date', 'Balance due'], rows }];
}

export function waysToPay(links: readonly { number: string; url: string }[]): MailBlock[] {
  const [only] = links;
  if (links.length === 1 && only)
    return [{ kind: 'button', words: `Pay invoice ${only.number}`, url: only.url }];
  return links.slice(0, most_rows).map(({ number, url }) => ({
    kind: 'paragraph',
    words: [{ url, words: `Pay invoice ${number}` }],
  }));
}
