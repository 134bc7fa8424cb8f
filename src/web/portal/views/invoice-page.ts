import type { CalendarDate } from '#lib/dates.ts';
import type { Content, Html } from '#ui/html.ts';
import { attributes, html } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { errorSummary, form, hasErrors, hidden } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import type { InvoiceSheet } from '#web/portal/views/invoice-sheet.ts';
import { invoiceSheet } from '#web/portal/views/invoice-sheet.ts';
import { page } from '#web/portal/views/layout.ts';
import type { Writer } from '#web/portal/views/parts.ts';
import { backLink, badge, isPastDue, linkButton, writerOf } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/**
 * What happened to the invoice, oldest first: `{ on: '2026-03-01', words: 'Sent to ap@northwind.example'
 * }`.
 */
export type Moment = { on: CalendarDate; words: string; state?: 'done' | 'waiting' | 'trouble' };

export type InvoiceStanding = 'open' | 'pending' | 'paid' | 'void' | 'written_off';

export type InvoicePage = {
  today: CalendarDate;
  id: string;
  sheet: InvoiceSheet;
  standing: InvoiceStanding;
  /** Balance due less what is on its way. */
  payable: bigint;
  partialAllowed: boolean;
  /** Posts `invoice` and `amount_<id>`, as the list does. */
  payUrl: string;
  backUrl: string;
  pdfUrl: string;
  moments: Moment[];
  form?: FormState;
} & Disputable;

/** Whether the customer objects, or the way to say so. */
export type Disputable = { disputed?: boolean; disputeUrl?: string; askUrl?: string };

/** Below what there is to pay: the ways to ask, and to say that something is wrong, or that it was said. */
export const disputeLink = (shell: PortalShell, data: Disputable): Content =>
  html`${
    data.disputed
      ? html`<p class="soft aside-link">This invoice is in dispute. ${shell.organization.name} looks into it; you get no
        reminders meanwhile. You can still pay it.</p>`
      : data.disputeUrl &&
        html`<p class="soft aside-link">Is something wrong with this invoice? <a href="${data.disputeUrl}">Tell
        ${shell.organization.name}</a>.</p>`
  }${
    data.askUrl &&
    html`<p class="soft aside-link">A question about it? <a href="${data.askUrl}">Ask it here</a>.</p>`
  }`;

export function invoicePage(shell: PortalShell, data: InvoicePage): Html {
  const write = writerOf(shell);
  return page(shell, {
    title: `Invoice ${data.sheet.number}`,
    section: 'invoices',
    width: 'wide',
    failed: hasErrors(data.form),
    body: html`${invoiceHead(data, write, backLink(data.backUrl, 'All invoices'))}${errorSummary(data.form)}
<div class="split with-pay">${payBox(shell, data)}${invoiceSheet(data.sheet, write)}${moments(data.moments, write)}</div>
${disputeLink(shell, data)}`,
  });
}

export type InvoiceHead = Pick<
  InvoicePage,
  'sheet' | 'standing' | 'today' | 'payable' | 'pdfUrl' | 'disputed'
>;

/** The number, the one amount that matters, and how the invoice stands. */
export function invoiceHead(data: InvoiceHead, write: Writer, before?: Content): Html {
  const { sheet } = data;
  return html`<header class="head invoice-head">${before}
  <div class="head-row"><h1>Invoice ${sheet.number}</h1>${linkButton(
    data.pdfUrl,
    html`${icons.file}PDF<span class="unseen"> of invoice ${sheet.number}</span>`,
    'quiet',
  )}</div>
  <p class="standing">${standing(data, write)}${data.disputed && badge('warn', 'In dispute')}</p></header>`;
}

function standing(data: InvoiceHead, write: Writer): Content {
  const { sheet } = data;
  if (data.standing === 'paid') return badge('good', html`${icons.check}Paid`);
  if (data.standing === 'void') return badge('plain', 'Void: nothing to pay');
  if (data.standing === 'written_off') return badge('plain', 'Closed: nothing to pay');
  if (data.standing === 'pending') return badge('plain', html`${icons.clock}Payment processing`);
  const words = write.due(sheet.dueOn, data.today);
  return isPastDue(sheet.dueOn, data.today)
    ? badge('warn', words)
    : html`<span class="soft">${words} · ${write.day(sheet.dueOn)}</span>`;
}

function payBox(shell: PortalShell, data: InvoicePage): Content {
  const { currency, balanceDue } = data.sheet;
  const write = writerOf(shell);
  const onItsWay = balanceDue - data.payable;
  if (balanceDue === 0n) return undefined;
  const amount = html`<p class="eyebrow">Balance due</p><p class="total">${write.money(balanceDue, currency)}</p>${
    onItsWay > 0n &&
    html`<p class="soft">${write.money(onItsWay, currency)} of this is already on its way.</p>`
  }`;
  if (data.payable === 0n) return html`<section class="sheet box" aria-label="Payment">${amount}</section>`;
  const name = `amount_${data.id}`;
  const error = data.form?.errors?.[name];
  const field = html`<div class="field"><label for="f-${name}">Amount to pay</label>
    <input ${attributes({
      id: `f-${name}`,
      name,
      inputmode: 'decimal',
      autocomplete: 'off',
      maxlength: 20,
      class: 'amount',
      value: data.form?.values?.[name] ?? write.typed(data.payable, currency),
      'aria-invalid': error ? 'true' : undefined,
      'aria-describedby': `f-${name}-hint${error ? ` f-${name}-error` : ''}`,
    })}><p class="hint" id="f-${name}-hint">Pay all of it, or a part.</p>${
      error && html`<p class="error" id="f-${name}-error">${error}</p>`
    }</div>`;
  return html`<section class="sheet box" aria-label="Payment">${amount}${form(
    shell,
    { action: data.payUrl },
    html`${hidden('invoice', data.id)}${
      data.partialAllowed ? field : hidden(name, write.typed(data.payable, currency))
    }
    <button class="button primary">Continue to payment</button>`,
  )}</section>`;
}

const moments = (list: readonly Moment[], write: Writer): Content =>
  list.length > 0 &&
  html`<section class="side-note" aria-labelledby="moments-title"><h2 id="moments-title"
    class="eyebrow">History</h2>
  <ol class="moments">${list.map(
    (each) =>
      html`<li class="${each.state ?? 'done'}"><span>${each.words}</span><span class="soft">${write.day(
        each.on,
      )}</span></li>`,
  )}</ol></section>`;
