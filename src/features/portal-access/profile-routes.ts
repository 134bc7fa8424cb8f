import type { FastifyReply } from 'fastify';
import { onBehalfOf, systemActor } from '#db/db.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { readFiles } from '#features/files/read-files.ts';
import { type Address, zAddress } from '#features/organizations/api.ts';
import { enterProfile } from '#features/portal-access/enter-profile.ts';
import { sendFileOf } from '#features/portal-access/invoice-files.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import {
  type Ask,
  goTo,
  portalRoute,
  queryOf,
  sendPage,
  textOf,
} from '#features/portal-access/page-routes.ts';
import {
  checkMember,
  type Payer,
  payerOf,
  payerShell,
  profileViews,
} from '#features/portal-access/payer-routes.ts';
import { textChoiceOf, textChoiceRoutes } from '#features/portal-access/text-routes.ts';
import type { App } from '#http/app.ts';
import { addressLines } from '#lib/address-lines.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import type { Field, FormState } from '#web/portal/views/form-parts.ts';
import { type CustomerProfile, profileEditPage, profilePage } from '#web/portal/views/profile-page.ts';
import { chooseProfilePage } from '#web/portal/views/sign-up-pages.ts';

/** The customer's own record, as far as it may be kept here, and the way from one profile to another. */
export function profileRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url: '/portal/profile' }, showProfile);
  portalRoute(app, { method: 'GET', url: '/portal/profile/edit' }, async (ask) =>
    sendEdit(ask, await editorOf(ask)),
  );
  portalRoute(app, { method: 'POST', url: '/portal/profile/edit' }, saveProfile);
  portalRoute(app, { method: 'GET', url: '/portal/files/:file' }, async (ask) => {
    const { actor, seller, customer } = await payerOf(ask);
    return sendFileOf(ask, { actor, organizationId: seller.id }, { customerId: customer.id });
  });
  textChoiceRoutes(app);
  portalRoute(app, { method: 'GET', url: '/portal/switch' }, (ask) => showSwitch(ask));
  portalRoute(app, { method: 'POST', url: '/portal/switch' }, switchProfile);
}

function profileOf({ customer, seller }: Payer): CustomerProfile {
  return {
    businessName: customer.businessName ?? '',
    firstName: customer.firstName ?? '',
    lastName: customer.lastName ?? '',
    email: customer.email ?? '',
    phone: customer.phone ?? '',
    addressLines: addressLines(customer.billingAddress, seller.address.country),
  };
}

async function showProfile(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  const shell = payerShell(payer, noteOf(queryOf(ask.request, 'note')));
  const texts = await textChoiceOf(ask, payer);
  const { actor, seller, customer } = payer;
  const files = await ask.app.db.transaction(actor, (tx) =>
    readFiles(tx, seller.id, { customerId: customer.id }),
  );
  return sendPage(
    ask.reply,
    profilePage(shell, {
      profile: profileOf(payer),
      loginEmail: payer.person.email,
      changePasswordUrl: '/portal/password',
      changeEmailUrl: '/portal/email',
      files: files.map(({ id, fileName }) => ({ name: fileName, url: `/portal/files/${id}` })),
      ...(texts ? { texts } : {}),
      ...(payer.customer.portalEditProfile ? { editUrl: '/portal/profile/edit' } : {}),
    }),
    { nonce: shell.nonce },
  );
}

async function editorOf(ask: Ask): Promise<Payer> {
  const payer = await payerOf(ask);
  if (payer.customer.portalEditProfile) return payer;
  throw new Refusal(
    'forbidden',
    `${payer.seller.name} keeps your profile. Please tell them what has changed.`,
  );
}

const addressFields: [keyof Address, string, string][] = [
  ['line1', 'Street address', 'address-line1'],
  ['line2', 'Suite or unit', 'address-line2'],
  ['city', 'City', 'address-level2'],
  ['region', 'State', 'address-level1'],
  ['postal_code', 'ZIP code', 'postal-code'],
  ['country', 'Country, as two letters such as US', 'country'],
];
const lengths: Record<string, number> = {
  business_name: 200,
  first_name: 100,
  last_name: 100,
  phone: 40,
  line1: 200,
  line2: 200,
  city: 100,
  region: 100,
  postal_code: 20,
  country: 2,
};

function sendEdit(ask: Ask, payer: Payer, form?: FormState): FastifyReply {
  const shell = payerShell(payer);
  const address = addressFields.map(
    ([name, label, autocomplete]): Field => ({
      name,
      label,
      autocomplete,
      optional: true,
      value: payer.customer.billingAddress[name] ?? '',
      maxlength: lengths[name] ?? 200,
    }),
  );
  return sendPage(
    ask.reply,
    profileEditPage(shell, {
      profile: profileOf(payer),
      address,
      action: '/portal/profile/edit',
      backUrl: '/portal/profile',
      ...(form ? { form } : {}),
    }),
    { nonce: shell.nonce, status: form ? 422 : 200 },
  );
}

async function saveProfile(ask: Ask): Promise<FastifyReply> {
  const payer = await editorOf(ask);
  checkMember(ask, payer);
  const values: Record<string, string> = Object.fromEntries(
    Object.entries(lengths).map(([name, max]) => [name, textOf(ask.request, name, max)]),
  );
  const errors: Record<string, string> = {};
  if (!values.first_name) errors.first_name = 'Enter a first name.';
  if (!values.last_name) errors.last_name = 'Enter a last name.';
  const given = Object.fromEntries(
    addressFields.flatMap(([name]) =>
      values[name] ? [[name, name === 'country' ? values[name]?.toUpperCase() : values[name]]] : [],
    ),
  );
  const address = zAddress.safeParse(given);
  if (!address.success) errors.country = 'Enter the country as two letters, such as US.';
  if (!address.success || Object.keys(errors).length > 0) return sendEdit(ask, payer, { values, errors });
  const patch = {
    id: payer.customer.id,
    businessName: values.business_name || null,
    firstName: values.first_name,
    lastName: values.last_name,
    phone: values.phone || null,
    billingAddress: address.data,
  };
  await ask.app.db.transaction(onBehalfOf(payer.actor), (tx) =>
    updateCustomers(tx, payer.actor, { organizationId: payer.seller.id, patches: [patch] }, payer.now),
  );
  return goTo(ask.reply, '/portal/profile?note=profile_saved');
}

async function showSwitch(ask: Ask, message?: string): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  const shell = payerShell(payer);
  return sendPage(
    ask.reply,
    chooseProfilePage(shell, {
      action: '/portal/switch',
      profiles: profileViews(payer.person.profiles),
      mode: 'switch',
      current: payer.customer.id,
      ...(message ? { form: { errors: { profile: message } } } : {}),
    }),
    { nonce: shell.nonce, status: message ? 422 : 200 },
  );
}

async function switchProfile(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask, 'terms');
  checkMember(ask, payer);
  const customerId = textOf(ask.request, 'profile', 40);
  if (customerId === '') return showSwitch(ask, 'Choose a profile.');
  await ask.app.db.transaction(systemActor('portal switch'), (tx) =>
    enterProfile(
      tx,
      { sessionId: payer.session.id, person: payer.person, customerId, signingIn: false },
      systemNow(),
    ),
  );
  return goTo(ask.reply, '/portal');
}
