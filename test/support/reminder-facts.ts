import { messageCells } from '#features/correspondence/channel-rules.ts';
import type { ReminderFacts } from '#features/reminders/eligibility-rules.ts';
import { noWords, type Step } from '#features/reminders/step-rules.ts';

export const due = '2026-04-10';
let ids = 0;
export const step = (given: Partial<Step> & Pick<Step, 'type' | 'dayOffset'>): Step => {
  ids += 1;
  return {
    ...{ id: `stp_${ids}`, everyDays: null, untilDaysLate: null, isFormal: false, ...noWords },
    ...given,
  };
};

/** An invoice of which everything may be said. */
export const facts = (over: Partial<ReminderFacts> = {}): ReminderFacts => ({
  isLive: true,
  sendToInactive: false,
  limit: null,
  remindedOn: [],
  reader: {
    id: 'cus_1',
    name: 'Ana',
    sendReminders: true,
    isActive: true,
    mayBeContacted: true,
    cells: messageCells,
    email: 'ana@example.com',
    emailProblem: null,
    takesMail: true,
    phone: null,
    hasAddress: false,
    addressConfirmed: false,
  },
  invoice: { state: 'open', payable: 100n, dueDate: due, remindersOff: false, lastOn: null },
  dispute: null,
  promise: null,
  isOnPlan: false,
  ...over,
});
