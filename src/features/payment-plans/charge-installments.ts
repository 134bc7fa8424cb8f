import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { type NewEvent, record } from '#db/events.ts';
import { followOne } from '#features/payment-plans/follow-plans.ts';
import { spread } from '#features/payment-plans/follow-rules.ts';
import { keepSchedule } from '#features/payment-plans/keep-schedule.ts';
import { keyOfTry } from '#features/payment-plans/settle-installments.ts';
import { lockInvoices } from '#features/payments/lock-invoices.ts';
import { lateDays } from '#features/schedules/agreement-rules.ts';
import {
  chargeStored,
  type StandingCharge,
  type StandingVerdict,
} from '#features/standing-charges/charge-stored.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';
import { least, sum } from '#lib/money.ts';

type Day = { organizationId: string; today: CalendarDate; now: Date };
type Place = { tryOn: string; id: string };
const batchSize = 100;
const passedOver = 'It was not asked for on its date, and follows after the last one.';

/**
 * Charge the installments whose day has come, a batch a transaction. Doubled, late or broken off, each try of
 * each is charged once: the plan is locked, and the try is part of the charge's key.
 */
export async function chargeInstallments(db: Database, day: Day): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: day.organizationId, name: 'plan_installments' };
  let after: Place | undefined;
  do {
    const from = after;
    after = await db.transaction(actor, (tx) => chargeBatch(tx, actor, day, from));
  } while (after);
}

type Passed = { planId: string; customerId: string; currency: string; number: number; amount: bigint };
type Due = Place & { planId: string };
type Ready = Due & {
  number: number;
  amount: bigint;
  tries: number;
  customerId: string;
  currency: string;
  paymentMethodId: string;
  authorizationId: string;
  sendReceipts: boolean;
};

async function chargeBatch(
  tx: Tx,
  actor: Actor,
  day: Day,
  after: Place | undefined,
): Promise<Place | undefined> {
  const { organizationId, today, now } = day;
  const found =
    await tx.list<Due>(sql`select id, try_on, payment_plan_id as plan_id from payment_plan_installments
    where organization_id = ${organizationId} and try_on <= ${today}
      and (try_on, id) > (${after?.tryOn ?? '0001-01-01'}::date, ${after?.id ?? ''})
    order by try_on, id limit ${batchSize}`);
  const planIds = [...new Set(found.map(({ planId }) => planId))].sort();
  await tx.run(sql`select id from payment_plans where organization_id = ${organizationId}
    and id = any(${planIds}::text[]) order by id for update`);
  await passOver(tx, actor, day, planIds);
  // What fell due while nobody worked is told from how things stand today: a plan may be paid off by now.
  for (const planId of planIds) await followOne(tx, actor, { organizationId, planId, today }, now);
  const ready = await readReady(tx, day, found);
  const charges = await chargesOf(tx, organizationId, ready);
  const verdicts = await chargeStored(
    tx,
    actor,
    { organizationId, today, charges: charges.map(({ charge }) => charge) },
    now,
  );
  await writeVerdicts(
    tx,
    actor,
    day,
    charges.map((each, at) => ({ ...each, verdict: verdicts[at] as StandingVerdict })),
  );
  for (const planId of planIds) await keepSchedule(tx, { organizationId, planId }, now);
  return found.length < batchSize ? undefined : found.at(-1);
}

/**
 * Dates that went by while nobody worked are not made up: two debits at once would surprise whoever pays.
 * The newest is asked for, within the days that were agreed; what the others would have brought follows after
 * the last one.
 */
async function passOver(
  tx: Tx,
  actor: Actor,
  { organizationId, today, now }: Day,
  planIds: readonly string[],
): Promise<void> {
  const passed =
    await tx.rows<Passed>(sql`update payment_plan_installments i set try_on = null, reason = ${passedOver},
      state = case when i.tries = 0 then 'dropped' else 'missed' end
    from payment_plans p where p.organization_id = ${organizationId} and p.id = any(${[...planIds]}::text[])
      and p.state = 'active' and i.organization_id = p.organization_id and i.payment_plan_id = p.id
      and i.state = 'due' and i.try_on <= ${today}
      and (i.try_on < ${addDays(today, -lateDays)} or i.tries = 0 and exists (select from payment_plan_installments j
        where j.organization_id = i.organization_id and j.payment_plan_id = i.payment_plan_id and j.state = 'due'
          and j.tries = 0 and j.try_on <= ${today} and (j.try_on, j.number) > (i.try_on, i.number)))
    returning i.payment_plan_id as plan_id, p.customer_id, p.currency, i.number, i.amount`);
  await record(
    tx,
    { actor, organizationId, now },
    [...Map.groupBy(passed, ({ planId }) => planId)].map(([subjectId, of]) => ({
      type: 'payment_plan.installment_passed_over',
      subjectId,
      customerId: of[0]?.customerId,
      data: {
        installments: of.map(({ number }) => number).sort((a, b) => a - b),
        amount: sum(of.map(({ amount }) => amount)),
        currency: of[0]?.currency,
      },
    })),
  );
}

