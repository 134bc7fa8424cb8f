import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import { methodAgreement, riseAgreement } from '#features/payment-plans/agreement-rules.ts';
import { followOne } from '#features/payment-plans/follow-plans.ts';
import { openSum } from '#features/payment-plans/follow-rules.ts';
import { keepSchedule } from '#features/payment-plans/keep-schedule.ts';
import { lockPlan, type PlanRow, readCovered, readInstallments } from '#features/payment-plans/read-plan.ts';
import { readWorkingMethod, type Signing, writeAgreement } from '#features/payment-plans/sign-plan.ts';
import { planStateWords } from '#features/payment-plans/state-rules.ts';
import { addDays, type CalendarDate, formatDate } from '#lib/dates.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';

type About = { seller: OrganizationRow; planId: string; today: CalendarDate };

async function lockRunning(tx: Tx, { seller, planId }: About): Promise<PlanRow> {
  const plan = await lockPlan(tx, seller.id, planId);
  if (plan.state === 'active') return plan;
  const words = planStateWords[plan.state].toLowerCase();
  throw new Refusal('state_refused', `Only a running plan can be changed, and this one is ${words}.`);
}

/** Put an installment off within what the customer agreed to; the others keep their dates. */
export async function moveInstallment(
  tx: Tx,
  actor: Actor,
  input: About & { number: number; dueOn: CalendarDate },
  now: Date,
): Promise<void> {
  const { seller, number, dueOn, today } = input;
  const organizationId = seller.id;
  const plan = await lockRunning(tx, input);
  const all = await readInstallments(tx, organizationId, plan.id);
  const each = all.find((one) => one.number === number);
  if (!each) throw notFound('installment', String(number));
  if (each.state !== 'due' || each.tries > 0)
    throw new Refusal('state_refused', 'Only an installment that has not been charged yet can be put off.');
  const agreed = must(await agreedDate(tx, organizationId, each.id), 'the date of an installment');
  const latest = addDays(agreed, plan.moveDays);
  const earliest = addDays(today, await noticeDays(tx, organizationId, plan, today));
  if (dueOn < agreed || dueOn > latest)
    throw refusedDate(
      `The customer agreed to a date from ${formatDate(agreed, seller.locale)} to ${formatDate(latest, seller.locale)}.`,
    );
  const next = all.find((one) => one.number > number && one.state === 'due');
  if (next && dueOn >= next.dueOn)
    throw refusedDate(
      `The next installment is on ${formatDate(next.dueOn, seller.locale)}, and two are never charged at once: choose a day before it.`,
    );
  if (dueOn < earliest)
    throw refusedDate(
      `A bank account’s owner must hear of another day in time: choose ${formatDate(earliest, seller.locale)} or later.`,
    );
  await tx.run(sql`update payment_plan_installments set due_on = ${dueOn}, try_on = ${dueOn}, told_on = null
    where organization_id = ${organizationId} and id = ${each.id}`);
  await keepSchedule(tx, { organizationId, planId: plan.id }, now);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'payment_plan.installment_moved',
      subjectId: plan.id,
      customerId: plan.customerId,
      data: { installment: number, from: each.dueOn, to: dueOn },
    },
  ]);
}

const refusedDate = (message: string): Refusal =>
  new Refusal('invalid_request', { message, param: 'due_on' });

const agreedDate = async (tx: Tx, organizationId: string, id: string): Promise<string | undefined> =>
  (
    await tx.row<{ agreedOn: string }>(sql`select agreed_on from payment_plan_installments
      where organization_id = ${organizationId} and id = ${id}`)
  )?.agreedOn;

/** How long before a bank debit its payer hears of another day; a rule of law, so a row (money.md, 6). */
async function noticeDays(
  tx: Tx,
  organizationId: string,
  plan: PlanRow,
  today: CalendarDate,
): Promise<number> {
  const row = await tx.row<{ days: number }>(sql`select n.notice_days as days from debit_notice_rules n
    join payment_methods m on m.organization_id = ${organizationId} and m.id = ${plan.paymentMethodId}
      and m.kind = 'bank_account'
    where n.key = 'changed_date' and n.effective_from <= ${today}
      and (n.effective_to is null or ${today} < n.effective_to) order by n.effective_from desc limit 1`);
  return row?.days ?? 1;
}

