import type { Content, Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import { errorSummary, hasErrors } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import type { Disputable, InvoiceHead } from '#web/portal/views/invoice-page.ts';
import { disputeLink, invoiceHead } from '#web/portal/views/invoice-page.ts';
import { invoiceSheet } from '#web/portal/views/invoice-sheet.ts';
import { page } from '#web/portal/views/layout.ts';
import { type AmountForm, otherAmount } from '#web/portal/views/other-amount.ts';
import { isPastDue, linkButton, writerOf } from '#web/portal/views/parts.ts';
import type { PaymentPanel } from '#web/portal/views/payment-panel.ts';
import { paymentPanel } from '#web/portal/views/payment-panel.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/**
 * What someone sees who opens the link in a mail, without signing in: this invoice and nothing else of the
 * customer. No stored methods may be handed over here unless the link's holder proved who they are.
 */
export type PayByLinkPage = InvoiceHead &
  Disputable & {
    /** Missing when nothing is payable now. */
    panel?: PaymentPanel;
    /** Asks for this page again with `?amount=`; missing when parts are not allowed. */
    amount?: AmountForm;
    receiptUrl?: string;
    signInUrl?: string;
  };

export function payByLinkPage(shell: PortalShell, data: PayByLinkPage): Html {
  const { number } = data.sheet;
  const write = writerOf(shell);
  return page(shell, {
    title: data.panel ? `Pay invoice ${number}` : `Your invoice ${number}`,
    width: 'wide',
    failed: hasErrors(data.panel?.form) || hasErrors(data.amount?.form),
    body: html`${data.panel ? amountHead(shell, data) : invoiceHead(data, write)}${errorSummary(data.panel?.form)}${errorSummary(
      data.amount?.form,
    )}
<div class="split by-link"><section class="side" aria-label="Payment">${
      data.panel ? payment(shell, data, data.panel) : closed(data)
    }${
      data.signInUrl &&
      html`<p class="soft aside-link">Have a login? <a href="${data.signInUrl}">Sign in</a> to see all your
        invoices.</p>`
    }${disputeLink(shell, data)}</section>${invoiceSheet(data.sheet, write)}</div>`,
  });
}

function amountHead(shell: PortalShell, data: PayByLinkPage): Html {
  const { sheet } = data;
  const past = isPastDue(sheet.dueOn, data.today);
  const write = writerOf(shell);
  const [due, on] = [write.due(sheet.dueOn, data.today), write.day(sheet.dueOn)];
  return html`<header class="head amount-head"><div class="head-row"><h1>Invoice ${sheet.number} <span
    class="from">from ${shell.organization.name}</span></h1>${linkButton(
      data.pdfUrl,
      html`${icons.file}PDF<span class="unseen"> of invoice ${sheet.number}</span>`,
      'quiet',
    )}</div>
  <p class="hero">${write.money(sheet.balanceDue, sheet.currency)}</p>
  <p class="due ${past ? 'late' : ''}">${due}${
    past ? html` · was due ${on}` : due.endsWith(write.date(sheet.dueOn)) ? '' : html` · ${on}`
  }</p></header>`;
}

const payment = (
  shell: PortalShell,
  data: PayByLinkPage,
  panel: PaymentPanel,
): Html => html`<div class="sheet box">
  ${
    panel.total < data.sheet.balanceDue &&
    html`<p class="notice plain">${icons.alert}<span>You are paying ${writerOf(shell).money(panel.total, panel.currency)} of
      ${writerOf(shell).money(data.sheet.balanceDue, panel.currency)}.</span></p>`
  }
  ${paymentPanel(shell, panel)}${data.amount && otherAmount(shell, data.amount, panel)}</div>`;

function closed(data: PayByLinkPage): Content {
  const words = {
    paid: 'This invoice is paid. There is nothing left to do.',
    pending:
      'A payment for this invoice is on its way. Please don’t pay again; it will show as paid once your bank has settled it.',
    void: 'This invoice was withdrawn. Please don’t pay it.',
    written_off: 'This invoice is closed. There is nothing to pay.',
    open: 'There is nothing to pay right now.',
  }[data.standing];
  return html`<div class="sheet box"><p>${words}</p>${
    data.receiptUrl && linkButton(data.receiptUrl, 'See the receipt', 'quiet')
  }</div>`;
}
