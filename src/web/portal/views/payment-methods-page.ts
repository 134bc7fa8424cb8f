import type { Content, Html } from '#ui/html.ts';
import { attributes, html } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { autopayTick, errorSummary, form, hasErrors, hidden, submit } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import type { MethodFace, Tone } from '#web/portal/views/parts.ts';
import {
  backLink,
  badge,
  expiryWords,
  linkButton,
  methodIcon,
  methodName,
  notice,
  pageHead,
} from '#web/portal/views/parts.ts';
import type { FieldSlot } from '#web/portal/views/payment-panel.ts';
import { fieldFrame } from '#web/portal/views/payment-panel.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

export type ListedMethod = MethodFace & {
  id: string;
  standing: 'active' | 'needs_authorization' | 'expiring' | 'expired' | 'blocked';
  isDefault: boolean;
  usedByAutopay: boolean;
  /** While its owner has yet to sign. */
  signUrl?: string;
  /** Of what was signed. */
  copyUrl?: string;
  /** Posts nothing but the session's token. */
  defaultAction?: string;
  /** Missing when it may not be removed here; `whyKept` then says why. */
  removeUrl?: string;
  whyKept?: string;
};

export type PaymentMethodsPage = {
  methods: ListedMethod[];
  addUrl?: string;
  /** What is charged by itself, where there is something. */
  schedules?: { url: string; count: number };
  autopayUrl?: string;
};

const standings: Record<ListedMethod['standing'], [Tone, string] | undefined> = {
  active: undefined,
  needs_authorization: ['warn', 'Needs your signature'],
  expiring: ['warn', 'Expires soon'],
  expired: ['bad', 'Expired'],
  blocked: ['bad', 'Refused by the bank'],
};

export function paymentMethodsPage(shell: PortalShell, data: PaymentMethodsPage): Html {
  const add =
    data.addUrl &&
    linkButton(
      data.addUrl,
      html`${icons.plus}Add a payment method`,
      data.methods.length ? 'quiet' : 'primary',
    );
  return page(shell, {
    title: 'Payment methods',
    section: 'methods',
    width: 'middle',
    body: html`<div class="head-row">${pageHead('Payment methods')}${data.methods.length > 0 && add}</div>
${
  data.methods.length === 0
    ? html`<section class="sheet box rest"><span class="seal plain">${icons.card}</span><h2>Nothing saved
      yet</h2>
      <p class="soft">Save a card or a bank account and your next payment takes one click.</p>${
        add
      }</section>`
    : html`<ul class="rows methods sheet">${data.methods.map((each) => row(shell, each))}</ul>`
}
${
  data.schedules &&
  html`<p><a href="${data.schedules.url}">Scheduled payments (${data.schedules.count})</a></p>`
}
${data.autopayUrl && html`<p><a href="${data.autopayUrl}">Autopay: have your invoices paid by themselves</a></p>`}
<p class="fine">${icons.lock}<span>Numbers are kept by our payment provider. We only see the last four
  digits.</span></p>`,
  });
}

function row(shell: PortalShell, each: ListedMethod): Html {
  const standing = standings[each.standing];
  return html`<li class="row"><span class="tile">${methodIcon(each.kind)}</span><div class="what"><strong>${methodName(
    each,
  )}</strong>
    <span class="soft">${
      each.expiry ? html`Expires ${expiryWords(each.expiry)}` : 'Bank account'
    }</span></div>
  <div class="when">${each.isDefault && badge('plain', 'Default')}${standing && badge(standing[0], standing[1])}${
    each.usedByAutopay && badge('good', 'Autopay')
  }</div>
  <div class="act">${each.signUrl && html`<a href="${each.signUrl}">Sign now</a>`}${
    each.copyUrl && html`<a href="${each.copyUrl}">Signed copy</a>`
  }${
    each.defaultAction &&
    form(
      shell,
      { action: each.defaultAction },
      html`<button class="plain-button">Make default<span class="unseen">: ${methodName(each)}</span></button>`,
    )
  }${
    each.removeUrl
      ? html`<a href="${each.removeUrl}">Remove<span class="unseen"> ${methodName(each)}</span></a>`
      : each.whyKept && html`<span class="soft">${each.whyKept}</span>`
  }</div></li>`;
}

