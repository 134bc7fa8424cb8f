import { declineWords, type Turn } from '#features/payments/decline-rules.ts';
import { expectedSettlement } from '#features/payments/portal-rules.ts';
import type { PaymentKind, PaymentState } from '#features/payments/rules.ts';
import { stateLabel } from '#features/payments/word-rules.ts';
import type { CalendarDate } from '#lib/dates.ts';

export type ToExplain = {
  kind: PaymentKind;
  state: PaymentState;
  declineCode: string | null;
  returnCode: string | null;
  receivedOn: CalendarDate;
  /** When the gateway is asked next; null where nobody asks any more. */
  nextLookupAt: Date | null;
};
/** The rule of a bank's return code, where there is one. */
export type ReturnRule = { title: string | null; advice: string; mayRetry: boolean };

export type Result = {
  /** Ours for a decline, the network's for a return. */
  code: string | null;
  title: string;
  /** What comes next, or what to do; null where nothing has to. */
  next: string | null;
  turn: Turn | null;
  /** When the money should have settled, while it is under way with a bank. */
  expectedOn: CalendarDate | null;
};

const plain = { code: null, next: null, turn: null, expectedOn: null };

/** What became of a payment, in words: why, what comes next, and whose turn it is. */
export function resultOf(payment: ToExplain, rule: ReturnRule | null): Result {
  const { state, kind } = payment;
  if (state === 'declined') {
    const { title, staff, turn } = declineWords(payment.declineCode);
    return { ...plain, code: payment.declineCode ?? 'declined', title, next: staff, turn };
  }
  if (state === 'returned')
    return {
      ...plain,
      code: payment.returnCode,
      title: rule?.title ?? 'Returned for a reason that is on no list',
      next: rule?.advice ?? 'Ask the customer for another payment method.',
      turn: rule?.mayRetry ? 'organization' : 'customer',
    };
  return { ...plain, title: stateLabel(state, kind), ...underWay(payment) };
}

function underWay({ state, kind, nextLookupAt, receivedOn }: ToExplain): Partial<Result> {
  if (state === 'pending')
    return { title: 'Sent to the gateway', next: 'The gateway answers.', turn: 'gateway' };
  if (state === 'unknown')
    return nextLookupAt
      ? {
          title: 'Answer lost',
          next: 'Owed asks the gateway until it knows. Nobody is charged again meanwhile.',
          turn: 'gateway',
        }
      : {
          title: 'Answer lost',
          next: 'Owed has stopped asking. Look the payment up at your gateway.',
          turn: 'organization',
        };
  if (state === 'submitted' && kind === 'paypal')
    return { title: 'Held by PayPal', next: 'PayPal finishes its review.', turn: 'gateway' };
  const step = steps[state];
  return step ? { ...step, turn: 'bank', expectedOn: expectedSettlement(receivedOn) } : {};
}

const steps: Partial<Record<PaymentState, { title: string; next: string }>> = {
  submitted: { title: 'Submitted', next: 'The payer’s bank accepts it.' },
  accepted: { title: 'Accepted by the bank', next: 'The bank collects the money.' },
  collected: { title: 'Collected', next: 'The money settles.' },
};

export const turnWords: Record<Turn, string> = {
  customer: 'The customer’s turn',
  organization: 'Your turn',
  gateway: 'The gateway’s turn',
  bank: 'The bank’s turn',
};
