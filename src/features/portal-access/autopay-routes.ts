import type { FastifyReply } from 'fastify';
import { onBehalfOf } from '#db/db.ts';
import { offeredTerms } from '#features/autopay/offered-terms.ts';
import { autopayOf } from '#features/autopay/present.ts';
import { type AutopayTerms, chargeWhens } from '#features/autopay/rules.ts';
import { consentOf, setAutopay } from '#features/autopay/set-autopay.ts';
import { stopAutopay } from '#features/autopay/stop-autopay.ts';
import { endWords, termSentences, whenLabels } from '#features/autopay/word-rules.ts';
import { readMethods } from '#features/payments/queries.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import {
  type Ask,
  goTo,
  portalRoute,
  queryOf,
  sendPage,
  textOf,
} from '#features/portal-access/page-routes.ts';
import { faceOf, storedOf } from '#features/portal-access/pay-panel.ts';
import {
  checkMember,
  type Payer,
  payerOf,
  payerShell,
  readAs,
} from '#features/portal-access/payer-routes.ts';
import { type App, originOf } from '#http/app.ts';
import { formatDate } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { readTyped, toTyped } from '#lib/money.ts';
import { sha256 } from '#lib/secrets.ts';
import { type AutopayForm, autopayAgreePage, autopayPage } from '#web/portal/views/autopay-page.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';

const home = '/portal/autopay';
const methodsUrl = '/portal/methods';

/** Autopay for a payer who is signed in: how it stands, agree to it, change it, switch it off. */
export function autopayPageRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url: home }, async (ask) => sendAutopay(ask, await payerOf(ask)));
  portalRoute(app, { method: 'GET', url: `${home}/agree` }, sendAgree);
  portalRoute(app, { method: 'POST', url: home, perMinute: 20 }, agree);
  portalRoute(app, { method: 'POST', url: `${home}/off`, perMinute: 20 }, switchOff);
}

type Standing = Awaited<ReturnType<typeof autopayOf>>;

const termsOfStanding = (now: Standing): AutopayTerms => ({
  chargeWhen: now.charge_when,
  threshold: now.threshold,
  maximum: now.maximum_amount,
  noticeDays: now.notice_days,
});

async function sendAutopay(ask: Ask, payer: Payer, state?: FormState): Promise<FastifyReply> {
  const { seller, customer, today } = payer;
  const { now, methods } = await readAs(ask, payer, async (tx) => ({
    now: await autopayOf(tx, seller.id, customer.id, payer),
    methods: await readMethods(tx, seller.id, customer.id),
  }));
  const shell = payerShell(payer, noteOf(queryOf(ask.request, 'note')));
  const whyFixed = now.paid_by
    ? `${now.paid_by.name} pays your invoices, so autopay is set there.`
    : !customer.portalEditAutopay
      ? `${seller.name} keeps autopay of your profile. Please ask them for a change.`
      : methods.length === 0
        ? 'Save a card or a bank account first; then you can switch autopay on.'
        : undefined;
  const terms = termsOfStanding(now);
  const charged = methods.find(({ id }) => id === now.method?.id);
  const isOn = now.state === 'on';
  return sendPage(
    ask.reply,
    autopayPage(shell, {
      state: isOn ? 'on' : now.state === 'off' ? 'ended' : 'off',
      words: isOn
        ? termSentences(terms, seller)
        : now.ended_why
          ? [`It is off: ${now.ended_why === 'by_payer' ? 'you switched it off' : endWords[now.ended_why]}.`]
          : ['Switch it on, and you need not think of invoices that come.'],
      ...(charged ? { method: faceOf(charged) } : {}),
      ...(isOn && now.method?.problem
        ? { problem: 'This payment method cannot be charged as it is. Choose another one below.' }
        : {}),
      ...(isOn && now.next_charge_on ? { nextOn: formatDate(now.next_charge_on, seller.locale) } : {}),
      ...(whyFixed ? { whyFixed } : { form: formOf(payer, { now, methods, state, today }) }),
      ...(isOn && customer.portalEditAutopay ? { offAction: `${home}/off` } : {}),
      methodsUrl,
    }),
    { nonce: shell.nonce, status: state ? 422 : 200 },
  );
}

function formOf(
  { seller }: Payer,
  facts: {
    now: Standing;
    methods: Awaited<ReturnType<typeof readMethods>>;
    state: FormState | undefined;
    today: string;
  },
): AutopayForm {
  const { now, methods, state, today } = facts;
  const usable = methods.map((method) => storedOf(method, today));
  const chosen =
    usable.find(({ id }) => id === now.method?.id && id) ?? usable.find(({ unusable }) => !unusable);
  return {
    action: `${home}/agree`,
    methods: usable,
    chosen: chosen?.id ?? '',
    whens: chargeWhens.map((value) => ({ value, words: whenLabels[value] })),
    when: now.charge_when,
    maximum: now.maximum_amount ? toTyped(now.maximum_amount, seller.currency, seller.locale) : '',
    currency: seller.currency,
    ...(state ? { state } : {}),
  };
}

