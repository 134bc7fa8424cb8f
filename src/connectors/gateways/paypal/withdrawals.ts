import type { GatewayPayout, GatewayPayouts, PayoutLine } from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';
import { type BalanceRecord, type BalanceRecords, readRecords, window_ms } from './balance-records.ts';
import { ourPaymentId, ourRefundId } from './our-ids.ts';
import type { PaypalApi } from './paypal-api.ts';
import { fromPaypalMoney } from './paypal-money.ts';

/*
 * PayPal keeps a balance in each currency and pays it out when the business, or its standing order, says so.
 * A payout is such a withdrawal to the bank (event codes T04…), and its lines are all records that moved the
 * balance since the withdrawal before. A business that empties its balance each time has payouts that equal
 * their lines. One that leaves money in it, or takes out earlier money, has payouts that do not: nothing is
 * made up to close the gap, such a payout is an exception for staff. An `adjustment` is only ever a record
 * of PayPal's own, such as a conversion, a hold of a reserve, or money sent from another account.
 *
 * Money held because of a dispute is a chargeback and its release a chargeback reversal: a lost dispute shows
 * as hold, release and reversal, whose sum is the loss. A withdrawal that the bank sent back stays a failed
 * payout with its lines, and the return (T1101) is an adjustment of the next one.
 */
type Kind = PayoutLine['kind'];
const kindByCode: Record<string, Kind> = {
  T1106: 'chargeback',
  T1107: 'refund',
  T1108: 'fee',
  T1109: 'fee',
  T1110: 'chargeback',
  T1111: 'chargeback_reversal',
  T1113: 'refund',
  T1116: 'return',
  T1118: 'return',
  T1201: 'chargeback',
  T1202: 'chargeback_reversal',
  T1205: 'chargeback_reversal',
  T1207: 'chargeback',
  T1208: 'chargeback_reversal',
};

const isWithdrawal = (record: BalanceRecord): boolean => record.transaction_event_code.startsWith('T04');

function kindOf(code: string, gross: bigint): Kind {
  const known = kindByCode[code];
  if (known) return known;
  if (code.startsWith('T01')) return 'fee';
  // A payment that was received; one that was sent from the balance pays somebody else.
  if (code.startsWith('T00') && gross > 0n) return 'charge';
  return 'adjustment';
}

/** For staff, who have to explain an adjustment: the longest code that fits has the word. */
const words: Record<string, string> = {
  T00: 'payment',
  T01: 'fee',
  T02: 'currency conversion',
  T03: 'money added from the bank',
  T1101: 'withdrawal sent back by the bank',
  T1105: 'hold released',
  T1106: 'payment taken back',
  T1107: 'refund',
  T1110: 'held for a dispute',
  T1111: 'hold for a dispute released',
  T12: 'chargeback or correction',
  T15: 'hold',
  T21: 'hold or reserve',
};
const wordsOf = (code: string): string => words[code] ?? words[code.slice(0, 3)] ?? '';

/** The account's own day: PayPal writes its instants in the time zone of the account. */
const dayOf = (instant: string): string => instant.slice(0, 10);
const startOf = (record: BalanceRecord): number => Date.parse(record.transaction_initiation_date);

function lineOf(record: BalanceRecord, reference: string): PayoutLine | undefined {
  const money = fromPaypalMoney(record.transaction_amount);
  // PayPal writes the fee as what it does to the balance: negative when it is taken.
  const fee = record.fee_amount ? fromPaypalMoney(record.fee_amount) : { amount: 0n };
  if (!money || !fee) return undefined;
  const code = record.transaction_event_code;
  const kind = kindOf(code, money.amount);
  const isRefund = kind === 'refund';
  const related = record.paypal_reference_id_type === 'TXN' ? record.paypal_reference_id : undefined;
  return {
    reference,
    kind,
    paymentId: isRefund ? undefined : ourPaymentId(record.custom_field),
    refundId: isRefund ? ourRefundId(record.custom_field) : undefined,
    paymentReference: kind === 'charge' ? record.transaction_id : related,
    ...(kind === 'fee'
      ? { gross: 0n, fee: -(money.amount + fee.amount) }
      : { gross: money.amount, fee: -fee.amount }),
    net: money.amount + fee.amount,
    description: [code, wordsOf(code), record.instrument_type].filter(Boolean).join(' '),
    on: dayOf(record.transaction_initiation_date),
  };
}

const feeLine = (withdrawal: BalanceRecord, amount: bigint): PayoutLine => ({
  reference: `${withdrawal.transaction_id}-fee`,
  kind: 'fee',
  gross: 0n,
  fee: -amount,
  net: amount,
  description: withdrawal.transaction_event_code,
  on: dayOf(withdrawal.transaction_initiation_date),
});

const stateByStatus: Record<string, GatewayPayout['state']> = {
  S: 'paid',
  P: 'in_transit',
  V: 'failed',
  D: 'failed',
};

