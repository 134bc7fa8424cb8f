import type { Html } from '#ui/html.ts';
import { attributes, html } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { errorSummary, form, hasErrors, submit } from '#web/portal/views/form-parts.ts';
import { page } from '#web/portal/views/layout.ts';
import { backLink, linkButton, pageHead } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** Posts `reason`. */
export type DisputePage = { number: string; action: string; backUrl: string; form?: FormState };

export function disputePage(shell: PortalShell, data: DisputePage): Html {
  const error = data.form?.errors?.reason;
  const { name } = shell.organization;
  return page(shell, {
    title: `Something is wrong with invoice ${data.number}`,
    ...(shell.signedIn ? { section: 'invoices' } : {}),
    width: 'narrow',
    failed: hasErrors(data.form),
    body: html`${pageHead(
      'What is wrong?',
      `Tell ${name} what you object to in invoice ${data.number}. You get no reminders for it until it is settled.`,
      backLink(data.backUrl, `Invoice ${data.number}`),
    )}${errorSummary(data.form)}
<section class="sheet box">${form(
      shell,
      { action: data.action },
      html`<div class="field"><label for="f-reason">What you object to</label>
  <p class="hint" id="f-reason-hint">For instance an amount, an hour or an item that is not right.</p>
  <textarea ${attributes({
    id: 'f-reason',
    name: 'reason',
    rows: 6,
    maxlength: 2000,
    required: true,
    'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': `f-reason-hint${error ? ' f-reason-error' : ''}`,
  })}>${data.form?.values?.reason}</textarea>${
    error && html`<p class="error" id="f-reason-error">${error}</p>`
  }</div>
  <div class="actions">${submit('Send')}${linkButton(data.backUrl, 'Cancel', 'quiet')}</div>`,
    )}</section>`,
  });
}
