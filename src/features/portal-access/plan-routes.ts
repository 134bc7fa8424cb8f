import type { FastifyReply } from 'fastify';
import { onBehalfOf } from '#db/db.ts';
import { listOpenInvoices } from '#features/invoices/portal-queries.ts';
import { planAgreement } from '#features/payment-plans/agreement-rules.ts';
import { draftPlan, type PlanDraft, type PlanWish } from '#features/payment-plans/draft-plan.ts';
import { readPlansOf } from '#features/payment-plans/queries.ts';
import { readLimits, readPlanInvoices } from '#features/payment-plans/read-plan.ts';
import { requestPlan } from '#features/payment-plans/request-plan.ts';
import { agreedOf } from '#features/payment-plans/sign-plan.ts';
import { cadences } from '#features/payment-plans/term-rules.ts';
import type { MethodRow } from '#features/payments/queries.ts';
import { readMethods } from '#features/payments/queries.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import {
  type Ask,
  allInQuery,
  allOf,
  goTo,
  portalRoute,
  queryOf,
  sendPage,
  textOf,
} from '#features/portal-access/page-routes.ts';
import { faceOf } from '#features/portal-access/pay-panel.ts';
import {
  checkMember,
  type Payer,
  payerOf,
  payerShell,
  readAs,
} from '#features/portal-access/payer-routes.ts';
import { readSigning, type Signer } from '#features/portal-access/portal-sign-plan.ts';
import { whyUnusable } from '#features/standing-charges/rules.ts';
import type { App } from '#http/app.ts';
import { dateIn, isCalendarDate } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import { readTyped } from '#lib/money.ts';
import { sha256 } from '#lib/secrets.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { plansPage } from '#web/portal/views/plan-page.ts';
import {
  type PlanPreview,
  planFaults,
  planPreview,
  planRequestPage,
} from '#web/portal/views/plan-request-page.ts';

export const plansHome = '/portal/plans';
const requestUrl = `${plansHome}/new`;

/** Asking to pay in parts: the form, its preview with and without script, and the list of plans. */
export function planRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url: plansHome }, listPlans);
  portalRoute(app, { method: 'GET', url: requestUrl }, async (ask) => {
    const payer = await askerOf(ask);
    return sendRequest(ask, payer, { invoiceIds: allInQuery(ask.request, 'invoice') });
  });
  portalRoute(app, { method: 'POST', url: `${requestUrl}/preview`, perMinute: 60 }, sendPreview);
  portalRoute(app, { method: 'POST', url: requestUrl, perMinute: 20 }, takeRequest);
}

async function listPlans(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  const { seller, customer } = payer;
  const plans = await readAs(ask, payer, (tx) => readPlansOf(tx, seller.id, customer.id));
  const shell = payerShell(payer, noteOf(queryOf(ask.request, 'note')));
  const body = plansPage(shell, {
    backUrl: '/portal',
    ...(customer.allowPaymentPlans ? { requestUrl } : {}),
    plans: plans.map((plan) => ({
      ...plan,
      url: `${plansHome}/${plan.id}`,
      rest: 0n,
      createdOn: dateIn(seller.timeZone, plan.createdAt),
    })),
  });
  return sendPage(ask.reply, body, { nonce: shell.nonce });
}

/** A payer whom the organization lets ask for plans. */
async function askerOf(ask: Ask): Promise<Payer> {
  const payer = await payerOf(ask);
  if (payer.customer.allowPaymentPlans) return payer;
  throw new Refusal('forbidden', `${payer.seller.name} does not offer payment plans here. Please ask them.`);
}

/** The methods of this customer that could be charged today. */
export function workingMethods(payer: Payer, methods: readonly MethodRow[]): MethodRow[] {
  const { customer, today } = payer;
  return methods.filter((method) => {
    const isAllowed = method.kind === 'card' ? customer.allowCard : customer.allowBankAccount;
    return whyUnusable({ ...method, isAllowed }, customer.id, today) === undefined;
  });
}

type Shown = { invoiceIds: readonly string[]; methodId?: string; form?: FormState; preview?: PlanPreview };

async function sendRequest(ask: Ask, payer: Payer, shown: Shown): Promise<FastifyReply> {
  const { seller, customer } = payer;
  const { invoices, methods, limits } = await readAs(ask, payer, async (tx) => {
    const own = { organizationId: seller.id, customerIds: [customer.id] };
    const { rows } = await listOpenInvoices(tx, own, { limit: 100 });
    const found = await readPlanInvoices(
      tx,
      seller.id,
      rows.map(({ id }) => id),
    );
    return {
      invoices: found.filter((each) => each.planId === null && each.payable === each.balanceDue),
      methods: workingMethods(payer, await readMethods(tx, seller.id, customer.id)),
      limits: await readLimits(tx, seller.id),
    };
  });
  const shell = payerShell(payer);
  const { form, preview } = shown;
  const chosen = shown.methodId ?? methods[0]?.id;
  const body = planRequestPage(shell, {
    action: requestUrl,
    previewUrl: `${requestUrl}/preview`,
    backUrl: '/portal',
    methodsUrl: '/portal/methods/add',
    limits: { leastDownPercent: limits.minDownPercent, maxInstallments: limits.maxInstallments },
    email: payer.person.email,
    invoices: invoices.map((each) => ({
      ...each,
      dueOn: each.dueDate,
      checked: shown.invoiceIds.length === 0 || shown.invoiceIds.includes(each.id),
    })),
    methods: methods.map((method) => ({ ...faceOf(method), id: method.id, checked: method.id === chosen })),
    ...(form ? { form } : {}),
    ...(preview ? { preview } : {}),
  });
  const failed = form?.message !== undefined || Object.keys(form?.errors ?? {}).length > 0;
  return sendPage(ask.reply, body, { nonce: shell.nonce, status: failed ? 422 : 200 });
}

