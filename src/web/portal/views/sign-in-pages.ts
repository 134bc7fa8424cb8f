import type { Content, Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { errorSummary, field, form, hasErrors, hidden, submit } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import type { Tone } from '#web/portal/views/parts.ts';
import { linkButton } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

export type Door = {
  title: string;
  heading?: string;
  lead?: Content;
  failed?: boolean;
  seal?: [Tone, Html];
  above?: Content;
  body?: Content;
  below?: Content;
};

/** One sheet in the middle: the pages before someone is signed in. */
export const doorPage = (shell: PortalShell, each: Door): Html =>
  page(shell, {
    title: each.title,
    width: 'narrow',
    failed: each.failed ?? false,
    body: html`${each.above}<section class="sheet door">${
      each.seal && html`<span class="seal ${each.seal[0]}">${each.seal[1]}</span>`
    }
  <h1>${each.heading ?? each.title}</h1>${each.lead && html`<div class="lead">${each.lead}</div>`}${
    each.body
  }</section>${each.below && html`<p class="below">${each.below}</p>`}`,
  });

/** Posts `email`, `password`. Wrong email and wrong password get the same words. */
export type SignInPage = { action: string; forgotUrl: string; next?: string; form?: FormState };

export const signInPage = (shell: PortalShell, data: SignInPage): Html =>
  doorPage(shell, {
    title: 'Sign in',
    lead: html`<p>See and pay your invoices from ${shell.organization.name}.</p>`,
    failed: hasErrors(data.form),
    body: html`${errorSummary(data.form)}${form(
      shell,
      { action: data.action },
      html`${data.next && hidden('next', data.next)}${field(
        { name: 'email', label: 'Email', type: 'email', autocomplete: 'username' },
        data.form,
      )}
${field(
  { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' },
  data.form,
)}
${submit('Sign in', 'primary', 'Signing in…')}<p class="center"><a href="${data.forgotUrl}">Forgot your
  password?</a></p><p class="center"><a href="/portal/trouble">Trouble signing in?</a></p>`,
    )}`,
    below: html`No login yet? Use the link in your invitation or in any invoice email.`,
  });

/** `until` is in words, in the organization's time zone: `10:42 AM`. */
export type LockedPage = { until: string; forgotUrl: string };

export const lockedPage = (shell: PortalShell, data: LockedPage): Html =>
  doorPage(shell, {
    title: 'Sign-in is paused',
    seal: ['warn', icons.lock],
    lead: html`<p>There were too many attempts with a wrong password. You can try again at <strong>${
      data.until
    }</strong>.</p>
<p>Resetting your password lets you in right away.</p>`,
    body: linkButton(data.forgotUrl, 'Reset password', 'primary'),
    below: html`Not you, or still no way in? <a href="/portal/trouble">Help with signing in</a>`,
  });

/** Posts `email`. The answer is the same whether or not there is such a login. */
export type ForgotPasswordPage = { action: string; signInUrl: string; sent: boolean; form?: FormState };

export const forgotPasswordPage = (shell: PortalShell, data: ForgotPasswordPage): Html =>
  data.sent
    ? doorPage(shell, {
        title: 'Password link sent',
        heading: 'Check your email',
        seal: ['plain', icons.mail],
        lead: html`<p>If that address has a login here, a link to choose a new password is on its way. It
          works for one hour.</p>`,
        body: linkButton(data.signInUrl, 'Back to sign-in', 'quiet'),
        below: html`Nothing there after a few minutes? Look in spam, or see
          <a href="/portal/trouble">what else it can be</a>.`,
      })
    : doorPage(shell, {
        title: 'Forgot your password?',
        lead: html`<p>We send you a link to choose a new one.</p>`,
        failed: hasErrors(data.form),
        body: html`${errorSummary(data.form)}${form(
          shell,
          { action: data.action },
          html`${field(
            { name: 'email', label: 'Email', type: 'email', autocomplete: 'username' },
            data.form,
          )}${submit('Send link', 'primary', 'Sending…')}
<p class="center"><a href="${data.signInUrl}">Back to sign-in</a></p>`,
        )}`,
      });

/** Posts `password` and, when someone who is signed in changes it, `current_password`. */
export type NewPasswordPage = { action: string; askCurrent: boolean; email: string; form?: FormState };

export const passwordField = (form: FormState | undefined, label = 'Password'): Html =>
  field(
    {
      name: 'password',
      label,
      type: 'password',
      autocomplete: 'new-password',
      minlength: 12,
      hint: 'At least 12 characters. Three or four unrelated words work well.',
    },
    form,
  );

export const newPasswordPage = (shell: PortalShell, data: NewPasswordPage): Html =>
  doorPage(shell, {
    title: data.askCurrent ? 'Change password' : 'Choose a new password',
    lead: html`<p>For ${data.email}. You will be signed out everywhere else.</p>`,
    failed: hasErrors(data.form),
    body: html`${errorSummary(data.form)}${form(
      shell,
      { action: data.action },
      html`<input type="text" name="username" value="${data.email}" autocomplete="username" hidden>${
        data.askCurrent &&
        field(
          {
            name: 'current_password',
            label: 'Current password',
            type: 'password',
            autocomplete: 'current-password',
          },
          data.form,
        )
      }${passwordField(data.form, 'New password')}${submit('Save password', 'primary', 'Saving…')}`,
    )}`,
  });
