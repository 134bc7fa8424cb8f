import type { FastifyReply } from 'fastify';
import { onBehalfOf, type Tx } from '#db/db.ts';
import { consentAhead } from '#features/autopay/offered-terms.ts';
import { authorizationFile } from '#features/payment-methods/authorization-document.ts';
import { paymentsUnderWay, signedMethods, standingUses } from '#features/payment-methods/queries.ts';
import { removeMethod } from '#features/payment-methods/remove-method.ts';
import { setDefaultMethod } from '#features/payment-methods/set-default-method.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import { type MethodRow, readMethods } from '#features/payments/queries.ts';
import { type Adder, addForm, takeMethod } from '#features/portal-access/add-method.ts';
import { sendFile } from '#features/portal-access/file-routes.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import {
  type Ask,
  goTo,
  paramOf,
  portalRoute,
  queryOf,
  sendPage,
} from '#features/portal-access/page-routes.ts';
import { faceOf, listedOf } from '#features/portal-access/pay-panel.ts';
import {
  checkMember,
  type Payer,
  payerOf,
  payerShell,
  readAs,
} from '#features/portal-access/payer-routes.ts';
import { autopayOffer } from '#features/portal-access/read-checkout.ts';
import { readPayerSchedules } from '#features/portal-access/schedule-routes.ts';
import { type Signer, signForm, takeSignature } from '#features/portal-access/sign-method-routes.ts';
import { type App, originOf } from '#http/app.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import {
  addMethodPage,
  paymentMethodsPage,
  removeMethodPage,
} from '#web/portal/views/payment-methods-page.ts';
import { signPage } from '#web/portal/views/sign-page.ts';

const home = '/portal/methods';

/** Saved cards and bank accounts: see, add, sign for, choose the usual one, remove. */
export function methodRoutes(app: App, deps: { gateways: Gateways }): void {
  portalRoute(app, { method: 'GET', url: home }, listMethods);
  portalRoute(app, { method: 'GET', url: `${home}/add` }, async (ask) =>
    sendAdd(ask, deps, await editorOf(ask)),
  );
  portalRoute(app, { method: 'POST', url: `${home}/add`, perMinute: 20 }, (ask) => add(ask, deps));
  portalRoute(app, { method: 'GET', url: `${home}/:id/sign` }, async (ask) =>
    sendSign(ask, await payerOf(ask)),
  );
  portalRoute(app, { method: 'POST', url: `${home}/:id/sign`, perMinute: 20 }, sign);
  portalRoute(app, { method: 'GET', url: `${home}/:id/authorization` }, sendCopy);
  portalRoute(app, { method: 'POST', url: `${home}/:id/default` }, makeDefault);
  portalRoute(app, { method: 'GET', url: `${home}/:id/remove` }, async (ask) =>
    sendRemove(ask, await editorOf(ask)),
  );
  portalRoute(app, { method: 'POST', url: `${home}/:id/remove` }, remove);
}

async function listMethods(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  const { methods, uses, busy, signed } = await readAs(ask, payer, async (tx) => ({
    methods: await readMethods(tx, payer.seller.id, payer.customer.id),
    uses: await standingUses(tx, payer.seller.id, await ownMethods(tx, payer)),
    busy: await paymentsUnderWay(tx, { organizationId: payer.seller.id, customerId: payer.customer.id }),
    signed: await signedMethods(tx, payer.seller.id, payer.customer.id),
  }));
  const schedules = await readPayerSchedules(ask, payer);
  const mayEdit = payer.customer.portalEditMethods;
  const shell = payerShell(payer, noteOf(queryOf(ask.request, 'note')));
  return sendPage(
    ask.reply,
    paymentMethodsPage(shell, {
      methods: methods.map((method) =>
        listedOf(method, payer.today, {
          mayEdit,
          busy: busy.get(method.id) ?? 0,
          hasCopy: signed.has(method.id),
          isCharged: uses.has(method.id),
        }),
      ),
      ...(payer.customer.portalEditAutopay ? { autopayUrl: '/portal/autopay' } : {}),
      ...(mayEdit && (payer.customer.allowCard || payer.customer.allowBankAccount)
        ? { addUrl: `${home}/add` }
        : {}),
      ...(schedules.length > 0 ? { schedules: { url: '/portal/schedules', count: schedules.length } } : {}),
    }),
    { nonce: shell.nonce },
  );
}

const ownMethods = async (tx: Tx, payer: Payer): Promise<string[]> =>
  (await readMethods(tx, payer.seller.id, payer.customer.id)).map(({ id }) => id);

/** A payer whom the organization lets keep methods. */
async function editorOf(ask: Ask): Promise<Payer> {
  const payer = await payerOf(ask);
  if (payer.customer.portalEditMethods) return payer;
  throw new Refusal(
    'forbidden',
    `${payer.seller.name} keeps the payment methods of your profile. Please ask them for a change.`,
  );
}

