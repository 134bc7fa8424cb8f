import type { Actor, Database, Tx } from '#db/db.ts';
import { type DuePayment, lockDuePayments, workDue } from '#features/schedules/find-due.ts';
import type { PauseReason } from '#features/schedules/pause-rules.ts';
import {
  applyToOldest,
  decidePaymentDay,
  type OpenInvoice,
  type PaymentDay,
  pauseOfUnusable,
} from '#features/schedules/payment-rules.ts';
import { lockOldestInvoices } from '#features/schedules/read-oldest-invoices.ts';
import { type Move, type Occurrence, writeProgress } from '#features/schedules/write-progress.ts';
import {
  chargeStored,
  type StandingCharge,
  type StandingVerdict,
} from '#features/standing-charges/charge-stored.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type Day = { organizationId: string; today: CalendarDate; now: Date };

/**
 * Ask for the charges of schedules up to today, a batch a transaction. Each schedule is charged at most once
 * a go, whatever was missed; worked twice, at once or late, it charges a date once.
 */
export async function chargeDuePayments(db: Database, day: Day): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: day.organizationId, name: 'schedule_payments' };
  await workDue(db, actor, {
    ...day,
    kind: 'payment',
    work: (tx, ids) => chargeBatch(tx, actor, day, ids),
  });
}

type Decided = { schedule: DuePayment; day: PaymentDay };
type Charged = Decided & { on: CalendarDate; tries: number };

async function chargeBatch(
  tx: Tx,
  actor: Actor,
  { organizationId, today, now }: Day,
  ids: readonly string[],
): Promise<void> {
  const due = await lockDuePayments(tx, { organizationId, day: today, ids });
  const work: Work = { moves: [], occurrences: [] };
  const charged: Charged[] = [];
  for (const schedule of due) {
    const day = decidePaymentDay(schedule, standingOf(schedule), today);
    const pause = pauseBefore(schedule);
    const missed = day.missed.map((on) => ({ ...about(schedule), day: on, state: 'missed' as const }));
    work.occurrences.push(...missed);
    if (day.charge === undefined || pause) work.moves.push({ ...schedule, progress: day.refused, pause });
    else {
      const tries = day.charge === schedule.retryDay ? schedule.tries + 1 : 1;
      charged.push({ schedule, day, on: day.charge, tries });
    }
  }
  const charges = await chargesOf(tx, organizationId, charged);
  const verdicts = await chargeStored(tx, actor, { organizationId, charges, today }, now);
  for (const [i, each] of charged.entries()) settle(work, each, must(verdicts[i], 'a verdict'));
  await writeProgress(tx, { actor, organizationId }, work, now);
}

type Work = { moves: Move[]; occurrences: Occurrence[] };

const about = ({ id, customerId }: DuePayment) => ({ scheduleId: id, customerId });

const standingOf = ({ taken, nextOn, nextIndex, retryDay, retryOn }: DuePayment) => ({
  taken,
  next: nextOn === null ? undefined : { index: nextIndex, on: nextOn },
  retry: retryDay === null || retryOn === null ? undefined : { day: retryDay, on: retryOn },
});

/** What stops a schedule before anything is charged: nothing goes beyond what was agreed to. */
function pauseBefore({ isActive, isRevoked, agreedAmount, amount }: DuePayment): PauseReason | undefined {
  if (!isActive) return 'customer_inactive';
  return isRevoked || agreedAmount === null || amount > agreedAmount ? 'agreement' : undefined;
}

async function chargesOf(
  tx: Tx,
  organizationId: string,
  charged: readonly Charged[],
): Promise<StandingCharge[]> {
  const applying = charged.filter(({ schedule }) => schedule.appliesTo === 'oldest_invoices');
  const owed = await lockOldestInvoices(
    tx,
    organizationId,
    applying.map(({ schedule }) => schedule.customerId),
  );
  return charged.map(({ schedule, on, tries }) => {
    const open = schedule.appliesTo === 'oldest_invoices' ? (owed.get(schedule.customerId) ?? []) : [];
    const applications = applyToOldest(schedule.amount, open);
    take(open, applications);
    const keyOf = (tryNo: number): string => `schedule:${schedule.id}:${on}:${tryNo}`;
    return {
      requestKey: keyOf(tries),
      retryOf: tries > 1 ? keyOf(tries - 1) : undefined,
      customerId: schedule.customerId,
      paymentMethodId: schedule.paymentMethodId,
      source: 'schedule' as const,
      amount: schedule.amount,
      currency: schedule.currency,
      applications,
      authorizationId: schedule.authorizationId ?? undefined,
      memo: schedule.description || undefined,
      sendReceipt: schedule.receiptToCustomer,
    };
  });
}

/** The next schedule of the same customer finds what this one has left. */
function take(open: OpenInvoice[], taken: readonly { invoiceId: string; amount: bigint }[]): void {
  for (const { invoiceId, amount } of taken) {
    const invoice = open.find(({ id }) => id === invoiceId);
    if (invoice) invoice.payable -= amount;
  }
}

function settle(work: Work, { schedule, day, on, tries }: Charged, verdict: StandingVerdict): void {
  const occurrence = { ...about(schedule), day: on, tries };
  if (verdict.ok) {
    work.occurrences.push({ ...occurrence, state: 'made', paymentId: verdict.paymentId });
    work.moves.push({ ...schedule, progress: day.made });
    return;
  }
  const pause = 'unusable' in verdict ? pauseOfUnusable(verdict.unusable) : undefined;
  work.occurrences.push({ ...occurrence, state: 'failed', reason: verdict.reason });
  work.moves.push({ ...schedule, progress: day.refused, pause });
}
