import type { FastifyReply } from 'fastify';
import { type Actor, systemActor, type Tx } from '#db/db.ts';
import { consentAhead } from '#features/autopay/offered-terms.ts';
import { readFeeAgreement } from '#features/card-fees/read-fee-agreement.ts';
import { type CustomerRow, readCustomer } from '#features/customers/queries.ts';
import { type OrganizationRow, readOrganization } from '#features/organizations/queries.ts';
import { authorizationFile } from '#features/payment-methods/authorization-document.ts';
import {
  findMethodLink,
  type MethodLinkRow,
  makeMethodLink,
  useMethodLink,
} from '#features/payment-methods/method-links.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import { readMethod } from '#features/payments/queries.ts';
import { type Adder, addForm, takeMethod } from '#features/portal-access/add-method.ts';
import { blankDoor, checkDoor, type Door, doorShell, openDoor } from '#features/portal-access/door-routes.ts';
import { sendFile } from '#features/portal-access/file-routes.ts';
import { sendLinkProblem } from '#features/portal-access/link-problem-routes.ts';
import { type Ask, goTo, paramOf, portalRoute, sendPage } from '#features/portal-access/page-routes.ts';
import { type Signer, signForm, takeSignature } from '#features/portal-access/sign-method-routes.ts';
import { type App, originOf } from '#http/app.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { addMethodPage } from '#web/portal/views/payment-methods-page.ts';
import { methodAddedPage, signedPage, signPage } from '#web/portal/views/sign-page.ts';

type Deps = { gateways: Gateways };
type Purpose = 'add' | 'sign';
type Guest = {
  link: MethodLinkRow;
  token: string;
  door: Door;
  seller: OrganizationRow;
  customer: CustomerRow;
  now: Date;
  actor: Actor & { organizationId: string };
};

/** What links without sign-in open: adding one method, or signing for one. Nothing else of the customer's. */
export function methodLinkRoutes(app: App, deps: Deps): void {
  const route = (
    method: 'GET' | 'POST',
    [url, purpose]: [string, Purpose],
    handler: (ask: Ask, guest: Guest) => Promise<FastifyReply>,
  ): void =>
    portalRoute(app, { method, url, perMinute: method === 'GET' ? 120 : 20 }, async (ask) => {
      const opened = await openMethodLink(ask, purpose);
      if ('problem' in opened) return opened.problem;
      if (method === 'POST') checkDoor(ask, opened.guest.door);
      return handler(ask, opened.guest);
    });
  const [adding, signing] = ['/portal/add-method/:token', '/portal/sign/:token'];
  route('GET', [adding, 'add'], (ask, guest) => sendAdd(ask, deps, guest));
  route('POST', [adding, 'add'], (ask, guest) => add(ask, deps, guest));
  route('GET', [signing, 'sign'], (ask, guest) => sendSign(ask, guest));
  route('POST', [signing, 'sign'], sign);
  route('GET', [`${signing}/copy`, 'sign'], async (ask, { actor, link }) =>
    sendFile(ask, await authorizationFile(ask.app, actor, aboutOf(link))),
  );
}

const aboutOf = (link: MethodLinkRow): { organizationId: string; methodId: string } => ({
  organizationId: link.organizationId,
  methodId: must(link.paymentMethodId, 'the method of a link'),
});

/** The guest, or the page that says why the link does not open. One that was signed by says so. */
async function openMethodLink(
  ask: Ask,
  purpose: Purpose,
): Promise<{ guest: Guest } | { problem: FastifyReply }> {
  const token = paramOf(ask.request, 'token');
  const found = await ask.app.db.transaction(systemActor('method link'), async (tx) => {
    const link = await findMethodLink(tx, token);
    if (!link || (link.paymentMethodId === null) !== (purpose === 'add')) return undefined;
    const seller = await readOrganization(tx, link.organizationId);
    return { link, seller, customer: await readCustomer(tx, link.organizationId, link.customerId) };
  });
  const about = { purpose: 'payment_method' as const };
  if (!found)
    return { problem: sendLinkProblem(ask, await blankDoor(ask), { ...about, problem: 'unknown' }) };
  const { link, seller } = found;
  const door = await openDoor(ask, seller);
  const now = organizationNow(seller);
  const problem =
    now >= link.expiresAt
      ? ('expired' as const)
      : purpose === 'add' && link.usedAt
        ? ('used' as const)
        : undefined;
  if (problem) return { problem: sendLinkProblem(ask, door, { ...about, problem }) };
  const actor = { kind: 'job' as const, organizationId: seller.id, name: 'method-link' };
  return { guest: { ...found, token, door, now, actor } };
}