async function adderOf(ask: Ask, payer: Payer): Promise<Adder> {
  const offer = await readAs(ask, payer, (tx) => autopayOffer(tx, payer));
  const by = { name: payer.person.email, origin: originOf(ask.request) };
  return {
    ...payer,
    autopay: offer && consentAhead(payer.seller, by, offer.cardFee),
    read: (work) => readAs(ask, payer, work),
  };
}

async function sendAdd(
  ask: Ask,
  deps: { gateways: Gateways },
  payer: Payer,
  form?: FormState,
): Promise<FastifyReply> {
  const { form: fresh, frameOrigins } = await addForm(ask, deps, await adderOf(ask, payer));
  const shell = payerShell(payer);
  return sendPage(
    ask.reply,
    addMethodPage(shell, { ...fresh, action: `${home}/add`, backUrl: home, ...(form ? { form } : {}) }),
    { nonce: shell.nonce, frameOrigins, status: form ? 422 : 200 },
  );
}

async function add(ask: Ask, deps: { gateways: Gateways }): Promise<FastifyReply> {
  const payer = await editorOf(ask);
  checkMember(ask, payer);
  const added = await takeMethod(ask, deps, await adderOf(ask, payer));
  if (!('methodId' in added)) return sendAdd(ask, deps, payer, added);
  return goTo(
    ask.reply,
    added.needsSignature ? `${home}/${added.methodId}/sign` : `${home}?note=method_added`,
  );
}

/** Anyone who may pay for the customer may sign for its account, also where staff keeps the methods. */
const signerOf = async (ask: Ask, payer: Payer): Promise<Signer> => ({
  ...payer,
  method: await methodOf(ask, payer),
  email: payer.person.email,
});

async function sendSign(ask: Ask, payer: Payer, form?: FormState): Promise<FastifyReply> {
  const signer = await signerOf(ask, payer);
  if (signer.method.state !== 'needs_authorization') return goTo(ask.reply, home);
  const shell = payerShell(payer);
  return sendPage(
    ask.reply,
    signPage(shell, {
      ...signForm(signer, form),
      action: `${home}/${signer.method.id}/sign`,
      backUrl: home,
    }),
    { nonce: shell.nonce, status: form ? 422 : 200 },
  );
}

async function sign(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  checkMember(ask, payer);
  const form = await takeSignature(ask, await signerOf(ask, payer));
  return form ? sendSign(ask, payer, form) : goTo(ask.reply, `${home}?note=method_signed`);
}

async function sendCopy(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  const { id: methodId } = await methodOf(ask, payer);
  const { actor, seller } = payer;
  return sendFile(ask, await authorizationFile(ask.app, actor, { organizationId: seller.id, methodId }));
}

async function makeDefault(ask: Ask): Promise<FastifyReply> {
  const payer = await editorOf(ask);
  checkMember(ask, payer);
  const { id: methodId } = await methodOf(ask, payer);
  const { actor, today, now, seller, customer } = payer;
  await ask.app.db.transaction(onBehalfOf(actor), (tx) =>
    setDefaultMethod(tx, actor, { organizationId: seller.id, customerId: customer.id, methodId, today }, now),
  );
  return goTo(ask.reply, `${home}?note=method_default`);
}

async function methodOf(ask: Ask, payer: Payer): Promise<MethodRow> {
  const id = paramOf(ask.request, 'id');
  const methods = await readAs(ask, payer, (tx) => readMethods(tx, payer.seller.id, payer.customer.id));
  const method = methods.find((each) => each.id === id);
  if (!method) throw notFound('payment method', 'in this address');
  return method;
}

async function sendRemove(ask: Ask, payer: Payer, message?: string): Promise<FastifyReply> {
  const method = await methodOf(ask, payer);
  const shell = payerShell(payer);
  return sendPage(
    ask.reply,
    removeMethodPage(shell, {
      method: faceOf(method),
      action: `${home}/${method.id}/remove`,
      backUrl: home,
      ...(message ? { message } : {}),
    }),
    { nonce: shell.nonce, status: message ? 409 : 200 },
  );
}

async function remove(ask: Ask): Promise<FastifyReply> {
  const payer = await editorOf(ask);
  checkMember(ask, payer);
  const methodId = paramOf(ask.request, 'id');
  if (!isId('paymentMethod', methodId)) throw notFound('payment method', 'in this address');
  try {
    await ask.app.db.transaction(onBehalfOf(payer.actor), (tx) =>
      removeMethod(
        tx,
        payer.actor,
        { organizationId: payer.seller.id, customerId: payer.customer.id, methodId },
        payer.now,
      ),
    );
  } catch (error) {
    if (error instanceof Refusal && error.code === 'state_refused')
      return sendRemove(ask, payer, error.message);
    throw error;
  }
  return goTo(ask.reply, `${home}?note=method_removed`);
}
