import {
  type Correspondent,
  footerOf,
  mailOrganization,
} from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { dateIn, formatDate } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

export type PaymentLinkMail = {
  from: Correspondent;
  outbox: Outbox;
  firstName: string | null;
  description: string;
  amount?: bigint | undefined;
  fixed: boolean;
  url: string;
  expiresAt: Date;
};

/** Asks for one payment that has no invoice yet. */
export function paymentLinkMail(mail: PaymentLinkMail): { subject: string; html: string; text: string } {
  const { from, description, amount, fixed, url } = mail;
  const asked = amount === undefined ? undefined : formatMoney(amount, from.currency, from.locale);
  const until = formatDate(dateIn(from.timeZone, mail.expiresAt), from.locale);
  const blocks: MailBlock[] = [
    { kind: 'paragraph', words: mail.firstName ? `Hello ${mail.firstName},` : 'Hello,' },
    { kind: 'paragraph', words: [`${from.name} asks you for a payment: `, { strong: description }] },
    ...(asked
      ? [
          {
            kind: 'amount' as const,
            label: fixed ? 'Amount' : 'Suggested amount',
            amount: asked,
          },
        ]
      : []),
    { kind: 'button', words: asked && fixed ? `Pay ${asked}` : 'Open the payment page', url },
    {
      kind: 'small',
      words:
        `The page takes one payment and is open until ${until}. It needs no sign-in; whoever has this mail ` +
        'can open it too.',
    },
  ];
  const subject = asked && fixed ? `Please pay ${asked}: ${description}` : `Please pay: ${description}`;
  return {
    subject,
    ...renderMail({
      organization: mailOrganization(from, mail.outbox),
      preheader: `${description}, for ${from.name}.`,
      heading: 'Payment request',
      blocks,
      footer: footerOf(from, `You receive this mail because ${from.name} asked you for a payment.`),
    }),
  };
}
