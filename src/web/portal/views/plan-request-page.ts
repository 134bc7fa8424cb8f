import type { CalendarDate } from '#lib/dates.ts';
import { decimalMark } from '#lib/money.ts';
import type { Html } from '#ui/html.ts';
import { attributes, html } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { errorSummary, field, form, hasErrors, hidden, submit, tick } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import type { MethodFace } from '#web/portal/views/parts.ts';
import { backLink, linkButton, methodIcon, methodName, pageHead, writerOf } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

export type PlanPreview = {
  currency: string;
  total: bigint;
  downPayment: bigint;
  installments: readonly { dueOn: CalendarDate; amount: bigint }[];
  /** What is signed; missing while the method is not chosen. */
  agreement?: { text: string; hash: string };
};

export type PlanInvoiceChoice = {
  id: string;
  number: string;
  dueOn: CalendarDate;
  balanceDue: bigint;
  currency: string;
  checked: boolean;
};

export type PlanRequestPage = {
  action: string;
  previewUrl: string;
  backUrl: string;
  methodsUrl: string;
  invoices: readonly PlanInvoiceChoice[];
  methods: readonly (MethodFace & { id: string; checked: boolean })[];
  limits: { leastDownPercent: string; maxInstallments: number };
  email: string;
  preview?: PlanPreview;
  form?: FormState;
};

const rhythms = [
  ['weekly', 'Every week'],
  ['every_two_weeks', 'Every two weeks'],
  ['monthly', 'Every month'],
] as const;

/** Posts `invoice`s, `down_payment`, `cadence`, `installments`, `first_on`, `method`, `note`, a signature. */
export const planRequestPage = (shell: PortalShell, data: PlanRequestPage): Html =>
  page(shell, {
    title: 'Pay in parts',
    section: 'invoices',
    width: 'middle',
    failed: hasErrors(data.form),
    body: html`${pageHead(
      'Pay in parts',
      html`Say how, see every date and amount, and ask ${shell.organization.name}. Nothing is charged before they
      agree.`,
      backLink(data.backUrl, 'Open invoices'),
    )}${errorSummary(data.form)}${blocked(data) ?? request(shell, data)}`,
  });

function blocked(data: PlanRequestPage): Html | undefined {
  if (data.invoices.length === 0)
    return html`<div class="sheet box"><p>There is no open invoice that a plan could be made for. Invoices that a plan
      covers already, or that a payment is on its way for, are left out.</p></div>`;
  if (data.methods.length === 0)
    return html`<div class="sheet box"><p>A plan is charged to a card or bank account that you have saved. Please add one
      first; nothing is charged by that.</p>${linkButton(data.methodsUrl, 'Add a payment method')}</div>`;
  return undefined;
}

const request = (shell: PortalShell, data: PlanRequestPage): Html =>
  form(
    shell,
    { action: data.action, class: 'plan-form' },
    html`<div class="sheet box" data-plan ${attributes({ 'data-url': data.previewUrl })}>
${choices(shell, data)}${terms(shell, data)}${methods(data)}
${field({ name: 'note', label: 'A word to them', optional: true, maxlength: 1000 }, data.form)}
<p data-plain><button class="button quiet" name="do" value="preview" formnovalidate>Show dates and amounts</button></p>
</div>
<div data-preview aria-live="polite">${data.preview && planPreview(shell, data.preview)}</div>
<div class="sheet box"><h2>Sign and ask</h2>
${field(
  {
    name: 'name',
    label: 'Your full name',
    hint: 'Typing it signs the plan above.',
    autocomplete: 'name',
    maxlength: 120,
  },
  data.form,
)}
${field(
  { name: 'email', label: 'Email for your copy', type: 'email', autocomplete: 'email', value: data.email },
  data.form,
)}
${tick(
  {
    name: 'agree',
    label:
      'I agree to the plan above, and to sign and to receive my copy electronically. On request I get it on paper.',
    required: true,
  },
  data.form,
)}
${submit('Sign and ask for this plan', 'primary', 'Asking…')}
<p class="fine">${icons.lock}<span>We keep the words above with your name, the time and your internet address as proof.
  Nothing is charged now.</span></p></div>`,
  );

