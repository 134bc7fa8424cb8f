import { addDays } from '#lib/dates.ts';

/** What a reminder says, the gravest last. */
const gravity = ['upcoming_payment', 'payment_due', 'upcoming_late_fee', 'payment_past_due'] as const;
export type PlainType = (typeof gravity)[number];

/** A step as the oracle knows it: numbers and a word. That of a late fee counts from the day of the fee. */
export type PlainStep = { type: PlainType; offset: number; every: number | null; until: number | null };

export type PlainInvoice = {
  id: string;
  customer: number;
  due: string;
  dated: string;
  issuedOn: string;
  open: bigint;
  paid: bigint;
  pending: string | undefined;
  isOff: boolean;
  dispute: { id: string; until: string | null; isWoken: boolean } | undefined;
  promise: { id: string; day: string; amount: bigint; paidBefore: bigint } | undefined;
  /** Days on which its late fees rested, up to and without the second. */
  rests: { of: 'promise' | 'dispute'; from: string; until: string | undefined }[];
  /** The last days on which it was reminded of, and its late fee warned of. */
  lastOn: string | undefined;
  lastWarnedOn: string | undefined;
  /** Some message has brought it to its customer. */
  isTold: boolean;
  /** It is over a late fee itself, or its one late fee has been posted. */
  isFee: boolean;
  isCharged: boolean;
};

export type PlainCustomer = {
  id: string;
  isOff: boolean;
  isActive: boolean;
  /** With whom it bills. */
  parent: number | undefined;
  /** `type.channel`, each that is on. */
  cells: Set<string>;
};

export type PlainWorld = {
  steps: PlainStep[];
  /** One message for all that a customer has open. */
  isTogether: boolean;
  /** Late fees that come once, after so many days of grace; undefined: none, or they repeat. */
  once: { graceDays: number; dueFrom: string } | undefined;
  newInvoice: { when: 'created' | 'invoice_date' | 'delay' | 'never'; delay: number };
  statement: { day: number; from: string; doneFor: string | undefined };
  /** Parents see what their children owe. */
  showsChildren: boolean;
  customers: PlainCustomer[];
  invoices: PlainInvoice[];
  /** Tasks that came of what people did since the last run. */
  noticed: string[];
};

/** A message that has to be there: to whom, what, and of which invoices. */
export type Due = { customer: number; kind: string; invoices: PlainInvoice[] };
type Occasion = { date: string; offset: number };
type Said = Occasion & { invoice: PlainInvoice; type: PlainType };

const pad = (number: number): string => String(number).padStart(2, '0');

/** What the customer of an invoice has set, or whom it bills with. */
export function readerOf({ customers }: PlainWorld, at: number): PlainCustomer {
  const customer = customers[at] as PlainCustomer;
  return customer.parent === undefined ? customer : (customers[customer.parent] as PlainCustomer);
}

export const isActive = (world: PlainWorld, at: number): boolean =>
  (world.customers[at]?.isActive ?? false) && readerOf(world, at).isActive;

export const channelsFor = (world: PlainWorld, at: number, kind: string): string[] =>
  ['email', 'paper', 'sms'].filter((channel) => readerOf(world, at).cells.has(`${kind}.${channel}`));

/** Messages as they are read back: one for each channel that is on. */
export const linesOf = (world: PlainWorld, { customer, kind, invoices }: Due): string[] =>
  channelsFor(world, customer, kind).map((channel) =>
    [pad(customer), kind, channel, ...invoices.map(({ id }) => id).sort()].join(' '),
  );

/**
 * What is to be said on a day and in which messages, worked out the slow way: write down every day of every
 * step, cross out what is not true today or has been said, and take the last. It shares no line with what it
 * is held against.
 */
export function remind(world: PlainWorld, today: string): { said: string[]; messages: Due[] } {
  const all = world.invoices.flatMap((invoice): Said[] => {
    const due = toSay(world, invoice, today);
    const warned = toWarn(world, invoice, today);
    return [...(due ? [due] : []), ...(warned ? [warned] : [])];
  });
  const messages = world.isTogether
    ? inOneMessage(world, all, today)
    : all.map(({ invoice, type }) => ({ customer: invoice.customer, kind: type, invoices: [invoice] }));
  for (const { invoice, type } of all) {
    if (type === 'upcoming_late_fee') invoice.lastWarnedOn = today;
    else invoice.lastOn = today;
  }
  for (const invoice of messages.flatMap(({ invoices }) => invoices)) invoice.isTold = true;
  return { said: all.map(({ invoice, offset, date }) => `${invoice.id} ${offset} ${date}`), messages };
}

