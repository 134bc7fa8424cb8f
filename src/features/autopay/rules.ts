import { addDays, type CalendarDate } from '#lib/dates.ts';

/** On which day an invoice is charged: as it is issued, on its date, or when it is due. */
export const chargeWhens = ['created', 'invoice_date', 'due_date'] as const;
export type ChargeWhen = (typeof chargeWhens)[number];
export const thresholdDirections = ['at_or_below', 'at_or_above'] as const;
export type Threshold = { direction: (typeof thresholdDirections)[number]; amount: bigint };

/** What a payer agreed to, as figures. */
export type AutopayTerms = {
  chargeWhen: ChargeWhen;
  threshold: Threshold | null;
  /** Of one charge. */
  maximum: bigint | null;
  noticeDays: number;
};

/** Why autopay has ended; all but the first two by themselves. */
export const autopayEnds = [
  'by_staff',
  'by_payer',
  'card_expired',
  'method_blocked',
  'method_removed',
  'method_refused',
  'customer_inactive',
] as const;
export type AutopayEnd = (typeof autopayEnds)[number];

/** Autopay as it runs for an invoice: its terms, since when, and by what it charges. */
export type RunningAutopay = AutopayTerms & {
  since: Date;
  methodKind: 'card' | 'bank_account' | 'paypal';
  /** Of the maximum, what a card fee on top leaves for invoices; left out where none comes on top. */
  mostBeforeFee?: bigint | undefined;
};

/** What the invoices of one charge may come to. */
export const mostOf = ({ maximum, mostBeforeFee }: RunningAutopay): bigint | null => mostBeforeFee ?? maximum;

/** The largest amount that is within the maximum together with its fee, which grows with it. */
export function beforeFee(maximum: bigint, feeOf: (base: bigint) => bigint): bigint {
  let [fits, exceeds] = [0n, maximum + 1n];
  while (exceeds - fits > 1n) {
    const middle = (fits + exceeds) / 2n;
    if (middle + feeOf(middle) <= maximum) fits = middle;
    else exceeds = middle;
  }
  return fits;
}

export type AutopayInvoice = {
  issuedAt: Date | null;
  /** In the organization's time zone. */
  issuedOn: CalendarDate | null;
  revisedAt: Date | null;
  invoiceDate: CalendarDate;
  dueDate: CalendarDate;
  currency: string;
  balanceDue: bigint;
  reserved: bigint;
  isOpen: boolean;
  isOnPlan: boolean;
  isDisputed: boolean;
  promisedOn: CalendarDate | null;
  /** The latest try; null before the first. */
  tried: { on: CalendarDate; nextTryOn: CalendarDate | null } | null;
  /** What was told of a charge of at least what is due, under this agreement. */
  toldFor: CalendarDate | null;
};

/** Whose currency amounts are in, and how long before a debit of a bank account its payer is told. */
export type AutopayHouse = { currency: string; debitNoticeDays: number };

export const whyNoCharges = [
  'not_open',
  'before_autopay',
  'on_plan',
  'under_way',
  'tried',
  'other_currency',
  'outside_threshold',
  'over_maximum',
  'disputed',
  'promised',
] as const;
export type WhyNoCharge = (typeof whyNoCharges)[number];

export type AutopayVerdict =
  | { charge: true }
  /** Comes on this day, if nothing changes; `tell` where its payer has to be told first, and now. */
  | { charge: false; on: CalendarDate; tell: boolean }
  | { charge: false; why: WhyNoCharge };

/** The days of notice that hold: those agreed, and those of a debit whose amount nobody has bounded. */
export const noticeOf = (autopay: RunningAutopay, house: AutopayHouse): number =>
  autopay.methodKind === 'bank_account' && autopay.maximum === null
    ? Math.max(autopay.noticeDays, house.debitNoticeDays)
    : autopay.noticeDays;

export function triggerDay(
  { chargeWhen }: Pick<AutopayTerms, 'chargeWhen'>,
  invoice: Pick<AutopayInvoice, 'issuedOn' | 'invoiceDate' | 'dueDate'>,
): CalendarDate {
  if (chargeWhen === 'due_date') return invoice.dueDate;
  if (chargeWhen === 'invoice_date') return invoice.invoiceDate;
  return invoice.issuedOn ?? invoice.invoiceDate;
}

const isOutside = (threshold: Threshold, amount: bigint): boolean =>
  threshold.direction === 'at_or_below' ? amount > threshold.amount : amount < threshold.amount;

