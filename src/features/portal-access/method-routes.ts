import type { FastifyReply } from 'fastify';
import { onBehalfOf } from '#db/db.ts';
import { paymentsUnderWay } from '#features/payment-methods/queries.ts';
import { removeMethod } from '#features/payment-methods/remove-method.ts';
import { storeMethod } from '#features/payment-methods/store-method.ts';
import { type Gateways, routedGateways } from '#features/payments/gateways.ts';
import { storingAuthorization } from '#features/payments/portal-rules.ts';
import { type MethodRow, readMethods } from '#features/payments/queries.ts';
import { fieldSlots, originsOf } from '#features/portal-access/gateway-fields.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import {
  type Ask,
  goTo,
  paramOf,
  portalRoute,
  queryOf,
  sendPage,
  textOf,
} from '#features/portal-access/page-routes.ts';
import { faceOf, listedOf, slotsOf } from '#features/portal-access/pay-panel.ts';
import {
  checkMember,
  type Payer,
  payerOf,
  payerShell,
  readAs,
} from '#features/portal-access/payer-routes.ts';
import { type App, originOf } from '#http/app.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { isId, newId } from '#lib/ids.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import {
  addMethodPage,
  paymentMethodsPage,
  removeMethodPage,
} from '#web/portal/views/payment-methods-page.ts';

const home = '/portal/methods';

/** Saved cards and bank accounts: see, add, remove. */
export function methodRoutes(app: App, deps: { gateways: Gateways }): void {
  portalRoute(app, { method: 'GET', url: home }, listMethods);
  portalRoute(app, { method: 'GET', url: `${home}/add` }, async (ask) =>
    sendAdd(ask, deps, await editorOf(ask)),
  );
  portalRoute(app, { method: 'POST', url: `${home}/add`, perMinute: 20 }, (ask) => add(ask, deps));
  portalRoute(app, { method: 'GET', url: `${home}/:id/remove` }, async (ask) =>
    sendRemove(ask, await editorOf(ask)),
  );
  portalRoute(app, { method: 'POST', url: `${home}/:id/remove` }, remove);
}

async function listMethods(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  const { methods, busy } = await readAs(ask, payer, async (tx) => ({
    methods: await readMethods(tx, payer.seller.id, payer.customer.id),
    busy: await paymentsUnderWay(tx, { organizationId: payer.seller.id, customerId: payer.customer.id }),
  }));
  const mayEdit = payer.customer.portalEditMethods;
  const shell = payerShell(payer, noteOf(queryOf(ask.request, 'note')));
  return sendPage(
    ask.reply,
    paymentMethodsPage(shell, {
      methods: methods.map((method) =>
        listedOf(method, payer.today, { mayRemove: mayEdit, busy: busy.get(method.id) ?? 0 }),
      ),
      ...(mayEdit && (payer.customer.allowCard || payer.customer.allowBankAccount)
        ? { addUrl: `${home}/add` }
        : {}),
    }),
    { nonce: shell.nonce },
  );
}

/** A payer whom the organization lets keep methods. */
async function editorOf(ask: Ask): Promise<Payer> {
  const payer = await payerOf(ask);
  if (payer.customer.portalEditMethods) return payer;
  throw new Refusal(
    'forbidden',
    `${payer.seller.name} keeps the payment methods of your profile. Please ask them for a change.`,
  );
}

async function sendAdd(
  ask: Ask,
  deps: { gateways: Gateways },
  payer: Payer,
  form?: FormState,
): Promise<FastifyReply> {
  const routed = await readAs(ask, payer, (tx) => routedGateways(tx, payer.seller.id));
  const fields = fieldSlots(ask, deps.gateways, routed);
  if (fields.length === 0)
    throw new Refusal('unavailable', 'No payment provider is connected yet, so nothing can be saved.');
  const shell = payerShell(payer);
  const kind = textOf(ask.request, 'kind', 20);
  return sendPage(
    ask.reply,
    addMethodPage(shell, {
      action: `${home}/add`,
      idempotencyKey: newId('paymentMethod'),
      slots: slotsOf(fields, payer.customer),
      authorization: storingAuthorization(payer.seller),
      backUrl: home,
      ...(kind === 'bank_account' || kind === 'card' ? { chosen: kind } : {}),
      ...(form ? { form } : {}),
    }),
    { nonce: shell.nonce, frameOrigins: originsOf(fields), status: form ? 422 : 200 },
  );
}

async function add(ask: Ask, deps: { gateways: Gateways }): Promise<FastifyReply> {
  const payer = await editorOf(ask);
  checkMember(ask, payer);
  const { request } = ask;
  const { seller, customer } = payer;
  const [kind, token, methodId] = [
    textOf(request, 'kind', 20),
    textOf(request, 'token', 300),
    textOf(request, 'idempotency_key', 40),
  ];
  const isBank = kind === 'bank_account';
  const routed = await readAs(ask, payer, (tx) => routedGateways(tx, seller.id));
  const account = isBank ? routed.bank_account : routed.card;
  if (!account || !isId('paymentMethod', methodId))
    throw new Refusal('invalid_request', 'Open the page again and retry.');
  if (!(isBank ? customer.allowBankAccount : kind === 'card' && customer.allowCard)) {
    return sendAdd(ask, deps, payer, { message: 'Choose what you would like to add.' });
  }
  if (token === '')
    return sendAdd(ask, deps, payer, {
      message: 'Enter the details in the secure fields, which need JavaScript.',
    });
  if (isBank && textOf(request, 'authorize') !== 'yes') {
    return sendAdd(ask, deps, payer, {
      errors: { authorize: 'Please tick this box: your bank asks for your permission.' },
    });
  }
  const consent = {
    kind: 'bank_debit' as const,
    text: storingAuthorization(seller),
    name: payer.person.name ?? customer.displayName,
    ...originOf(request),
  };
  try {
    await storeMethod(
      { db: ask.app.db, gateways: deps.gateways },
      payer.actor,
      {
        organizationId: seller.id,
        customerId: customer.id,
        methodId,
        account,
        token,
        consents: isBank ? [consent] : [],
      },
      payer.now,
    );
  } catch (error) {
    if (error instanceof Refusal) return sendAdd(ask, deps, payer, { message: error.message });
    throw error;
  }
  return goTo(ask.reply, `${home}?note=method_added`);
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
