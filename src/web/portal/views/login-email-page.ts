import type { Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { errorSummary, field, form, hasErrors, submit } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { linkButton } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';
import { doorPage } from '#web/portal/views/sign-in-pages.ts';

/** Posts `email` and `current_password`. What follows is the same whether or not the address has a login. */
export type LoginEmailPage = {
  action: string;
  backUrl: string;
  /** With which one signs in until now. */
  email: string;
  sent: boolean;
  form?: FormState;
};

export const loginEmailPage = (shell: PortalShell, data: LoginEmailPage): Html =>
  data.sent
    ? doorPage(shell, {
        title: 'Look at your new address',
        seal: ['plain', icons.mail],
        lead: html`<p>A mail with a link is on its way to it. Open the link in this browser, within three days.
          Until then you sign in with <strong>${data.email}</strong>.</p>`,
        body: linkButton(data.backUrl, 'Back to your profile', 'quiet'),
        below:
          'Nothing there after a few minutes? Look in spam, or ask again with the address written right.',
      })
    : doorPage(shell, {
        title: 'Change login email',
        lead: html`<p>You sign in with ${data.email}. We send a link to the new address to make sure that it is
          yours.</p>`,
        failed: hasErrors(data.form),
        body: html`${errorSummary(data.form)}${form(
          shell,
          { action: data.action },
          html`${field(
            { name: 'email', label: 'New email', type: 'email', autocomplete: 'email', maxlength: 254 },
            data.form,
          )}${field(
            {
              name: 'current_password',
              label: 'Current password',
              type: 'password',
              autocomplete: 'current-password',
            },
            data.form,
          )}${submit('Send link', 'primary', 'Sending…')}
<p class="center"><a href="${data.backUrl}">Back to your profile</a></p>`,
        )}`,
        below: html`Invoices go to the address that ${shell.organization.name} has for you; this changes only how you
          sign in.`,
      });
