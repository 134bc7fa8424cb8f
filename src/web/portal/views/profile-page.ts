import type { Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import type { Field, FormState } from '#web/portal/views/form-parts.ts';
import { errorSummary, field, form, hasErrors, submit } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import { facts, linkButton, notice, pageHead } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';
import { type TextChoice, textChoice } from '#web/portal/views/text-choice.ts';

export type CustomerProfile = {
  businessName: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  addressLines: string[];
};

export type ProfilePage = {
  profile: CustomerProfile;
  /** Missing when the organization keeps the record itself. */
  editUrl?: string;
  loginEmail: string;
  changePasswordUrl: string;
  changeEmailUrl: string;
  /** Missing without a telephone number to text to. */
  texts?: TextChoice;
  /** Documents of the customer that the organization shows. */
  files: readonly { name: string; url: string }[];
};

export function profilePage(shell: PortalShell, data: ProfilePage): Html {
  const { profile } = data;
  const orDash = (text: string): string => text || '–';
  return page(shell, {
    title: 'Profile',
    section: 'profile',
    width: 'middle',
    body: html`<div class="head-row">${pageHead('Profile')}${
      data.editUrl && linkButton(data.editUrl, 'Edit profile', 'quiet')
    }</div>
${
  !data.editUrl &&
  notice({
    tone: 'plain',
    body: html`${shell.organization.name} keeps this record. If something is wrong, please tell them${
      shell.organization.email &&
      html`: <a href="mailto:${shell.organization.email}">${shell.organization.email}</a>`
    }.`,
  })
}
<section class="sheet box" aria-labelledby="who"><h2 id="who">Your details at ${
      shell.organization.name
    }</h2>${facts([
      ['Business name', orDash(profile.businessName)],
      ['Contact', orDash(`${profile.firstName} ${profile.lastName}`.trim())],
      ['Email', orDash(profile.email)],
      ['Phone', orDash(profile.phone)],
      [
        'Address',
        profile.addressLines.length
          ? profile.addressLines.map((line, at) => html`${at > 0 && html`<br>`}${line}`)
          : '–',
      ],
    ])}</section>
<section class="sheet box" aria-labelledby="login"><h2 id="login">Your login</h2>${facts([
      ['Email', html`${data.loginEmail}<br><a href="${data.changeEmailUrl}">Change email</a>`],
      ['Password', html`<a href="${data.changePasswordUrl}">Change password</a>`],
    ])}</section>${
      data.files.length > 0 &&
      html`<section class="sheet box" aria-labelledby="documents"><h2 id="documents">Your documents</h2>
<ul class="files">${data.files.map(
        ({ name, url }) => html`<li><a href="${url}">${icons.file}${name}</a></li>`,
      )}</ul></section>`
    }${data.texts && textChoice(shell, data.texts)}`,
  });
}

/** Posts `business_name`, `first_name`, `last_name`, `phone`, and the `address` fields under their names. */
export type ProfileEditPage = {
  profile: CustomerProfile;
  address?: Field[];
  action: string;
  backUrl: string;
  form?: FormState;
};

const fieldsOf = (each: CustomerProfile): Record<'business' | 'first' | 'last' | 'phone', Field> => ({
  business: {
    name: 'business_name',
    label: 'Business name',
    value: each.businessName,
    optional: true,
    autocomplete: 'organization',
  },
  first: { name: 'first_name', label: 'First name', value: each.firstName, autocomplete: 'given-name' },
  last: { name: 'last_name', label: 'Last name', value: each.lastName, autocomplete: 'family-name' },
  phone: {
    name: 'phone',
    label: 'Phone',
    type: 'tel',
    value: each.phone,
    optional: true,
    autocomplete: 'tel',
  },
});

export function profileEditPage(shell: PortalShell, data: ProfileEditPage): Html {
  const of = fieldsOf(data.profile);
  return page(shell, {
    title: 'Edit profile',
    section: 'profile',
    width: 'narrow',
    failed: hasErrors(data.form),
    body: html`${pageHead('Edit profile')}${errorSummary(data.form)}<div class="sheet box">${form(
      shell,
      { action: data.action },
      html`${field(of.business, data.form)}
<div class="pair">${field(of.first, data.form)}${field(of.last, data.form)}</div>
${field(of.phone, data.form)}
${(data.address ?? []).map((each) => field(each, data.form))}
<p class="hint">To change the email address that invoices go to, please ask ${shell.organization.name}.</p>
<div class="actions">${submit('Save', 'primary', 'Saving…')}${linkButton(
        data.backUrl,
        'Back',
        'quiet',
      )}</div>`,
    )}</div>`,
  });
}
