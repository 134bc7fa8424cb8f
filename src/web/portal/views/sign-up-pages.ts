import type { CalendarDate } from '#lib/dates.ts';
import type { Content, Html } from '#ui/html.ts';
import { attributes, html } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { errorSummary, field, form, hasErrors, hidden, submit } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { initials } from '#web/portal/views/layout.ts';
import { linkButton, writerOf } from '#web/portal/views/parts.ts';
import type { PortalShell, Profile } from '#web/portal/views/shell.ts';
import { doorPage, passwordField } from '#web/portal/views/sign-in-pages.ts';

const steps = ['Invitation', 'Create login', 'Choose profile', 'Confirm email', 'Accept terms'];

/** Where one is among the five steps: a list to read aloud, segments to look at. */
const stepper = (current: number): Html => html`<nav class="steps" aria-label="Sign-up">
  <p><strong>Step ${current} of ${steps.length}</strong> <span class="soft">${steps[current - 1]}</span></p>
  <ol>${steps.map(
    (words, index) =>
      html`<li ${attributes({
        class: index + 1 < current ? 'done' : index + 1 === current ? 'now' : undefined,
        'aria-current': index + 1 === current ? 'step' : undefined,
      })}><span>${words}${index + 1 < current && html`<span class="unseen">, done</span>`}</span></li>`,
  )}</ol></nav>`;

/** Step 2. Posts `email` (must be the invited one, so it is typed), `password`, `invitation`. */
export type CreateLoginPage = { action: string; invitation: string; signInUrl: string; form?: FormState };

export const createLoginPage = (shell: PortalShell, data: CreateLoginPage): Html =>
  doorPage(shell, {
    title: 'Create your login',
    above: stepper(2),
    lead: html`<p>${shell.organization.name} has invited you to see and pay your invoices online.</p>`,
    failed: hasErrors(data.form),
    body: html`${errorSummary(data.form)}${form(
      shell,
      { action: data.action },
      html`${hidden('invitation', data.invitation)}${field(
        {
          name: 'email',
          label: 'Email',
          type: 'email',
          autocomplete: 'username',
          hint: 'Use the address that your invitation was sent to.',
        },
        data.form,
      )}${passwordField(data.form)}${submit('Sign up', 'primary', 'One moment…')}`,
    )}`,
    below: html`Already have a login? <a href="${data.signInUrl}">Sign in</a> and this invitation is added
      to it.`,
  });

/** Another address than the invited one was typed. It does not say which would be right. */
export type SignUpRefusedPage = { retryUrl: string };

export const signUpRefusedPage = (shell: PortalShell, data: SignUpRefusedPage): Html =>
  doorPage(shell, {
    title: 'We could not create this login',
    above: stepper(2),
    seal: ['warn', icons.mail],
    lead: html`<p>The email address and this invitation do not belong together. Please use the address that
      the
      invitation was sent to, or ask ${shell.organization.name} to invite the other one.</p>`,
    body: linkButton(data.retryUrl, 'Try again', 'primary'),
  });

/** Step 3, and later the pages that add or switch. Posts `profile`, several times except when switching. */
export type ChooseProfilePage = {
  action: string;
  profiles: Profile[];
  mode: 'sign_up' | 'add' | 'switch';
  current?: string;
  form?: FormState;
};

export function chooseProfilePage(shell: PortalShell, data: ChooseProfilePage): Html {
  const joining = data.mode !== 'switch';
  const one = data.profiles.length === 1;
  return doorPage(shell, {
    title: joining ? 'Choose your profiles' : 'Switch profile',
    heading: joining ? (one ? 'Is this you?' : 'Which of these are you?') : 'Which profile?',
    ...(data.mode === 'sign_up' ? { above: stepper(3) } : {}),
    lead: joining
      ? html`<p>${
          one
            ? 'This customer record has your email address.'
            : 'These customer records have your email address. You can switch between them at any time.'
        }</p>`
      : undefined,
    failed: hasErrors(data.form),
    body: html`${errorSummary(data.form)}${form(
      shell,
      { action: data.action },
      html`<fieldset class="choices" id="f-profile"><legend class="unseen">Profiles</legend>${data.profiles.map(
        (each) => profileChoice(each, joining, joining || each.id === data.current),
      )}</fieldset>${submit('Continue', 'primary', 'One moment…')}`,
    )}`,
  });
}