/** Someone who may change autopay of the own profile. */
async function editorOf(ask: Ask): Promise<Payer> {
  const payer = await payerOf(ask);
  if (payer.customer.portalEditAutopay && !payer.customer.billWithParent) return payer;
  throw new Refusal(
    'forbidden',
    `${payer.seller.name} keeps autopay of your profile. Please ask them for a change.`,
  );
}

type Wanted = { methodId: string; terms: AutopayTerms; fields: [string, string][] };

/** What was chosen, in a query or a form; what staff has agreed on besides stays. */
async function wantedOf(ask: Ask, payer: Payer, get: (name: string) => string): Promise<Wanted | FormState> {
  const { seller, customer } = payer;
  const before = await readAs(ask, payer, (tx) => autopayOf(tx, seller.id, customer.id, payer));
  const standing = termsOfStanding(before);
  const base = before.state === 'on' ? standing : { ...offeredTerms(seller), threshold: standing.threshold };
  const [methodId, when, typed] = [get('method'), get('when'), get('maximum').trim()];
  const maximum = typed === '' ? null : readTyped(typed, seller.currency, seller.locale);
  if (maximum === undefined || (maximum !== null && maximum <= 0n))
    return {
      values: { maximum: typed },
      errors: { maximum: 'Enter an amount such as 500, or leave it empty.' },
    };
  const chargeWhen = chargeWhens.find((each) => each === when);
  if (!chargeWhen || methodId === '') return { message: 'Choose a payment method and when to charge it.' };
  const fields: [string, string][] = [
    ['method', methodId],
    ['when', when],
    ['maximum', typed],
  ];
  return { methodId, terms: { ...base, chargeWhen, maximum }, fields };
}

const setOf = (ask: Ask, payer: Payer, wanted: Wanted) => ({
  organizationId: payer.seller.id,
  customerId: payer.customer.id,
  paymentMethodId: wanted.methodId,
  terms: wanted.terms,
  agreed: { by: 'payer' as const, name: payer.person.email, origin: originOf(ask.request) },
});

async function sendAgree(ask: Ask): Promise<FastifyReply> {
  const payer = await editorOf(ask);
  const wanted = await wantedOf(ask, payer, (name) => queryOf(ask.request, name) ?? '');
  return 'methodId' in wanted ? showAgree(ask, payer, wanted) : sendAutopay(ask, payer, wanted);
}

async function showAgree(ask: Ask, payer: Payer, wanted: Wanted, message?: string): Promise<FastifyReply> {
  const { text } = await readAs(ask, payer, (tx) => consentOf(tx, setOf(ask, payer, wanted), payer.now));
  const shell = payerShell(payer);
  return sendPage(
    ask.reply,
    autopayAgreePage(shell, {
      action: home,
      backUrl: home,
      text,
      textHash: sha256(text),
      fields: wanted.fields,
      ...(message ? { message } : {}),
    }),
    { nonce: shell.nonce, status: message ? 422 : 200 },
  );
}

async function agree(ask: Ask): Promise<FastifyReply> {
  const payer = await editorOf(ask);
  checkMember(ask, payer);
  const wanted = await wantedOf(ask, payer, (name) => textOf(ask.request, name, 60));
  if (!('methodId' in wanted)) return sendAutopay(ask, payer, wanted);
  if (textOf(ask.request, 'agree') !== 'yes')
    return showAgree(ask, payer, wanted, 'Please tick the box to agree.');
  const input = setOf(ask, payer, wanted);
  const { text } = await readAs(ask, payer, (tx) => consentOf(tx, input, payer.now));
  if (sha256(text) !== textOf(ask.request, 'text_hash', 64))
    return showAgree(ask, payer, wanted, 'The words have changed. Please read them again.');
  await ask.app.db.transaction(onBehalfOf(payer.actor), (tx) =>
    setAutopay(tx, payer.actor, input, payer.now),
  );
  return goTo(ask.reply, `${home}?note=autopay_on`);
}

async function switchOff(ask: Ask): Promise<FastifyReply> {
  const payer = await editorOf(ask);
  checkMember(ask, payer);
  const { actor, seller, customer, now } = payer;
  const input = { organizationId: seller.id, of: { customerId: customer.id }, why: 'by_payer' as const };
  await ask.app.db.transaction(onBehalfOf(actor), (tx) => stopAutopay(tx, actor, input, now));
  return goTo(ask.reply, `${home}?note=autopay_off`);
}
