import { attributes, type Content, type Html, html } from '#ui/html.ts';
import {
  errorSummary,
  type FormState,
  field,
  form,
  hasErrors,
  hidden,
  submit,
  tick,
} from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import {
  backLink,
  linkButton,
  type MethodFace,
  methodIcon,
  methodName,
  notice,
  pageHead,
} from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

export type AutopayPage = {
  state: 'on' | 'off' | 'ended';
  /** In sentences: what was agreed, or why it has ended. */
  words: readonly string[];
  method?: MethodFace;
  /** Why the method cannot be charged now. */
  problem?: string;
  nextOn?: string;
  /** Missing where the organization keeps it, or nothing is stored. */
  form?: AutopayForm;
  whyFixed?: Content;
  offAction?: string;
  methodsUrl: string;
};

export type AutopayForm = {
  action: string;
  methods: readonly (MethodFace & { id: string; unusable?: string })[];
  chosen: string;
  whens: readonly { value: string; words: string }[];
  when: string;
  maximum: string;
  currency: string;
  state?: FormState;
};

/** Invoices that are paid by themselves: how it stands, and the way to change it. */
export function autopayPage(shell: PortalShell, data: AutopayPage): Html {
  return page(shell, {
    title: 'Autopay',
    section: 'methods',
    width: 'narrow',
    failed: hasErrors(data.form?.state),
    body: html`${pageHead(
      'Autopay',
      html`Your invoices from ${shell.organization.name}, paid by themselves.`,
      backLink(data.methodsUrl, 'Payment methods'),
    )}${errorSummary(data.form?.state)}
${standing(shell, data)}
${data.form && chooseForm(shell, data.form, data.state)}
${data.whyFixed && html`<p class="soft">${data.whyFixed}</p>`}`,
  });
}

const heads = { on: 'Autopay is on', off: 'Autopay is off', ended: 'Autopay is off' };

function standing(shell: PortalShell, data: AutopayPage): Html {
  return html`<section class="sheet box"><h2>${heads[data.state]}</h2>
${
  data.method &&
  data.state === 'on' &&
  html`<div class="method-line"><span class="tile">${methodIcon(data.method.kind)}</span><strong>${methodName(
    data.method,
  )}</strong></div>`
}
${data.problem && notice({ tone: 'warn', body: data.problem })}
${data.words.map((words) => html`<p>${words}</p>`)}
${data.nextOn && html`<p><strong>Next charge: ${data.nextOn}</strong></p>`}
${
  data.offAction &&
  form(
    shell,
    { action: data.offAction, class: 'actions' },
    html`${submit('Switch autopay off', 'quiet', 'Switching off…')}`,
  )
}</section>`;
}

function chooseForm(shell: PortalShell, data: AutopayForm, state: AutopayPage['state']): Html {
  return html`<section class="sheet box"><h2>${state === 'on' ? 'Change it' : 'Switch it on'}</h2>
${form(
  shell,
  { action: data.action, method: 'get' },
  html`<fieldset class="choices"><legend>Charge</legend>${data.methods.map(
    (each) =>
      html`<div class="choice"><input ${attributes({
        type: 'radio',
        name: 'method',
        id: `m-${each.id}`,
        value: each.id,
        required: true,
        disabled: Boolean(each.unusable),
        checked: each.id === data.chosen && !each.unusable,
      })}><label for="m-${each.id}">${methodIcon(each.kind)}<span><strong>${methodName(each)}</strong>${
        each.unusable && html`<span class="soft">${each.unusable}</span>`
      }</span></label></div>`,
  )}</fieldset>
<fieldset class="choices"><legend>When an invoice is charged</legend>${data.whens.map(
    ({ value, words }) =>
      html`<div class="choice"><input ${attributes({
        type: 'radio',
        name: 'when',
        id: `w-${value}`,
        value,
        required: true,
        checked: value === data.when,
      })}><label for="w-${value}"><span><strong>${words}</strong></span></label></div>`,
  )}</fieldset>
${field(
  {
    name: 'maximum',
    label: `Never more than (${data.currency})`,
    value: data.maximum,
    optional: true,
    inputmode: 'decimal',
    maxlength: 20,
    hint: 'A larger invoice is not charged: you are asked first.',
  },
  data.state,
)}
${submit('Continue', 'primary')}`,
)}</section>`;
}

export type AutopayAgreePage = {
  action: string;
  backUrl: string;
  text: string;
  textHash: string;
  fields: [name: string, value: string][];
  message?: string;
};

/** The words that are agreed to, before anything is switched on. */
export function autopayAgreePage(shell: PortalShell, data: AutopayAgreePage): Html {
  return page(shell, {
    title: 'Agree to autopay',
    section: 'methods',
    width: 'narrow',
    failed: data.message !== undefined,
    body: html`${pageHead(
      'Agree to autopay',
      'Please read what you agree to. You get a copy by email.',
      backLink(data.backUrl, 'Autopay'),
    )}${data.message && notice({ tone: 'bad', body: data.message })}
<div class="sheet box"><p>${data.text}</p>
${form(
  shell,
  { action: data.action },
  html`${hidden('text_hash', data.textHash)}${data.fields.map(([name, value]) => hidden(name, value))}
${tick({ name: 'agree', label: 'I agree', required: true, must: 'Please tick this box to agree.' })}
<div class="actions">${submit('Switch autopay on', 'primary', 'Switching on…')}${linkButton(
    data.backUrl,
    'Not now',
    'quiet',
  )}</div>
<p class="fine">${icons.lock}<span>Nothing is charged now. What you were invoiced before stays as it is.</span></p>`,
)}</div>`,
  });
}
