/** What a customer has when somebody is about to deactivate it. */
export type Standing = {
  openBalance: bigint;
  openInvoices: number;
  drafts: number;
  unappliedCash: bigint;
  autopay: boolean;
  /** Running: of invoices and of payments, those of plans left out. */
  invoiceSchedules: number;
  paymentSchedules: number;
  plans: number;
  planRemaining: bigint;
  portalUsers: number;
  /** Whoever bills with it. */
  billedWith: number;
};

export const consequenceKinds = [
  'open_invoices',
  'drafts',
  'reminders',
  'late_fees',
  'autopay',
  'schedules',
  'payment_plans',
  'portal',
  'unapplied_cash',
  'billed_with',
] as const;
export type Consequence = { what: (typeof consequenceKinds)[number]; stops: boolean; says: string };

const some = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const schedulesSay = ({ invoiceSchedules, paymentSchedules }: Standing): string => {
  const kinds = [
    ...(invoiceSchedules > 0 ? [`${some(invoiceSchedules, 'schedule')} of invoices`] : []),
    ...(paymentSchedules > 0 ? [`${some(paymentSchedules, 'schedule')} of payments`] : []),
  ];
  return `${kinds.join(' and ')} pause. You resume them one by one.`;
};

const remindersSay = (sendsToInactive: boolean): string =>
  sendsToInactive
    ? 'Reminders go on: your settings have messages sent to inactive customers.'
    : 'No more reminders or other messages go out by themselves. What you send by hand goes.';

const portalSays = (people: number, owes: boolean): string =>
  owes
    ? `${some(people, 'portal user')} keep their sign-in until nothing is open, so that they can pay.`
    : `${some(people, 'portal user')} no longer see this customer in the portal.`;

/** What becomes of each, in the order in which it is asked about; what there is none of is left out. */
export function consequencesOf(standing: Standing, sendsToInactive: boolean): Consequence[] {
  const { openInvoices, drafts, plans, portalUsers, billedWith } = standing;
  const owes = openInvoices > 0;
  const invoices = `${some(openInvoices, 'open invoice')} stay owed and can be paid.`;
  const all: [is: boolean, what: Consequence['what'], stops: boolean, says: string][] = [
    [owes, 'open_invoices', false, `${invoices} To end one, void it or write it off.`],
    [drafts > 0, 'drafts', false, `${some(drafts, 'draft')} can still be issued.`],
    [owes, 'reminders', !sendsToInactive, remindersSay(sendsToInactive)],
    [owes, 'late_fees', true, 'No new late fee is charged. Those that stand stay.'],
    [
      standing.autopay,
      'autopay',
      true,
      'Autopay ends, and the customer is told. Only the customer can switch it on again.',
    ],
    [standing.invoiceSchedules + standing.paymentSchedules > 0, 'schedules', true, schedulesSay(standing)],
    [
      plans > 0,
      'payment_plans',
      false,
      `${some(plans, 'payment plan')} go on: they collect what is owed already. Cancel one if it should end.`,
    ],
    [portalUsers > 0, 'portal', !owes, portalSays(portalUsers, owes)],
    [
      standing.unappliedCash > 0n,
      'unapplied_cash',
      false,
      'Its unapplied cash stays. Apply it, or give it back.',
    ],
    [
      billedWith > 0,
      'billed_with',
      true,
      `${some(billedWith, 'customer')} billed with it get no messages meanwhile. Bill them by themselves.`,
    ],
  ];
  return all.flatMap(([is, what, stops, says]) => (is ? [{ what, stops, says }] : []));
}
