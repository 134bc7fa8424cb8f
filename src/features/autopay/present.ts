import type { Tx } from '#db/db.ts';
import type { DeclineRow } from '#features/autopay/list-declines.ts';
import { offeredTerms } from '#features/autopay/offered-terms.ts';
import type { Forecast } from '#features/autopay/queries.ts';
import { type AutopayRow, listAutopays, readPayer } from '#features/autopay/queries.ts';
import type { AutopayTerms } from '#features/autopay/rules.ts';
import { noChargeWords, problemWords } from '#features/autopay/word-rules.ts';
import { readCustomer } from '#features/customers/queries.ts';
import { readOrganization } from '#features/organizations/queries.ts';
import { declineWords, isDeclineCode } from '#features/payments/decline-rules.ts';
import { readMethod } from '#features/payments/queries.ts';
import type { CalendarDate } from '#lib/dates.ts';

type Day = { today: CalendarDate; now: Date };

const presentTerms = ({ chargeWhen, threshold, maximum, noticeDays }: AutopayTerms) => ({
  charge_when: chargeWhen,
  threshold,
  maximum_amount: maximum,
  notice_days: noticeDays,
});

export const presentAutopay = (row: AutopayRow) => ({
  object: 'autopay' as const,
  id: row.customerId,
  customer_id: row.customerId,
  customer_name: row.customerName,
  state: row.endedAt ? ('off' as const) : ('on' as const),
  paid_by: null,
  ...presentTerms(row.terms),
  method: {
    id: row.paymentMethodId,
    kind: row.kind,
    brand: row.brand,
    last4: row.last4,
    problem: row.unusable ?? null,
  },
  authorization_id: row.authorizationId,
  since: row.since,
  ended_at: row.endedAt,
  ended_why: row.endedWhy,
  next_charge_on: row.nextOn,
  on_hold: row.onHold,
});

/** Autopay of one customer, also where it never was: with what it would begin with, and who pays instead. */
export async function autopayOf(tx: Tx, organizationId: string, customerId: string, day: Day) {
  const customer = await readCustomer(tx, organizationId, customerId);
  const payer = await readPayer(tx, organizationId, customerId);
  const paidBy = payer && payer.id !== customerId ? payer : null;
  const { rows } = await listAutopays(tx, organizationId, { customerId, limit: 1, state: 'all' }, day);
  const [row] = rows;
  if (row) return { ...presentAutopay(row), paid_by: paidBy };
  return {
    object: 'autopay' as const,
    id: customerId,
    customer_id: customerId,
    customer_name: customer.displayName,
    state: 'never' as const,
    paid_by: paidBy,
    ...presentTerms(offeredTerms(await readOrganization(tx, organizationId))),
    ...{
      method: null,
      authorization_id: null,
      since: null,
      ended_at: null,
      ended_why: null,
      next_charge_on: null,
      on_hold: false,
    },
  };
}

export const presentDecline = (row: DeclineRow) => ({
  object: 'autopay_decline' as const,
  id: row.id,
  customer_id: row.customerId,
  customer_name: row.customerName,
  run_on: row.runOn,
  amount: row.amount,
  currency: row.currency,
  payment_id: row.paymentId,
  failed_at: row.failedAt,
  reason: reasonOf(row),
  next_try_on: row.nextTryOn,
  method: { kind: row.kind, brand: row.brand, last4: row.last4 },
  invoices: row.invoices,
});

const reasonOf = ({ failedWhy, state }: DeclineRow): string =>
  isDeclineCode(failedWhy)
    ? declineWords(failedWhy).title
    : state === 'returned'
      ? `Returned by the bank: ${failedWhy}`
      : failedWhy;

export async function presentForecast(tx: Tx, organizationId: string, one: Forecast | undefined) {
  const method = one?.paymentMethodId ? await readMethod(tx, organizationId, one.paymentMethodId) : null;
  const words: Record<string, string> = {
    ...noChargeWords,
    ...problemWords,
    on_hold: 'Your organization holds its messages, and nothing is charged by itself meanwhile.',
  };
  return {
    object: 'autopay_forecast' as const,
    charge_on: one?.on ?? null,
    amount: one?.amount ?? 0n,
    method: method && { kind: method.kind, brand: method.brand, last4: method.last4 },
    paid_by: one?.payerId ?? null,
    reason: one ? one.why && (words[one.why] ?? null) : 'Autopay is off for this customer.',
  };
}
