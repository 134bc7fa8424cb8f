import { type InvoiceState, stateOfInvoice } from '#features/invoices/rules.ts';
import type { Scope } from '#lib/endpoint.ts';

export const invoiceActions = [
  'send',
  'remind',
  'void',
  'reminders_off',
  'reminders_on',
  'pdf_zip',
  'pdf_print',
  'issue',
  'delete_drafts',
] as const;
export const customerActions = [
  'send_statement',
  'invite',
  'set_type',
  'set_policy',
  'deactivate',
  'reactivate',
] as const;
export type InvoiceAction = (typeof invoiceActions)[number];
export type CustomerAction = (typeof customerActions)[number];
export type BulkAction = InvoiceAction | CustomerAction;
export type Subject = 'invoices' | 'customers';

export const subjectOf = (action: BulkAction): Subject =>
  invoiceActions.some((each) => each === action) ? 'invoices' : 'customers';

/** Those that make a file to fetch and change nothing. */
export const makesFile = (action: BulkAction): boolean => action === 'pdf_zip' || action === 'pdf_print';

/** What the one who asks must be allowed to do. */
export function scopeOf(action: BulkAction): Scope {
  if (makesFile(action)) return 'invoices:read';
  // A statement asks for money, as an invoice does.
  return subjectOf(action) === 'invoices' || action === 'send_statement'
    ? 'invoices:write'
    : 'customers:write';
}

/** On paper and in an archive: what one person can look through, and what a PDF of all can hold in memory. */
export const mostOf = (action: BulkAction): number =>
  action === 'pdf_print' ? 500 : action === 'pdf_zip' ? 10_000 : 1_000_000;

/** What decides about an invoice, so coarse that many share it: a preview counts them by it. */
export type InvoiceTraits = {
  issued: boolean;
  voided: boolean;
  owed: boolean;
  /** Payments under way: for all of what is due, or for some of it. */
  covered: boolean;
  reserved: boolean;
  writtenOff: boolean;
  paidSome: boolean;
  hasEmail: boolean;
  sentToday: boolean;
  remindersOff: boolean;
  customerRemindersOff: boolean;
  doNotContact: boolean;
  rests: boolean;
};
export type CustomerTraits = {
  active: boolean;
  merged: boolean;
  owes: boolean;
  hasEmail: boolean;
  /** It has the type or the policy that is asked for. */
  same: boolean;
  portalState: string;
};

/** Why a row is left out, with its remedy. The name is what counts and tests go by. */
export const ruleWords = {
  draft: 'A draft: nobody owes it. Issue it first.',
  void: 'It is void: nobody owes it.',
  issued: 'It has been issued. This can be done with drafts alone.',
  written_off: 'It is written off: nobody is asked to pay it.',
  paid: 'It is paid.',
  payment_under_way: 'A payment for it is being processed. Wait for it, or void the payment first.',
  has_payments: 'Payments or credits are applied to it. Detach or refund them first.',
  no_email: 'The customer has no e-mail address. Add one to the customer.',
  sent_today: 'It went to the customer today already.',
  reminders_off: 'Reminders are off for this invoice.',
  customer_reminders_off: 'Reminders are off for this customer.',
  do_not_contact: 'This customer may not be contacted.',
  rests: 'A promise to pay or a dispute is open: reminders rest.',
  already: 'It is so already.',
  inactive: 'The customer is inactive. Activate it first.',
  merged: 'This record was merged into another one. Use that one.',
  nothing_due: 'The customer has no open invoices: there is nothing to send.',
  in_portal: 'The customer is active in the portal already.',
  not_found: 'There is no such row any more.',
  refused: 'It was refused.',
} as const;
export type Rule = keyof typeof ruleWords;

/** The figures stand for themselves: only their order matters to the state. */
const stateOf = (traits: InvoiceTraits): InvoiceState =>
  stateOfInvoice({
    issuedAt: traits.issued ? someDay : null,
    voidedAt: traits.voided ? someDay : null,
    balanceDue: traits.owed ? 2n : 0n,
    reserved: traits.covered ? 2n : traits.reserved ? 1n : 0n,
    writtenOff: traits.writtenOff ? 1n : 0n,
    dueDate: '',
  });
const someDay = new Date(0);

/** Why an invoice is left out of an action; undefined: it is done. */
export function refusalOfInvoice(action: InvoiceAction, traits: InvoiceTraits): Rule | undefined {
  if (makesFile(action)) return undefined;
  if (action === 'issue' || action === 'delete_drafts') return traits.issued ? 'issued' : undefined;
  const state = stateOf(traits);
  if (action === 'reminders_off' || action === 'reminders_on') {
    if (state === 'void') return 'void';
    return traits.remindersOff === (action === 'reminders_off') ? 'already' : undefined;
  }
  if (state === 'draft' || state === 'void') return state;
  if (action === 'void') {
    if (traits.reserved) return 'payment_under_way';
    return traits.paidSome ? 'has_payments' : undefined;
  }
  if (state === 'written_off') return 'written_off';
  const notReminded = action === 'remind' ? whyNotReminded(state, traits) : undefined;
  if (notReminded) return notReminded;
  if (!traits.hasEmail) return 'no_email';
  return traits.sentToday ? 'sent_today' : undefined;
}

function whyNotReminded(state: InvoiceState, traits: InvoiceTraits): Rule | undefined {
  if (state === 'paid') return 'paid';
  if (state === 'pending') return 'payment_under_way';
  if (traits.doNotContact) return 'do_not_contact';
  if (traits.customerRemindersOff) return 'customer_reminders_off';
  if (traits.remindersOff) return 'reminders_off';
  return traits.rests ? 'rests' : undefined;
}

/** Why a customer is left out of an action; undefined: it is done. */
export function refusalOfCustomer(action: CustomerAction, traits: CustomerTraits): Rule | undefined {
  if (traits.merged) return 'merged';
  switch (action) {
    case 'send_statement':
      if (!traits.owes) return 'nothing_due';
      return traits.hasEmail ? undefined : 'no_email';
    case 'invite':
      if (!traits.active) return 'inactive';
      if (traits.portalState === 'active' || traits.portalState === 'locked') return 'in_portal';
      return traits.hasEmail ? undefined : 'no_email';
    case 'deactivate':
      return traits.active ? undefined : 'already';
    case 'reactivate':
      return traits.active ? 'already' : undefined;
    default:
      return traits.same ? 'already' : undefined;
  }
}

/** Which reminder is the right one today. */
export const reminderType = (
  dueDate: string,
  today: string,
): 'payment_past_due' | 'payment_due' | 'upcoming_payment' =>
  dueDate < today ? 'payment_past_due' : dueDate === today ? 'payment_due' : 'upcoming_payment';
