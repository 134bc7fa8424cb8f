import { sha256 } from '#lib/secrets.ts';
import type { Content, Html } from '#ui/html.ts';
import { attributes, html } from '#ui/html.ts';
import { icons } from '#web/portal/views/icons.ts';
import type { Variant } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** What was typed and what was wrong with it, when a form comes back; fields are named as posted. */
export type FormState = {
  values?: Record<string, string>;
  /** Field → a sentence with the remedy. */
  errors?: Record<string, string>;
  /** What is wrong with the form as a whole. */
  message?: string;
};

export const hasErrors = (form: FormState | undefined): boolean =>
  form?.message !== undefined || Object.keys(form?.errors ?? {}).length > 0;

export type FormOptions = {
  action: string;
  method?: 'post' | 'get';
  id?: string;
  class?: string;
  pay?: boolean;
  /** Files are sent along. */
  files?: boolean;
};

/** Every posted form carries the session's token, and a second click on its button does nothing. */
export const form = (shell: PortalShell, options: FormOptions, body: Content): Html =>
  html`<form ${attributes({
    method: options.method ?? 'post',
    action: options.action,
    id: options.id,
    class: options.class,
    enctype: options.files ? 'multipart/form-data' : undefined,
    'data-once': options.method !== 'get',
    'data-pay': options.pay ?? false,
  })}>${options.method !== 'get' && html`<input type="hidden" name="csrf" value="${shell.csrf}">`}${
    body
  }</form>`;

export const hidden = (name: string, value: string): Html =>
  html`<input type="hidden" name="${name}" value="${value}">`;

const fieldId = (name: string): string => `f-${name.replace(/[^a-zA-Z0-9_-]/g, '-')}`;

/** Focused when the page opens, with a link to each field at fault. */
export function errorSummary(state: FormState | undefined): Content {
  if (!hasErrors(state)) return undefined;
  const list = Object.entries(state?.errors ?? {});
  return html`<div class="notice bad faults" role="alert" tabindex="-1" autofocus>${icons.alert}<div>
    <strong>${state?.message ?? 'Please check what is marked below.'}</strong>
    ${
      list.length > 0 &&
      html`<ul>${list.map(([name, text]) => html`<li><a href="#${fieldId(name)}">${text}</a></li>`)}</ul>`
    }
  </div></div>`;
}

export type Field = {
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password' | 'tel';
  value?: string;
  hint?: Content;
  optional?: boolean;
  autocomplete?: string;
  inputmode?: 'decimal' | 'numeric';
  maxlength?: number;
  minlength?: number;
};

const describedBy = (name: string, hint: Content, error: string | undefined): string | undefined =>
  [hint && `${fieldId(name)}-hint`, error && `${fieldId(name)}-error`].filter(Boolean).join(' ') || undefined;

const errorLine = (name: string, error: string | undefined): Content =>
  error && html`<p class="error" id="${fieldId(name)}-error">${error}</p>`;

const hintLine = (name: string, hint: Content): Content =>
  hint && html`<p class="hint" id="${fieldId(name)}-hint">${hint}</p>`;

export function field(each: Field, state?: FormState): Html {
  const error = state?.errors?.[each.name];
  const secret = each.type === 'password';
  const input = html`<input ${attributes({
    id: fieldId(each.name),
    name: each.name,
    type: each.type ?? 'text',
    value: secret ? undefined : (state?.values?.[each.name] ?? each.value),
    autocomplete: each.autocomplete,
    inputmode: each.inputmode,
    maxlength: each.maxlength ?? 200,
    minlength: each.minlength,
    required: !each.optional,
    'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': describedBy(each.name, each.hint, error),
    autocapitalize: each.type === 'email' || secret ? 'none' : undefined,
    spellcheck: each.type === 'email' || secret ? 'false' : undefined,
  })}>`;
  return html`<div class="field"><label for="${fieldId(each.name)}">${each.label}${
    each.optional && html` <span class="soft">optional</span>`
  }</label>${hintLine(each.name, each.hint)}${
    secret
      ? html`<div class="secret">${input}<button type="button" data-reveal hidden aria-controls="${fieldId(
          each.name,
        )}"
          aria-pressed="false">Show<span class="unseen"> password</span></button></div>`
      : input
  }${errorLine(each.name, error)}</div>`;
}

export type Area = { name: string; label: string; rows: number; maxlength: number; hint?: Content };

/** Several lines of words. */
export function textArea(each: Area, state?: FormState): Html {
  const error = state?.errors?.[each.name];
  const id = fieldId(each.name);
  return html`<div class="field"><label for="${id}">${each.label}</label>${hintLine(each.name, each.hint)}
<textarea ${attributes({
    id,
    name: each.name,
    rows: each.rows,
    maxlength: each.maxlength,
    required: true,
    'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': describedBy(each.name, each.hint, error),
  })}>${state?.values?.[each.name]}</textarea>${errorLine(each.name, error)}</div>`;
}

/** Files from the reader's own device; what is refused has to be chosen anew. */
export function filesField(hint: Content, state?: FormState): Html {
  const error = state?.errors?.files;
  return html`<div class="field"><label for="f-files">Files <span class="soft">optional</span></label>${hintLine(
    'files',
    hint,
  )}<input ${attributes({
    id: 'f-files',
    name: 'files',
    type: 'file',
    multiple: true,
    'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': describedBy('files', hint, error),
  })}>${errorLine('files', error)}</div>`;
}

export type Tick = {
  name: string;
  value?: string;
  label: Content;
  checked?: boolean;
  required?: boolean;
  must?: string;
};

/** `must` names what is missing when a form that runs script is sent without the tick. */
export function tick(each: Tick, state?: FormState): Html {
  const error = state?.errors?.[each.name];
  const id = fieldId(each.name);
  return html`<div class="tick"><input ${attributes({
    type: 'checkbox',
    id,
    name: each.name,
    value: each.value ?? 'yes',
    checked: state?.values ? state.values[each.name] === (each.value ?? 'yes') : (each.checked ?? false),
    required: each.required ?? false,
    'data-must': each.must,
    'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': each.must || error ? `${id}-error` : undefined,
  })}><label for="${id}">${each.label}</label>${
    (each.must || error) && html`<p class="error" id="${id}-error">${error}</p>`
  }</div>`;
}

export const submit = (words: Content, variant: Variant = 'primary', busy?: string): Html =>
  html`<button class="button ${variant}" ${attributes({ 'data-busy': busy })}>${words}</button>`;

/** The box that enables autopay; the words that it was ticked under are sent along. */
export const autopayTick = (autopay: { words: string }, form: FormState | undefined): Html =>
  html`${tick({ name: 'autopay', label: autopay.words }, form)}${hidden('autopay_words', sha256(autopay.words))}`;