const notOfInvoice: readonly [
  WhyNoCharge,
  (invoice: AutopayInvoice, autopay: RunningAutopay, house: AutopayHouse) => boolean,
][] = [
  ['not_open', (invoice) => !invoice.isOpen || invoice.balanceDue === 0n],
  [
    'before_autopay',
    ({ issuedAt, revisedAt }, { since }) => !((issuedAt ?? since) >= since || (revisedAt ?? 0) >= since),
  ],
  ['on_plan', (invoice) => invoice.isOnPlan],
  ['under_way', (invoice) => invoice.reserved > 0n],
  ['tried', ({ tried }) => tried !== null && tried.nextTryOn === null],
  ['other_currency', (invoice, _, house) => invoice.currency !== house.currency],
  [
    'outside_threshold',
    ({ balanceDue }, { threshold }) => threshold !== null && isOutside(threshold, balanceDue),
  ],
  ['over_maximum', ({ balanceDue }, autopay) => balanceDue > (mostOf(autopay) ?? balanceDue)],
  ['disputed', (invoice) => invoice.isDisputed],
  ['promised', (invoice) => invoice.promisedOn !== null],
];

/**
 * Whether autopay charges an invoice today, and if not, when or why not. Always the full balance; an invoice
 * that is above the agreed maximum is left to its payer to agree to.
 */
export function decideInvoice(
  invoice: AutopayInvoice,
  autopay: RunningAutopay,
  by: { house: AutopayHouse; today: CalendarDate },
): AutopayVerdict {
  const { house, today } = by;
  const why = notOfInvoice.find(([, fails]) => fails(invoice, autopay, house))?.[0];
  if (why) return { charge: false, why };
  // A second try too waits for a notice where more is due, or by another agreement, than was told of.
  const day = invoice.tried?.nextTryOn ?? triggerDay(autopay, invoice);
  const notice = noticeOf(autopay, house);
  if (notice === 0) return dueBy(day, today);
  if (invoice.toldFor !== null) return dueBy(later(day, invoice.toldFor), today);
  return { charge: false, on: later(day, addDays(today, notice)), tell: addDays(day, -notice) <= today };
}

const later = (a: CalendarDate, b: CalendarDate): CalendarDate => (a > b ? a : b);

const dueBy = (day: CalendarDate, today: CalendarDate): AutopayVerdict =>
  day <= today ? { charge: true } : { charge: false, on: day, tell: false };

/** The day on which autopay charges an invoice or has; undefined where it does not. */
export function autopayDay(
  invoice: AutopayInvoice,
  autopay: RunningAutopay,
  by: { house: AutopayHouse; today: CalendarDate },
): CalendarDate | undefined {
  if (invoice.tried) return invoice.tried.on;
  const verdict = decideInvoice(invoice, autopay, by);
  if (verdict.charge) return triggerDay(autopay, invoice);
  return 'on' in verdict ? verdict.on : undefined;
}

/** At most so many invoices in one charge. */
export const most_invoices = 100;

/** What is charged together: none of the charges above the most that was agreed to. Order is kept. */
export function packCharges<One extends { balanceDue: bigint }>(
  invoices: readonly One[],
  most: bigint | null,
): One[][] {
  const charges: { invoices: One[]; total: bigint }[] = [];
  for (const invoice of invoices) {
    const fitting = charges.find(
      ({ invoices: packed, total }) =>
        packed.length < most_invoices && (most === null || total + invoice.balanceDue <= most),
    );
    if (fitting) {
      fitting.invoices.push(invoice);
      fitting.total += invoice.balanceDue;
    } else charges.push({ invoices: [invoice], total: invoice.balanceDue });
  }
  return charges.map(({ invoices: packed }) => packed);
}

type Charged = {
  customerId: string;
  lastRunId: string | null;
  toldBy: string | null;
  balanceDue: bigint;
  autopay: RunningAutopay;
};

/**
 * What is charged in one: of one customer, and within what was agreed to. What came back is tried again as it
 * was, since a bank takes a second try only as the same debit; what a notice told of is charged as it told.
 */
export const chargesOf = <One extends Charged>(invoices: readonly One[]): One[][] => {
  const groups = Map.groupBy(invoices, ({ customerId, lastRunId, toldBy }) =>
    [customerId, lastRunId ?? 'first', toldBy ?? 'untold'].join(' '),
  );
  return [...groups.values()].flatMap((group) =>
    packCharges(group, group[0] ? mostOf(group[0].autopay) : null),
  );
};

/** What a declined charge says of the method itself: it is no good for the next invoice either. */
export function endByDecline(code: string | null): AutopayEnd | undefined {
  switch (code) {
    case 'expired_card':
      return 'card_expired';
    case 'lost_or_stolen':
    case 'bad_account':
    case 'method_not_supported':
      return 'method_refused';
    case 'method_gone':
      return 'method_removed';
    case 'blocked_method':
      return 'method_blocked';
    default:
      return undefined;
  }
}
