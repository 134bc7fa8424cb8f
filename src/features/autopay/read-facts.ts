import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import {
  type AutopayHouse,
  type AutopayInvoice,
  type AutopayTerms,
  autopayDay,
  beforeFee,
  type RunningAutopay,
  type Threshold,
} from '#features/autopay/rules.ts';
import { readPricer } from '#features/card-fees/price-charge.ts';
import { type StoredMethod, type Unusable, whyUnusable } from '#features/standing-charges/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

/** Autopay of a payer, with the method as it stands. */
export type Autopay = RunningAutopay & {
  payerId: string;
  authorizationId: string;
  paymentMethodId: string;
  funding: string | null;
  brand: string | null;
  /** Why the method cannot be charged now; undefined when it can. */
  unusable: Unusable | undefined;
};

export type AutopayFacts = AutopayInvoice & {
  id: string;
  number: string;
  customerId: string;
  linkVersion: number;
  /** How often it was tried, and in which run last. */
  tries: number;
  lastRunId: string | null;
  /** The notice that told of it; null where none did. */
  toldBy: string | null;
  autopay: Autopay;
};

export type TermColumns = {
  chargeWhen: AutopayTerms['chargeWhen'];
  thresholdDirection: Threshold['direction'] | null;
  thresholdAmount: bigint | null;
  maximumAmount: bigint | null;
  noticeDays: number;
};

export const termsOf = (row: TermColumns): AutopayTerms => ({
  chargeWhen: row.chargeWhen,
  threshold:
    row.thresholdDirection && row.thresholdAmount
      ? { direction: row.thresholdDirection, amount: row.thresholdAmount }
      : null,
  maximum: row.maximumAmount,
  noticeDays: row.noticeDays,
});

type Row = Omit<AutopayInvoice, 'tried'> &
  TermColumns &
  Pick<StoredMethod, 'kind' | 'funding' | 'brand' | 'state' | 'expiryYear' | 'expiryMonth' | 'isAllowed'> & {
    id: string;
    number: string;
    customerId: string;
    linkVersion: number;
    payerId: string;
    methodOwnerId: string;
    authorizationId: string;
    paymentMethodId: string;
    since: Date;
    tryNo: number | null;
    runId: string | null;
    toldBy: string | null;
    runOn: CalendarDate | null;
    nextTryOn: CalendarDate | null;
  };

/**
 * All that decides whether autopay charges these invoices; those for which none runs are left out, as is
 * whoever was deactivated. Whoever bills with a parent is paid by the parent's.
 */
export async function readFacts(
  tx: Tx,
  organizationId: string,
  which: RawBuilder<unknown>,
  today: CalendarDate,
): Promise<AutopayFacts[]> {
  const rows = await tx.rows<Row>(sql`
    select i.id, i.number, i.customer_id, i.link_version, i.issued_at, i.revised_at, i.invoice_date, i.due_date,
      (i.issued_at at time zone o.time_zone)::date as issued_on, i.currency, i.balance_due, i.reserved,
      i.issued_at is not null and i.closed_at is null and i.voided_at is null as is_open,
      i.payment_plan_id is not null as is_on_plan,
      exists (select from disputes d where d.organization_id = i.organization_id and d.invoice_id = i.id
        and d.state = 'open') as is_disputed,
      (select p.promised_on from promises_to_pay p where p.organization_id = i.organization_id and p.invoice_id = i.id
        and p.state = 'open') as promised_on,
      a.customer_id as payer_id, a.authorization_id, a.payment_method_id, a.charge_when, a.threshold_direction,
      a.threshold_amount, a.maximum_amount, a.notice_days, a.since,
      m.customer_id as method_owner_id, m.kind, m.funding, m.brand, m.state, m.expiry_year, m.expiry_month,
      case m.kind when 'card' then y.allow_card when 'bank_account' then y.allow_bank_account else y.allow_paypal end
        as is_allowed,
      t.try_no, t.run_id, r.run_on, r.next_try_on, n.charge_on as told_for,
      -- What came back is tried again as it was, but for what was told anew since.
      case when r.run_on is null or n.told_on > r.run_on then n.told_by end as told_by
    from invoices i
    join organizations o on o.id = i.organization_id
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id and c.deactivated_at is null
    cross join lateral (select case when c.bill_with_parent
      then billed_to(i.organization_id::text, i.customer_id::text) else c.id::text end as id offset 0) b
    join autopays a on a.organization_id = i.organization_id and a.customer_id = b.id and a.ended_at is null
    join customers y on y.organization_id = a.organization_id and y.id = a.customer_id and y.deactivated_at is null
    join payment_methods m on m.organization_id = a.organization_id and m.id = a.payment_method_id
    left join lateral (select try_no, run_id from autopay_tries where organization_id = i.organization_id
      and invoice_id = i.id order by try_no desc limit 1) t on true
    left join autopay_runs r on r.organization_id = i.organization_id and r.id = t.run_id
    left join lateral (select told_on, charge_on, coalesce(notice_id::text, concat_ws(' ', told_on, charge_on, fee_policy_id)) as told_by
      from autopay_notices where organization_id = i.organization_id and invoice_id = i.id and kind = 'debit'
        and authorization_id = a.authorization_id and amount >= i.balance_due order by charge_on, amount limit 1) n on true
    where i.organization_id = ${organizationId} and ${which}
    order by a.customer_id, i.customer_id, i.due_date, i.id`);
  return boundByFees(tx, { organizationId, today }, rows);
}

