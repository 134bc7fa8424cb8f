import type Stripe from 'stripe';
import { type Account, allOf, day_s, find, keep, later, newStripeId, now_s, type Of } from './account.ts';
import { tell } from './events.ts';

type Entry = Of<'balance_transaction'>;
type NewEntry = Pick<Entry, 'amount' | 'currency' | 'type' | 'reporting_category' | 'description'> & {
  fee?: number;
  source: string | null;
  availableIn_s?: number;
};

/** One movement of the balance: gross, fee, net. */
export function book(account: Account, entry: NewEntry): Entry {
  const { fee = 0, availableIn_s = 0, ...rest } = entry;
  return keep(account, {
    id: newStripeId('txn'),
    object: 'balance_transaction',
    ...rest,
    available_on: now_s(account) + availableIn_s,
    balance_type: 'payments',
    created: now_s(account),
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency: entry.currency,
              description: 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: entry.amount - fee,
    status: 'pending',
  });
}

/** 2.9 % and 30 for a card, 0.8 % up to 5 dollars for a bank debit. */
export const cardFee = (amount: number): number => Math.round((amount * 29) / 1000) + 30;
export const debitFee = (amount: number): number => Math.min(500, Math.round((amount * 8) / 1000));

/**
 * Every midnight what is available goes to the bank, a payout a currency; what is owed is drawn from there.
 */
export function startPayouts(account: Account): void {
  const untilMidnight_s = day_s - (now_s(account) % day_s);
  later(account, untilMidnight_s, () => {
    payOut(account);
    startPayouts(account);
  });
}

function payOut(account: Account): void {
  const waiting = allOf(account, 'balance_transaction').filter(
    (entry) => entry.available_on <= now_s(account) && !account.paidOutBy.has(entry.id),
  );
  for (const currency of new Set(waiting.map((entry) => entry.currency))) {
    const entries = waiting.filter((entry) => entry.currency === currency);
    const amount = entries.reduce((sum, entry) => sum + entry.net, 0);
    if (amount === 0) continue;
    const payout = makePayout(account, { amount, currency, automatic: true });
    for (const entry of entries) account.paidOutBy.set(entry.id, payout.id);
  }
}

export function makePayout(
  account: Account,
  { amount, currency, automatic }: { amount: number; currency: string; automatic: boolean },
): Of<'payout'> {
  const payout: Stripe.Payout = keep(account, {
    id: newStripeId('po'),
    object: 'payout',
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: now_s(account) - (now_s(account) % day_s) + 2 * day_s,
    automatic,
    balance_transaction: null,
    created: now_s(account),
    currency,
    description: 'STRIPE PAYOUT',
    destination: 'ba_1Fake',
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: automatic ? 'completed' : 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'in_transit',
    trace_id: { status: 'pending', value: null },
    type: 'bank_account',
  });
  const own = book(account, {
    amount: -amount,
    currency,
    type: 'payout',
    reporting_category: 'payout',
    description: 'STRIPE PAYOUT',
    source: payout.id,
  });
  payout.balance_transaction = own.id;
  account.paidOutBy.set(own.id, payout.id);
  tell(account, payout, 'created');
  later(account, payout.arrival_date - now_s(account), () => arrive(account, payout.id));
  return payout;
}

function arrive(account: Account, id: string): void {
  const payout = find(account, 'payout', id);
  if (payout?.status !== 'in_transit') return;
  payout.status = 'paid';
  tell(account, payout, 'paid');
}

/** The bank sends it back, some days after it was to arrive. */
export function failPayout(account: Account, id: string): void {
  const payout = find(account, 'payout', id);
  if (!payout) throw new Error(`no payout ${id}`);
  payout.status = 'failed';
  payout.failure_code = 'account_closed';
  payout.failure_message = 'The bank account has been closed.';
  const back = book(account, {
    amount: payout.amount,
    currency: payout.currency,
    type: 'payout_failure',
    reporting_category: 'payout_reversal',
    description: 'STRIPE PAYOUT FAILURE',
    source: payout.id,
  });
  payout.failure_balance_transaction = back.id;
  tell(account, payout, 'failed');
}