function inOneMessage(world: PlainWorld, all: readonly Said[], today: string): Due[] {
  return world.customers.flatMap((_, customer): Due[] => {
    const own = all.filter(({ invoice }) => invoice.customer === customer);
    const [warned, due] = [own.filter(isWarning), own.filter((each) => !isWarning(each))];
    const rest = world.invoices.filter(
      (invoice) => invoice.customer === customer && isOwed(invoice) && !isQuiet(invoice, today),
    );
    const kind = gravity.findLast((type) => due.some((each) => each.type === type));
    return [
      ...(kind ? [{ customer, kind, invoices: union(due, rest) }] : []),
      ...(warned.length > 0 ? [{ customer, kind: 'upcoming_late_fee', invoices: union(warned, []) }] : []),
    ];
  });
}

const isWarning = ({ type }: Said): boolean => type === 'upcoming_late_fee';
const union = (said: readonly Said[], more: readonly PlainInvoice[]): PlainInvoice[] => [
  ...new Set([...said.map(({ invoice }) => invoice), ...more]),
];

function toSay(world: PlainWorld, invoice: PlainInvoice, today: string): Said | undefined {
  const days: (Occasion & { type: PlainType })[] = [];
  for (const step of world.steps) {
    if (step.type === 'upcoming_late_fee') continue;
    if (step.type === 'upcoming_payment' && today > invoice.due) continue;
    const last = step.until === null ? undefined : addDays(invoice.due, step.until);
    if (last !== undefined && today > last) continue;
    let date = addDays(invoice.due, step.offset);
    while (date <= today) {
      const isTrue = step.type !== 'upcoming_payment' || date < invoice.due;
      if (isTrue) days.push({ date, offset: step.offset, type: step.type });
      if (step.every === null) break;
      date = addDays(date, step.every);
    }
  }
  days.sort((a, b) => (a.date === b.date ? a.offset - b.offset : a.date < b.date ? -1 : 1));
  const newest = days.at(-1);
  if (!newest || (invoice.lastOn !== undefined && invoice.lastOn >= newest.date)) return undefined;
  const isLate = newest.type === 'payment_due' && today > invoice.due;
  const type = isLate ? 'payment_past_due' : newest.type;
  return mayHear(world, invoice, today, type) ? { ...newest, type, invoice } : undefined;
}

/** A late fee is warned of so many days before it, and no more on its day. */
function toWarn(world: PlainWorld, invoice: PlainInvoice, today: string): Said | undefined {
  const step = world.steps.find(({ type }) => type === 'upcoming_late_fee');
  const fee = step && feeDay(world, invoice, today);
  if (!step || !fee || today >= fee) return undefined;
  const date = addDays(fee, step.offset);
  if (today < date || (invoice.lastWarnedOn !== undefined && invoice.lastWarnedOn >= date)) return undefined;
  const said: Said = { date, offset: step.offset, type: 'upcoming_late_fee', invoice };
  return mayHear(world, invoice, today, 'upcoming_late_fee') ? said : undefined;
}

/** The day of the one late fee: after the grace, and where it rests then, as soon as it does not. */
export function feeDay(world: PlainWorld, invoice: PlainInvoice, today: string): string | undefined {
  const { once } = world;
  if (!once || invoice.isFee || invoice.isCharged || invoice.due < once.dueFrom) return undefined;
  if (!isOwed(invoice) || !world.customers[invoice.customer]?.isActive) return undefined;
  const isResting = (day: string): boolean =>
    invoice.rests.some(({ from, until }) => from <= day && (until === undefined || day < until));
  if (isResting(today)) return undefined;
  let day = addDays(invoice.due, once.graceDays + 1);
  if (day < invoice.issuedOn) day = invoice.issuedOn;
  while (isResting(day)) day = addDays(day, 1);
  return day;
}

const isOwed = (invoice: PlainInvoice): boolean => invoice.open > 0n && invoice.pending === undefined;

/** Opted out, promised, or in dispute. */
function isQuiet({ isOff, promise, dispute }: PlainInvoice, today: string): boolean {
  if (isOff || (promise !== undefined && promise.day >= today)) return true;
  return dispute !== undefined && (dispute.until === null || dispute.until > today);
}

function mayHear(world: PlainWorld, invoice: PlainInvoice, today: string, type: PlainType): boolean {
  const { customer } = invoice;
  if (!isOwed(invoice) || isQuiet(invoice, today)) return false;
  if (readerOf(world, customer).isOff || !isActive(world, customer)) return false;
  return channelsFor(world, customer, type).length > 0;
}
