import type { Content, Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import { errorSummary, hasErrors } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import { type AmountForm, amountForm, otherAmount } from '#web/portal/views/other-amount.ts';
import { facts, linkButton, writerOf } from '#web/portal/views/parts.ts';
import { type PaymentPanel, paymentPanel } from '#web/portal/views/payment-panel.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** A page for one payment without an invoice: what it is for, how much, and how to pay. */
export type PaymentLinkPage = {
  description: string;
  customerName: string;
  /** Missing while the payer has not said how much. */
  panel?: PaymentPanel;
  /** Asks for this page again with `?amount=`; missing where the amount is fixed. */
  amount?: AmountForm;
};

export function paymentLinkPage(shell: PortalShell, data: PaymentLinkPage): Html {
  const { panel, amount } = data;
  return page(shell, {
    title: data.description,
    width: 'narrow',
    failed: hasErrors(panel?.form) || hasErrors(amount?.form),
    body: html`<header class="head amount-head"><p class="eyebrow">Payment to ${shell.organization.name}</p>
<h1>${data.description}</h1>${
      panel && html`<p class="hero">${writerOf(shell).money(panel.total, panel.currency)}</p>`
    }<p class="due">For the account of ${data.customerName}</p></header>
${errorSummary(panel?.form)}${errorSummary(amount?.form)}
<div class="sheet box">${panel ? paymentPanel(shell, panel) : amount && amountForm(shell, amount)}${
      panel && amount && otherAmount(shell, amount, panel)
    }</div>`,
  });
}

export type LinkDonePage = {
  description: string;
  standing: 'paid' | 'pending';
  amount: bigint;
  currency: string;
  paymentUrl: string;
};

/** The page once more, after its payment: it takes no second one. */
export function linkDonePage(shell: PortalShell, data: LinkDonePage): Html {
  const money = writerOf(shell).money(data.amount, data.currency);
  const paid = data.standing === 'paid';
  const [title, words]: [Content, Content] = paid
    ? [html`${money} paid`, 'This is paid. There is nothing left to do.']
    : [
        html`${money} is on its way`,
        'A payment for this is on its way. Please don’t pay again; it shows as paid once your bank has settled it.',
      ];
  return page(shell, {
    title: paid ? 'Paid' : 'Payment on its way',
    width: 'narrow',
    body: html`<section class="sheet door result"><span class="seal ${paid ? 'good' : 'plain'}">${
      paid ? icons.check : icons.clock
    }</span><h1>${title}</h1>
<div class="lead"><p>${words}</p></div>${facts([['For', data.description]])}
<div class="actions">${linkButton(data.paymentUrl, paid ? 'See the receipt' : 'See the payment', 'primary')}</div></section>`,
  });
}
