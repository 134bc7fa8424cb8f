import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type AgreedFee, readAgreedFees } from '#features/card-fees/read-agreed-fees.ts';
import { readStandingTerms } from '#features/card-fees/read-standing-terms.ts';
import { type CardFeeTerms, readCardFeeTerms } from '#features/card-fees/read-terms.ts';
import {
  type CardFeeKind,
  coversFee,
  type FeeChannel,
  type Funding,
  fundings,
  type NoCardFee,
  type PricedCharge,
  priceCardFee,
} from '#features/card-fees/rules.ts';
import { cardFeeLabels } from '#features/card-fees/word-rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { least, sum } from '#lib/money.ts';

export { readCardFeeTerms } from '#features/card-fees/read-terms.ts';

/** A charge of which the fee is asked. */
export type ChargeToPrice = {
  customerId: string;
  /** What is paid without the fee. */
  base: bigint;
  currency: string;
  kind: PricedCharge['kind'];
  /** As the gateway says, or a stored method remembers; missing: unknown. */
  funding?: string | null | undefined;
  brand?: string | null | undefined;
  /** Such as US-CO; left out, it is where the customer's bills go. */
  payerRegion?: string | undefined;
  /** What it pays; of an invoice without an amount, all that is due. */
  parts: readonly { invoiceId: string; amount?: bigint | undefined }[];
  /** Where it was asked for; a payer's own page when left out. */
  source?: string | undefined;
  /** Of a charge that is tried again: the key of the try before, and what it charges. */
  retryOf?: string | undefined;
  paymentMethodId?: string | undefined;
  /** Of a standing charge: the agreement that it is made by. */
  authorizationId?: string | undefined;
};

/** What is paid on top, or why nothing is. */
export type ChargePrice = {
  paidOnTop?: { amount: bigint; kind: CardFeeKind };
  label: string;
  /** As charged; null for a flat fee. */
  percent: string | null;
  /** The flat part of it. */
  flatAmount: bigint;
  funding: Funding;
  why?: NoCardFee;
  policyId?: string;
  /** Of a standing charge with a fee: when its payer agreed to it. */
  agreedAt?: Date;
};

/** What one charge costs on top, today. */
export async function priceCharge(
  tx: Tx,
  input: ChargeToPrice & { organizationId: string; today: CalendarDate },
): Promise<ChargePrice> {
  const { organizationId, today } = input;
  const [price] = await priceCharges(tx, { organizationId, today, charges: [input] });
  return price ?? nothing('off');
}

const nothing = (why: NoCardFee, funding: Funding = 'unknown'): ChargePrice => ({
  label: '',
  percent: null,
  flatAmount: 0n,
  funding,
  why,
});

/** The same for many, in order. */
export async function priceCharges(tx: Tx, input: ToPrice): Promise<ChargePrice[]> {
  return input.charges.map(await readPricer(tx, input));
}

type ToPrice = { organizationId: string; today: CalendarDate; charges: readonly ChargeToPrice[] };

/** What prices these charges, also at other amounts: one reading of terms, of customers and of invoices. */
export async function readPricer(
  tx: Tx,
  { organizationId, today, charges }: ToPrice,
): Promise<(charge: ChargeToPrice) => ChargePrice> {
  const priced = charges.filter(({ kind }) => kind === 'card' || kind === 'bank_account');
  const terms = priced.length === 0 ? undefined : await readCardFeeTerms(tx, organizationId, today);
  const termsOf = await readStandingTerms(tx, { organizationId, today, charges: priced, terms });
  if (!terms && !termsOf) return nothingToday;
  const regions = await readRegions(tx, organizationId, priced);
  const planned = await readPlanned(tx, organizationId, priced);
  const agreedFees = await readAgreedFees(tx, organizationId, agreementsOf(priced));
  return (charge) => {
    const agreed = agreedFees.get(charge.authorizationId ?? '');
    if (isBeyondAgreement(charge, agreed)) return nothing('not_agreed', fundingOf(charge.funding));
    const whole: PricedCharge = {
      ...charge,
      funding: fundingOf(charge.funding),
      brand: charge.brand ?? '',
      channel: channelOf(charge.source),
      payerRegion: charge.payerRegion ?? regions.get(charge.customerId),
      planned: plannedPart(charge, planned),
      ahead: aheadOf(charge),
      today,
    };
    const holding = termsOf?.(charge) ?? [terms];
    const bounded = isStandingCard(charge)
      ? holding.map((each) => each && withinFlat(each, agreed))
      : holding;
    const price = cheapest(bounded.map((each) => (each ? priceBy(each, whole) : nothingToday(charge))));
    return isStandingCard(charge) ? asAgreed(price, agreed) : price;
  };
}

const nothingToday = ({ kind, funding }: ChargeToPrice): ChargePrice =>
  nothing(kind === 'card' ? 'off' : 'not_a_card', fundingOf(funding));

/** Of what was told at different times the payer owes the least. */
const cheapest = (prices: readonly ChargePrice[]): ChargePrice =>
  prices.reduce((least, each) => (onTop(each) < onTop(least) ? each : least));
