import type { CalendarDate } from '#lib/dates.ts';
import type { Html } from '#ui/html.ts';
import { attributes, html } from '#ui/html.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import type { MethodFace, Writer } from '#web/portal/views/parts.ts';
import { backLink, badge, linkButton, methodName, pageHead, writerOf } from '#web/portal/views/parts.ts';
import type { PaymentStanding } from '#web/portal/views/receipt-page.ts';
import { standingWords } from '#web/portal/views/receipt-page.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

export type PastPayment = {
  kind: 'payment';
  on: CalendarDate;
  amount: bigint;
  /** Given back of it, or on its way back. */
  refunded?: bigint;
  currency: string;
  standing: PaymentStanding;
  invoices: string[];
  /** What it was for, where there is no invoice. */
  memo?: string;
  method?: MethodFace;
  url: string;
};
export type PastInvoice = {
  kind: 'invoice';
  on: CalendarDate;
  amount: bigint;
  currency: string;
  standing: 'open' | 'pending' | 'paid' | 'void' | 'written_off';
  number: string;
  url: string;
};

export type HistoryPage = {
  showing: 'payments' | 'invoices';
  paymentsUrl: string;
  /** Missing: only payments are shown. */
  invoicesUrl?: string;
  backUrl?: string;
  rows: (PastPayment | PastInvoice)[];
  statementUrl?: string;
  nextUrl?: string;
};

const invoiceWords = {
  open: ['plain', 'Open'],
  pending: ['plain', 'Processing'],
  paid: ['good', 'Paid'],
  void: ['plain', 'Void'],
  written_off: ['plain', 'Closed'],
} as const;

export function historyPage(shell: PortalShell, data: HistoryPage): Html {
  const write = writerOf(shell);
  const tab = (key: HistoryPage['showing'], url: string, words: string): Html =>
    html`<a href="${url}" ${attributes({ 'aria-current': data.showing === key ? 'page' : undefined })}>${
      words
    }</a>`;
  return page(shell, {
    title: !data.invoicesUrl
      ? 'Payments by this link'
      : data.showing === 'payments'
        ? 'Past payments'
        : 'Past invoices',
    section: 'history',
    width: 'middle',
    body: html`<div class="head-row">${pageHead(
      data.invoicesUrl ? 'History' : 'Payments by this link',
      undefined,
      data.backUrl && backLink(data.backUrl, 'Open invoices'),
    )}${data.statementUrl && linkButton(data.statementUrl, html`${icons.file}Statement`, 'quiet')}</div>
${
  data.invoicesUrl &&
  html`<nav class="tabs" aria-label="History">${tab('payments', data.paymentsUrl, 'Payments')}${tab(
    'invoices',
    data.invoicesUrl,
    'Invoices',
  )}</nav>`
}
${
  data.rows.length === 0
    ? html`<p class="sheet box soft">Nothing here yet. What you pay appears in this list, with its
      receipt.</p>`
    : html`<ul class="rows past sheet">${data.rows.map((each) =>
        each.kind === 'payment' ? paymentRow(each, write) : invoiceRow(each, write),
      )}</ul>`
}
${data.nextUrl && html`<p class="more"><a href="${data.nextUrl}">Show older ones</a></p>`}`,
  });
}

const purposeOf = ({ invoices: numbers, memo }: PastPayment): string => {
  if (numbers.length === 0) return memo ?? 'Payment on account';
  const shown = numbers.slice(0, 3).join(', ');
  const words = numbers.length === 1 ? 'Invoice' : 'Invoices';
  return numbers.length > 3 ? `${words} ${shown} and ${numbers.length - 3} more` : `${words} ${shown}`;
};

function paymentRow(each: PastPayment, write: Writer): Html {
  const [tone, words] = standingWords[each.standing];
  return html`<li class="row"><div class="what"><a class="number" href="${each.url}">${purposeOf(each)}</a>
    <span class="soft">${write.day(each.on)}${each.method && html` · ${methodName(each.method)}`}${
      each.refunded !== undefined &&
      each.refunded > 0n &&
      each.refunded < each.amount &&
      html` · ${write.money(each.refunded, each.currency)} refunded`
    }</span></div>
    <div class="when">${badge(tone, words)}</div><div class="sum">${write.money(
      each.amount,
      each.currency,
    )}</div></li>`;
}

function invoiceRow(each: PastInvoice, write: Writer): Html {
  const [tone, words] = invoiceWords[each.standing];
  return html`<li class="row"><div class="what"><a class="number" href="${each.url}">Invoice ${
    each.number
  }</a>
    <span class="soft">Issued ${write.day(each.on)}</span></div>
    <div class="when">${badge(tone, words)}</div><div class="sum">${write.money(
      each.amount,
      each.currency,
    )}</div></li>`;
}
