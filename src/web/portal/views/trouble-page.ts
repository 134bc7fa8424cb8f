import type { Html } from '#ui/html.ts';
import { html, raw } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { errorSummary, field, form, hasErrors, submit } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import { backLink, linkButton, pageHead } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';
import { doorPage } from '#web/portal/views/sign-in-pages.ts';

const style =
  raw(`.causes details+details{border-top:1px solid var(--hairline)}.causes summary{justify-content:space-between;
padding:.25rem 1.25rem;font-weight:500}.causes summary .icon{color:var(--ink-soft)}.causes [open] summary .icon{rotate:180deg}
.causes details>div{padding:0 1.25rem 1.25rem;display:grid;gap:.75rem}`);

/** Posts `email`; the answer is the same for every address. */
export type TroublePage = { action: string; signInUrl: string; forgotUrl: string; form?: FormState };

type Cause = [words: string, remedy: Html];

/** Every way in which signing in fails, and the way out of it: nothing here depends on who reads it. */
export const troublePage = (shell: PortalShell, data: TroublePage): Html =>
  page(shell, {
    title: 'Trouble signing in?',
    width: 'narrow',
    failed: hasErrors(data.form),
    head: html`<style nonce="${shell.nonce}">${style}</style>`,
    body: html`${pageHead(
      'Trouble signing in?',
      html`You can always pay without signing in: every invoice email has a link that opens its invoice.`,
      backLink(data.signInUrl, 'Sign in'),
    )}${errorSummary(data.form)}
<section class="sheet box"><h2>Let us look</h2>${form(
      shell,
      { action: data.action },
      html`<p class="soft">Tell us your address. If it is known here, an email with the way in that fits comes to it: a
        new password, a fresh invitation, or what stands in the way.</p>${field(
          { name: 'email', label: 'Email', type: 'email', autocomplete: 'username' },
          data.form,
        )}<div class="actions">${submit('Email me what helps', 'primary', 'Sending…')}</div>`,
    )}</section>
<h2>What happens when you try?</h2>
<section class="sheet causes">${causes(shell, data).map(
      ([words, remedy]) =>
        html`<details name="cause"><summary>${words}${icons.down}</summary><div>${remedy}</div></details>`,
    )}</section>`,
  });

function causes(shell: PortalShell, { forgotUrl }: TroublePage): Cause[] {
  const { name } = shell.organization;
  const ask = shell.askUrl ? html`<a href="${shell.askUrl}">Write to ${name}</a>` : html`Ask ${name}`;
  return [
    [
      'I forgot my password',
      html`<p><a href="${forgotUrl}">Choose a new one</a>. Its link works for one hour.</p>`,
    ],
    [
      'It says that email and password do not go together',
      html`<p>Often it is the address: you sign in with the one your invitation came to, which may be an older one,
        or one that your company shares.</p><p>If the address is right, <a href="${forgotUrl}">choose a new
        password</a>.</p>`,
    ],
    [
      'It says that sign-in is paused',
      html`<p>There were too many wrong passwords. It opens by itself at the time shown; a
        <a href="${forgotUrl}">new password</a> opens it at once.</p>`,
    ],
    [
      'My invitation or its link has expired',
      html`<p>Give your address above: if an invitation is open, a fresh link comes to it. Use the newest email; older
        links stop working.</p>`,
    ],
    [
      'No email comes',
      html`<p>Look in spam, and in the mailbox your invoices come to. Company filters may hold it back for some
        minutes.</p><p>${ask}: they see whether it was delivered.</p>`,
    ],
    [
      'I see the wrong business, or not all my invoices',
      html`<p>One login can stand for several customers and businesses: switch in the menu with your name, at the
        top. A business that is missing there has to invite you; open any email of theirs.</p>`,
    ],
    [
      'I am asked for a code or a passkey',
      html`<p>The portal asks for neither. You are at the sign-in for people who work at a business, or your mail
        program asks. Come back by the link in an invoice email.</p>`,
    ],
    [
      'It says that my access has ended',
      html`<p>${name} has ended it, or your record is inactive. Only they can open it again. ${ask}.</p>`,
    ],
    [
      'I no longer have that mailbox',
      html`<p>${ask} from your new address. They check that it is you and change the address on your record; then
        you are invited anew. Nobody changes it by email alone.</p>`,
    ],
  ];
}

/** The same words whether or not the address is known. */
export const helpSentPage = (shell: PortalShell, { signInUrl }: { signInUrl: string }): Html =>
  doorPage(shell, {
    title: 'Help is on its way',
    heading: 'Check your email',
    seal: ['plain', icons.mail],
    lead: html`<p>If that address is known here, an email with what helps comes within a few minutes.</p>
<p>Nothing there? Then it is known by another address: try the one your invoices come to.</p>`,
    body: linkButton(signInUrl, 'Back to sign-in', 'quiet'),
    ...(shell.askUrl ? { below: html`Still no way in? <a href="${shell.askUrl}">Ask a question</a>` } : {}),
  });
