import type { CalendarDate } from '#lib/dates.ts';
import { decimalMark, sum } from '#lib/money.ts';
import type { Content, Html } from '#ui/html.ts';
import { attributes, html } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { errorSummary, form, hasErrors } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import type { Writer } from '#web/portal/views/parts.ts';
import { badge, isPastDue, linkButton, writerOf } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

export type OpenInvoice = {
  id: string;
  number: string;
  url: string;
  issuedOn: CalendarDate;
  dueOn: CalendarDate;
  balanceDue: bigint;
  /** Balance due less what is already on its way; 0 means that nothing more can be paid now. */
  payable: bigint;
  /** Ticked when the page opens. */
  selected: boolean;
  /** What the payer typed, when the form comes back. */
  amount?: string;
  /** Whose invoice it is, where a parent sees those of its sub-customers. */
  customerName?: string;
  /** The day on which autopay will pay it. */
  autopayOn?: CalendarDate;
};

export type InvoiceListPage = {
  today: CalendarDate;
  currency: string;
  invoices: OpenInvoice[];
  /** Of all open invoices, also those on later pages. */
  balanceDue: bigint;
  pastDue: bigint;
  unappliedCash?: bigint;
  partialAllowed: boolean;
  /** Posts `invoice` (one for each tick) and `amount_<id>` as a plain decimal. Leads to the checkout. */
  payUrl: string;
  historyUrl: string;
  nextUrl?: string;
  /** Where to ask for a payment plan, and to see those there are. */
  planUrl?: string;
  /** By a statement link: whose invoices these are. */
  statementFor?: string;
  form?: FormState;
};

export function invoiceListPage(shell: PortalShell, data: InvoiceListPage): Html {
  return page(shell, {
    title: data.statementFor ? `Statement of ${data.statementFor}` : 'Open invoices',
    section: 'invoices',
    width: 'wide',
    failed: hasErrors(data.form),
    body: data.invoices.length === 0 ? nothingOpen(data) : openInvoices(shell, data),
  });
}

const nothingOpen = (data: InvoiceListPage): Html => html`<section class="rest">
  <span class="seal good">${icons.check}</span>
  <h1>All paid. Thank you.</h1>
  ${
    data.statementFor
      ? html`<p class="lead">${data.statementFor} has no open invoices.</p>
  ${linkButton(data.historyUrl, 'See what was paid here', 'quiet')}`
      : html`<p class="lead">You have no open invoices. New ones appear here and are sent to your email.</p>
  ${linkButton(data.historyUrl, 'See past invoices and receipts', 'quiet')}`
  }
</section>`;

function openInvoices(shell: PortalShell, data: InvoiceListPage): Html {
  const payable = data.invoices.some((each) => each.payable > 0n);
  const write = writerOf(shell);
  const list = html`<div class="split"><section aria-labelledby="list-title">
    <h2 id="list-title" class="unseen">Invoices</h2>
    <div class="sheet ${data.partialAllowed ? '' : 'whole'}">${rowsHead(data)}<ul>${data.invoices.map(
      (each) => row(each, data, write),
    )}</ul></div>
    ${data.nextUrl && html`<p class="more"><a href="${data.nextUrl}">Show more invoices</a></p>`}
    ${data.planUrl && html`<p class="more"><a href="${data.planUrl}">Pay in parts, or see your payment plans</a></p>`}
    ${data.statementFor && html`<p class="more"><a href="${data.historyUrl}">See what was paid here</a></p>`}
  </section>${payable && basket(shell, data)}</div>`;
  return html`${balanceHead(data, write)}${errorSummary(data.form)}${
    payable ? form(shell, { action: data.payUrl, class: 'basket-form' }, list) : list
  }`;
}

/** Column heads for the eye; each figure carries its own words for the ear. */
const rowsHead = (
  data: InvoiceListPage,
): Html => html`<div class="rows-head" aria-hidden="true"><span></span><span>Invoice</span>
  <span>Due</span><span class="right">Balance due</span>${
    data.partialAllowed &&
    html`<span
    class="right">Amount to pay</span>`
  }</div>`;