type Typed = { values: Record<string, string>; invoiceIds: string[]; wish: PlanWish; methodId: string };

/** What the form says; what cannot be read stays so empty or so small that the rules name it. */
function readForm(ask: Ask, { seller, customer }: Payer): Typed {
  const text = (name: string, max = 200): string => textOf(ask.request, name, max);
  const names = ['down_payment', 'cadence', 'installments', 'first_on', 'note', 'name', 'email', 'agree'];
  const values = Object.fromEntries(names.map((name) => [name, text(name, name === 'note' ? 1000 : 200)]));
  const invoiceIds = allOf(ask.request, 'invoice').filter((id) => isId('invoice', id));
  const { down_payment: down = '', first_on: first = '', installments = '' } = values;
  const wish: PlanWish = {
    customerId: customer.id,
    invoiceIds,
    downPayment: readTyped(down, seller.currency, seller.locale) ?? 0n,
    cadence: cadences.find((each) => each === values.cadence) ?? 'monthly',
    installments: /^\d{1,2}$/.test(installments) ? Number(installments) : 0,
    firstOn: isCalendarDate(first) ? first : '0001-01-01',
  };
  return { values, invoiceIds, wish, methodId: text('method') };
}

async function previewOf(ask: Ask, payer: Payer, typed: Typed): Promise<PlanPreview> {
  const { seller, today } = payer;
  return readAs(ask, payer, async (tx) => {
    const draft = await draftPlan(tx, seller, typed.wish, { today });
    const methods = workingMethods(payer, await readMethods(tx, seller.id, payer.customer.id));
    return shownOf(
      payer,
      draft,
      methods.find(({ id }) => id === typed.methodId),
    );
  });
}

function shownOf({ seller }: Payer, draft: PlanDraft, method: MethodRow | undefined): PlanPreview {
  const { terms, installments } = draft;
  const text = method ? planAgreement(agreedOf(seller, draft, method)) : undefined;
  return {
    ...{ currency: terms.currency, total: terms.total, downPayment: terms.downPayment, installments },
    ...(text ? { agreement: { text, hash: sha256(text) } } : {}),
  };
}

/** For the script: the part of the page that shows the plan, by the same rules. */
async function sendPreview(ask: Ask): Promise<FastifyReply> {
  const payer = await askerOf(ask);
  checkMember(ask, payer);
  const shell = payerShell(payer);
  try {
    const preview = await previewOf(ask, payer, readForm(ask, payer));
    return sendPage(ask.reply, planPreview(shell, preview), { nonce: shell.nonce });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const words = Object.values(error.details.fields ?? { message: error.message });
    return sendPage(ask.reply, planFaults(words), { nonce: shell.nonce });
  }
}

async function takeRequest(ask: Ask): Promise<FastifyReply> {
  const payer = await askerOf(ask);
  checkMember(ask, payer);
  const typed = readForm(ask, payer);
  const { values, invoiceIds, methodId } = typed;
  const again = (form: FormState, preview?: PlanPreview) =>
    sendRequest(ask, payer, {
      invoiceIds,
      methodId,
      form: { values, ...form },
      ...(preview ? { preview } : {}),
    });
  try {
    const preview = await previewOf(ask, payer, typed);
    if (textOf(ask.request, 'do') === 'preview') return await again({}, preview);
    const signing = readSigning(ask);
    if ('errors' in signing) return await again({ errors: signing.errors }, preview);
    if (!preview.agreement || signing.textHash !== preview.agreement.hash)
      return await again({ message: 'Please read the plan as it now stands, then sign.' }, preview);
    const planId = await keep(ask, payer, typed, signing);
    return goTo(ask.reply, `${plansHome}/${planId}?note=plan_requested`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { fields, message } = error.details;
    return again(fields ? { errors: fields } : { message });
  }
}

async function keep(ask: Ask, payer: Payer, typed: Typed, signing: Signer): Promise<string> {
  const { seller, actor, today, now } = payer;
  const { wish, values, methodId } = typed;
  const request = { seller, wish, note: values.note ?? '', today, paymentMethodId: methodId, signing };
  const { planId } = await ask.app.db.transaction(onBehalfOf(actor), (tx) =>
    requestPlan(tx, actor, request, now),
  );
  return planId;
}