/** The words for another method, as they stand now. */
export async function methodWordsFor(
  tx: Tx,
  about: { seller: OrganizationRow; plan: PlanRow; method: { brand: string; last4: string } },
): Promise<string> {
  const { seller, plan, method } = about;
  const rest = openSum(await readInstallments(tx, seller.id, plan.id));
  return methodAgreement({ seller, rest, currency: plan.currency, mostAmount: plan.mostAmount, method });
}

/** Go on with another method, by an agreement of its own; the old one counts no more. */
export async function changeMethod(
  tx: Tx,
  actor: Actor,
  input: About & { paymentMethodId: string; signing: Signing },
  now: Date,
): Promise<void> {
  const { seller, signing, today } = input;
  const plan = await lockRunning(tx, input);
  const about = { organizationId: seller.id, customerId: plan.customerId };
  const method = await readWorkingMethod(tx, { ...about, paymentMethodId: input.paymentMethodId, today });
  const text = await methodWordsFor(tx, { seller, plan, method });
  await agreeAnew(tx, actor, { ...about, plan, methodId: method.id, text, signing, terms: {} }, now);
  await tx.run(sql`update payment_plans set payment_method_id = ${method.id}
    where organization_id = ${seller.id} and id = ${plan.id}`);
  await keepSchedule(tx, { organizationId: seller.id, planId: plan.id }, now);
  await record(tx, { actor, organizationId: seller.id, now }, [
    {
      type: 'payment_plan.method_changed',
      subjectId: plan.id,
      customerId: plan.customerId,
      data: { payment_method_id: method.id, brand: method.brand, last4: method.last4 },
    },
  ]);
}

/** What the customer reads when invoices have risen beyond what was agreed. */
export async function riseWordsFor(
  tx: Tx,
  about: { seller: OrganizationRow; plan: PlanRow },
): Promise<string> {
  const { seller, plan } = about;
  const invoices = await readCovered(tx, seller.id, plan.id);
  const numbers = invoices
    .filter((each) => each.total > each.agreedTotal && each.leftAt === null)
    .map((each) => each.number);
  const { askedRise: rise, currency, mostAmount } = plan;
  return riseAgreement({ seller, rise, currency, mostAmount, numbers });
}

/** The customer agrees that the plan collects what its invoices have risen by. */
export async function agreeToRise(
  tx: Tx,
  actor: Actor,
  input: About & { signing: Signing },
  now: Date,
): Promise<void> {
  const { seller, signing, today } = input;
  const plan = await lockRunning(tx, input);
  if (plan.askedRise === 0n)
    throw new Refusal('state_refused', 'Nothing more is asked of this plan than was agreed to.');
  const text = await riseWordsFor(tx, { seller, plan });
  const about = { organizationId: seller.id, customerId: plan.customerId };
  const mayRise = plan.mayRise + plan.askedRise;
  const methodId = must(plan.paymentMethodId, 'the method of a running plan');
  await agreeAnew(
    tx,
    actor,
    { ...about, plan, methodId, text, signing, terms: { may_rise: String(mayRise) } },
    now,
  );
  await tx.run(sql`update payment_plans set may_rise = ${mayRise}, asked_rise = 0
    where organization_id = ${seller.id} and id = ${plan.id}`);
  await record(tx, { actor, organizationId: seller.id, now }, [
    {
      type: 'payment_plan.rise_agreed',
      subjectId: plan.id,
      customerId: plan.customerId,
      data: { amount: plan.askedRise, currency: plan.currency },
    },
  ]);
  await followOne(tx, actor, { organizationId: seller.id, planId: plan.id, today }, now);
}

async function agreeAnew(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    customerId: string;
    plan: PlanRow;
    methodId: string;
    text: string;
    terms: Record<string, string>;
    signing: Signing;
  },
  now: Date,
): Promise<void> {
  const { organizationId, plan } = input;
  const { currency, mostAmount, mayRise } = plan;
  const stands = {
    payment_plan_id: plan.id,
    currency,
    most_amount: String(mostAmount),
    may_rise: String(mayRise),
  };
  const authorizationId = await writeAgreement(
    tx,
    actor,
    { ...input, terms: { ...stands, ...input.terms } },
    now,
  );
  await tx.run(sql`update payment_plans set authorization_id = ${authorizationId}
    where organization_id = ${organizationId} and id = ${plan.id}`);
}