async function adderOf(ask: Ask, guest: Guest): Promise<Adder> {
  const { seller, customer, link, now } = guest;
  const read: Adder['read'] = (work) => ask.app.db.transaction(guest.actor, work);
  const today = dateIn(seller.timeZone, now);
  const cardFee =
    link.offersAutopay &&
    (await read((tx) => readFeeAgreement(tx, seller.id, today, { customerId: customer.id })));
  const by = { name: customer.displayName, origin: originOf(ask.request) };
  return {
    ...guest,
    ...(cardFee ? { autopay: consentAhead(seller, by, cardFee) } : {}),
    addedBy: 'payer',
    read,
    alongside: (tx) => useMethodLink(tx, link, now),
  };
}

async function sendAdd(ask: Ask, deps: Deps, guest: Guest, form?: FormState): Promise<FastifyReply> {
  const { form: fresh, frameOrigins } = await addForm(ask, deps, await adderOf(ask, guest));
  const shell = doorShell(guest.door);
  const action = `/portal/add-method/${guest.token}`;
  return sendPage(ask.reply, addMethodPage(shell, { ...fresh, action, ...(form ? { form } : {}) }), {
    nonce: shell.nonce,
    frameOrigins,
    status: form ? 422 : 200,
  });
}

/** The link is used up by what it added; for a bank account the next one is for signing. */
async function add(ask: Ask, deps: Deps, guest: Guest): Promise<FastifyReply> {
  const added = await takeMethod(ask, deps, await adderOf(ask, guest));
  if (!('methodId' in added)) return sendAdd(ask, deps, guest, added);
  const { actor, seller, customer, now } = guest;
  if (added.needsSignature) {
    const about = { organizationId: seller.id, customerId: customer.id, methodId: added.methodId };
    const work = (tx: Tx) => makeMethodLink(tx, actor, about, now);
    const { token } = await ask.app.db.transaction(actor, work);
    return goTo(ask.reply, `/portal/sign/${token}`);
  }
  const shell = doorShell(guest.door);
  return sendPage(ask.reply, methodAddedPage(shell), { nonce: shell.nonce });
}

async function signerOf(ask: Ask, guest: Guest): Promise<Signer> {
  const { organizationId, methodId } = aboutOf(guest.link);
  const method = await ask.app.db.transaction(guest.actor, (tx) => readMethod(tx, organizationId, methodId));
  const alongside = (tx: Tx) => useMethodLink(tx, guest.link, guest.now);
  return { ...guest, method, email: guest.link.email ?? guest.customer.email, alongside };
}

async function sendSign(ask: Ask, guest: Guest, form?: FormState): Promise<FastifyReply> {
  const signer = await signerOf(ask, guest);
  const shell = doorShell(guest.door);
  const own = `/portal/sign/${guest.token}`;
  if (signer.method.state === 'needs_authorization')
    return sendPage(ask.reply, signPage(shell, { ...signForm(signer, form), action: own }), {
      nonce: shell.nonce,
      status: form ? 422 : 200,
    });
  // Whoever signed by this very link gets the copy; signed otherwise, or removed, it opens nothing.
  if (guest.link.usedAt && signer.method.state === 'active')
    return sendPage(ask.reply, signedPage(shell, { copyUrl: `${own}/copy` }), { nonce: shell.nonce });
  const problem = signer.method.state === 'active' ? 'used' : 'revoked';
  return sendLinkProblem(ask, guest.door, { purpose: 'payment_method', problem });
}

async function sign(ask: Ask, guest: Guest): Promise<FastifyReply> {
  if (guest.link.usedAt) return goTo(ask.reply, `/portal/sign/${guest.token}`);
  const form = await takeSignature(ask, await signerOf(ask, guest));
  return form ? sendSign(ask, guest, form) : goTo(ask.reply, `/portal/sign/${guest.token}`);
}