/** Posts `kind`, `token`, `brand`, `last4` and perhaps `autopay`. */
export type AddMethodPage = {
  action: string;
  idempotencyKey: string;
  slots: FieldSlot[];
  chosen?: FieldSlot['kind'];
  autopay?: { words: string };
  /** Missing for someone who came by a link instead of signing in. */
  backUrl?: string;
  form?: FormState;
};

const kindWords = { card: 'Card', bank_account: 'Bank account' };

export function addMethodPage(shell: PortalShell, data: AddMethodPage): Html {
  const chosen = data.slots.find((slot) => slot.kind === data.chosen) ?? data.slots[0];
  return page(shell, {
    title: 'Add a payment method',
    ...(shell.signedIn ? { section: 'methods' as const } : {}),
    width: 'narrow',
    failed: hasErrors(data.form),
    body: html`${pageHead(
      'Add a payment method',
      html`Saved for your payments to ${shell.organization.name}.`,
      data.backUrl && backLink(data.backUrl, 'Payment methods'),
    )}${errorSummary(data.form)}
<div class="sheet box">${form(
      shell,
      { action: data.action, class: 'pay', pay: true },
      html`${hidden('idempotency_key', data.idempotencyKey)}${['token', 'brand', 'last4'].map((name) =>
        hidden(name, ''),
      )}
<fieldset class="choices"><legend>What would you like to add?</legend>${data.slots.map((slot) =>
        slotChoice(slot, slot === chosen),
      )}</fieldset>
<noscript><p class="notice warn"><span>The details are entered in our payment provider’s own secure fields,
  which need JavaScript.
Please switch it on to continue.</span></p></noscript>
<p class="for-bank soft">You sign for a bank account on the next page.</p>
${data.autopay && autopayTick(data.autopay, data.form)}
<p class="error" data-pay-error role="alert"></p>${submit('Save payment method', 'primary', 'Saving…')}
<p class="fine">${icons.lock}<span>Encrypted. Nothing is charged now.</span></p>`,
    )}</div>`,
  });
}

const slotChoice = (slot: FieldSlot, checked: boolean): Html => html`<div class="choice"><input ${attributes({
  type: 'radio',
  name: 'kind',
  id: `m-${slot.kind}`,
  value: slot.kind,
  checked,
  required: true,
  'data-kind': slot.kind,
  'data-new': true,
})}><label for="m-${slot.kind}">${methodIcon(slot.kind)}<span><strong>${
  kindWords[slot.kind]
}</strong></span></label>
<div class="slot">${fieldFrame(slot)}</div></div>`;

export type RemoveMethodPage = { method: MethodFace; action: string; backUrl: string; message?: string };

export function removeMethodPage(shell: PortalShell, data: RemoveMethodPage): Html {
  const refused: Content = data.message && notice({ tone: 'bad', body: data.message });
  return page(shell, {
    title: 'Remove payment method',
    section: 'methods',
    width: 'narrow',
    body: html`${pageHead(
      'Remove this payment method?',
      undefined,
      backLink(data.backUrl, 'Payment methods'),
    )}${refused}
<div class="sheet box"><div class="method-line"><span class="tile">${methodIcon(
      data.method.kind,
    )}</span><strong>${methodName(data.method)}</strong></div>
<p>You can’t pay with it any more unless you add it again. Payments that are already on their way are not
  affected.</p>
${form(
  shell,
  { action: data.action, class: 'actions' },
  html`${submit('Remove', 'danger', 'Removing…')}${linkButton(data.backUrl, 'Keep it', 'quiet')}`,
)}</div>`,
  });
}
