import type { CalendarDate } from '#lib/dates.ts';
import type { Html } from '#ui/html.ts';
import { attributes, html } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { errorSummary, field, form, hasErrors, hidden, submit, tick } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import type { MethodFace, Tone, Writer } from '#web/portal/views/parts.ts';
import {
  backLink,
  badge,
  facts,
  linkButton,
  methodIcon,
  methodName,
  notice,
  pageHead,
  writerOf,
} from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

export type PlanFace = {
  id: string;
  url: string;
  state:
    | 'offered'
    | 'requested'
    | 'approved'
    | 'active'
    | 'completed'
    | 'defaulted'
    | 'cancelled'
    | 'rejected'
    | 'withdrawn';
  currency: string;
  total: bigint;
  rest: bigint;
  createdOn: CalendarDate;
};

const states: Record<PlanFace['state'], [Tone, string]> = {
  offered: ['warn', 'Waits for you'],
  requested: ['plain', 'Asked for'],
  approved: ['plain', 'Starting'],
  active: ['good', 'Running'],
  completed: ['good', 'Paid off'],
  defaulted: ['bad', 'Ended: payments missed'],
  cancelled: ['plain', 'Ended'],
  rejected: ['plain', 'Not agreed to'],
  withdrawn: ['plain', 'Taken back'],
};

export const plansPage = (
  shell: PortalShell,
  data: { plans: readonly PlanFace[]; backUrl: string; requestUrl?: string },
): Html => {
  const write = writerOf(shell);
  return page(shell, {
    title: 'Payment plans',
    section: 'invoices',
    width: 'middle',
    body: html`<div class="head-row">${pageHead('Payment plans', undefined, backLink(data.backUrl, 'Open invoices'))}${
      data.requestUrl && linkButton(data.requestUrl, 'Ask for a plan', 'quiet')
    }</div>
${
  data.plans.length === 0
    ? html`<p class="sheet box soft">You have no payment plans.</p>`
    : html`<ul class="rows past sheet">${data.plans.map(
        (each) =>
          html`<li class="row"><div class="what"><a class="number" href="${each.url}">Plan of ${write.day(
            each.createdOn,
          )}</a></div><div class="when">${badge(...states[each.state])}</div><div class="sum">${write.money(
            each.total,
            each.currency,
          )}</div></li>`,
      )}</ul>`
}`,
  });
};

type Signed = { text: string; hash: string; action: string; words: string };

export type PlanPage = PlanFace & {
  backUrl: string;
  downPayment: bigint;
  reason: string;
  numbers: readonly string[];
  method?: MethodFace;
  installments: readonly {
    number: number;
    dueOn: CalendarDate;
    amount: bigint;
    state: 'due' | 'charging' | 'paid' | 'missed' | 'dropped';
  }[];
  /** The words that were signed last, to keep. */
  agreement?: string;
  copyUrl?: string;
  payOffUrl?: string;
  withdrawUrl?: string;
  /** For an offer, or to go on with another method: among which to choose. */
  methods: readonly (MethodFace & { id: string; checked: boolean })[];
  chooseUrl?: string;
  /** What is to be signed now. */
  sign?: Signed & { methodId?: string; name: string; email: string };
  addMethodUrl: string;
  form?: FormState;
};

