import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { creditLeft, readCustomerOf, startNow } from '#features/billing/choose-plan.ts';
import { nextOf } from '#features/billing/close-due.ts';
import { firstPeriod } from '#features/billing/period-rules.ts';
import { meters, type Usage } from '#features/billing/price-rules.ts';
import {
  type Host,
  listPlans,
  type PlanRow,
  readPlan,
  readSubscription,
  type SubscriptionRow,
} from '#features/billing/queries.ts';
import { firstBill, totalsWithTax, workOutTurn } from '#features/billing/turn-period.ts';
import { payLink } from '#features/invoices/pay-link.ts';
import { type InvoiceFacts, stateOfInvoice } from '#features/invoices/rules.ts';
import { addDays, dateIn } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

/**
 * Read as the system, which sees both sides; told is what is the caller's own, and the host's public
 * prices.
 */
export type Reader = {
  organization: { id: string; mode: string; currency: string; locale: string; timeZone: string };
  now: Date;
  links: { secrets: Pick<Secrets, 'sign'>; baseUrl: string };
};

export const presentPlan = (host: Pick<Host, 'currency'>, plan: PlanRow) => ({
  object: 'billing_plan' as const,
  id: plan.id,
  name: plan.name,
  description: plan.description,
  every: plan.every,
  price: plan.price,
  trial_days: plan.trialDays,
  meters: plan.meters.map(({ meter, included, tiers }) => ({
    meter,
    included,
    tiers: tiers.map(({ upTo, price }) => ({ up_to: upTo, price })),
  })),
  currency: host.currency,
});

/**
 * Practice and real money never meet: a live host bills no practice organization, nor the other way round.
 */
export const roleOf = (host: Host | undefined, organization: { id: string; mode: string }) =>
  !host || (host.id !== organization.id && host.mode !== organization.mode)
    ? ('off' as const)
    : host.id === organization.id
      ? ('host' as const)
      : ('subscriber' as const);

export async function readBilling(tx: Tx, host: Host | undefined, reader: Reader) {
  const { organization } = reader;
  const role = roleOf(host, organization);
  const nothing = {
    object: 'billing' as const,
    role,
    host_name: host && role !== 'off' ? host.name : null,
    currency: organization.currency,
    locale: organization.locale,
    today: dateIn(organization.timeZone, reader.now),
    plans: [],
    subscription: null,
    has_trial: false,
    invoices: [],
  };
  if (!host || role !== 'subscriber') return nothing;
  const subscription = await readSubscription(tx, host.id, organization.id);
  const customerId = subscription?.customerId ?? (await readCustomerOf(tx, host.id, organization.id));
  return {
    ...nothing,
    currency: host.currency,
    locale: host.locale,
    today: host.today,
    plans: (await listPlans(tx, host.id)).map((plan) => presentPlan(host, plan)),
    subscription: subscription ? await presentSubscription(tx, host, subscription) : null,
    has_trial: customerId === undefined,
    invoices: customerId ? await listInvoices(tx, host, customerId, reader) : [],
  };
}

export const subscriptionState = ({ cancels, period }: Pick<SubscriptionRow, 'cancels' | 'period'>) =>
  cancels ? ('ends' as const) : period.isTrial ? ('trial' as const) : ('active' as const);

async function presentSubscription(tx: Tx, host: Host, subscription: SubscriptionRow) {
  const plan = await readPlan(tx, host.id, subscription.planId);
  const { startsOn, endsOn } = subscription.period;
  // Up to now and today included, billed as the whole period will be.
  const next = subscription.cancels ? undefined : await nextOf(tx, host, subscription);
  const worked = await workOutTurn(tx, host, {
    subscription,
    on: endsOn,
    next,
    usedUntil: addDays(host.today, 1),
  });
  return {
    object: 'billing_subscription' as const,
    id: subscription.id,
    plan: presentPlan(host, plan),
    state: subscriptionState(subscription),
    starts_on: startsOn,
    ends_on: endsOn,
    usage: presentUsage(plan, worked.usage),
    next_bill: await presentBill(tx, host, worked),
  };
}

