import type { EstimateState } from '#features/estimates/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import type { Content, Html } from '#ui/html.ts';
import { attributes, html } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { errorSummary, field, form, hasErrors, hidden, submit } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import {
  type InvoiceLine,
  lineTable,
  type Party,
  partyBlock,
  stripFact,
} from '#web/portal/views/invoice-sheet.ts';
import { page } from '#web/portal/views/layout.ts';
import { linkButton, writerOf } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** An estimate before its customer, with what they can say to it. */
export type EstimatePage = {
  /** Posts `name`, `revision` to `/accept`; `declined_by`, `reason`, `revision` to `/decline`. */
  base: string;
  number: string;
  currency: string;
  state: EstimateState;
  date: CalendarDate;
  expiresOn: CalendarDate;
  today: CalendarDate;
  poNumber?: string;
  from: Party;
  to: Party;
  lines: InvoiceLine[];
  /** From the lines to the total; none where the total says it all. */
  sums: readonly { label: string; amount: bigint }[];
  total: bigint;
  deposit: bigint;
  depositAtOnce: boolean;
  revision: number;
  memo?: string;
  answered?: { by: string; on: CalendarDate };
  invoices: { number: string; kind: 'deposit' | 'part'; total: bigint }[];
  /** The deposit invoice that can be paid now. */
  payUrl?: string;
  form?: FormState & { of: 'accepted' | 'declined' };
};

export function estimatePage(shell: PortalShell, data: EstimatePage): Html {
  const write = writerOf(shell);
  return page(shell, {
    title: `Estimate ${data.number}`,
    width: 'wide',
    failed: hasErrors(data.form),
    body: html`<header class="head amount-head"><div class="head-row"><h1>Estimate ${data.number} <span
      class="from">from ${shell.organization.name}</span></h1>${linkButton(
        `${data.base}/pdf`,
        html`${icons.file}PDF<span class="unseen"> of estimate ${data.number}</span>`,
        'quiet',
      )}</div>
    <p class="hero">${write.money(data.total, data.currency)}</p>
    <p class="due">Valid until ${write.day(data.expiresOn)}</p></header>${errorSummary(data.form)}
<div class="split by-link"><section class="side" aria-label="Your answer"><div class="sheet box">${
      standing(shell, data) ?? answers(shell, data)
    }</div></section>${sheet(shell, data)}</div>`,
  });
}

/** What became of it; undefined while it takes an answer. */
function standing(shell: PortalShell, data: EstimatePage): Content {
  const write = writerOf(shell);
  const by = data.answered && html`by ${data.answered.by} on ${write.day(data.answered.on)}`;
  const billed = data.invoices.map(
    ({ number, kind, total }) =>
      html`<li>${kind === 'deposit' ? 'Deposit' : 'Invoice'} ${number}: ${write.money(total, data.currency)}</li>`,
  );
  switch (data.state) {
    case 'accepted':
    case 'invoiced':
      return html`<h2>Accepted</h2><p>${by ? html`Accepted ${by}.` : 'Accepted.'}</p>${
        billed.length > 0 && html`<ul>${billed}</ul>`
      }${data.payUrl && linkButton(data.payUrl, 'Pay the deposit')}`;
    case 'declined':
      return html`<h2>Declined</h2><p>Declined ${by}. If that was a mistake, ask ${
        shell.organization.name
      } for a new estimate.</p>`;
    case 'expired':
      return html`<h2>Expired</h2><p>This estimate could be accepted until ${write.day(
        data.expiresOn,
      )}. Ask ${shell.organization.name} for a new one.</p>`;
    default:
      return undefined;
  }
}

function answers(shell: PortalShell, data: EstimatePage): Html {
  const write = writerOf(shell);
  const revision = hidden('revision', String(data.revision));
  const deposit = write.money(data.deposit, data.currency);
  const isDeclining = data.form?.of === 'declined';
  const wrong = isDeclining ? data.form?.errors?.reason : undefined;
  return html`<h2>Accept this estimate</h2>
${
  data.deposit > 0n &&
  html`<p>A deposit of ${deposit} ${
    data.depositAtOnce
      ? 'is billed when you accept, and you can pay it right away'
      : 'is asked for before work begins'
  }. It is deducted from what is billed later.</p>`
}
${form(
  shell,
  { action: `${data.base}/accept` },
  html`${revision}${field(
    {
      name: 'name',
      label: 'Your full name',
      hint: `Typing it accepts the estimate over ${write.amount(data.total, data.currency)}.`,
      autocomplete: 'name',
      maxlength: 120,
    },
    isDeclining ? undefined : data.form,
  )}${submit('Accept the estimate', 'primary', 'Accepting…')}`,
)}
<p class="fine">${icons.lock}<span>We keep your name, the time, your internet address and what you accepted.</span></p>
<details class="other-amount" ${attributes({ open: isDeclining })}><summary>Decline instead</summary>${form(
    shell,
    { action: `${data.base}/decline` },
    html`${revision}${field(
      { name: 'declined_by', label: 'Your name', autocomplete: 'name', maxlength: 120 },
      isDeclining ? data.form : undefined,
    )}<div class="field"><label for="f-reason">Why</label><textarea ${attributes({
      id: 'f-reason',
      name: 'reason',
      rows: 4,
      maxlength: 2000,
      required: true,
      'aria-invalid': wrong ? 'true' : undefined,
      'aria-describedby': wrong ? 'f-reason-error' : undefined,
    })}>${data.form?.values?.reason}</textarea>${
      wrong && html`<p class="error" id="f-reason-error">${wrong}</p>`
    }</div>${submit('Decline', 'quiet', 'Declining…')}`,
  )}</details>`;
}

function sheet(shell: PortalShell, data: EstimatePage): Html {
  const write = writerOf(shell);
  const sum = (label: string, amount: bigint, kind = ''): Html =>
    html`<div class="${kind}"><dt>${label}</dt><dd>${write.money(amount, data.currency)}</dd></div>`;
  return html`<article class="sheet paper" aria-label="Estimate ${data.number}">
  <div class="parties">${partyBlock('From', data.from)}${partyBlock('For', data.to)}</div>
  <dl class="strip">${stripFact('Estimate', data.number)}${stripFact('Date', write.day(data.date))}${stripFact(
    'Valid until',
    write.day(data.expiresOn),
  )}${data.poNumber && stripFact('PO number', data.poNumber)}</dl>
  ${lineTable(`Lines of estimate ${data.number}`, data, write)}
  <dl class="totals">${data.sums.map(({ label, amount }) => sum(label, amount))}${sum(
    'Total',
    data.total,
    'grand',
  )}${data.deposit > 0n && sum('Deposit', data.deposit)}</dl>
  ${data.memo && html`<p class="memo">${data.memo}</p>`}
</article>`;
}
