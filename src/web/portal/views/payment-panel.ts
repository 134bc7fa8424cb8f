import type { Html } from '#ui/html.ts';
import { attributes, checkUrl, html } from '#ui/html.ts';
import { costAgreement, costNote, costTag, type ShownCost } from '#web/portal/views/fee-parts.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { autopayTick, form, hidden, tick } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import type { MethodFace, Writer } from '#web/portal/views/parts.ts';
import { expiryWords, methodIcon, methodName, writerOf } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

export type StoredMethod = MethodFace & {
  id: string;
  /** What paying with it costs on top; shown before the choice. */
  cost?: ShownCost;
  /** Why it cannot be used now: `Expired`. */
  unusable?: string;
};

/** A place for the gateway's own fields; card and bank data never touch our pages. */
export type FieldSlot = { kind: 'card' | 'bank_account'; url: string; origin: string; cost?: ShownCost };

/**
 * Posts `method` (the id of a stored one, `card` or `bank_account`), `token` with `brand` and `last4` for
 * a new one, `save`, `autopay`, `authorize`, `shown_total` and `shown_fee` in minor units,
 * `idempotency_key`, and the `fields` it was given.
 */
export type PaymentPanel = {
  action: string;
  idempotencyKey: string;
  currency: string;
  /** What will be paid, before a fee. */
  total: bigint;
  stored: StoredMethod[];
  slots: FieldSlot[];
  /** What the choice of a way to pay costs, in a sentence above them all. */
  feeNotice?: string;
  /** Offer PayPal, where the payer is sent to agree. */
  paypal?: boolean;
  paypalCost?: ShownCost;
  /** The choice that stands when the page opens. */
  chosen?: string;
  /** Offer to store a new method: only to those who are signed in, or by a link that may. */
  mayStore: boolean;
  autopay?: { words: string };
  /** The words of the bank debit authorization; they name amount, payee and date. */
  authorization: string;
  /** What the payer agrees to by paying. */
  terms?: { url: string; words: string };
  fields: [name: string, value: string][];
  form?: FormState;
};

const slotNames = { card: 'New card', bank_account: 'New bank account' };
const slotTitles = { card: 'Card details', bank_account: 'Bank account details' };

const withFee = (panel: PaymentPanel, fee: bigint | undefined): bigint => panel.total + (fee ?? 0n);

/** What is drawn around, and the hand that writes its amounts. */
type Drawing = { panel: PaymentPanel; now: Choice; write: Writer };
type Choice = { value: string; kind: MethodFace['kind'] | 'paypal'; cost: ShownCost | undefined };
type Offered = Choice & { draw: (drawing: Drawing) => Html; usable: boolean };

// No fee of ours is ever added to PayPal.
const paypal: Choice = { value: 'paypal', kind: 'paypal', cost: undefined };

/** Saved methods first; but what is cheaper stands before what costs more. */
function offeredBy(panel: PaymentPanel): Offered[] {
  const offered: Offered[] = [
    ...panel.stored.map((each) => ({
      ...{ value: each.id, kind: each.kind, cost: each.cost, usable: !each.unusable },
      draw: (drawing: Drawing) => storedChoice(each, drawing),
    })),
    ...panel.slots.map((each) => ({
      ...{ value: each.kind, kind: each.kind, cost: each.cost, usable: true },
      draw: (drawing: Drawing) => slotChoice(each, drawing),
    })),
    ...(panel.paypal ? [{ ...paypal, usable: true, draw: paypalChoice }] : []),
  ];
  const rank = ({ cost }: Offered): number => ((cost?.fee ?? 0n) < 0n ? 0 : cost?.fee || cost?.upTo ? 2 : 1);
  return offered.sort((a, b) => rank(a) - rank(b));
}