const profileChoice = (each: Profile, several: boolean, checked: boolean): Html =>
  html`<div class="choice"><input ${attributes({
    type: several ? 'checkbox' : 'radio',
    name: 'profile',
    id: `p-${each.id}`,
    value: each.id,
    checked,
  })}><label for="p-${each.id}">${
    each.logoUrl
      ? html`<img class="tile" src="${each.logoUrl}" alt="">`
      : html`<span class="tile" aria-hidden="true">${initials(each.organizationName)}</span>`
  }<span><strong>${each.customerName}</strong><span class="soft">Customer of ${
    each.organizationName
  }</span></span></label></div>`;

/** Step 4. `resendAfter` is in words, `10:42 AM`, while another mail would be too soon. */
export type ConfirmEmailPage = { email: string; action: string; resendAfter?: string; resent: boolean };

export const confirmEmailPage = (shell: PortalShell, data: ConfirmEmailPage): Html =>
  doorPage(shell, {
    title: 'Check your email',
    above: stepper(4),
    seal: ['plain', icons.mail],
    lead: html`<p>We sent a link to <strong>${data.email}</strong>. Open it to confirm that the address is
      yours.</p>`,
    body: html`${data.resent && html`<p role="status" class="soft">Sent again. It may take a minute.</p>`}${
      data.resendAfter
        ? html`<p class="soft">No mail? Look in spam. You can have it sent again at ${data.resendAfter}.</p>`
        : form(
            shell,
            { action: data.action },
            html`<p class="soft">No mail? Look in spam, or</p>${submit(
              'Send it again',
              'quiet',
              'Sending…',
            )}`,
          )
    }`,
  });

/** Where the link in the second mail lands. Confirming is a click: a mail scanner confirms nothing. */
export type ConfirmLandingPage = { email: string; action: string; token: string };

export const confirmLandingPage = (shell: PortalShell, data: ConfirmLandingPage): Html =>
  doorPage(shell, {
    title: 'Confirm your email',
    above: stepper(4),
    lead: html`<p>Is <strong>${data.email}</strong> your address?</p>`,
    body: form(
      shell,
      { action: data.action },
      html`${hidden('token', data.token)}${submit('Yes, confirm', 'primary', 'One moment…')}`,
    ),
  });

/** Step 5, and again when a new version asks for it. Posts `version`. */
export type AgreementPage = {
  action: string;
  name: string;
  version: string;
  effectiveOn: CalendarDate;
  sections: { heading?: string; paragraphs: string[] }[];
  mode: 'sign_up' | 'new_version';
  signOutUrl: string;
};

export function agreementPage(shell: PortalShell, data: AgreementPage): Html {
  const text: Content = data.sections.map(
    (section) =>
      html`${section.heading && html`<h2>${section.heading}</h2>`}${section.paragraphs.map(
        (each) => html`<p>${each}</p>`,
      )}`,
  );
  const joining = data.mode === 'sign_up';
  return doorPage(shell, {
    title: joining ? data.name : `${data.name}, new version`,
    heading: data.name,
    ...(joining ? { above: stepper(5) } : {}),
    lead: html`<p>${!joining && 'We changed our terms. '}Version ${data.version}, in force from ${writerOf(
      shell,
    ).day(data.effectiveOn)}.</p>`,
    body: html`<div class="scroll" tabindex="0" role="region" aria-label="${data.name}">${text}</div>${form(
      shell,
      { action: data.action },
      html`${hidden('version', data.version)}${submit('Accept and continue', 'primary', 'One moment…')}`,
    )}${form(
      shell,
      { action: data.signOutUrl },
      html`<button class="plain-button">Not now, sign me
      out</button>`,
    )}`,
  });
}
