import { randomInt } from 'node:crypto';
import { newToken } from '#lib/secrets.ts';

const hour_ms = 3_600_000;
const day_ms = 24 * hour_ms;
/** The account's Transaction Cut-Off Time, a setting of every account. */
const cutOffHour = 15;

export type Instrument = {
  accountType: string;
  /** Unmasked in the vendor's own vault alone. */
  number: string;
  /** `2031-04`; empty for a bank account. */
  expiry: string;
  behaviour: Behaviour;
};

/** What is to become of a charge, decided with the token it is paid by. */
export type Behaviour =
  | 'approve'
  | 'decline'
  | 'slow'
  | 'lost_answer'
  | 'error_after_commit'
  | 'hold'
  | 'bank'
  | 'bank_returned_early'
  | 'bank_returned_late'
  | 'dispute';

export type Row = {
  transId: string;
  type: 'authCaptureTransaction' | 'refundTransaction' | 'returnedItem' | 'chargeback' | 'chargebackReversal';
  /** As it was sent; the books keep it in cents or whatever the currency's smallest unit is. */
  amount: bigint;
  submittedAt: Date;
  instrument: Instrument;
  invoiceNumber: string;
  customerId: string;
  refId: string;
  refTransId?: string;
  declined?: { code: string; text: string };
  /** How often it has to be looked at until somebody releases it. */
  heldFor?: number;
  voided?: boolean;
  returned?: { at: Date; code: string; description: string };
  /** What the duplicate check compares. */
  likeness: string;
};

export type Fault =
  | 'dropBeforeCommit'
  | 'dropAfterCommit'
  | 'unavailableOnce'
  | 'rateLimitedOnce'
  | 'duplicateWebhook'
  | 'webhookRefused';

export type Nonce = { instrument: Instrument; used: boolean; expiresAt: Date };
export type Profile = { merchantCustomerId: string; description: string; methods: Map<string, Instrument> };

export type FakeAccount = {
  apiLoginId: string;
  transactionKey: string;
  signatureKey: string;
  clientKey: string;
  name: string;
  currencies: string[];
  testMode: boolean;
  /** The Transaction Details API has to be switched on by the business. */
  reportingEnabled: boolean;
  now: Date;
  rows: Row[];
  nonces: Map<string, Nonce>;
  profiles: Map<string, Profile>;
  faults: Fault[];
  webhookUrl?: string;
};

export function newAccount(change: Partial<FakeAccount> & { now: Date }): FakeAccount {
  return {
    apiLoginId: `login${newToken().slice(0, 12)}`,
    transactionKey: newToken().slice(0, 16),
    signatureKey: Array.from({ length: 128 }, () => '0123456789ABCDEF'.charAt(randomInt(16))).join(''),
    clientKey: `${newToken()}${newToken()}`,
    name: 'Riverside Plumbing',
    currencies: ['USD'],
    testMode: false,
    reportingEnabled: true,
    rows: [],
    nonces: new Map(),
    profiles: new Map(),
    faults: [],
    ...change,
  };
}

let lastId = 60_100_000_000 + randomInt(1_000_000);
export const nextId = (): string => {
  lastId += 1;
  return String(lastId);
};

export const takeFault = (account: FakeAccount, among: readonly Fault[]): Fault | undefined => {
  const at = account.faults.findIndex((each) => among.includes(each));
  return at < 0 ? undefined : account.faults.splice(at, 1)[0];
};

export const isBank = (row: Row): boolean => row.instrument.accountType === 'eCheck';
export const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms);
const atOrAfter = (now: Date, moment: Date): boolean => now.getTime() >= moment.getTime();

/** The first cut-off after an instant: what is there by then leaves in that day's batch. */
function cutOffAfter(at: Date): Date {
  const sameDay_ms = Math.floor(at.getTime() / day_ms) * day_ms + cutOffHour * hour_ms;
  return new Date(at.getTime() < sameDay_ms ? sameDay_ms : sameDay_ms + day_ms);
}