const onTop = ({ paidOnTop }: ChargePrice): bigint => paidOnTop?.amount ?? 0n;

const isStandingCard = ({ source, kind }: ChargeToPrice): boolean =>
  kind === 'card' && channelOf(source) === 'standing';
const agreementsOf = (charges: readonly ChargeToPrice[]): string[] =>
  charges.flatMap((charge) => (isStandingCard(charge) ? (charge.authorizationId ?? []) : []));

/**
 * A standing charge has a card fee only as agreed. A discount is no surprise where autopay pays what is due;
 * a schedule and a plan take the amounts that their agreements name, and a plan never has a card fee.
 */
const isBeyondAgreement = ({ source, kind }: ChargeToPrice, agreed: AgreedFee | undefined): boolean =>
  channelOf(source) === 'standing' &&
  (kind === 'card' ? !agreed || source?.startsWith('plan_') === true : source !== 'autopay');

/** Of a flat part that is larger than what was agreed to, or that came later, no more than that. */
const withinFlat = (terms: CardFeeTerms, agreed: AgreedFee | undefined): CardFeeTerms => {
  const flatAmount = least(terms.flatAmount, agreed?.flatAmount ?? 0n);
  return { ...terms, flatAmount, policy: { ...terms.policy, flatAmount } };
};

const asAgreed = (price: ChargePrice, agreed: AgreedFee | undefined): ChargePrice => {
  const { paidOnTop, percent, funding } = price;
  if (!paidOnTop) return price;
  return agreed && coversFee(agreed, { kind: paidOnTop.kind, percent })
    ? { ...price, agreedAt: agreed.acceptedAt }
    : nothing('not_agreed', funding);
};

/** What goes to no invoice. */
function aheadOf({ base, parts }: ChargeToPrice): bigint {
  if (parts.length > 0 && parts.some(({ amount }) => amount === undefined)) return 0n;
  return base - sum(parts.map(({ amount }) => amount ?? 0n));
}

/** By terms that were read already. */
export function priceBy(terms: CardFeeTerms, charge: PricedCharge): ChargePrice {
  const price = priceCardFee(terms.policy, terms.rules, charge);
  if ('why' in price) return nothing(price.why, charge.funding);
  const { amount, kind, percent } = price;
  return {
    paidOnTop: { amount, kind },
    label: cardFeeLabels[kind],
    percent,
    flatAmount: terms.flatAmount,
    funding: charge.funding,
    policyId: terms.policyId,
  };
}

export const fundingOf = (funding: string | null | undefined): Funding =>
  fundings.find((known) => known === funding) ?? 'unknown';

const byStaff = ['staff', 'virtual_terminal', 'api'];
const standing = ['autopay', 'schedule', 'plan_down_payment', 'plan_installment'];
const channelOf = (source: string | undefined): FeeChannel | 'standing' =>
  source && standing.includes(source) ? 'standing' : source && byStaff.includes(source) ? 'staff' : 'online';

/** Where the customers' bills go, as places of rules; in the United States unless the address says else. */
async function readRegions(
  tx: Tx,
  organizationId: string,
  charges: readonly ChargeToPrice[],
): Promise<Map<string, string>> {
  const ids = [...new Set(charges.filter((c) => !c.payerRegion).map(({ customerId }) => customerId))];
  if (ids.length === 0) return new Map();
  const rows = await tx.rows<{ id: string; region: string }>(sql`
    select c.id, 'US-' || coalesce(z.region, 'PR') as region
    from customers c left join region_zones z on z.country = 'US'
      and upper(trim(c.billing_address ->> 'region')) in (z.region, upper(z.name))
    where c.organization_id = ${organizationId} and c.id = any(${ids}::text[])
      and (c.billing_address ->> 'country' = 'PR'
        or (z.region is not null and coalesce(nullif(c.billing_address ->> 'country', ''), 'US') = 'US'))`);
  return new Map(rows.map(({ id, region }) => [id, region]));
}

const plannedPart = ({ parts, base }: ChargeToPrice, planned: ReadonlyMap<string, bigint>): bigint => {
  const amounts = parts.map(({ invoiceId, amount }) => {
    const due = planned.get(invoiceId);
    return due === undefined ? 0n : (amount ?? due);
  });
  return least(sum(amounts), base);
};

/** Those of the invoices that an active payment plan pays, and what is due on them. */
async function readPlanned(
  tx: Tx,
  organizationId: string,
  charges: readonly ChargeToPrice[],
): Promise<Map<string, bigint>> {
  const ids = [...new Set(charges.flatMap(({ parts }) => parts.map(({ invoiceId }) => invoiceId)))];
  if (ids.length === 0) return new Map();
  const rows = await tx.rows<{ id: string; due: bigint }>(sql`
    select id, balance_due as due from invoices where organization_id = ${organizationId} and id = any(${ids}::text[])
      and payment_plan_id is not null`);
  return new Map(rows.map(({ id, due }) => [id, due]));
}
