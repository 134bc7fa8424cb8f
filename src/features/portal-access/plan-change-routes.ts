import type { FastifyReply } from 'fastify';
import { onBehalfOf, type Tx } from '#db/db.ts';
import { agreeToPlan, offerWords } from '#features/payment-plans/agree-to-plan.ts';
import { planAgreement } from '#features/payment-plans/agreement-rules.ts';
import {
  agreeToRise,
  changeMethod,
  methodWordsFor,
  riseWordsFor,
} from '#features/payment-plans/change-plan.ts';
import { endPlan } from '#features/payment-plans/end-plan.ts';
import { openSum } from '#features/payment-plans/follow-rules.ts';
import { planFile } from '#features/payment-plans/plan-document.ts';
import { getPlan } from '#features/payment-plans/queries.ts';
import { type PlanRow, readCovered, readInstallments, readPlan } from '#features/payment-plans/read-plan.ts';
import { type MethodRow, readMethods } from '#features/payments/queries.ts';
import { sendFile } from '#features/portal-access/file-routes.ts';
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
import { faceOf } from '#features/portal-access/pay-panel.ts';
import { checkoutUrl, wordsOf } from '#features/portal-access/pay-urls.ts';
import {
  checkMember,
  type Payer,
  payerOf,
  payerShell,
  readAs,
} from '#features/portal-access/payer-routes.ts';
import { plansHome, workingMethods } from '#features/portal-access/plan-routes.ts';
import { readSigning, type Signer } from '#features/portal-access/portal-sign-plan.ts';
import type { App } from '#http/app.ts';
import { dateIn } from '#lib/dates.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import { sha256 } from '#lib/secrets.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { type PlanPage, planPage } from '#web/portal/views/plan-page.ts';

/** A plan in the portal: how it stands, agreeing to an offer, a rise or another method, taking it back. */
export function planChangeRoutes(app: App): void {
  const url = `${plansHome}/:id`;
  portalRoute(app, { method: 'GET', url }, async (ask) => sendPlan(ask, await payerOf(ask)));
  portalRoute(app, { method: 'POST', url: `${url}/agree`, perMinute: 20 }, agree);
  portalRoute(app, { method: 'POST', url: `${url}/withdraw`, perMinute: 20 }, withdraw);
  portalRoute(app, { method: 'GET', url: `${url}/agreement` }, sendCopy);
}

/** The plan of this customer that the address names. */
async function ownPlan(tx: Tx, ask: Ask, payer: Payer): Promise<PlanRow> {
  const id = paramOf(ask.request, 'id');
  if (!isId('paymentPlan', id)) throw notFound('payment plan', 'in this address');
  const plan = await readPlan(tx, payer.seller.id, id);
  if (plan.customerId !== payer.customer.id) throw notFound('payment plan', id);
  return plan;
}

async function sendPlan(ask: Ask, payer: Payer, form?: FormState): Promise<FastifyReply> {
  const shell = payerShell(payer, noteOf(queryOf(ask.request, 'note')));
  const body = await readAs(ask, payer, (tx) => readPage(tx, ask, payer, form));
  return sendPage(ask.reply, planPage(shell, body), { nonce: shell.nonce, status: form ? 422 : 200 });
}

async function readPage(tx: Tx, ask: Ask, payer: Payer, form: FormState | undefined): Promise<PlanPage> {
  const { seller } = payer;
  const plan = await ownPlan(tx, ask, payer);
  const [installments, covered] = [
    await readInstallments(tx, seller.id, plan.id),
    await readCovered(tx, seller.id, plan.id),
  ];
  const stored = await readMethods(tx, seller.id, payer.customer.id);
  const own = stored.find(({ id }) => id === plan.paymentMethodId);
  const { methods, chosen } = choiceOf(ask, payer, plan, stored);
  const words = await wordsToSign(tx, payer, plan, chosen);
  const url = `${plansHome}/${plan.id}`;
  const payable = covered.filter((each) => each.leftAt === null && each.payable > 0n);
  const { agreement } = await getPlan(tx, seller.id, plan.id);
  return {
    ...plan,
    ...{ url, installments, backUrl: plansHome, addMethodUrl: '/portal/methods/add' },
    rest: openSum(installments),
    createdOn: dateIn(seller.timeZone, plan.createdAt),
    numbers: covered.map(({ number }) => number),
    methods: methods.map((each) => ({ ...faceOf(each), id: each.id, checked: each.id === chosen?.id })),
    ...(plan.state === 'offered' || plan.state === 'active' ? { chooseUrl: `${url}#sign` } : {}),
    ...(own ? { method: faceOf(own) } : {}),
    ...(agreement ? { agreement, copyUrl: `${url}/agreement` } : {}),
    ...(plan.state === 'active' && payable.length > 0
      ? {
          payOffUrl: checkoutUrl(
            '/portal',
            wordsOf(payable.map((each) => ({ invoiceId: each.id, amount: each.payable }))),
          ),
        }
      : {}),
    ...(plan.state === 'offered' || plan.state === 'requested' ? { withdrawUrl: `${url}/withdraw` } : {}),
    ...(words
      ? {
          sign: {
            ...words,
            ...{ action: `${url}/agree`, hash: sha256(words.text), name: '', email: payer.person.email },
          },
        }
      : {}),
    ...(form ? { form } : {}),
  };
}