export function planPage(shell: PortalShell, data: PlanPage): Html {
  const write = writerOf(shell);
  const paid = data.total - data.rest;
  const runs = data.state === 'active' || data.state === 'completed';
  return page(shell, {
    title: 'Payment plan',
    section: 'invoices',
    width: 'middle',
    failed: hasErrors(data.form),
    body: html`<div class="head-row">${pageHead('Payment plan', undefined, backLink(data.backUrl, 'Payment plans'))}${badge(
      ...states[data.state],
    )}</div>${errorSummary(data.form)}
${data.reason && notice({ tone: data.state === 'defaulted' ? 'bad' : 'warn', body: data.reason })}
<div class="sheet box">
${
  runs &&
  html`<p><strong>${write.money(paid, data.currency)}</strong> of ${write.money(data.total, data.currency)} is paid or on
  its way.</p><progress ${attributes({ max: String(data.total), value: String(paid), 'aria-label': 'Paid so far' })}></progress>`
}
${facts([
  ['Invoices', data.numbers.join(', ')],
  data.method && ['Charged to', methodName(data.method)],
  ['Down payment', write.money(data.downPayment, data.currency)],
])}
${dates(data, write)}
<p class="buttons">${data.payOffUrl && linkButton(data.payOffUrl, 'Pay the rest now', 'quiet')}${
      data.copyUrl && linkButton(data.copyUrl, html`${icons.file}Your signed copy`, 'quiet')
    }</p></div>
${choose(data)}${sign(shell, data)}${
  data.withdrawUrl &&
  form(
    shell,
    { action: data.withdrawUrl },
    html`<p>${submit(data.state === 'offered' ? 'Turn this offer down' : 'Take this request back', 'quiet')}</p>`,
  )
}`,
  });
}

const installmentWords: Record<PlanPage['installments'][number]['state'], [Tone, string]> = {
  due: ['plain', 'To come'],
  charging: ['plain', 'On its way'],
  paid: ['good', 'Paid'],
  missed: ['bad', 'Missed'],
  dropped: ['plain', 'Not needed'],
};

const dates = (data: PlanPage, write: Writer): Html =>
  html`<ul class="rows plan-dates">${data.installments.map(
    (each) =>
      html`<li class="row"><div class="what">${write.day(each.dueOn)}</div><div class="when">${badge(
        ...installmentWords[each.state],
      )}</div><div class="sum">${write.money(each.amount, data.currency)}</div></li>`,
  )}</ul>`;

/** Choosing is a link of its own kind: the words that are signed name the method. */
const choose = (data: PlanPage): Html | undefined =>
  data.chooseUrl === undefined
    ? undefined
    : data.methods.length === 0
      ? html`<div class="sheet box"><p>A plan is charged to a card or bank account that you have saved.</p>${linkButton(
          data.addMethodUrl,
          'Add a payment method',
        )}</div>`
      : html`<form class="sheet box" method="get" action="${data.chooseUrl}"><fieldset class="choices"><legend>${
          data.state === 'offered' ? 'Charge it to' : 'Go on with another payment method'
        }</legend>${data.methods.map(
          (each) =>
            html`<div class="tick"><input ${attributes({
              type: 'radio',
              id: `f-${each.id}`,
              name: 'method',
              value: each.id,
              checked: each.checked,
            })}><label for="f-${each.id}">${methodIcon(each.kind)}${methodName(each)}</label></div>`,
        )}</fieldset><button class="button quiet">Read what I agree to</button></form>`;

const sign = (shell: PortalShell, data: PlanPage): Html | undefined =>
  data.sign &&
  html`<div class="sheet box" id="sign"><h2>Read and sign</h2><blockquote>${data.sign.text}</blockquote>${form(
    shell,
    { action: data.sign.action },
    html`${hidden('text_hash', data.sign.hash)}${data.sign.methodId && hidden('method', data.sign.methodId)}${field(
      {
        name: 'name',
        label: 'Your full name',
        hint: 'Typing it signs.',
        autocomplete: 'name',
        maxlength: 120,
      },
      data.form,
    )}${field(
      {
        name: 'email',
        label: 'Email for your copy',
        type: 'email',
        autocomplete: 'email',
        value: data.sign.email,
      },
      data.form,
    )}${tick(
      {
        name: 'agree',
        label:
          'I agree, and I agree to sign and to receive my copy electronically. On request I get it on paper.',
        required: true,
      },
      data.form,
    )}${submit(data.sign.words, 'primary', 'Signing…')}`,
  )}</div>`;
