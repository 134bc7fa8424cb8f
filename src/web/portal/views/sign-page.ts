import type { Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { errorSummary, field, form, hasErrors, hidden, submit, tick } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import type { MethodFace } from '#web/portal/views/parts.ts';
import { backLink, linkButton, methodIcon, methodName, pageHead } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';
import { doorPage } from '#web/portal/views/sign-in-pages.ts';

/** Posts `name`, `drawing` (a PNG, or nothing: the typed name signs), `email`, `agree`, `text_hash`. */
export type SignPage = {
  method: MethodFace;
  text: string;
  textHash: string;
  action: string;
  email?: string;
  /** Missing for someone who came by a link instead of signing in. */
  backUrl?: string;
  form?: FormState;
};

export const signPage = (shell: PortalShell, data: SignPage): Html =>
  page(shell, {
    title: 'Sign the authorization',
    ...(shell.signedIn ? { section: 'methods' as const } : {}),
    width: 'narrow',
    failed: hasErrors(data.form),
    body: html`${pageHead(
      'Sign the authorization',
      html`Your bank account can be used once you have signed for it.`,
      data.backUrl && backLink(data.backUrl, 'Payment methods'),
    )}${errorSummary(data.form)}
<div class="sheet box"><div class="method-line"><span class="tile">${methodIcon(
      data.method.kind,
    )}</span><strong>${methodName(data.method)}</strong></div>
<blockquote>${data.text}</blockquote>
${form(
  shell,
  { action: data.action },
  html`${hidden('text_hash', data.textHash)}${hidden('drawing', '')}${field(
    {
      name: 'name',
      label: 'Your full name',
      hint: 'Typing it signs the authorization.',
      autocomplete: 'name',
      maxlength: 120,
    },
    data.form,
  )}
<div class="pad" data-pad hidden><p class="pad-head"><span>Or sign by hand <span class="soft">optional</span></span>
  <button type="button" class="plain-button" data-clear>Clear</button></p>
<canvas width="640" height="200" role="img" aria-label="Drawing area for a signature"></canvas></div>
${field(
  {
    name: 'email',
    label: 'Email for your signed copy',
    type: 'email',
    autocomplete: 'email',
    ...(data.email ? { value: data.email } : {}),
  },
  data.form,
)}
${tick(
  {
    name: 'agree',
    label:
      'I am entitled to sign for this account, and I agree to sign and to receive my copy electronically. ' +
      'On request I get it on paper.',
    required: true,
  },
  data.form,
)}
${submit('Sign', 'primary', 'Signing…')}
<p class="fine">${icons.lock}<span>We keep the words above with your name, the time and your internet address as
  proof. Nothing is charged now.</span></p>`,
)}</div>`,
  });

/** For someone who signed by a link. */
export const signedPage = (shell: PortalShell, data: { copyUrl: string }): Html =>
  doorPage(shell, {
    title: 'Thank you, it is signed',
    seal: ['good', icons.check],
    lead: html`<p>${shell.organization.name} can use your bank account for what you agreed to. Your copy is on its
      way by email.</p>`,
    body: linkButton(data.copyUrl, 'Download your copy', 'primary'),
    below: 'You can close this page.',
  });

/** For someone who added a card by a link. */
export const methodAddedPage = (shell: PortalShell): Html =>
  doorPage(shell, {
    title: 'Thank you, it is saved',
    seal: ['good', icons.check],
    lead: html`<p>${shell.organization.name} can use it for payments that you agree to. Nothing was charged.</p>`,
    below: 'You can close this page.',
  });