/** One form: how to pay, what is agreed, and one button that says the amount. */
export function paymentPanel(shell: PortalShell, panel: PaymentPanel): Html {
  const offered = offeredBy(panel);
  const usable = offered.filter((each) => each.usable);
  const now = usable.find((each) => each.value === panel.chosen) ?? usable[0];
  const total = withFee(panel, now?.cost?.fee);
  if (!now)
    return html`<p class="notice warn">${icons.alert}<span>Online payment is not set up yet. Please ask us
      how to pay.</span></p>`;
  const error = panel.form?.errors?.method;
  const drawing: Drawing = { panel, now, write: writerOf(shell) };
  return form(
    shell,
    { action: panel.action, id: 'pay', class: 'pay', pay: true },
    html`${hidden('idempotency_key', panel.idempotencyKey)}${hidden('shown_total', String(total))}${hidden(
      'shown_fee',
      String(now.cost?.fee ?? 0n),
    )}${['token', 'brand', 'last4'].map((name) =>
      hidden(name, ''),
    )}${panel.fields.map(([name, value]) => hidden(name, value))}
<fieldset class="choices"><legend>How would you like to pay?</legend>
${error && html`<p class="error" id="f-method">${error}</p>`}
${panel.feeNotice && html`<p class="fee-notice">${panel.feeNotice}</p>`}
${offered.map((each) => each.draw(drawing))}
</fieldset>
<noscript><p class="notice warn"><span>A new card or bank account is entered in our payment provider’s own
  secure fields,
which need JavaScript. Please switch it on${
      panel.stored.length > 0 && ', or pay with a saved method'
    }.</span></p></noscript>
${
  panel.mayStore &&
  html`<div class="for-new">${tick({ name: 'save', label: 'Save for next time' }, panel.form)}${
    panel.autopay && autopayTick(panel.autopay, panel.form)
  }</div>`
}
${authorizeTick(panel.authorization, panel.form)}
<p class="error" data-pay-error role="alert"></p>
<button class="button primary big" data-busy="Paying…"><span data-pay-label>Pay ${drawing.write.money(
      total,
      panel.currency,
    )}</span></button>
<p class="fine">${icons.lock}<span>Encrypted. ${
      panel.terms &&
      html`By paying you agree to the <a href="${panel.terms.url}" target="_blank">${panel.terms.words}</a>.`
    }</span></p>`,
  );
}

/** Shown while a bank account is chosen; a debit without the payer's permission is returned. */
const authorizeTick = (label: string, state: FormState | undefined): Html => {
  const must = 'Please tick this box: your bank asks for your permission.';
  return html`<div class="for-bank">${tick({ name: 'authorize', label, must }, state)}</div>`;
};

function radio(each: Choice, { panel, now, write }: Drawing, disabled = false): Html {
  return html`<input ${attributes({
    type: 'radio',
    name: 'method',
    id: `m-${each.value}`,
    value: each.value,
    required: true,
    disabled,
    checked: each.value === now.value,
    'data-kind': each.kind,
    'data-new': each.value === each.kind && each.kind !== 'paypal',
    'data-fee': String(each.cost?.fee ?? 0n),
    'data-total': String(withFee(panel, each.cost?.fee)),
    'data-label': write.amount(withFee(panel, each.cost?.fee), panel.currency),
  })}>`;
}

function storedChoice(each: StoredMethod, drawing: Drawing): Html {
  return html`<div class="choice">${radio(
    { value: each.id, kind: each.kind, cost: each.cost },
    drawing,
    Boolean(each.unusable),
  )}
  <label for="m-${each.id}">${methodIcon(each.kind)}<span><strong>${methodName(each)}</strong>${
    each.unusable
      ? html`<span class="soft">${each.unusable}</span>`
      : each.expiry && html`<span class="soft">Expires ${expiryWords(each.expiry)}</span>`
  }${costNote(each.cost)}</span>${costTag(each.cost)}</label>${costAgreement(each.cost)}</div>`;
}

const paypalChoice = (drawing: Drawing): Html =>
  html`<div class="choice">${radio(paypal, drawing)}
  <label for="m-paypal">${icons.next}<span><strong>PayPal</strong><span class="soft">Also Venmo and Pay
  Later. You agree on PayPal’s site and come back.</span></span>${costTag(drawing.panel.paypalCost)}</label></div>`;

function slotChoice(each: FieldSlot, drawing: Drawing): Html {
  return html`<div class="choice">${radio({ value: each.kind, kind: each.kind, cost: each.cost }, drawing)}
  <label for="m-${each.kind}">${methodIcon(each.kind)}<span><strong>${slotNames[each.kind]}</strong>${costNote(
    each.cost,
  )}</span>${costTag(each.cost)}</label>
  <div class="slot">${fieldFrame(each)}</div>${costAgreement(each.cost)}</div>`;
}

/**
 * The gateway's fields, on the gateway's origin; the script speaks with that origin and no other. The
 * script also loads it, so that its first messages are heard and nobody without script meets a dead form.
 */
export const fieldFrame = (each: FieldSlot): Html =>
  html`<iframe ${attributes({
    title: slotTitles[each.kind],
    'data-src': checkUrl(each.url),
    'data-origin': each.origin,
    'data-slot': each.kind,
    allow: 'payment',
  })}></iframe>`;
