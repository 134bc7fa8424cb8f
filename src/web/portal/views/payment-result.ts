import type { CalendarDate } from '#lib/dates.ts';
import type { Content, Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import type { Fact, MethodFace, Tone, Writer } from '#web/portal/views/parts.ts';
import { facts, linkButton, methodName, writerOf } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** What every page about one payment may tell. */
export type PaymentFacts = {
  amount: bigint;
  currency: string;
  /** The part of the amount that was on top, and what it is called. */
  fee?: { amount: bigint; label: string };
  /** Numbers of the invoices that it is for. */
  invoices: string[];
  /** What it is for, where there is no invoice. */
  memo?: string;
  method?: MethodFace;
  /** Our payment's number, as the payer may quote it. */
  reference: string;
};

export type PaymentPaid = PaymentFacts & {
  paidOn: CalendarDate;
  receiptUrl: string;
  /** Where the receipt was sent. */
  sentTo?: string;
  homeUrl?: string;
  /** What stays open on the invoices after this payment. */
  left?: bigint;
};

export type PaymentProcessing = PaymentFacts & {
  submittedOn: CalendarDate;
  /** When the bank is expected to have settled it. */
  expectedOn?: CalendarDate;
  sentTo?: string;
  homeUrl?: string;
};

export type PaymentDeclined = PaymentFacts & {
  /** What the bank's answer means for the payer and what helps, in a sentence or two. */
  advice: string;
  retryUrl: string;
  homeUrl?: string;
};

export type PaymentUnknown = PaymentFacts & { homeUrl?: string };

/**
 * While the answer is awaited. `pollUrl` answers `{ "done": boolean, "url": string }`; without script the
 * page reloads.
 */
export type PaymentWaiting = PaymentFacts & { pollUrl: string; selfUrl: string };

export const purposeWords = ({ invoices, memo }: Pick<PaymentFacts, 'invoices' | 'memo'>): string => {
  if (invoices.length === 0) return memo ?? 'Payment on account';
  return invoices.length === 1 ? `Invoice ${invoices[0]}` : `Invoices ${invoices.join(', ')}`;
};

/** What was paid, the fee on a line of its own, and both together. */
export const feeFacts = ({ amount, currency, fee }: PaymentFacts, write: Writer): Fact[] =>
  fee
    ? [
        ['Payment', write.money(amount - fee.amount, currency)],
        [fee.label, write.money(fee.amount, currency)],
        ['Total charged', write.money(amount, currency)],
      ]
    : [];

const shared = (data: PaymentFacts, write: Writer): (Fact | false | undefined)[] => [
  ['For', purposeWords(data)],
  data.method && ['Method', methodName(data.method)],
  ...feeFacts(data, write),
  ['Reference', html`<span class="num">${data.reference}</span>`],
];

type Result = {
  title: string;
  tone: Tone;
  icon: Html;
  heading: Content;
  lead: Content;
  rows: Content;
  actions: Content;
};

const result = (shell: PortalShell, each: Result, head?: Content): Html =>
  page(shell, {
    title: each.title,
    width: 'narrow',
    ...(shell.signedIn ? { section: 'invoices' as const } : {}),
    head,
    body: html`<section class="sheet door result"><span class="seal ${each.tone}">${each.icon}</span>
  <h1>${each.heading}</h1><div class="lead">${each.lead}</div>${each.rows}<div class="actions">${
    each.actions
  }</div></section>`,
  });

const home = (url: string | undefined, variant: 'primary' | 'quiet' = 'quiet'): Content =>
  url && linkButton(url, 'Back to invoices', variant);

export function paymentPaidPage(shell: PortalShell, data: PaymentPaid): Html {
  const write = writerOf(shell);
  return result(shell, {
    title: 'Payment received',
    tone: 'good',
    icon: icons.check,
    heading: html`${write.money(data.amount, data.currency)} paid`,
    lead: html`<p>Thank you. ${shell.organization.name} has your payment.${
      data.sentTo && html` A receipt is on its way to ${data.sentTo}.`
    }</p>`,
    rows: facts([
      ['Date', write.day(data.paidOn)],
      ...shared(data, write),
      data.left !== undefined && data.left > 0n && ['Still open', write.money(data.left, data.currency)],
    ]),
    actions: html`${linkButton(data.receiptUrl, 'View receipt', 'primary')}${home(data.homeUrl)}`,
  });
}

export function paymentProcessingPage(shell: PortalShell, data: PaymentProcessing): Html {
  const write = writerOf(shell);
  return result(shell, {
    title: 'Bank payment on its way',
    tone: 'plain',
    icon: icons.bank,
    heading: html`${write.money(data.amount, data.currency)} is on its way`,
    lead: html`<p>Your bank has been asked for this payment. Banks usually need two to five business days${
      data.invoices.length > 0 &&
      html`;
      until then your ${data.invoices.length === 1 ? 'invoice shows' : 'invoices show'} as processing`
    }. Please don’t pay again.</p>${
      data.sentTo && html`<p>We write to ${data.sentTo} when it is settled, or if your bank refuses it.</p>`
    }`,
    rows: facts([
      ['Submitted', write.day(data.submittedOn)],
      data.expectedOn !== undefined && ['Expected to settle', write.day(data.expectedOn)],
      ...shared(data, write),
    ]),
    actions: home(data.homeUrl, 'primary'),
  });
}

export function paymentDeclinedPage(shell: PortalShell, data: PaymentDeclined): Html {
  const write = writerOf(shell);
  return result(shell, {
    title: 'Payment declined',
    tone: 'bad',
    icon: icons.cross,
    heading: 'Your payment did not go through',
    lead: html`<p><strong>You have not been charged.</strong> ${data.advice}</p>`,
    rows: facts([!data.fee && ['Amount', write.money(data.amount, data.currency)], ...shared(data, write)]),
    actions: html`${linkButton(data.retryUrl, 'Try again', 'primary')}${home(data.homeUrl)}`,
  });
}

export function paymentUnknownPage(shell: PortalShell, data: PaymentUnknown): Html {
  const write = writerOf(shell);
  return result(shell, {
    title: 'Checking your payment',
    tone: 'warn',
    icon: icons.clock,
    heading: 'We’re checking with the bank',
    lead: html`<p><strong>Please don’t pay again.</strong> We sent your payment but did not get an answer,
      so we are asking
      for it. You will have an email as soon as we know. If it did not go through, nothing is charged.</p>`,
    rows: facts([!data.fee && ['Amount', write.money(data.amount, data.currency)], ...shared(data, write)]),
    actions: home(data.homeUrl, 'primary'),
  });
}

export function paymentWaitingPage(shell: PortalShell, data: PaymentWaiting): Html {
  const write = writerOf(shell);
  return result(
    shell,
    {
      title: 'Payment in progress',
      tone: 'plain',
      icon: html`<span class="spinner"></span>`,
      heading: 'One moment, please',
      lead: html`<p role="status" data-poll="${data.pollUrl}">We are waiting for the answer to your payment of
        ${write.money(data.amount, data.currency)}. Please don’t pay again and don’t go back.</p>`,
      rows: html``,
      actions: html`<noscript>${linkButton(data.selfUrl, 'Check again', 'quiet')}</noscript>`,
    },
    html`<noscript><meta http-equiv="refresh" content="4; url=${data.selfUrl}"></noscript>`,
  );
}
