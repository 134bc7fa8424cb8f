import { type CalendarDate, daysBetween } from '#lib/dates.ts';

export const noteOutcomes = [
  'note',
  'reached',
  'left_message',
  'no_answer',
  'wrong_number',
  'promised',
] as const;
export type NoteOutcome = (typeof noteOutcomes)[number];

export type PromiseState = 'open' | 'kept' | 'broken' | 'withdrawn';
export type PromiseFacts = {
  amount: bigint;
  promisedOn: CalendarDate;
  /** Paid and credited on the invoice when it was promised. */
  paidBefore: bigint;
};
export type PromisedInvoice = { paid: bigint; reserved: bigint; balanceDue: bigint; isVoid: boolean };

/**
 * What has become of a promise. It is kept by what was paid since, or when nothing is due any more; while a
 * payment that would keep it is under way it is neither; and it is broken only when its whole day has
 * passed.
 */
export function decidePromise(
  promise: PromiseFacts,
  invoice: PromisedInvoice,
  today: CalendarDate,
): PromiseState {
  if (invoice.isVoid) return 'withdrawn';
  const since = invoice.paid - promise.paidBefore;
  if (since >= promise.amount || invoice.balanceDue === 0n) return 'kept';
  const underWay = since + invoice.reserved;
  if (underWay >= promise.amount || invoice.reserved === invoice.balanceDue) return 'open';
  return promise.promisedOn < today ? 'broken' : 'open';
}

/** Why a customer stands on the worklist, the most pressing first. */
export const worklistKinds = [
  'broken_promise',
  'promise_due',
  'failed_payment',
  'dispute',
  'task',
  'bounce',
  'past_due',
] as const;
export type WorklistKind = (typeof worklistKinds)[number];

export type WorklistFacts = {
  /** Past due and not resting, by age. */
  late30: bigint;
  late60: bigint;
  late90: bigint;
  lateOlder: bigint;
  oldestDue: CalendarDate | null;
  open: bigint;
  /** Broken in the last 90 days, whatever has become of it. */
  brokenLately: number;
  returnedLately: number;
  /** What a person still has to look at: tasks of broken promises. */
  brokenTasks: number;
  promisesDue: bigint;
  promisedOn: CalendarDate | null;
  disputes: number;
  disputed: bigint;
  tasks: number;
  taskDue: CalendarDate | null;
  taskTitle: string | null;
  failed: bigint;
  failedOn: CalendarDate | null;
  bouncedOn: CalendarDate | null;
  lastContactOn: CalendarDate | null;
};

export type WorklistReason = {
  kind: WorklistKind;
  /** Minor units. */
  amount?: string;
  on?: CalendarDate;
  count?: number;
  words?: string;
};
export type Ranked = { rank: bigint; reasons: WorklistReason[]; amount: bigint };

/** An old debt is worth more of a morning than a young one: in percent of its amount. */
const ageWeight = { late30: 100n, late60: 150n, late90: 200n, lateOlder: 250n } as const;

/** How often what a reason is about counts beside the balance. */
const reasonWeight: Record<WorklistKind, bigint> = {
  broken_promise: 500n,
  promise_due: 400n,
  failed_payment: 400n,
  dispute: 300n,
  task: 200n,
  bounce: 150n,
  past_due: 100n,
};

/** Whoever was spoken to within these days waits: the balance alone counts a quarter. */
const quietDays = 3;

/**
 * What matters today about one customer, or nothing. The balance is weighted by its age and by what the
 * customer did lately; each reason to act today adds the money that it is about, times its weight.
 */
export function rankCustomer(facts: WorklistFacts, today: CalendarDate): Ranked | undefined {
  const reasons = reasonsOf(facts);
  if (reasons.length === 0) return undefined;
  const late = facts.late30 + facts.late60 + facts.late90 + facts.lateOlder;
  const amount = [late, facts.promisesDue, facts.disputed, facts.failed].reduce((a, b) => (a > b ? a : b));
  const stake = amount > 0n ? amount : facts.open;
  const spoken = facts.lastContactOn !== null && daysBetween(facts.lastContactOn, today) < quietDays;
  const acts = reasons.filter(({ kind }) => kind !== 'past_due');
  const rank =
    (agedBalance(facts) * riskPercent(facts)) / (spoken ? 400n : 100n) +
    // A task without money still stands above nothing.
    acts.reduce((sum, { kind, amount: own }) => sum + 1n + BigInt(own ?? stake) * reasonWeight[kind], 0n);
  return { rank: rank > 0n ? rank : 1n, reasons, amount: stake };
}

/** Minor units times a hundred. */
const agedBalance = (facts: WorklistFacts): bigint =>
  (Object.keys(ageWeight) as (keyof typeof ageWeight)[]).reduce(
    (sum, age) => sum + facts[age] * ageWeight[age],
    0n,
  );

/** Whoever broke a promise, or whose bank sent a debit back, is more likely not to pay. */
const riskPercent = (facts: WorklistFacts): bigint =>
  100n + (facts.brokenLately > 0 ? 50n : 0n) + (facts.returnedLately > 0 ? 50n : 0n);

const dated = (on: CalendarDate | null) => (on === null ? {} : { on });

function reasonsOf(facts: WorklistFacts): WorklistReason[] {
  const late = facts.late30 + facts.late60 + facts.late90 + facts.lateOlder;
  const has: Record<WorklistKind, false | Omit<WorklistReason, 'kind'>> = {
    broken_promise: facts.brokenTasks > 0 && { count: facts.brokenTasks },
    promise_due: facts.promisesDue > 0n && { amount: `${facts.promisesDue}`, ...dated(facts.promisedOn) },
    failed_payment: facts.failed > 0n && { amount: `${facts.failed}`, ...dated(facts.failedOn) },
    dispute: facts.disputes > 0 && { amount: `${facts.disputed}`, count: facts.disputes },
    task: facts.tasks > 0 && {
      count: facts.tasks,
      ...dated(facts.taskDue),
      ...(facts.taskTitle ? { words: facts.taskTitle } : {}),
    },
    bounce: facts.bouncedOn !== null && facts.open > 0n && dated(facts.bouncedOn),
    past_due: late > 0n && { amount: `${late}`, ...dated(facts.oldestDue) },
  };
  return worklistKinds.flatMap((kind) => {
    const reason = has[kind];
    return reason ? [{ kind, ...reason }] : [];
  });
}