/** Returned to the business before its money came: such a debit never settles. */
const neverSettles = (row: Row): boolean =>
  row.returned !== undefined && row.returned.at < later(cutOffAfter(row.submittedAt), 3 * day_ms);

/** When the row's batch is settled; undefined while that cannot be said. */
export function settlesAt(row: Row): Date | undefined {
  if (row.heldFor !== undefined) return undefined;
  const cutOff = cutOffAfter(row.submittedAt);
  const isDebit = isBank(row) && row.type === 'authCaptureTransaction' && !row.declined && !row.voided;
  if (!isDebit) return later(cutOff, 2 * hour_ms);
  return neverSettles(row) ? undefined : later(cutOff, 3 * day_ms);
}

export const isSettled = (row: Row, now: Date): boolean => {
  const at = settlesAt(row);
  return at !== undefined && atOrAfter(now, at);
};

/** transactionStatus, as it stands at `now`. */
export function statusOf(row: Row, now: Date): string {
  if (row.type !== 'authCaptureTransaction' && row.type !== 'refundTransaction') return row.type;
  if (row.declined) return 'declined';
  if (row.voided) return 'voided';
  if (row.heldFor !== undefined) return 'FDSPendingReview';
  const settled = isSettled(row, now);
  if (row.type === 'refundTransaction')
    return settled ? 'refundSettledSuccessfully' : 'refundPendingSettlement';
  if (settled) return 'settledSuccessfully';
  const cutOff = cutOffAfter(row.submittedAt);
  if (!atOrAfter(now, cutOff)) return 'capturedPendingSettlement';
  if (!isBank(row)) return 'pendingSettlement';
  return atOrAfter(now, later(cutOff, day_ms)) ? 'pendingFinalSettlement' : 'updatingSettlement';
}

export const isReturned = (row: Row, now: Date): boolean =>
  row.returned !== undefined && atOrAfter(now, row.returned.at);

/** The rows that exist by now; what will be returned or disputed is written down when it is charged. */
export const visible = (account: FakeAccount): Row[] =>
  account.rows.filter((row) => atOrAfter(account.now, row.submittedAt));

export const findRow = (account: FakeAccount, transId: unknown): Row | undefined =>
  visible(account).find((row) => row.transId === String(transId));

const aftermathOf = (row: Row, type: Row['type'], at: Date): Row => ({
  ...row,
  transId: nextId(),
  type,
  submittedAt: at,
  refTransId: row.transId,
  likeness: `${type} ${row.transId}`,
});

/** Books a charge, and what its bank or its holder is going to do about it. */
export function book(account: FakeAccount, row: Row): void {
  account.rows.push(row);
  if (row.declined || row.type !== 'authCaptureTransaction') return;
  const inDays = (days: number): Date => later(row.submittedAt, days * day_ms);
  switch (row.instrument.behaviour) {
    case 'bank_returned_early':
      row.returned = { at: inDays(2), code: 'R01', description: 'Insufficient Funds' };
      break;
    case 'bank_returned_late': {
      account.rows.push(aftermathOf(row, 'returnedItem', inDays(30)));
      row.returned = { at: inDays(30), code: 'R10', description: 'Customer Advises Not Authorized' };
      break;
    }
    case 'dispute':
      account.rows.push(aftermathOf(row, 'chargeback', inDays(5)));
      account.rows.push(aftermathOf(row, 'chargebackReversal', inDays(60)));
      break;
    default:
      break;
  }
}

/** The money that was taken and has not been voided, returned or held. */
export const captured = (account: FakeAccount): Row[] =>
  visible(account).filter(
    (row) =>
      row.type === 'authCaptureTransaction' &&
      !row.declined &&
      !row.voided &&
      row.heldFor === undefined &&
      !isReturned(row, account.now),
  );
export const refunded = (account: FakeAccount): Row[] =>
  visible(account).filter((row) => row.type === 'refundTransaction' && !row.declined && !row.voided);
