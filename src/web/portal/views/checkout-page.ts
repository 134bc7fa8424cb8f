import type { CalendarDate } from '#lib/dates.ts';
import type { Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import { errorSummary, form, hasErrors, hidden } from '#web/portal/views/form-parts.ts';
import { page } from '#web/portal/views/layout.ts';
import { backLink, pageHead, writerOf } from '#web/portal/views/parts.ts';
import type { PaymentPanel } from '#web/portal/views/payment-panel.ts';
import { paymentPanel } from '#web/portal/views/payment-panel.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

export type CheckoutLine = {
  number: string;
  dueOn: CalendarDate;
  balanceDue: bigint;
  /** What is paid on it now. */
  amount: bigint;
};

export type CheckoutPage = {
  lines: CheckoutLine[];
  panel: PaymentPanel;
  backUrl: string;
  credit?: CreditOffer;
};

/** Credit that the payer may use first, in a form of its own: what is left is then charged. */
export type CreditOffer = {
  action: string;
  usable: bigint;
  available: bigint;
  fields: [name: string, value: string][];
};

/** The last page before money moves: what is paid on the one side, how on the other. */
export function checkoutPage(shell: PortalShell, data: CheckoutPage): Html {
  return page(shell, {
    title: 'Checkout',
    section: 'invoices',
    width: 'wide',
    failed: hasErrors(data.panel.form),
    body: html`${pageHead('Checkout', undefined, backLink(data.backUrl, 'Change what you pay'))}${errorSummary(
      data.panel.form,
    )}
<div class="split turned"><div class="sheet box">${paymentPanel(shell, data.panel)}</div>
<section class="side summary" aria-labelledby="summary-title">${summary(shell, data)}</section></div>`,
  });
}

function summary(shell: PortalShell, data: CheckoutPage): Html {
  const { currency, total } = data.panel;
  const write = writerOf(shell);
  return html`<h2 id="summary-title" class="eyebrow">You are paying ${shell.organization.name}</h2>
  <p class="total">${write.money(total, currency)}</p>
  <ul class="sum-lines">${data.lines.map(
    (line) => html`<li><div><strong>Invoice ${line.number}</strong><span class="soft">Due ${write.day(
      line.dueOn,
    )}</span></div>
      <div class="right">${write.money(line.amount, currency)}${
        line.amount < line.balanceDue &&
        html`<span class="soft">of ${write.money(line.balanceDue, currency)}</span>`
      }</div></li>`,
  )}</ul>${data.credit && creditOffer(shell, data.credit, currency)}`;
}

function creditOffer(shell: PortalShell, credit: CreditOffer, currency: string): Html {
  const write = writerOf(shell);
  return form(
    shell,
    { action: credit.action },
    html`${credit.fields.map(([name, value]) => hidden(name, value))}${hidden('credit', String(credit.usable))}
<p>You have <strong>${write.money(credit.available, currency)}</strong> of credit.</p>
<button class="button" data-busy="One moment…">Use my credit of ${write.money(credit.usable, currency)}</button>
<p class="fine"><span>It is taken off these invoices at once. You then pay what is left.</span></p>`,
  );
}