/** A maximum is of base and fee together: where a card fee was agreed to, less of it is left for invoices. */
async function boundByFees(
  tx: Tx,
  day: { organizationId: string; today: CalendarDate },
  rows: readonly Row[],
): Promise<AutopayFacts[]> {
  const facts = rows.map((row) => factsOf(row, day.today));
  const bounded = rows.filter(({ kind, maximumAmount }) => kind === 'card' && maximumAmount !== null);
  if (bounded.length === 0) return facts;
  const chargeOf = (row: Row) => ({ ...row, base: 0n, parts: [], source: 'autopay' });
  const price = await readPricer(tx, { ...day, charges: bounded.map(chargeOf) });
  return facts.map((one, at) => {
    const { row, maximum } = { row: rows[at], maximum: one.autopay.maximum };
    if (row?.kind !== 'card' || maximum === null) return one;
    const feeOf = (base: bigint): bigint => price({ ...chargeOf(row), base }).paidOnTop?.amount ?? 0n;
    return { ...one, autopay: { ...one.autopay, mostBeforeFee: beforeFee(maximum, feeOf) } };
  });
}

function factsOf(row: Row, today: CalendarDate): AutopayFacts {
  const { tryNo, runId, runOn, nextTryOn, payerId, authorizationId, paymentMethodId, since, kind } = row;
  const { funding, brand } = row;
  const method = {
    ...row,
    id: paymentMethodId,
    customerId: row.methodOwnerId,
    storedToken: '',
    gatewayAccountId: '',
  };
  return {
    ...row,
    tried: runOn ? { on: runOn, nextTryOn } : null,
    tries: tryNo ?? 0,
    lastRunId: runId,
    autopay: {
      ...termsOf(row),
      ...{ payerId, authorizationId, paymentMethodId, since, methodKind: kind, funding, brand },
      unusable: whyUnusable(method, payerId, today),
    },
  };
}

export async function readHouse(tx: Tx, organizationId: string, today: CalendarDate): Promise<AutopayHouse> {
  return must(
    await tx.row<AutopayHouse>(sql`select o.currency, n.notice_days as debit_notice_days from organizations o
      cross join lateral (select notice_days from debit_notice_rules where key = 'changed_amount'
        and effective_from <= ${today} and (effective_to is null or ${today} < effective_to)
        order by effective_from desc limit 1) n
      where o.id = ${organizationId}`),
    'the rule of notices before debits',
  );
}

/** On which day autopay charges each of these invoices, or has; those that it leaves alone are left out. */
export async function readAutopayDays(
  tx: Tx,
  organizationId: string,
  invoiceIds: readonly string[],
  today: CalendarDate,
): Promise<Map<string, CalendarDate>> {
  const facts = await readFacts(tx, organizationId, sql`i.id = any(${[...invoiceIds]}::text[])`, today);
  if (facts.length === 0) return new Map();
  const house = await readHouse(tx, organizationId, today);
  return new Map(
    facts.flatMap((one): [string, CalendarDate][] => {
      if (one.autopay.unusable && !one.tried) return [];
      const day = autopayDay(one, one.autopay, { house, today });
      return day ? [[one.id, day]] : [];
    }),
  );
}