/** Which methods may be chosen, and the one that the address names; for an offer the usual one. */
function choiceOf(ask: Ask, payer: Payer, plan: PlanRow, stored: readonly MethodRow[]) {
  const methods = workingMethods(payer, stored).filter(({ id }) => id !== plan.paymentMethodId);
  const named = queryOf(ask.request, 'method') ?? textOf(ask.request, 'method');
  const chosen =
    methods.find(({ id }) => id === named) ?? (plan.state === 'offered' ? methods[0] : undefined);
  return { methods, chosen };
}

type Words = { text: string; words: string; methodId?: string };

/** What the customer can sign now: an offer, another method, or a rise that the plan waits with. */
async function wordsToSign(
  tx: Tx,
  { seller }: Payer,
  plan: PlanRow,
  chosen: MethodRow | undefined,
): Promise<Words | undefined> {
  if (plan.state === 'offered')
    return chosen
      ? {
          text: planAgreement(await offerWords(tx, { seller, plan, method: chosen })),
          ...{ words: 'Agree and pay the down payment', methodId: chosen.id },
        }
      : undefined;
  if (plan.state !== 'active') return undefined;
  if (chosen) {
    const text = await methodWordsFor(tx, { seller, plan, method: chosen });
    return { text, words: 'Agree to this method', methodId: chosen.id };
  }
  return plan.askedRise > 0n ? { text: await riseWordsFor(tx, { seller, plan }), words: 'Agree' } : undefined;
}

async function agree(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  checkMember(ask, payer);
  const { actor } = payer;
  const plan = await readAs(ask, payer, (tx) => ownPlan(tx, ask, payer));
  const signing = readSigning(ask);
  const values = { name: textOf(ask.request, 'name', 120), email: textOf(ask.request, 'email', 254) };
  if ('errors' in signing) return sendPlan(ask, payer, { values, errors: signing.errors });
  try {
    await ask.app.db.transaction(onBehalfOf(actor), (tx) => signAs(tx, ask, payer, { plan, signing }));
  } catch (error) {
    if (error instanceof Refusal) return sendPlan(ask, payer, { values, message: error.message });
    throw error;
  }
  return goTo(ask.reply, `${plansHome}/${plan.id}?note=plan_signed`);
}

async function signAs(
  tx: Tx,
  ask: Ask,
  payer: Payer,
  { plan, signing }: { plan: PlanRow; signing: Signer },
): Promise<void> {
  const { seller, actor, today, now } = payer;
  const about = { seller, planId: plan.id, today, signing };
  const paymentMethodId = textOf(ask.request, 'method');
  if (plan.state === 'offered') return agreeToPlan(tx, actor, { ...about, paymentMethodId }, now);
  if (paymentMethodId) return changeMethod(tx, actor, { ...about, paymentMethodId }, now);
  return agreeToRise(tx, actor, about, now);
}

async function withdraw(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  checkMember(ask, payer);
  const { actor, now, seller } = payer;
  const plan = await readAs(ask, payer, (tx) => ownPlan(tx, ask, payer));
  const to = plan.state === 'offered' ? ('rejected' as const) : ('withdrawn' as const);
  const about = { organizationId: seller.id, planId: plan.id, to, reason: 'By the customer.' };
  try {
    await ask.app.db.transaction(onBehalfOf(actor), (tx) => endPlan(tx, actor, about, now));
  } catch (error) {
    if (error instanceof Refusal) return sendPlan(ask, payer, { message: error.message });
    throw error;
  }
  return goTo(ask.reply, `${plansHome}/${plan.id}?note=plan_withdrawn`);
}

async function sendCopy(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  const plan = await readAs(ask, payer, (tx) => ownPlan(tx, ask, payer));
  const file = await planFile(ask.app, payer.actor, { organizationId: payer.seller.id, planId: plan.id });
  return sendFile(ask, file);
}
