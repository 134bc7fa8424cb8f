import type { Random } from '#lib/random.ts';
import type { Books } from '../support/given.ts';

/** The world of one seed, as whoever does not know the product would write it down: numbers and words. */
export type ChasedWorld = {
  books: Books;
  zone: string;
  steps: PlainStep[];
  rule: PlainRule;
  /** Late fees of 25.00 every ten days; undefined: none. */
  terms: { grace: number; since: string; isApart: boolean } | undefined;
  customers: PlainCustomer[];
  invoices: PlainInvoice[];
  /** Every message that there must be, by its key. */
  messages: Map<string, PlainMessage>;
  /** What must have become of promises; and of disputes, each day on which one was to be looked at again. */
  promises: Record<'kept' | 'broken' | 'withdrawn', number>;
  woken: Set<string>;
  plans: Record<'begun' | 'defaulted', number>;
};
export type When = { day: string; now: Date };
export type ActOnInvoice = (
  world: ChasedWorld,
  invoice: PlainInvoice,
  random: Random,
  when: When,
) => Promise<string>;

export type PlainStep = {
  id: string;
  type: 'upcoming_payment' | 'payment_due' | 'payment_past_due';
  offset: number;
  every: number | null;
  until: number | null;
};

export type PlainRule = {
  liveFrom: Date;
  toInactive: boolean;
  newInvoice: 'created' | 'invoice_date' | 'delay' | 'never';
  delay: number;
  statementDay: number | null;
  statementsFrom: string;
  statementsDone: string;
};

export type Channel = 'email' | 'sms' | 'paper';
export const channels = ['email', 'sms', 'paper'] as const;
export type Kind = PlainStep['type'] | 'new_invoice' | 'statement';
export const kinds = [
  'new_invoice',
  'upcoming_payment',
  'payment_due',
  'payment_past_due',
  'statement',
] as const;

/** `parent` is where it stands in `customers`, or undefined. */
export type PlainCustomer = {
  id: string;
  email: string;
  phone: string;
  name: string;
  zones: readonly string[];
  parent: number | undefined;
  billsWithParent: boolean;
  showsChildren: boolean;
  /** It takes no reminders. */
  isOff: boolean;
  isActive: boolean;
  /** `statement.sms`. */
  on: ReadonlySet<string>;
  isConfirmed: boolean;
  hasAgreed: boolean;
  hasStopped: boolean;
};

export type PlainInvoice = {
  id: string;
  number: string;
  customer: number;
  due: string;
  invoiceDate: string;
  issuedOn: string;
  /** It has been brought to its customer, by whatever message. */
  isSent: boolean;
  open: bigint;
  pending: string | undefined;
  isOff: boolean;
  dispute: { id: string; until: string | null } | undefined;
  promise: { id: string; on: string; left: bigint } | undefined;
  /** It is paid in parts; a good one has the money each time. */
  plan: { id: string; isGood: boolean } | undefined;
  /** When late fees rest: from a day up to and without another; undefined: still. */
  rests: { why: 'dispute' | 'promise' | 'plan'; from: string; until: string | undefined }[];
  /** The days of its late fees, the last day of their rhythm that is done with, and what stands on it. */
  feeDays: string[];
  feesDone: string | undefined;
  fees: bigint;
  /** The last day on which something was said of it. */
  lastOn: string | undefined;
};

export type PlainMessage = {
  kind: Kind;
  channel: Channel;
  customer: number;
  /** Of a statement: undefined, everything that is open. */
  invoice: PlainInvoice | undefined;
  /** Whose address it has. */
  reader: number;
  to: string;
  /** The numbers that a statement lists. */
  listed: string;
  madeOn: string;
  /** `sent`, `queued`, `awaits` an address, or `suppressed` with the rule. */
  state: string;
  /** Of a text: when it is looked at next. */
  dueAt: Date;
};
