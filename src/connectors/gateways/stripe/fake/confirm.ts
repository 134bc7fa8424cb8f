import { type Account, day_s, find, later, now_s, type Of } from './account.ts';
import { makeCharge, outcomeOf, paymentError } from './charges.ts';
import { disputeOf, openDispute } from './disputes.ts';
import { book, cardFee, debitFee } from './entries.ts';
import { tell } from './events.ts';
import { shown } from './expand.ts';
import type { Behaviour, Decline } from './test-methods.ts';
import { StripeFault } from './wire.ts';

type Intent = Of<'payment_intent'>;
type Method = Of<'payment_method'>;
export type Attempt = { intent: Intent; method: Method; offSession: boolean; failOnAction: boolean };

const settles_s = { card: 2 * day_s, debit: 4 * day_s };
const debitFails_s = 2 * day_s;
const takenBack_s = 30 * day_s;
const disputed_s = day_s;

const authentication = (declineCode: string): Decline => ({
  code: 'authentication_required',
  declineCode,
  message:
    'This payment required an authentication action to complete, but nobody was there to authenticate.',
});

/** Asks the bank, and writes down what it said. Throws what Stripe answers with 402. */
export function confirm(account: Account, attempt: Attempt): void {
  const { intent, method } = attempt;
  const behaviour = account.behaviours.get(method.id) ?? {};
  intent.payment_method = method.id;
  intent.payment_method_types = [method.type];
  if (behaviour.asksForMore && method.type === 'card' && attempt.offSession)
    throw decline(account, attempt, authentication('authentication_required'));
  if (behaviour.asksForMore && method.type === 'card' && attempt.failOnAction)
    throw decline(account, attempt, authentication('authentication_not_handled'));
  if (behaviour.asksForMore) {
    intent.status = 'requires_action';
    // Stripe's documents do not say that a debit waiting for micro-deposits fails instead.
    intent.next_action =
      method.type === 'card'
        ? { type: 'use_stripe_sdk', use_stripe_sdk: {} }
        : {
            type: 'verify_with_microdeposits',
            verify_with_microdeposits: {
              arrival_date: now_s(account) + day_s,
              hosted_verification_url: 'https://payments.stripe.com/microdeposit',
              microdeposit_type: 'descriptor_code',
            },
          };
    tell(account, intent, 'requires_action');
    return;
  }
  if (behaviour.declines) throw decline(account, attempt, behaviour.declines);
  if (method.type === 'card') chargeCard(account, attempt, behaviour);
  else debitBank(account, attempt, behaviour);
}

function decline(account: Account, { intent, method }: Attempt, failure: Decline): StripeFault {
  const charge = makeCharge(account, { intent, method, status: 'failed', failure });
  intent.status = 'requires_payment_method';
  intent.latest_charge = charge.id;
  intent.payment_method = null;
  intent.last_payment_error = paymentError(failure, method, charge.id);
  tell(account, charge, 'failed');
  tell(account, intent, 'payment_failed');
  return new StripeFault(402, {
    ...intent.last_payment_error,
    type: 'card_error',
    message: failure.message,
    payment_intent: shown(account, intent),
  });
}

function chargeCard(account: Account, { intent, method }: Attempt, behaviour: Behaviour): void {
  const charge = makeCharge(account, { intent, method, status: 'succeeded' });
  const entry = book(account, {
    amount: charge.amount,
    currency: charge.currency,
    fee: cardFee(charge.amount),
    type: 'charge',
    reporting_category: 'charge',
    description: charge.description,
    source: charge.id,
    availableIn_s: behaviour.availableAtOnce ? 0 : settles_s.card,
  });
  charge.balance_transaction = entry.id;
  intent.status = 'succeeded';
  intent.latest_charge = charge.id;
  intent.amount_received = intent.amount;
  tell(account, charge, 'succeeded');
  tell(account, intent, 'succeeded');
  const { disputes } = behaviour;
  if (disputes) later(account, disputed_s, () => openDispute(account, charge.id, disputes));
}

function debitBank(account: Account, { intent, method }: Attempt, behaviour: Behaviour): void {
  const charge = makeCharge(account, { intent, method, status: 'pending' });
  const entry = book(account, {
    amount: charge.amount,
    currency: charge.currency,
    fee: debitFee(charge.amount),
    type: 'payment',
    reporting_category: 'charge',
    description: charge.description,
    source: charge.id,
    availableIn_s: settles_s.debit,
  });
  charge.balance_transaction = entry.id;
  intent.status = 'processing';
  intent.latest_charge = charge.id;
  tell(account, charge, 'pending');
  tell(account, intent, 'processing');
  const { fails, takenBack } = behaviour.debit ?? {};
  if (fails) later(account, debitFails_s, () => failDebit(account, intent.id, fails));
  else later(account, settles_s.debit, () => succeed(account, intent.id));
  if (takenBack)
    later(account, takenBack_s, () => openDispute(account, charge.id, disputeOf(takenBack.reason)));
}

const stillProcessing = (account: Account, id: string): Intent | undefined => {
  const intent = find(account, 'payment_intent', id);
  return intent?.status === 'processing' ? intent : undefined;
};

function succeed(account: Account, id: string): void {
  const intent = stillProcessing(account, id);
  const charge = find(account, 'charge', String(intent?.latest_charge));
  if (!intent || !charge) return;
  charge.status = 'succeeded';
  charge.captured = true;
  charge.amount_captured = charge.amount;
  intent.status = 'succeeded';
  intent.amount_received = intent.amount;
  tell(account, charge, 'succeeded');
  tell(account, intent, 'succeeded');
}

/** Comes back before it succeeds, or, with `late`, after that: then its balance transaction is a reversal. */
export function failDebit(account: Account, id: string, failure: Decline, late = false): void {
  const intent = late ? find(account, 'payment_intent', id) : stillProcessing(account, id);
  const charge = find(account, 'charge', String(intent?.latest_charge));
  const method = find(account, 'payment_method', String(intent?.payment_method));
  if (!intent || !charge || !method) return;
  undoDebit(account, charge, late);
  charge.status = 'failed';
  charge.paid = false;
  charge.failure_code = failure.code;
  charge.failure_message = failure.message;
  charge.outcome = outcomeOf(failure);
  if (!late) {
    intent.status = 'requires_payment_method';
    intent.payment_method = null;
    intent.last_payment_error = paymentError(failure, method, charge.id);
  }
  tell(account, charge, 'failed');
  if (!late) tell(account, intent, 'payment_failed');
}

export function undoDebit(account: Account, charge: Of<'charge'>, late: boolean): void {
  const entry = find(account, 'balance_transaction', String(charge.balance_transaction));
  const back = book(account, {
    amount: -charge.amount,
    currency: charge.currency,
    type: late ? 'payment_reversal' : 'payment_failure_refund',
    reporting_category: late ? 'payment_reversal' : 'charge_failure',
    description: `REFUND FOR FAILED PAYMENT (${charge.description ?? ''})`,
    source: charge.id,
    // Both sides of what never was are paid out together.
    availableIn_s: late || !entry ? 0 : entry.available_on - now_s(account),
  });
  charge.failure_balance_transaction = back.id;
}