/** As they stand under lock, one of each plan a day: a second try first, what is due beside it tomorrow. */
const readReady = (tx: Tx, { organizationId, today }: Day, due: readonly Due[]): Promise<Ready[]> =>
  tx.rows<Ready>(sql`select distinct on (i.payment_plan_id) i.id, i.try_on, i.payment_plan_id as plan_id,
      i.number, i.amount, i.tries, p.customer_id, p.currency, p.payment_method_id, p.authorization_id, c.send_receipts
    from payment_plan_installments i
    join payment_plans p on p.organization_id = i.organization_id and p.id = i.payment_plan_id
    join customers c on c.organization_id = p.organization_id and c.id = p.customer_id
    where i.organization_id = ${organizationId} and i.id = any(${due.map(({ id }) => id)}::text[])
      and p.state = 'active' and i.state = 'due' and i.try_on <= ${today}
      and not exists (select from payment_plan_installments j
        join payments y on y.organization_id = j.organization_id and y.id = j.payment_id and y.received_on = ${today}
        where j.organization_id = i.organization_id and j.payment_plan_id = i.payment_plan_id)
    order by i.payment_plan_id, i.tries desc, i.due_on, i.number`);

type Covered = { planId: string; id: string; payable: bigint };
type Asked = { installment: Ready; charge: StandingCharge };

/** Each takes what its invoices can still be paid, the first to fall due first; what is reserved waits. */
async function chargesOf(tx: Tx, organizationId: string, ready: readonly Ready[]): Promise<Asked[]> {
  const mine = sql`l.organization_id = ${organizationId} and l.left_at is null
    and l.payment_plan_id = any(${ready.map(({ planId }) => planId)}::text[])`;
  const ids = await tx.rows<{ id: string }>(
    sql`select l.invoice_id as id from payment_plan_invoices l where ${mine}`,
  );
  await lockInvoices(
    tx,
    organizationId,
    ids.map(({ id }) => id),
  );
  const covered =
    await tx.rows<Covered>(sql`select l.payment_plan_id as plan_id, i.id, i.balance_due - i.reserved as payable
    from payment_plan_invoices l join invoices i on i.organization_id = l.organization_id and i.id = l.invoice_id
    where ${mine} and i.voided_at is null order by i.due_date, i.id`);
  const byPlan = Map.groupBy(covered, ({ planId }) => planId);
  return ready.flatMap((installment): Asked[] => {
    const invoices = byPlan.get(installment.planId) ?? [];
    const amount = least(installment.amount, sum(invoices.map(({ payable }) => payable)));
    const applications = spread(invoices, amount);
    for (const { invoiceId, amount: part } of applications)
      for (const invoice of invoices) if (invoice.id === invoiceId) invoice.payable -= part;
    return amount > 0n ? [{ installment, charge: chargeOf(installment, amount, applications) }] : [];
  });
}

const chargeOf = (
  each: Ready,
  amount: bigint,
  applications: StandingCharge['applications'],
): StandingCharge => ({
  requestKey: keyOfTry(each.id, each.tries + 1),
  customerId: each.customerId,
  paymentMethodId: each.paymentMethodId,
  source: 'plan_installment',
  currency: each.currency,
  authorizationId: each.authorizationId,
  memo: `Installment ${each.number} of a payment plan`,
  sendReceipt: each.sendReceipts,
  ...{ amount, applications },
});

async function writeVerdicts(
  tx: Tx,
  actor: Actor,
  { organizationId, today, now }: Day,
  done: readonly (Asked & { verdict: StandingVerdict })[],
): Promise<void> {
  if (done.length === 0) return;
  await tx.run(sql`update payment_plan_installments i set state = case when n.payment_id is null then 'missed' else 'charging' end,
      try_on = null, tries = i.tries + 1, payment_id = coalesce(n.payment_id, i.payment_id), reason = n.reason, amount = n.amount
    from unnest(${done.map(({ installment }) => installment.id)}::text[],
      ${done.map(({ verdict }) => (verdict.ok ? verdict.paymentId : null))}::text[],
      ${done.map(({ verdict }) => (verdict.ok ? '' : verdict.reason.slice(0, 500)))}::text[],
      ${done.map(({ charge }) => charge.amount)}::bigint[]) as n(id, payment_id, reason, amount)
    where i.organization_id = ${organizationId} and i.id = n.id`);
  const refused = done.filter(({ verdict }) => !verdict.ok);
  await record(tx, { actor, organizationId, now }, refused.flatMap(eventOf));
  for (const planId of new Set(refused.map(({ installment }) => installment.planId)))
    await followOne(tx, actor, { organizationId, planId, today }, now);
}

/** No charge was made: the method itself cannot be used. */
const eventOf = ({ installment, charge, verdict }: Asked & { verdict: StandingVerdict }): NewEvent[] =>
  verdict.ok
    ? []
    : [
        {
          type: 'payment_plan.installment_failed',
          subjectId: installment.planId,
          customerId: installment.customerId,
          data: {
            installment: installment.number,
            payment_id: null,
            amount: charge.amount,
            currency: installment.currency,
            reason: verdict.reason,
            again_on: null,
          },
        },
      ];