const presentUsage = (plan: PlanRow, usage: Usage) =>
  meters.flatMap((meter) => {
    const price = plan.meters.find((each) => each.meter === meter);
    const quantity = Number(usage[meter] ?? 0n);
    return price || quantity > 0
      ? [
          {
            meter,
            quantity,
            included: price?.included ?? 0,
            is_priced: (price?.tiers.length ?? 0) > 0,
          },
        ]
      : [];
  });

type Worked = Pick<Awaited<ReturnType<typeof workOutTurn>>, 'bill' | 'invoice'>;

async function presentBill(tx: Tx, host: Host, { bill, invoice }: Worked) {
  return {
    lines: bill.lines.map(({ description, amount }) => ({ description, amount })),
    ...(await totalsWithTax(tx, host, invoice)),
    carried: bill.carried + bill.netCarried,
  };
}

/** What taking a plan now would bill at once, and the period that would begin. */
export async function previewPlan(tx: Tx, host: Host, organizationId: string, planId: string) {
  const plan = await readPlan(tx, host.id, planId);
  const subscription = await readSubscription(tx, host.id, organizationId);
  if (subscription?.planId === planId && !subscription.cancels)
    throw new Refusal('state_refused', 'You have this plan already.');
  const told = (period: SubscriptionRow['period'], due_now: Awaited<ReturnType<typeof presentBill>>) => ({
    object: 'billing_preview' as const,
    plan: presentPlan(host, plan),
    starts_on: period.startsOn,
    ends_on: period.endsOn,
    is_trial: period.isTrial,
    due_now,
  });
  const { credit = 0n, netCredit = 0n } = subscription ?? {};
  const free = { lines: [], subtotal: 0n, tax: 0n, total: 0n, carried: credit + netCredit };
  if (subscription && (subscription.period.isTrial || subscription.planId === planId))
    return told(subscription.period, free);
  if (subscription) {
    const next = startNow(host, plan);
    const worked = await workOutTurn(tx, host, { subscription, on: host.today, next });
    return told(next.period, await presentBill(tx, host, worked));
  }
  const customerId = await readCustomerOf(tx, host.id, organizationId);
  const period = firstPeriod(plan, host.today, customerId === undefined);
  const left = await creditLeft(tx, host.id, organizationId);
  const subscriber = { id: organizationId, customerId: customerId ?? '', ...left };
  // Before there is a customer nobody can say whether it is exempt: the tax comes with the first invoice.
  const toTax = customerId ? plan : { ...plan, taxRateIds: [] };
  const first = await firstBill(tx, host, subscriber, { plan: toTax, period });
  return told(period, customerId ? await presentBill(tx, host, first) : untaxedBill(first));
}

const untaxedBill = ({ bill }: Worked) => ({
  lines: bill.lines.map(({ description, amount }) => ({ description, amount })),
  subtotal: bill.total,
  tax: 0n,
  total: bill.total,
  carried: bill.carried + bill.netCarried,
});

type BilledInvoice = InvoiceFacts & {
  id: string;
  number: string;
  invoiceDate: string;
  total: bigint;
  linkVersion: number;
};

async function listInvoices(tx: Tx, host: Host, customerId: string, { links }: Reader) {
  const rows =
    await tx.rows<BilledInvoice>(sql`select id, number, invoice_date, due_date, total + fees as total,
      balance_due, reserved, written_off, issued_at, voided_at, link_version
    from invoices where organization_id = ${host.id} and customer_id = ${customerId} and issued_at is not null
      and external_id like 'billing %'
    order by invoice_date desc, id desc limit 12`);
  return rows.map((row) => {
    const state = stateOfInvoice(row);
    return {
      id: row.id,
      number: row.number,
      invoice_date: row.invoiceDate,
      due_date: row.dueDate,
      total: row.total,
      balance_due: row.balanceDue,
      state: state === 'draft' ? ('open' as const) : state,
      pay_url: payLink(links.secrets, links.baseUrl, { ...row, organizationId: host.id }),
    };
  });
}
