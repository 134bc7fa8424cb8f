import { type Move, movesDone } from './moves.ts';
import { type Instrument, isExpired } from './read-instrument.ts';
import type { Behaviour } from './test-numbers.ts';

export type ChargeStatus =
  | 'processing'
  | 'approved'
  | 'settling'
  | 'settled'
  | 'submitted'
  | 'accepted'
  | 'collected'
  | 'returned'
  | 'voided'
  | 'declined';

type ChargeMove = Move<ChargeStatus>;
export type Reason = { code: string; message: string };

const declines: Partial<Record<Behaviour, Reason>> = {
  decline: { code: 'card_declined', message: 'The card was declined. Use another card or ask the bank.' },
  insufficient_funds: { code: 'insufficient_funds', message: 'The card was declined: insufficient funds.' },
  expired_card: { code: 'expired_card', message: 'The card has expired. Use another card.' },
  // What a bank says of a lost or stolen card is for the business; the payer is told no more than "declined".
  lost_card: { code: 'lost_card', message: 'The card was declined. Use another card or ask the bank.' },
  stolen_card: { code: 'stolen_card', message: 'The card was declined. Use another card or ask the bank.' },
  incorrect_cvc: { code: 'incorrect_cvc', message: 'The security code is wrong. Check it and try again.' },
  bad_account: {
    code: 'invalid_account',
    message: 'The bank knows no such account. Check the account number.',
  },
};

const returns: Partial<Record<Behaviour, Reason & { days: number }>> = {
  return_r01: { code: 'R01', days: 2, message: 'Insufficient funds' },
  return_r02: { code: 'R02', days: 1, message: 'Account closed' },
  return_r03: { code: 'R03', days: 2, message: 'No account found, or its holder does not match' },
  return_r10: { code: 'R10', days: 30, message: 'The customer advises that the debit was not authorized' },
};

/** Why an instrument is refused when it is charged (`stored`: from the vault); undefined when it is not. */
export function declineReason(instrument: Instrument, stored: boolean, now_ms: number): Reason | undefined {
  if (stored && instrument.behaviour === 'decline_when_stored') return declines.insufficient_funds;
  if (instrument.expiry && isExpired(instrument.expiry, now_ms)) return declines.expired_card;
  return declines[instrument.behaviour];
}

export const returnReason = (behaviour: Behaviour): Reason | undefined => returns[behaviour];

const day_ms = 86_400_000;
const hour_ms = 3_600_000;

/** Cards are batched at 21:00 UTC and settle at 06:00 UTC of the day after. */
function cardMoves(from_ms: number): ChargeMove[] {
  const midnight_ms = Math.floor(from_ms / day_ms) * day_ms;
  const batch_ms = midnight_ms + 21 * hour_ms + (from_ms - midnight_ms >= 21 * hour_ms ? day_ms : 0);
  return [
    { status: 'approved', at_ms: from_ms },
    { status: 'settling', at_ms: batch_ms },
    { status: 'settled', at_ms: batch_ms + 9 * hour_ms },
  ];
}

function bankMoves(from_ms: number, behaviour: Behaviour): ChargeMove[] {
  const after = (status: ChargeStatus, days: number): ChargeMove => ({
    status,
    at_ms: from_ms + days * day_ms,
  });
  const usual = [after('submitted', 0), after('accepted', 1), after('collected', 2), after('settled', 4)];
  const returned = returns[behaviour];
  if (!returned) return usual;
  const end = after('returned', returned.days);
  return [...usual.filter((move) => move.at_ms < end.at_ms), end];
}

/** The whole life of a charge, decided the moment it is made: only the clock walks along it. */
export function movesOf(
  instrument: Instrument | undefined,
  declined: boolean,
  from_ms: number,
): ChargeMove[] {
  if (declined || !instrument) return [{ status: 'declined', at_ms: from_ms }];
  return instrument.kind === 'card' ? cardMoves(from_ms) : bankMoves(from_ms, instrument.behaviour);
}

/** A charge is voided until it leaves for settlement; then it is too late. */
export const isVoidable = (status: ChargeStatus | undefined): boolean =>
  status === 'approved' || status === 'submitted';

export const voidedMoves = (moves: readonly ChargeMove[], at_ms: number): ChargeMove[] => [
  ...moves.slice(0, movesDone(moves, at_ms)),
  { status: 'voided', at_ms },
];

/** A bank's notice that a debit went through, but that the account it named has another number now. */
export const noticeOfChange = { code: 'C01', message: 'The account number has changed' } as const;
const correctedLast4 = '6789';

/** The bank account as the notice corrects it; undefined where there is none. */
export const correctedInstrument = (instrument: Instrument): Instrument | undefined =>
  instrument.behaviour === 'change_c01'
    ? { ...instrument, last4: correctedLast4, behaviour: 'settle' }
    : undefined;