function balanceHead(data: InvoiceListPage, write: Writer): Html {
  return html`<header class="head balance"><h1>Open invoices${
    data.statementFor && html` <span class="from">of ${data.statementFor}</span>`
  }</h1>
  <dl class="figures">
    <div class="lead-figure"><dt>Balance due</dt><dd>${write.money(data.balanceDue, data.currency)}</dd></div>
    ${
      data.pastDue > 0n &&
      html`<div class="warn"><dt>Of this past due</dt><dd>${write.money(data.pastDue, data.currency)}</dd></div>`
    }
    ${
      (data.unappliedCash ?? 0n) > 0n &&
      html`<div class="good"><dt>Your credit</dt><dd>${write.money(
        data.unappliedCash ?? 0n,
        data.currency,
      )}</dd></div>`
    }
  </dl>
  ${
    data.pastDue > 0n &&
    html`<p class="soft kind">If you have already sent a payment, thank you: it will show here once it
      arrives.</p>`
  }</header>`;
}

function state(each: OpenInvoice, data: InvoiceListPage, write: Writer): Content {
  if (each.payable < each.balanceDue) {
    const amount = write.money(each.balanceDue - each.payable, data.currency);
    return badge('plain', html`${icons.clock}${amount} processing`);
  }
  const words = write.due(each.dueOn, data.today);
  if (isPastDue(each.dueOn, data.today)) return badge('warn', words);
  return html`<span class="soft">${words}</span>`;
}

function row(each: OpenInvoice, data: InvoiceListPage, write: Writer): Html {
  const open = each.payable > 0n;
  const error = data.form?.errors?.[`amount_${each.id}`];
  return html`<li class="row">
  ${
    open
      ? html`<label class="pick"><input ${attributes({
          type: 'checkbox',
          name: 'invoice',
          value: each.id,
          checked: each.selected,
          'data-pick': String(each.payable),
        })}><span class="unseen">Pay invoice ${each.number}</span></label>`
      : html`<span class="pick"></span>`
  }
  <div class="what"><a class="number" href="${each.url}">Invoice ${each.number}</a>
    <span class="soft">${each.customerName && html`${each.customerName} · `}Issued ${write.day(
      each.issuedOn,
    )}</span></div>
  <div class="when">${state(each, data, write)}${
    each.autopayOn && html`<span class="soft">Autopay on ${write.day(each.autopayOn)}</span>`
  }</div>
  <div class="sum"><span class="unseen">Balance due </span>${write.money(each.balanceDue, data.currency)}</div>
  ${open && data.partialAllowed && amountField(each, data, { error, write })}
</li>`;
}

function amountField(
  each: OpenInvoice,
  data: InvoiceListPage,
  { error, write }: { error: string | undefined; write: Writer },
): Html {
  const name = `amount_${each.id}`;
  return html`<div class="part"><label for="f-${name}">Amount to pay</label>
    <input ${attributes({
      id: `f-${name}`,
      name,
      'aria-label': `Amount to pay on invoice ${each.number}`,
      inputmode: 'decimal',
      maxlength: 20,
      autocomplete: 'off',
      value: each.amount ?? write.typed(each.payable, data.currency),
      'data-amount': true,
      'aria-invalid': error ? 'true' : undefined,
      'aria-describedby': error ? `f-${name}-error` : undefined,
    })}>${error && html`<p class="error" id="f-${name}-error">${error}</p>`}</div>`;
}

/** Without script the total is shown on the next page: nothing here may state an untrue sum. */
function basket(shell: PortalShell, data: InvoiceListPage): Html {
  const { locale } = shell.organization;
  const chosen = data.invoices.filter((each) => each.selected && each.payable > 0n);
  const total = sum(chosen.map((each) => each.payable));
  return html`<section class="basket sheet" aria-labelledby="basket-title">
  <h2 id="basket-title">Your payment</h2>
  <div data-live hidden ${attributes({
    'data-currency': data.currency,
    'data-locale': locale,
    'data-mark': decimalMark(locale),
  })}>
    <p class="soft" data-count aria-hidden="true">${chosen.length} of ${data.invoices.length} invoices</p>
    <p class="total" data-total aria-hidden="true">${writerOf(shell).money(total, data.currency)}</p>
    <p class="unseen" role="status" data-spoken></p>
  </div>
  <noscript><p class="soft">You see the total on the next page.</p></noscript>
  <button class="button primary" data-next>Continue to payment</button>
  <p class="fine">${icons.lock}Nothing is charged yet.</p>
</section>`;
}
