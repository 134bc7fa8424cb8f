import type { Actor, Database } from '#db/db.ts';
import type { GatewayOutcome } from '#features/payments/payment-gateway.ts';
import { type ChargeOutcome, recordChargeOutcomes } from '#features/payments/record-charge-outcomes.ts';
import { recordPayments } from '#features/payments/record-payments.ts';
import { requestCharges } from '#features/payments/request-charges.ts';
import { daysBetween } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';
import type { Random } from '#lib/random.ts';

export type PlannedPayment = {
  invoiceId: string;
  customerId: string;
  amount: bigint;
  kind: 'card' | 'bank_account' | 'check';
};
type Day = { organizationId: string; gatewayAccountId: string; date: string; today: string; random: Random };

/**
 * One day's payments: checks that staff records, cards that are approved, bank debits that settle days later.
 */
export async function playPayments(
  db: Database,
  day: Day,
  payments: readonly PlannedPayment[],
): Promise<void> {
  const { organizationId, date, random } = day;
  const actor: Actor = { kind: 'job', organizationId, name: 'demo' };
  const now = new Date(`${date}T19:${String(random.int(10, 59))}:00Z`);
  const real = payments.filter((payment) => payment.amount > 0n);
  const checks = real.filter((payment) => payment.kind === 'check');
  if (checks.length > 0) {
    await db.transaction(actor, (tx) =>
      recordPayments(
        tx,
        actor,
        {
          organizationId,
          quiet: true,
          payments: checks.map((payment) => ({
            ...payment,
            kind: 'check',
            requestKey: newId('request'),
            source: 'staff',
            currency: 'USD',
            receivedOn: date,
            reference: String(random.int(1000, 9999)),
            sendReceipt: false,
            applications: [payment],
          })),
        },
        now,
      ),
    );
  }
  const charges = real.filter((payment) => payment.kind !== 'check');
  if (charges.length > 0) await playCharges(db, { ...day, now, actor }, charges);
}

async function playCharges(
  db: Database,
  day: Day & { now: Date; actor: Actor },
  charges: readonly PlannedPayment[],
): Promise<void> {
  const { organizationId, gatewayAccountId, date, now, actor, random } = day;
  await db.transaction(actor, async (tx) => {
    const verdicts = await requestCharges(
      tx,
      actor,
      {
        organizationId,
        quiet: true,
        charges: charges.map((payment) => ({
          requestKey: newId('request'),
          customerId: payment.customerId,
          kind: payment.kind as 'card' | 'bank_account',
          source: 'portal',
          amount: payment.amount,
          currency: 'USD',
          receivedOn: date,
          gatewayAccountId,
          sendReceipt: false,
          gatewaySource: { kind: 'one_time', token: 'history', store: false },
          applications: [payment],
        })),
      },
      now,
    );
    const age = daysBetween(date, day.today);
    const outcomes = verdicts.flatMap((verdict, at): ChargeOutcome[] => {
      if (!verdict.ok) return [];
      const kind = charges[at]?.kind === 'card' ? 'card' : 'bank_account';
      return stepsOf(kind, age, random).map((outcome) => ({ paymentId: verdict.paymentId, outcome }));
    });
    // Each step is its own piece of news, in order, as it would have come.
    for (let step = 0; step < 4; step += 1) {
      const news = outcomes.filter(
        (outcome, at) =>
          outcomes.slice(0, at).filter((o) => o.paymentId === outcome.paymentId).length === step,
      );
      if (news.length > 0)
        await recordChargeOutcomes(tx, actor, { organizationId, outcomes: news, quiet: true }, now);
    }
  });
}

type Known = Exclude<GatewayOutcome, { outcome: 'absent' }>;

/**
 * How far a charge of this age has come. A few cards are declined; the payer then tries again another day, or
 * not.
 */
function stepsOf(kind: 'card' | 'bank_account', age: number, random: Random): Known[] {
  const reference = `hist_${random.int(1e6, 9e6)}`;
  const last4 = String(random.int(1000, 9999));
  if (kind === 'card') {
    if (random.chance(0.03)) {
      return [
        { outcome: 'declined', code: 'insufficient_funds', message: 'The card has insufficient funds.' },
      ];
    }
    const method = { kind: 'card' as const, brand: random.pick(['visa', 'mastercard', 'amex']), last4 };
    const approved: Known = { outcome: 'approved', reference, method };
    return age > 1 ? [approved, { outcome: 'settled', reference, method }] : [approved];
  }
  const method = {
    kind: 'bank_account' as const,
    brand: random.pick(['First Cascade Bank', 'Riverstone Credit Union']),
    last4,
  };
  const steps: Known[] = [{ outcome: 'submitted', reference, method }];
  if (age > 4) steps.push({ outcome: 'settled', reference, method });
  if (age > 12 && random.chance(0.01)) {
    steps.push({
      outcome: 'returned',
      reference,
      returnCode: 'R01',
      message: 'The account had insufficient funds.',
    });
  }
  return steps;
}