function payoutOf(withdrawal: BalanceRecord, before: BalanceRecord[]): GatewayPayout {
  const money = fromPaypalMoney(withdrawal.transaction_amount);
  const fee = fromPaypalMoney(withdrawal.fee_amount);
  const seen = new Set<string>();
  const lines = before.map((record) => {
    // One id may stand for two movements, such as a hold and its release.
    const id = record.transaction_id;
    const reference = seen.has(id) ? `${id}-${record.transaction_event_code}` : id;
    seen.add(id);
    return lineOf(record, reference);
  });
  // An instant transfer costs something, which leaves the balance with it.
  if (fee && fee.amount !== 0n) lines.push(feeLine(withdrawal, fee.amount));
  if (!money || lines.some((line) => line === undefined))
    throw new Refusal('unavailable', 'PayPal reports an amount that cannot be read.');
  return {
    reference: withdrawal.transaction_id,
    state: stateByStatus[withdrawal.transaction_status] ?? 'in_transit',
    amount: -money.amount,
    currency: money.currency,
    initiatedOn: dayOf(withdrawal.transaction_initiation_date),
    // PayPal names no day of arrival: it is the day on which the withdrawal last changed.
    arrivesOn: dayOf(withdrawal.transaction_updated_date),
    lines: lines.filter((line) => line !== undefined),
  };
}

/** Moves that PayPal refused never touched the balance; those it took back show twice, once each way. */
const moved = (record: BalanceRecord): boolean =>
  record.transaction_status !== 'D' && (record.transaction_status !== 'P' || isWithdrawal(record));

/**
 * When a record moved the balance: a payment that had to clear did so on the day it last changed. One that
 * was given back later changed again, and keeps the day it began.
 */
const movedAt = (record: BalanceRecord): number =>
  record.transaction_status === 'S' && !isWithdrawal(record)
    ? Date.parse(record.transaction_updated_date)
    : startOf(record);

function inOrder(records: readonly BalanceRecord[]): BalanceRecord[] {
  const byName = new Map<string, BalanceRecord>();
  for (const record of records)
    byName.set(`${record.transaction_id} ${record.transaction_event_code}`, record);
  return [...byName.values()].filter(moved).sort((a, b) => movedAt(a) - movedAt(b));
}

const byCurrency = (records: readonly BalanceRecord[]): BalanceRecord[][] => [
  ...Map.groupBy(inOrder(records), (each) => each.transaction_amount.currency_code).values(),
];

/** The records of each currency, oldest first, cut at each withdrawal. */
export function payoutsOf(records: readonly BalanceRecord[]): GatewayPayout[] {
  const payouts: GatewayPayout[] = [];
  for (const ofOne of byCurrency(records)) {
    let before: BalanceRecord[] = [];
    for (const record of ofOne) {
      if (isWithdrawal(record)) {
        payouts.push(payoutOf(record, before));
        before = [];
      } else before.push(record);
    }
  }
  return payouts.sort((a, b) => (a.initiatedOn < b.initiatedOn ? -1 : a.initiatedOn > b.initiatedOn ? 1 : 0));
}

const changedOn = (record: BalanceRecord): string => dayOf(record.transaction_updated_date);

/** Whether each withdrawal to be told of has one before it, at which its lines begin. */
const beginsKnown = (records: readonly BalanceRecord[], since: string): boolean =>
  byCurrency(records).every((ofOne) => {
    const [first] = ofOne.filter(isWithdrawal);
    return first === undefined || changedOn(first) < since;
  });

/** How far back the withdrawal before is searched: two years, after which the lines begin there. */
const windows_max = 24;

async function readBack(api: PaypalApi, since: string, at: Date): Promise<BalanceRecords> {
  // A withdrawal of the days before may have changed since.
  const enough_ms = Date.parse(`${since}T00:00:00Z`) - window_ms;
  let to_ms = at.getTime();
  const newest = await readRecords(api, to_ms - window_ms, to_ms);
  let records = newest.records;
  for (let windows = 1; windows < windows_max; windows += 1) {
    to_ms -= window_ms;
    if (to_ms <= enough_ms && beginsKnown(records, since)) break;
    records = [...(await readRecords(api, to_ms - window_ms, to_ms)).records, ...records];
  }
  return { records, wholeUntil_ms: newest.wholeUntil_ms };
}

export function paypalPayouts(api: PaypalApi): GatewayPayouts {
  return {
    async list({ since, at }) {
      const { records, wholeUntil_ms = at.getTime() } = await readBack(api, since, at);
      const told = new Set(
        records
          .filter((each) => isWithdrawal(each) && changedOn(each) >= since && startOf(each) <= wholeUntil_ms)
          .map((each) => each.transaction_id),
      );
      return payoutsOf(records).filter((each) => told.has(each.reference));
    },
  };
}
