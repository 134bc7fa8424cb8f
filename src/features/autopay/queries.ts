import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { owingOf, theseIds } from '#features/autopay/find-due.ts';
import {
  type AutopayFacts,
  readFacts,
  readHouse,
  type TermColumns,
  termsOf,
} from '#features/autopay/read-facts.ts';
import {
  type AutopayEnd,
  type AutopayTerms,
  type AutopayVerdict,
  decideInvoice,
  type WhyNoCharge,
} from '#features/autopay/rules.ts';
import { type Unusable, whyUnusable } from '#features/standing-charges/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';

/** Autopay of a customer as it was last set; ended or not. */
export type Setting = {
  customerId: string;
  authorizationId: string;
  paymentMethodId: string;
  terms: AutopayTerms;
  since: Date;
  setAt: Date;
  endedAt: Date | null;
  endedWhy: AutopayEnd | null;
};

export async function readSetting(
  tx: Tx,
  organizationId: string,
  customerId: string,
): Promise<Setting | undefined> {
  const row = await tx.row<TermColumns & Omit<Setting, 'terms'>>(sql`select * from autopays
    where organization_id = ${organizationId} and customer_id = ${customerId}`);
  return row && { ...row, terms: termsOf(row) };
}

/** Who pays what this customer owes: itself, or the parent that it bills with. */
export async function readPayer(
  tx: Tx,
  organizationId: string,
  customerId: string,
): Promise<{ id: string; name: string } | undefined> {
  return tx.row(sql`select c.id, c.display_name as name from customers c where c.organization_id = ${organizationId}
    and c.id = billed_to(${organizationId}, ${customerId})`);
}

/** What autopay does with an invoice, and when. */
export type Forecast = {
  /** Null: autopay is off for whoever pays it. */
  payerId: string | null;
  on: CalendarDate | null;
  why: WhyNoCharge | Unusable | 'off' | 'on_hold' | null;
  amount: bigint;
  paymentMethodId: string | null;
};

export async function forecastOf(
  tx: Tx,
  organizationId: string,
  invoiceIds: readonly string[],
  day: { today: CalendarDate; now: Date },
): Promise<Map<string, Forecast>> {
  const facts = await readFacts(tx, organizationId, sql`i.id = any(${[...invoiceIds]}::text[])`, day.today);
  if (facts.length === 0) return new Map();
  const house = await readHouse(tx, organizationId, day.today);
  const isLive = await readIsLive(tx, organizationId, day.now);
  return new Map(
    facts.map((one) => [
      one.id,
      forecast(one, decideInvoice(one, one.autopay, { house, today: day.today }), {
        ...day,
        isLive,
      }),
    ]),
  );
}

/** Nothing is charged while the organization holds its messages: `chargeDue` says the same under lock. */
async function readIsLive(tx: Tx, organizationId: string, now: Date): Promise<boolean> {
  const live = await tx.row(sql`select 1 as live from organizations
    where id = ${organizationId} and automatic_messages_since <= ${now}`);
  return live !== undefined;
}

function forecast(
  one: AutopayFacts,
  verdict: AutopayVerdict,
  { today, isLive }: { today: CalendarDate; isLive: boolean },
): Forecast {
  const { payerId, paymentMethodId, unusable } = one.autopay;
  const about = { payerId, paymentMethodId, amount: one.balanceDue };
  if ('why' in verdict) return { ...about, on: null, why: verdict.why };
  if (unusable) return { ...about, on: null, why: unusable };
  if (!isLive) return { ...about, on: null, why: 'on_hold' };
  return { ...about, on: verdict.charge ? today : verdict.on, why: null };
}

