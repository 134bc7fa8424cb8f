import { newPaypalId } from './wire.ts';

/** The people who pay in the fake: each has one way of paying, and one thing that then happens. */
export const buyers = {
  balance: 'pays from the PayPal balance',
  venmo: 'pays with Venmo',
  pay_later: 'pays later',
  echeck: 'pays from the bank, which clears in four days',
  echeck_bounces: 'pays from the bank, which bounces in four days',
  under_review: 'pays, and PayPal looks at it for a day',
  declined: 'is declined when the order is captured',
  instrument_declined: 'has a card that the bank declines',
  cannot_pay: 'has an account that cannot pay',
  disputes: 'pays, and disputes it four days later',
  refund_bounces: 'pays, and has a bank that takes no refund',
} as const;
export type Buyer = keyof typeof buyers;
export const isBuyer = (text: string): text is Buyer => Object.hasOwn(buyers, text);

export type Order = {
  id: string;
  status: 'PAYER_ACTION_REQUIRED' | 'APPROVED' | 'COMPLETED';
  referenceId: string;
  customId: string | undefined;
  description: string | undefined;
  amount: bigint;
  currency: string;
  returnUrl: string;
  cancelUrl: string;
  buyer: Buyer | undefined;
  payerId: string;
  created_ms: number;
  updated_ms: number;
  capture: Capture | undefined;
};

export type Capture = {
  id: string;
  order: Order;
  status: 'COMPLETED' | 'PENDING' | 'DECLINED' | 'PARTIALLY_REFUNDED' | 'REFUNDED';
  reason: string | undefined;
  customId: string | undefined;
  amount: bigint;
  fee: bigint;
  created_ms: number;
  updated_ms: number;
  refunds: Refund[];
};

export type Refund = {
  id: string;
  capture: Capture;
  status: 'COMPLETED' | 'PENDING' | 'FAILED';
  customId: string | undefined;
  amount: bigint;
  created_ms: number;
  updated_ms: number;
};

export type Dispute = {
  id: string;
  capture: Capture;
  status: 'WAITING_FOR_SELLER_RESPONSE' | 'UNDER_REVIEW' | 'RESOLVED';
  outcome: 'RESOLVED_BUYER_FAVOUR' | 'RESOLVED_SELLER_FAVOUR' | undefined;
  evidence: string[];
  created_ms: number;
  updated_ms: number;
  due_ms: number;
};

/** One line of the reports: it affects the balance by what it says, when its state says so. */
export type LedgerRecord = {
  id: string;
  code: string;
  amount: bigint;
  fee: bigint;
  currency: string;
  begun_ms: number;
  /** What it was, and from when. */
  states: { status: 'P' | 'S' | 'D'; at_ms: number }[];
  custom?: string | undefined;
  relatedId?: string | undefined;
  instrument?: string | undefined;
};

export type Books = {
  orders: Map<string, Order>;
  captures: Map<string, Capture>;
  refunds: Map<string, Refund>;
  disputes: Map<string, Dispute>;
  records: LedgerRecord[];
  balances: Map<string, bigint>;
  /** What is still to come, by the fake's own clock. */
  coming: { at_ms: number; happen: () => void }[];
  now_ms: number;
  /** Told of everything that PayPal sends a webhook about. */
  announce: (
    type: string,
    about: { order?: Order; capture?: Capture; refund?: Refund; dispute?: Dispute },
  ) => void;
};

export const newBooks = (now_ms: number): Books => ({
  orders: new Map(),
  captures: new Map(),
  refunds: new Map(),
  disputes: new Map(),
  records: [],
  balances: new Map(),
  coming: [],
  now_ms,
  announce: () => {},
});

export function later(books: Books, after_ms: number, happen: () => void): void {
  books.coming.push({ at_ms: books.now_ms + after_ms, happen });
}

/** Lets time pass, and happen what was to come on the way, in its order. Time never goes back. */
export function passTime(books: Books, to_ms: number): void {
  for (;;) {
    const [next] = books.coming.filter((each) => each.at_ms <= to_ms).sort((a, b) => a.at_ms - b.at_ms);
    if (!next) break;
    books.coming.splice(books.coming.indexOf(next), 1);
    books.now_ms = Math.max(books.now_ms, next.at_ms);
    next.happen();
  }
  books.now_ms = Math.max(books.now_ms, to_ms);
}

type NewRecord = Omit<LedgerRecord, 'id' | 'begun_ms' | 'states' | 'fee'> & { id?: string; fee?: bigint };

/** Writes a record that moves the balance at once. */
export function record(books: Books, given: NewRecord): LedgerRecord {
  const written: LedgerRecord = {
    id: newPaypalId(),
    fee: 0n,
    ...given,
    begun_ms: books.now_ms,
    states: [{ status: 'S', at_ms: books.now_ms }],
  };
  books.records.push(written);
  move(books, written);
  return written;
}

export function move(books: Books, { currency, amount, fee }: LedgerRecord): void {
  books.balances.set(currency, (books.balances.get(currency) ?? 0n) + amount + fee);
}

const day_ms = 86_400_000;

/** The business takes money out to its bank, where it is a day later. */
export function withdraw(books: Books, currency: string, amount: bigint, code = 'T0400'): LedgerRecord {
  const withdrawal = record(books, { code, currency, amount: -amount });
  withdrawal.states = [{ status: 'P', at_ms: books.now_ms }];
  later(books, day_ms, () => withdrawal.states.push({ status: 'S', at_ms: books.now_ms }));
  return withdrawal;
}

/** The standing order of a business that empties its balance every night. */
export function sweepNightly(books: Books): void {
  const night_ms = Math.floor(books.now_ms / day_ms) * day_ms + 23 * 3_600_000;
  const first_ms = night_ms > books.now_ms ? night_ms : night_ms + day_ms;
  const sweep = (): void => {
    for (const [currency, balance] of books.balances)
      if (balance > 0n) withdraw(books, currency, balance, 'T0401');
    later(books, day_ms, sweep);
  };
  books.coming.push({ at_ms: first_ms, happen: sweep });
}
