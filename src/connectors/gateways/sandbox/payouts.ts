import { createHash } from 'node:crypto';
import { addDays } from '#lib/dates.ts';
import { sum } from '#lib/money.ts';
import type { Account, BookedCharge } from './accounts.ts';
import { type Move, type Moving, setMoving } from './moves.ts';
import type { BalanceKind, BalanceLine } from './payout-lines.ts';

export type PayoutStatus = 'in_transit' | 'paid';

/** What one day, in UTC, did to the balance of one kind and currency. */
export type Payout = Moving<PayoutStatus> & {
  object: 'payout';
  id: string;
  kind: BalanceKind;
  currency: string;
  /** Made at noon of the day after, and at the bank at noon of its arrival. */
  madeOn: string;
  arrivesOn: string;
  lines: Map<string, BalanceLine>;
};

const arrives_days: Record<BalanceKind, number> = { card: 1, bank_account: 2 };
const dayOf = (at_ms: number): string => new Date(at_ms).toISOString().slice(0, 10);
const noonOf = (day: string): number => Date.parse(`${day}T12:00:00Z`);

/** Sorts by day. */
const keyOf = ({ at_ms, balance, currency }: BalanceLine): string => `${dayOf(at_ms)}:${balance}:${currency}`;

function newPayout(account: Account, line: BalanceLine): Payout {
  const { balance: kind, currency, at_ms } = line;
  const madeOn = addDays(dayOf(at_ms), 1);
  const arrivesOn = addDays(madeOn, arrives_days[kind]);
  const moves: Move<PayoutStatus>[] = [
    { status: 'in_transit', at_ms: noonOf(madeOn) },
    { status: 'paid', at_ms: noonOf(arrivesOn) },
  ];
  // Made out of nothing but its day, so that it has the same name after a restart.
  const hash = createHash('sha256')
    .update(`${account.key}:${keyOf(line)}`)
    .digest('hex')
    .slice(0, 30);
  const id = `po_sandbox_${hash}`;
  return {
    object: 'payout',
    id,
    kind,
    currency,
    madeOn,
    arrivesOn,
    lines: new Map(),
    moves,
    announced: 0,
  };
}

/** Replaces what a charge does to the balance. Only lines of days to come are ever new or gone. */
export function rebook(account: Account, charge: BookedCharge, lines: readonly BalanceLine[]): void {
  for (const line of charge.lines) {
    const payout = account.payouts.get(keyOf(line));
    payout?.lines.delete(line.id);
  }
  for (const line of lines) {
    const key = keyOf(line);
    const payout = account.payouts.get(key) ?? newPayout(account, line);
    payout.lines.set(line.id, line);
    account.payouts.set(key, payout);
    setMoving(account, payout);
  }
  for (const line of charge.lines) {
    const payout = account.payouts.get(keyOf(line));
    if (!payout || payout.lines.size > 0) continue;
    account.moving.delete(payout);
    account.payouts.delete(keyOf(line));
  }
  charge.lines = lines;
}

/** The sum that goes to the bank; what a test card loses is missing from it, and from no line. */
export const payoutAmount = ({ lines }: Payout): bigint =>
  sum([...lines.values()].map((line) => line.gross - line.fee - (line.lost ?? 0n)));

export const payoutLines = ({ lines }: Payout): BalanceLine[] =>
  [...lines.values()].sort((a, b) => a.at_ms - b.at_ms || (a.id < b.id ? -1 : 1));
