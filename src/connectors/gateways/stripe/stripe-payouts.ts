import type Stripe from 'stripe';
import type { GatewayPayout, GatewayPayouts, PayoutLine } from '#features/payments/payment-gateway.ts';
import { addDays } from '#lib/dates.ts';
import { full, idOf, ourNames, refusalOf, type StripeApi, troubleOf } from './stripe-api.ts';
import { fromStripeAmount } from './stripe-money.ts';

/** Stripe's days are UTC days. */
const dayOf = (at_s: number): string => new Date(at_s * 1000).toISOString().slice(0, 10);
const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000;

/** A bank may refuse a payout some days after it was to arrive; Stripe's lists know no day of change. */
const lateFailure_days = 10;

export const stripePayouts = (stripe: StripeApi): GatewayPayouts => ({
  async list({ since }) {
    const { api, secrets } = stripe;
    const found: GatewayPayout[] = [];
    try {
      const gte = startOf(addDays(since, -lateFailure_days));
      for await (const payout of api.payouts.list({ arrival_date: { gte }, limit: 100 }))
        if (isNews(payout, since)) found.push(await payoutOf(stripe, payout));
    } catch (error) {
      throw refusalOf(troubleOf(error, secrets), 'The payouts could not be read.');
    }
    return found.sort((a, b) => compare(a.initiatedOn, b.initiatedOn) || compare(a.reference, b.reference));
  },
});

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * What arrives on or after the day, or failed late. While Stripe still sorts out its lines, it is not told
 * yet.
 */
const isNews = (payout: Stripe.Payout, since: string): boolean =>
  payout.reconciliation_status !== 'in_progress' &&
  (dayOf(payout.arrival_date) >= since || stateOf(payout) === 'failed');

function stateOf({ status }: Stripe.Payout): GatewayPayout['state'] {
  if (status === 'paid') return 'paid';
  return status === 'failed' || status === 'canceled' ? 'failed' : 'in_transit';
}

async function payoutOf(stripe: StripeApi, payout: Stripe.Payout): Promise<GatewayPayout> {
  return {
    reference: payout.id,
    state: stateOf(payout),
    amount: fromStripeAmount(payout.amount, payout.currency),
    currency: payout.currency.toUpperCase(),
    initiatedOn: dayOf(payout.created),
    arrivesOn: dayOf(payout.arrival_date),
    // Nobody knows what a payout by hand is made of: without lines it becomes an exception for a person.
    lines: payout.automatic ? await linesOf(stripe, payout.id) : [],
  };
}

async function linesOf({ api }: StripeApi, payoutId: string): Promise<PayoutLine[]> {
  const lines: PayoutLine[] = [];
  const all = api.balanceTransactions.list({ payout: payoutId, limit: 100, expand: ['data.source'] });
  for await (const entry of all) {
    // The payout itself is one of the entries.
    if (idOf(entry.source) !== payoutId) lines.push(await lineOf(api, entry));
  }
  return lines.reverse();
}

type Source = Stripe.Charge | Stripe.Refund | Stripe.Dispute | undefined;
type About = Pick<PayoutLine, 'paymentId' | 'refundId' | 'paymentReference'>;

function sourceOf(entry: Stripe.BalanceTransaction): Source {
  const source = full(entry.source);
  return source?.object === 'charge' || source?.object === 'refund' || source?.object === 'dispute'
    ? source
    : undefined;
}

async function lineOf(api: Stripe, entry: Stripe.BalanceTransaction): Promise<PayoutLine> {
  const source = sourceOf(entry);
  const disputed = source?.object === 'dispute' ? await chargeOf(api, source) : undefined;
  return {
    reference: entry.id,
    kind: kindOf(entry, disputed),
    ...aboutOf(source, disputed),
    gross: fromStripeAmount(entry.amount, entry.currency),
    fee: fromStripeAmount(entry.fee, entry.currency),
    net: fromStripeAmount(entry.net, entry.currency),
    description: entry.description ?? entry.reporting_category.replaceAll('_', ' '),
    on: dayOf(entry.created),
  };
}

const chargeOf = async (api: Stripe, dispute: Stripe.Dispute): Promise<Stripe.Charge> =>
  full(dispute.charge) ?? api.charges.retrieve(idOf(dispute.charge) ?? '');

function aboutOf(source: Source, disputed: Stripe.Charge | undefined): About {
  const charge = source?.object === 'charge' ? source : disputed;
  const metadata = source?.object === 'refund' ? source.metadata : charge?.metadata;
  const reference = idOf(source?.payment_intent);
  const paymentId = metadata?.[ourNames.payment];
  const refundId = source?.object === 'refund' ? metadata?.[ourNames.refund] : undefined;
  return {
    ...(paymentId !== undefined && { paymentId }),
    ...(refundId !== undefined && { refundId }),
    ...(reference !== undefined && { paymentReference: reference }),
  };
}

const kinds: Record<string, PayoutLine['kind']> = {
  charge: 'charge',
  payment: 'charge',
  refund: 'refund',
  payment_refund: 'refund',
  // A refund that did not arrive comes back: the money of a refund, with the other sign.
  refund_failure: 'refund',
  // A debit that failed before it succeeded, and one that its bank took back afterwards.
  payment_failure_refund: 'return',
  payment_reversal: 'return',
  stripe_fee: 'fee',
  stripe_fx_fee: 'fee',
  tax_fee: 'fee',
};

function kindOf(entry: Stripe.BalanceTransaction, disputed: Stripe.Charge | undefined): PayoutLine['kind'] {
  if (disputed?.payment_method_details?.type === 'us_bank_account') return 'return';
  if (disputed) return entry.amount < 0 ? 'chargeback' : 'chargeback_reversal';
  return kinds[entry.type] ?? (entry.reporting_category === 'fee' ? 'fee' : 'adjustment');
}
