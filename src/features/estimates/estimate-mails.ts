import {
  type Correspondent,
  footerOf,
  mailOrganization,
} from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import type { EstimateRow } from '#features/estimates/queries.ts';
import { formatDate, formatMoment } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

type Written = { subject: string; html: string; text: string };
type Told = { from: Correspondent; outbox: Outbox; estimate: EstimateRow; url: string };

/** Brings an estimate to its customer, with the one button that opens it. */
export function estimateMail(mail: Told & { firstName: string | null; words?: string | undefined }): Written {
  const { from, estimate, url } = mail;
  const money = (amount: bigint): string => formatMoney(amount, estimate.currency, from.locale);
  const until = formatDate(estimate.expiresOn, from.locale);
  const said = mail.words?.split(/\n\s*\n/) ?? [`Here is our estimate ${estimate.number}.`];
  const blocks: MailBlock[] = [
    { kind: 'paragraph', words: mail.firstName ? `Hello ${mail.firstName},` : 'Hello,' },
    ...said.map((words): MailBlock => ({ kind: 'paragraph', words })),
    { kind: 'amount', label: 'Estimated total', amount: money(estimate.total), note: `Valid until ${until}` },
    { kind: 'button', words: 'Review the estimate', url },
    {
      kind: 'facts',
      rows: [
        ['Estimate', estimate.number],
        ['For', estimate.customerName],
        ['Valid until', until],
        ...(estimate.deposit > 0n ? [['Deposit', money(estimate.deposit)] as [string, string]] : []),
      ],
    },
    {
      kind: 'small',
      words:
        'The estimate is attached as a PDF. The button opens the page where you accept or decline it, without a ' +
        'sign-in; whoever has this mail can open it too.',
    },
  ];
  return {
    subject: `Estimate ${estimate.number} from ${from.name}`,
    ...renderMail({
      organization: mailOrganization(from, mail.outbox),
      preheader: `${money(estimate.total)}, valid until ${until}.`,
      heading: `Estimate ${estimate.number}`,
      blocks,
      footer: footerOf(from, `You receive this mail because ${from.name} made you an estimate.`),
    }),
  };
}

/** Tells the desk what became of an estimate. */
export function answerMail({ from, outbox, estimate, url }: Told): Written {
  const money = formatMoney(estimate.total, estimate.currency, from.locale);
  const isAccepted = estimate.answer === 'accepted';
  const [name, verb] = [estimate.answeredBy ?? '', isAccepted ? 'accepted' : 'declined'];
  const when = estimate.answeredAt ? formatMoment(estimate.answeredAt, from.timeZone, from.locale) : '';
  const subject = `${estimate.customerName} ${verb} estimate ${estimate.number} over ${money}`;
  return {
    subject,
    ...renderMail({
      organization: mailOrganization(from, outbox),
      preheader: subject,
      heading: `Estimate ${estimate.number} ${verb}`,
      blocks: [
        { kind: 'paragraph', words: `${name} ${verb} it for ${estimate.customerName} on ${when}.` },
        ...(estimate.reason ? [{ kind: 'notice' as const, words: estimate.reason }] : []),
        { kind: 'amount', label: 'Estimated total', amount: money },
        { kind: 'button', words: 'Open the estimate', url },
      ],
      footer: { words: 'You receive this notice because your organization has its notices sent here.' },
    }),
  };
}
