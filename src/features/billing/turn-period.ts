import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { type BillLine, billOf, type Period, type Turn } from '#features/billing/period-rules.ts';
import type { Usage } from '#features/billing/price-rules.ts';
import {
  type Host,
  type PlanRow,
  readPlan,
  type SubscriptionRow,
  usageOf,
} from '#features/billing/queries.ts';
import { composeDraft, type InvoiceInput, taxOnTop } from '#features/invoices/compose-draft.ts';
import { draftInvoice } from '#features/invoices/draft-invoice.ts';
import type { CalendarDate } from '#lib/dates.ts';

export const billingActor = (hostId: string): Actor => ({
  kind: 'job',
  organizationId: hostId,
  name: 'billing',
});

export type Next = { plan: PlanRow; period: Period };
export type TurnInput = {
  subscription: SubscriptionRow;
  on: CalendarDate;
  next: Next | undefined;
  /** Counted up to here, where that is before `on`: what the bill would be as things stand. */
  usedUntil?: CalendarDate;
};

/** What the turn of a period will bill, worked out and not written. */
export async function workOutTurn(tx: Tx, host: Host, { subscription, on, next, usedUntil }: TurnInput) {
  const plan = await readPlan(tx, host.id, subscription.planId);
  const usage = await usageOf(tx, host, subscription, usedUntil ?? on);
  const turn = {
    ...{ plan, usage, on, period: subscription.period },
    ...{ credit: subscription.credit, netCredit: subscription.netCredit },
    ...(next ? { next } : {}),
    ...{ currency: host.currency, locale: host.locale },
  };
  const plans = { ends: plan, begins: next?.plan ?? plan };
  return { usage, ...(await billOfTurn(tx, host, { subscription, turn, plans })) };
}

type Billed = Pick<SubscriptionRow, 'id' | 'number' | 'customerId'>;
type Plans = Record<'ends' | 'begins', PlanRow>;

/** The bill with its tax, so that what is carried on is all that was paid for the days not used. */
async function billOfTurn(
  tx: Tx,
  host: Host,
  { subscription, turn, plans }: { subscription: Billed; turn: Turn; plans: Plans },
) {
  const untaxed = invoiceOf(subscription, billOf(turn).lines, plans);
  const bill = billOf(turn, untaxed ? await taxOnTop(tx, host.id, untaxed) : 0n);
  return { bill, invoice: invoiceOf(subscription, bill.lines, plans) };
}

/** An invoice like every other of the host: reminders, autopay and the portal know nothing of billing. */
function invoiceOf(
  { id, number, customerId }: Billed,
  lines: readonly BillLine[],
  plans: Plans,
): InvoiceInput | undefined {
  if (lines.length === 0) return undefined;
  return {
    customerId,
    externalId: `billing ${id} ${number}`,
    memo: `Your plan: ${plans.begins.name}`,
    lines: lines.map(({ of, ...line }) => ({
      ...line,
      itemName: '',
      taxable: false,
      taxRate: '0',
      taxRateIds: of === 'credit' ? [] : plans[of].taxRateIds,
    })),
  };
}

/** What an invoice would come to with tax, without writing it. */
export async function totalsWithTax(tx: Tx, host: Host, invoice: InvoiceInput | undefined) {
  if (!invoice) return { subtotal: 0n, tax: 0n, total: 0n };
  const { subtotal, tax, total } = await composeDraft(tx, host.id, invoice, host.now);
  return { subtotal, tax, total };
}

/**
 * End the period that runs, bill it, and begin the next. The subscription's row is locked by the caller,
 * and the number of the period is the invoice's key: a second run finds the next period, or none.
 */
export async function turnPeriod(
  tx: Tx,
  host: Host,
  input: TurnInput,
): Promise<{ invoiceId: string | undefined }> {
  const { subscription, on, next } = input;
  const { usage, bill, invoice } = await workOutTurn(tx, host, input);
  const { invoiceId } = invoice
    ? await draftInvoice(
        tx,
        billingActor(host.id),
        { organizationId: host.id, invoice, issue: true },
        host.now,
      )
    : { invoiceId: undefined };
  await tx.run(sql`update billing_periods set closed_on = ${on}, usage = ${storedUsage(usage)}::jsonb,
      invoice_id = ${invoiceId ?? null}
    where organization_id = ${host.id} and subscription_id = ${subscription.id} and number = ${subscription.number}`);
  await tx.run(sql`update billing_subscriptions set credit = ${bill.carried}, net_credit = ${bill.netCarried},
      plan_id = ${next?.plan.id ?? subscription.planId}, anchor_on = ${anchorOf(input)}, cancels = false,
      ended_on = ${next ? null : on}
    where organization_id = ${host.id} and id = ${subscription.id}`);
  if (next) await openPeriod(tx, host.id, { ...subscription, number: subscription.number + 1 }, next);
  if (invoiceId)
    await record(tx, { actor: billingActor(host.id), organizationId: host.id, now: host.now }, [
      {
        type: 'billing.invoiced',
        subjectId: invoiceId,
        customerId: subscription.customerId,
        data: { plan: (next?.plan ?? (await readPlan(tx, host.id, subscription.planId))).name, on },
      },
    ]);
  return { invoiceId };
}

/** A new period begins a new rhythm where it does not follow the one before on its day. */
const anchorOf = ({ subscription, on, next }: TurnInput): CalendarDate =>
  next && (subscription.period.isTrial || on < subscription.period.endsOn) ? on : subscription.anchorOn;

const storedUsage = (usage: Usage): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(usage).map(([meter, quantity]) => [meter, Number(quantity)])),
  );

export const openPeriod = (
  tx: Tx,
  hostId: string,
  { id, number }: Pick<SubscriptionRow, 'id' | 'number'>,
  { plan, period }: Next,
) =>
  tx.run(sql`insert into billing_periods (organization_id, subscription_id, number, plan_id, is_trial, base, starts_on,
      ends_on)
    values (${hostId}, ${id}, ${number}, ${plan.id}, ${period.isTrial}, ${period.base}, ${period.startsOn},
      ${period.endsOn})`);

/** The first bill of a subscription without a trial: its base, before there was any period. */
export async function billFirst(
  tx: Tx,
  host: Host,
  subscription: SubscriptionRow,
  next: Next,
): Promise<void> {
  const { bill, invoice } = await firstBill(tx, host, subscription, next);
  await tx.run(sql`update billing_subscriptions set credit = ${bill.carried}, net_credit = ${bill.netCarried}
    where organization_id = ${host.id} and id = ${subscription.id}`);
  if (invoice)
    await draftInvoice(
      tx,
      billingActor(host.id),
      { organizationId: host.id, invoice, issue: true },
      host.now,
    );
}

export function firstBill(
  tx: Tx,
  host: Host,
  subscription: Pick<SubscriptionRow, 'id' | 'customerId' | 'credit' | 'netCredit'>,
  { plan, period }: Next,
) {
  const turn = {
    ...{ plan, on: period.startsOn, usage: {} },
    ...{ credit: subscription.credit, netCredit: subscription.netCredit },
    ...{ period: { ...period, base: 0n, isTrial: true }, next: { plan, period } },
    ...{ currency: host.currency, locale: host.locale },
  };
  const plans = { ends: plan, begins: plan };
  return billOfTurn(tx, host, { subscription: { ...subscription, number: 0 }, turn, plans });
}