function choices(shell: PortalShell, data: PlanRequestPage): Html {
  const write = writerOf(shell);
  return html`<fieldset class="choices"><legend>Which invoices</legend>${data.invoices.map(
    (each) => html`<div class="tick"><input ${attributes({
      type: 'checkbox',
      id: `f-${each.id}`,
      name: 'invoice',
      value: each.id,
      checked: each.checked,
    })}><label for="f-${each.id}">Invoice ${each.number} <span class="soft">due ${write.date(each.dueOn)}</span>
      <strong>${write.money(each.balanceDue, each.currency)}</strong></label></div>`,
  )}${data.form?.errors?.invoice_ids && html`<p class="error" id="f-invoice_ids">${data.form.errors.invoice_ids}</p>`}
</fieldset>`;
}

function terms(shell: PortalShell, data: PlanRequestPage): Html {
  const { values = {}, errors = {} } = data.form ?? {};
  const chosen = values.cadence ?? 'monthly';
  const error = errors.first_on;
  return html`${field(
    {
      name: 'down_payment',
      label: 'Down payment',
      inputmode: 'decimal',
      hint: html`At least ${data.limits.leastDownPercent} % of what you owe, such as 100${decimalMark(
        shell.organization.locale,
      )}00.`,
      maxlength: 20,
      autocomplete: 'off',
    },
    data.form,
  )}
<fieldset class="choices"><legend>Then</legend>${rhythms.map(
    ([value, words]) =>
      html`<div class="tick"><input ${attributes({
        type: 'radio',
        id: `f-cadence-${value}`,
        name: 'cadence',
        value,
        checked: chosen === value,
      })}><label for="f-cadence-${value}">${words}</label></div>`,
  )}</fieldset>
${field(
  {
    name: 'installments',
    label: 'Number of installments',
    inputmode: 'numeric',
    value: '3',
    hint: `From 1 to ${data.limits.maxInstallments}.`,
    maxlength: 2,
    autocomplete: 'off',
  },
  data.form,
)}
<div class="field"><label for="f-first_on">Day of the first installment</label><input ${attributes({
    id: 'f-first_on',
    name: 'first_on',
    type: 'date',
    required: true,
    value: values.first_on,
    'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': error ? 'f-first_on-error' : undefined,
  })}>${error && html`<p class="error" id="f-first_on-error">${error}</p>`}</div>`;
}

const methods = (data: PlanRequestPage): Html =>
  html`<fieldset class="choices"><legend>Charged to</legend>${data.methods.map(
    (each) =>
      html`<div class="tick"><input ${attributes({
        type: 'radio',
        id: `f-${each.id}`,
        name: 'method',
        value: each.id,
        checked: each.checked,
      })}><label for="f-${each.id}">${methodIcon(each.kind)}${methodName(each)}</label></div>`,
  )}</fieldset>`;

/** Every date and amount, and the words: the part of the page that the script asks for anew. */
export function planPreview(shell: PortalShell, data: PlanPreview): Html {
  const write = writerOf(shell);
  return html`<section class="sheet box" aria-labelledby="plan-title"><h2 id="plan-title">Your plan</h2>
<ul class="rows plan-dates">
<li class="row"><div class="what">Down payment <span class="soft">once ${shell.organization.name} agrees</span></div>
  <div class="sum">${write.money(data.downPayment, data.currency)}</div></li>
${data.installments.map(
  ({ dueOn, amount }) =>
    html`<li class="row"><div class="what">${write.day(dueOn)}</div><div class="sum">${write.money(
      amount,
      data.currency,
    )}</div></li>`,
)}
<li class="row"><div class="what"><strong>Total</strong></div><div class="sum"><strong>${write.money(
    data.total,
    data.currency,
  )}</strong></div></li></ul>
${data.agreement && html`<blockquote>${data.agreement.text}</blockquote>${hidden('text_hash', data.agreement.hash)}`}
</section>`;
}

/** Instead of a preview: what has to be put right first. */
export const planFaults = (messages: readonly string[]): Html =>
  html`<div class="notice warn">${icons.alert}<div>${messages.map((words) => html`<p>${words}</p>`)}</div></div>`;
