import type { Content, Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import { form, hidden, submit } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { linkButton } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';
import { doorPage } from '#web/portal/views/sign-in-pages.ts';

/** Why a link from a mail no longer opens what it was for. */
export type LinkProblemPage = {
  problem: 'expired' | 'used' | 'foreign' | 'revoked' | 'unknown';
  purpose:
    | 'invoice'
    | 'statement'
    | 'payment_page'
    | 'estimate'
    | 'invitation'
    | 'confirmation'
    | 'password'
    | 'login_email'
    | 'payment_method'
    | 'question';
  /** Posts `token`; sends a fresh link to the address that the old one was sent to. */
  renew?: { action: string; token: string };
  signInUrl?: string;
};

const heads: Record<LinkProblemPage['problem'], string> = {
  expired: 'This link has expired',
  used: 'This link has already been used',
  foreign: 'This link belongs to another login',
  revoked: 'This link was withdrawn',
  unknown: 'This link does not work',
};

const remedies: Record<LinkProblemPage['problem'], (name: string) => string> = {
  expired: () => 'Links stop working after a while to keep your data safe.',
  used: () => 'It opens one time only. If that was you, all is well: just sign in.',
  foreign: () =>
    'You are signed in with another email address than the one it was sent to. Sign out, then open it again.',
  revoked: (name) =>
    `${name} has switched it off, usually because a newer one was sent. Please open the latest email.`,
  unknown: () =>
    'It may have been cut off on its way. Please open it from the email itself, or copy all of it.',
};

export function linkProblemPage(shell: PortalShell, data: LinkProblemPage): Html {
  const ask =
    data.purpose === 'login_email'
      ? 'You can ask for a new one in your profile, under “Change email”.'
      : html`Still stuck? ${shell.organization.name} can send you a new link, or see
          <a href="/portal/trouble">help with signing in</a>.`;
  return doorPage(shell, {
    title: heads[data.problem],
    seal: ['warn', icons.clock],
    lead: html`<p>${remedies[data.problem](shell.organization.name)}</p>`,
    body: html`<div class="actions">${
      data.renew &&
      form(
        shell,
        { action: data.renew.action },
        html`${hidden('token', data.renew.token)}${submit('Email me a new link', 'primary', 'Sending…')}`,
      )
    }${data.signInUrl && linkButton(data.signInUrl, 'Sign in', data.renew ? 'quiet' : 'primary')}</div>`,
    below: ask,
  });
}

/** A new link was asked for; the answer never says to which address. */
export const linkSentPage = (shell: PortalShell): Html =>
  doorPage(shell, {
    title: 'A new link is on its way',
    seal: ['plain', icons.mail],
    lead: html`<p>We sent it to the address that the old one went to. Please look in your inbox, and in
      spam.</p>`,
  });

export type ErrorPage = {
  status: 403 | 404 | 405 | 409 | 413 | 429 | 500 | 503;
  /** For the one who helps: `req_…`. */
  requestId: string;
  /** What a refusal says, in place of our general words. */
  message?: string;
  homeUrl?: string;
};

const errors: Record<ErrorPage['status'], [title: string, words: Content]> = {
  403: [
    'You can’t open this page',
    'It belongs to another login, or the page you came from was open for too long. Please go back and try again.',
  ],
  404: ['We can’t find this page', 'The address may be mistyped, or what was here has moved.'],
  405: ['That does not work here', 'Please go back and use the buttons on the page.'],
  409: [
    'This has changed in the meantime',
    'Please go back to your invoices: they show how things stand now.',
  ],
  413: ['That is too large', 'Please go back and send less.'],
  429: [
    'One moment, please',
    'There were many requests in a short time. Please wait a minute and try again. Nothing was charged twice.',
  ],
  500: [
    'Something went wrong on our side',
    'It is recorded and we will look at it. If you were paying, please look at your history before you try again.',
  ],
  503: ['We’ll be right back', 'The portal is being updated. Please try again in a few minutes.'],
};

export function errorPage(shell: PortalShell, data: ErrorPage): Html {
  const [title, words] = errors[data.status];
  return doorPage(shell, {
    title,
    seal: [data.status >= 500 ? 'bad' : 'warn', icons.alert],
    lead: html`<p>${data.message ?? words}</p>`,
    body: data.homeUrl && linkButton(data.homeUrl, 'Back to invoices', 'primary'),
    below: html`<span class="soft">Reference <span class="num">${data.requestId}</span></span>`,
  });
}