/** The next charge of each of these payers, looked for among the invoices of theirs that are due first. */
async function nextCharges(
  tx: Tx,
  organizationId: string,
  payerIds: readonly string[],
  day: { today: CalendarDate; now: Date },
): Promise<Map<string, CalendarDate>> {
  const open = await tx.rows<{ id: string }>(sql`
    with ${owingOf(organizationId, theseIds(payerIds))}
    select x.id from owing w
    join autopays a on a.organization_id = ${organizationId} and a.customer_id = w.payer_id and a.ended_at is null
    cross join lateral (select i.id from invoices i where i.organization_id = ${organizationId}
      and i.customer_id = w.customer_id and i.closed_at is null and i.issued_at is not null
      and (i.issued_at >= a.since or i.revised_at >= a.since) order by i.due_date, i.id limit 20) x`);
  const forecasts = await forecastOf(
    tx,
    organizationId,
    open.map(({ id }) => id),
    day,
  );
  const next = new Map<string, CalendarDate>();
  for (const { payerId, on } of forecasts.values()) {
    if (!payerId || !on) continue;
    const before = next.get(payerId);
    if (!before || on < before) next.set(payerId, on);
  }
  return next;
}

export type AutopayRow = Setting & {
  customerName: string;
  kind: 'card' | 'bank_account' | 'paypal';
  brand: string;
  last4: string;
  unusable: Unusable | undefined;
  nextOn: CalendarDate | null;
  onHold: boolean;
};

export type AutopayFilter = {
  limit: number;
  startingAfter?: string | undefined;
  customerId?: string | undefined;
  state: 'on' | 'off' | 'all';
};

type ListedRow = TermColumns &
  Omit<AutopayRow, 'terms' | 'unusable' | 'nextOn' | 'onHold'> & {
    methodOwnerId: string;
    state: 'active' | 'needs_authorization' | 'removed' | 'blocked';
    expiryYear: number | null;
    expiryMonth: number | null;
    isAllowed: boolean;
  };

/** Customers with autopay: method, day of charge, next charge, state; a page in the order of their ids. */
export async function listAutopays(
  tx: Tx,
  organizationId: string,
  filter: AutopayFilter,
  day: { today: CalendarDate; now: Date },
): Promise<{ rows: AutopayRow[]; hasMore: boolean }> {
  const { limit, startingAfter, customerId, state } = filter;
  const conditions = [
    sql`organization_id = ${organizationId}`,
    ...(state === 'all' ? [] : [state === 'on' ? sql`ended_at is null` : sql`ended_at is not null`]),
    ...(customerId ? [sql`customer_id = ${customerId}`] : []),
    ...(startingAfter ? [sql`customer_id > ${startingAfter}`] : []),
  ];
  const found = await tx.list<ListedRow>(sql`
    select a.*, c.display_name as customer_name, m.kind, m.brand, m.last4, m.state, m.expiry_year, m.expiry_month,
      m.customer_id as method_owner_id, case m.kind when 'card' then c.allow_card
        when 'bank_account' then c.allow_bank_account else c.allow_paypal end as is_allowed
    from (select * from autopays where ${sql.join(conditions, sql` and `)}
      order by customer_id limit ${limit + 1}) a
    join customers c on c.organization_id = a.organization_id and c.id = a.customer_id
    join payment_methods m on m.organization_id = a.organization_id and m.id = a.payment_method_id
    order by a.customer_id`);
  const page = found.slice(0, limit);
  const next = await nextCharges(
    tx,
    organizationId,
    page.flatMap((row) => (row.endedAt ? [] : [row.customerId])),
    day,
  );
  const onHold = !(await readIsLive(tx, organizationId, day.now));
  const rows = page.map((row): AutopayRow => {
    const method = {
      ...row,
      id: row.paymentMethodId,
      customerId: row.methodOwnerId,
      storedToken: '',
      gatewayAccountId: '',
    };
    return {
      ...row,
      terms: termsOf(row),
      unusable: whyUnusable(method, row.customerId, day.today),
      nextOn: next.get(row.customerId) ?? null,
      onHold,
    };
  });
  return { rows, hasMore: found.length > limit };
}
