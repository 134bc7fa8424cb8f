import type { CalendarDate } from '#lib/dates.ts';
import type { Content, Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import { icons } from '#web/portal/views/icons.ts';
import type { Writer } from '#web/portal/views/parts.ts';

export type Party = { name: string; lines: string[] };

export type InvoiceLine = {
  name: string;
  description?: string;
  /** A decimal as people write it: `2`, `1.5`. */
  quantity: string;
  unitPrice: bigint;
  total: bigint;
  serviceOn?: CalendarDate;
  /** What was taken off it, in words; the total is after it. */
  discount?: string;
};

/** An invoice as its customer may see it; the same facts as in its PDF. */
export type InvoiceSheet = {
  number: string;
  currency: string;
  issuedOn: CalendarDate;
  dueOn: CalendarDate;
  terms?: string;
  poNumber?: string;
  from: Party;
  billTo: Party;
  shipTo?: Party;
  lines: InvoiceLine[];
  /** Between the lines and the total: subtotal, discount, each tax. */
  sums: { label: string; amount: bigint }[];
  total: bigint;
  /** After the total: payments and credits as negative amounts, late fees as positive ones. */
  changes: { label: string; amount: bigint }[];
  balanceDue: bigint;
  /** What is due by each way of paying, where these differ. */
  prices?: { label: string; amount: bigint }[];
  memo?: string;
  footer?: string;
  attachments: { name: string; url: string }[];
};

export const partyBlock = (label: string, each: Party): Html =>
  html`<div><h2 class="eyebrow">${label}</h2><p><strong>${each.name}</strong>${each.lines.map(
    (line) => html`<br>${line}`,
  )}</p></div>`;

export const stripFact = (label: string, value: Content): Html =>
  html`<div><dt>${label}</dt><dd>${value}</dd></div>`;

/** The invoice as a page of paper: parties, lines, totals. */
export function invoiceSheet(each: InvoiceSheet, write: Writer): Html {
  return html`<article class="sheet paper" aria-label="Invoice ${each.number}">
  <div class="parties">${partyBlock('From', each.from)}${partyBlock('Bill to', each.billTo)}${
    each.shipTo && partyBlock('Ship to', each.shipTo)
  }</div>
  <dl class="strip">${stripFact('Invoice', each.number)}${stripFact('Issued', write.day(each.issuedOn))}${stripFact(
    'Due',
    write.day(each.dueOn),
  )}${each.terms && stripFact('Terms', each.terms)}${each.poNumber && stripFact('PO number', each.poNumber)}</dl>
  ${lineTable(`Lines of invoice ${each.number}`, each, write)}
  ${totals(each, write)}
  ${each.memo && html`<p class="memo">${each.memo}</p>`}
  ${
    each.attachments.length > 0 &&
    html`<h2 class="eyebrow">Attachments</h2><ul class="files">${each.attachments.map(
      (file) => html`<li><a href="${file.url}">${icons.file}${file.name}</a></li>`,
    )}</ul>`
  }
  ${each.footer && html`<p class="fine">${each.footer}</p>`}
</article>`;
}

/** On a phone quantity and price move below the name; the figures stay in one column. */
export const lineTable = (
  caption: string,
  each: Pick<InvoiceSheet, 'lines' | 'currency'>,
  write: Writer,
): Html => html`<table class="lines"><caption class="unseen">${caption}</caption>
  <thead><tr><th scope="col">Item</th><th scope="col" class="right wide-only">Quantity</th>
    <th scope="col" class="right wide-only">Price</th><th scope="col" class="right">Amount</th></tr></thead>
  <tbody>${each.lines.map(
    (line) => html`<tr><td><strong>${line.name}</strong>${line.description && html`<br>${line.description}`}${
      line.serviceOn && html`<br><span class="soft">${write.day(line.serviceOn)}</span>`
    }${line.discount && html`<br><span class="soft">${line.discount}</span>`}<br class="phone-only"><span class="soft phone-only">${
      line.quantity
    } × ${write.money(line.unitPrice, each.currency)}</span></td>
    <td class="right wide-only num">${line.quantity}</td>
    <td class="right wide-only">${write.money(line.unitPrice, each.currency)}</td>
    <td class="right">${write.money(line.total, each.currency)}</td></tr>`,
  )}</tbody></table>`;

const totals = (each: InvoiceSheet, write: Writer): Html => {
  const row = (label: string, amount: bigint, kind = ''): Html =>
    html`<div class="${kind}"><dt>${label}</dt><dd>${write.money(amount, each.currency)}</dd></div>`;
  return html`<dl class="totals">${each.sums.map(({ label, amount }) => row(label, amount))}${row(
    'Total',
    each.total,
    'strong',
  )}${each.changes.map(({ label, amount }) => row(label, amount))}${row(
    'Balance due',
    each.balanceDue,
    'grand',
  )}${(each.prices ?? []).map(({ label, amount }) => row(label, amount))}</dl>`;
};
