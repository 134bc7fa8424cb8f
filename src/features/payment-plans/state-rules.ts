export const planStates = [
  'offered',
  'requested',
  'approved',
  'active',
  'completed',
  'defaulted',
  'cancelled',
  'rejected',
  'withdrawn',
] as const;
export type PlanState = (typeof planStates)[number];

/**
 * The only authority on moves (money.md, 4). An approved plan's down payment is under way: declined, it is
 * pending again.
 */
const moves: Record<PlanState, readonly PlanState[]> = {
  offered: ['approved', 'rejected', 'withdrawn'],
  requested: ['approved', 'rejected', 'withdrawn'],
  approved: ['active', 'requested'],
  active: ['completed', 'defaulted', 'cancelled'],
  completed: [],
  defaulted: [],
  cancelled: [],
  rejected: [],
  withdrawn: [],
};

export const mayMove = (from: PlanState, to: PlanState): boolean => moves[from].includes(to);
export const hasEnded = (state: PlanState): boolean => moves[state].length === 0;

const standing: Record<PlanState, string> = {
  offered: 'The customer has not agreed to this plan yet.',
  requested: 'This plan waits for an approval.',
  approved: 'The down payment of this plan is under way. Wait until its outcome is known.',
  active: 'This plan is running.',
  completed: 'This plan is paid off.',
  defaulted: 'This plan has ended: too many installments were missed.',
  cancelled: 'This plan was cancelled.',
  rejected: 'This plan was turned down.',
  withdrawn: 'This plan was withdrawn.',
};

/** Why a plan cannot go there; undefined when it can. */
export const moveRefusal = (from: PlanState, to: PlanState): string | undefined =>
  mayMove(from, to) ? undefined : standing[from];

export const planStateWords: Record<PlanState, string> = {
  offered: 'Offered',
  requested: 'Pending',
  approved: 'Down payment under way',
  active: 'Active',
  completed: 'Completed',
  defaulted: 'Defaulted',
  cancelled: 'Cancelled',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
};
