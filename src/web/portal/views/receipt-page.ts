import type { CalendarDate } from '#lib/dates.ts';
import type { Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import type { Tone } from '#web/portal/views/parts.ts';
import { backLink, badge, facts, linkButton, methodName, writerOf } from '#web/portal/views/parts.ts';
import { feeFacts, type PaymentFacts, purposeWords } from '#web/portal/views/payment-result.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** A payment as its payer may call it: only money that has arrived is "paid". */
export type PaymentStanding =
  | 'paid'
  | 'processing'
  | 'declined'
  | 'returned'
  | 'voided'
  | 'refunded'
  | 'checking';

export const standingWords: Record<PaymentStanding, [Tone, string]> = {
  paid: ['good', 'Paid'],
  processing: ['plain', 'Processing'],
  declined: ['bad', 'Declined'],
  returned: ['bad', 'Returned by the bank'],
  voided: ['plain', 'Voided'],
  refunded: ['plain', 'Refunded'],
  checking: ['warn', 'Being checked'],
};

export type ReceiptPage = PaymentFacts & {
  standing: PaymentStanding;
  refunded?: bigint;
  /** The organization wants to void it, and the gateway has not answered. */
  isVoidAsked?: boolean;
  paidOn: CalendarDate;
  customerName: string;
  applied: { number: string; url?: string; amount: bigint }[];
  /** Name and address of the organization, line by line. */
  from: string[];
  pdfUrl?: string;
  backUrl?: string;
};

export function receiptPage(shell: PortalShell, data: ReceiptPage): Html {
  const [tone, words] = standingWords[data.standing];
  const write = writerOf(shell);
  const heading = data.standing === 'processing' ? 'Payment confirmation' : 'Receipt';
  return page(shell, {
    title: `${heading} ${data.reference}`,
    section: 'history',
    width: 'middle',
    body: html`<header class="head">${data.backUrl && backLink(data.backUrl, shell.signedIn ? 'History' : 'Payments')}
  <div class="head-row"><h1>${heading}</h1>${
    data.pdfUrl &&
    linkButton(data.pdfUrl, html`${icons.file}PDF<span class="unseen"> of this receipt</span>`, 'quiet')
  }</div></header>
<article class="sheet paper">
  <div class="head-row"><p class="hero">${write.money(data.amount, data.currency)}</p>${badge(tone, words)}</div>
  ${facts([
    ['Date', write.day(data.paidOn)],
    ['From', data.customerName],
    ['To', shell.organization.name],
    data.applied.length === 0 && ['For', purposeWords(data)],
    data.method && ['Method', methodName(data.method)],
    ...feeFacts(data, write),
    data.refunded !== undefined &&
      data.refunded > 0n && ['Refunded', write.money(data.refunded, data.currency)],
    ['Reference', html`<span class="num">${data.reference}</span>`],
  ])}
  ${
    data.applied.length > 0 &&
    html`<table class="lines"><caption class="eyebrow">Applied to</caption><thead class="unseen"><tr><th
    scope="col">Invoice</th>
    <th scope="col">Amount</th></tr></thead><tbody>${data.applied.map(
      (row) => html`<tr><td>${
        row.url ? html`<a href="${row.url}">Invoice ${row.number}</a>` : html`Invoice ${row.number}`
      }</td>
      <td class="right">${write.money(row.amount, data.currency)}</td></tr>`,
    )}</tbody></table>`
  }
  ${
    data.standing === 'processing' &&
    html`<p class="fine">This is not a receipt yet: your bank has two to five business days to settle the
      payment.</p>`
  }
  ${
    data.isVoidAsked &&
    html`<p class="fine">${shell.organization.name} has asked to void this payment. Until that is answered it
      stands.</p>`
  }
  ${
    data.refunded !== undefined &&
    data.refunded > 0n &&
    html`<p class="fine">A refund goes back the way you paid and usually arrives within 3–5 business days.</p>`
  }
  <p class="fine">${data.from.map((line, index) => html`${index > 0 && ' · '}${line}`)}</p>
</article>`,
  });
}
