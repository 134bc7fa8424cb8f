import { type Cadence, installmentDate } from '#features/payment-plans/term-rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { least, sum } from '#lib/money.ts';

export type InstallmentState = 'due' | 'charging' | 'paid' | 'missed' | 'dropped';

/** How the charge of an installment or of a down payment stands. */
export type ChargeStanding = 'under_way' | 'taken' | 'collected' | 'failed';

export type Installment = {
  /** Missing: not written yet. */
  id?: string;
  number: number;
  dueOn: CalendarDate;
  amount: bigint;
  state: InstallmentState;
  tryOn: CalendarDate | null;
  tries: number;
};

/** An invoice of a plan as it was agreed and as it stands; a void one has left it. */
export type CoveredInvoice = { id: string; agreedTotal: bigint; total: bigint; balanceDue: bigint };

export type PlanFacts = {
  cadence: Cadence;
  firstOn: CalendarDate;
  mostAmount: bigint;
  mayRise: bigint;
  missedLimit: number;
  /** The down payment on its way: what is due still holds it, and no installment asks for it. */
  downUnderWay: bigint;
  /** It came back after the plan had started. */
  downFailed: boolean;
  invoices: readonly CoveredInvoice[];
  installments: readonly Installment[];
  today: CalendarDate;
};

export type Followed = {
  installments: Installment[];
  /** What has risen beyond what was agreed to. */
  askedRise: bigint;
  next: 'active' | 'completed' | 'defaulted' | 'cancelled';
};

const isOpen = ({ state }: Installment): boolean => state === 'due' || state === 'charging';
export const openSum = (installments: readonly Installment[]): bigint =>
  sum(installments.filter(isOpen).map(({ amount }) => amount));

/** By how much the invoices of a plan have risen beyond what its customer agreed to. */
export function riseBeyond(
  invoices: readonly Pick<CoveredInvoice, 'total' | 'agreedTotal' | 'balanceDue'>[],
  mayRise: bigint,
): bigint {
  const rise = sum(invoices.map(({ total, agreedTotal }) => total - agreedTotal));
  return rise > mayRise ? least(rise - mayRise, sum(invoices.map(({ balanceDue }) => balanceDue))) : 0n;
}

/**
 * What becomes of a running plan, from its invoices as they stand. What is still owed within the agreement is
 * what its open installments collect: if it has fallen, the last ones shrink or go; if it has risen, or one
 * was missed, more of them follow at the same rhythm, none larger than agreed.
 */
export function followPlan(plan: PlanFacts): Followed {
  const { invoices, installments, downUnderWay } = plan;
  const owed = sum(invoices.map(({ balanceDue }) => balanceDue));
  const askedRise = riseBeyond(invoices, plan.mayRise);
  const apart = askedRise + downUnderWay;
  const target = owed > apart ? owed - apart : 0n;
  const missed = installments.filter(({ state }) => state === 'missed').length + (plan.downFailed ? 1 : 0);
  if (invoices.length === 0) return { installments: dropAll(installments), askedRise: 0n, next: 'cancelled' };
  if (missed >= plan.missedLimit)
    return { installments: dropAll(installments), askedRise: 0n, next: 'defaulted' };
  const fitted = fit(plan, target);
  const isDone = target === 0n && downUnderWay === 0n && !fitted.some(isOpen);
  return { installments: fitted, askedRise: isDone ? 0n : askedRise, next: isDone ? 'completed' : 'active' };
}

/** Nothing more is asked for; what is under way runs its course. */
export const dropAll = (installments: readonly Installment[]): Installment[] =>
  installments.map((each) => (each.state === 'due' ? dropped(each) : each));

const dropped = (each: Installment): Installment => ({ ...each, state: 'dropped', tryOn: null });

function fit(plan: PlanFacts, target: bigint): Installment[] {
  const difference = target - openSum(plan.installments);
  const inOrder = plan.installments.toSorted((a, b) => a.number - b.number);
  if (difference < 0n) return cutFromTheEnd(inOrder, -difference);
  return difference > 0n ? addAtTheEnd(plan, inOrder, difference) : inOrder;
}

function cutFromTheEnd(inOrder: readonly Installment[], excess: bigint): Installment[] {
  let left = excess;
  return inOrder
    .toReversed()
    .map((each) => {
      if (each.state !== 'due' || left === 0n) return each;
      const cut = least(left, each.amount);
      left -= cut;
      return cut === each.amount ? dropped(each) : { ...each, amount: each.amount - cut };
    })
    .toReversed();
}

function addAtTheEnd(plan: PlanFacts, inOrder: readonly Installment[], more: bigint): Installment[] {
  const list = [...inOrder];
  let left = more;
  const at = list.findLastIndex(({ state }) => state === 'due');
  const last = list[at];
  // One that is being tried again keeps its amount: a bank's rules want the same one. One whose day is here
  // keeps it too: nobody has heard of another.
  const isAhead = last?.tryOn != null && last.tryOn > plan.today;
  if (last && isAhead && last.tries === 0 && last.amount < plan.mostAmount) {
    const room = least(left, plan.mostAmount - last.amount);
    list[at] = { ...last, amount: last.amount + room };
    left -= room;
  }
  while (left > 0n) {
    const amount = least(left, plan.mostAmount);
    const dueOn = nextDate(plan, list);
    list.push({ number: list.length + 1, dueOn, amount, state: 'due', tryOn: dueOn, tries: 0 });
    left -= amount;
  }
  return list;
}

/** The first date of the rhythm after all that stands, and after today. */
function nextDate({ firstOn, cadence, today }: PlanFacts, list: readonly Installment[]): CalendarDate {
  const standing = list.filter(({ state }) => state !== 'dropped').map(({ dueOn }) => dueOn);
  const after = [today, ...standing].sort().at(-1) ?? today;
  let index = 0;
  while (installmentDate(firstOn, cadence, index) <= after) index += 1;
  return installmentDate(firstOn, cadence, index);
}

/** Money for invoices, the first to fall due first; what is payable bounds it. */
export function spread(
  invoices: readonly { id: string; payable: bigint }[],
  amount: bigint,
): { invoiceId: string; amount: bigint }[] {
  let left = amount;
  return invoices.flatMap(({ id, payable }) => {
    const part = least(left, payable);
    left -= part;
    return part > 0n ? [{ invoiceId: id, amount: part }] : [];
  });
}
