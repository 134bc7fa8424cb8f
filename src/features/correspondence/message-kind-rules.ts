import { messageTypes } from '#features/correspondence/channel-rules.ts';

const of = <const Kind extends string, By extends Reader>(by: By, kinds: readonly Kind[]): Record<Kind, By> =>
  Object.fromEntries(kinds.map((kind) => [kind, by])) as Record<Kind, By>;

/**
 * Whom a message speaks to. `customer`: it may be sent again to its customer as it was written. `staff`: it
 * names a customer who must never get it. `ticket`: it belongs to what was said there. `account`: it opens an
 * account, by a link of its own time.
 */
export type Reader = 'customer' | 'staff' | 'ticket' | 'account';

const planNews = [
  'plan_requested',
  'plan_offered',
  'plan_activated',
  'plan_down_payment_failed',
  'plan_rejected',
  'plan_cancelled',
  'plan_defaulted',
  'plan_completed',
  'plan_rise_asked',
  'plan_method_changed',
  'plan_installment_moved',
  'plan_installment_passed_over',
  'plan_installment_failed',
] as const;
/** Of these the organization is told, by whomever they are not its own doing. */
const planCopies = [
  'plan_requested_copy',
  'plan_down_payment_failed_copy',
  'plan_rejected_copy',
  'plan_withdrawn_copy',
  'plan_defaulted_copy',
  'plan_completed_copy',
  'plan_installment_failed_copy',
] as const;
export type PlanNews = (typeof planNews)[number] | 'plan_rise_agreed';
export type PlanCopy = (typeof planCopies)[number];

/** Every kind of message there is: what queues one names it here first. */
export const messageReaders = {
  ...of('customer', messageTypes),
  ...of('customer', ['invoice', 'estimate', 'credit_memo', 'payment_request']),
  ...of('customer', ['schedule_agreed', 'schedule_changed']),
  ...of('customer', ['receipt', 'payment_processing', 'payment_cleared']),
  ...of('customer', ['refund', 'refund_failed', 'void_notice', 'return_notice', 'failed_charge']),
  ...of('customer', ['autopay_notice', 'autopay_over_maximum', 'autopay_on', 'autopay_off']),
  // The copy of an authorization is the payer’s; every other copy is staff’s.
  ...of('customer', ['authorization_copy', 'authorization_request', 'method_invitation']),
  ...of('customer', ['card_expiring', 'card_expired']),
  ...of('customer', planNews),
  ...of('customer', ['plan_upcoming', 'plan_rise_agreed']),
  ...of('staff', planCopies),
  ...of('staff', ['receipt_copy', 'refund_copy', 'refund_failed_copy', 'void_copy', 'return_copy']),
  ...of('staff', ['failed_charge_copy', 'autopay_off_copy', 'card_expiring_copy', 'card_expired_copy']),
  ...of('staff', ['reply_copy', 'estimate_answer', 'dispute_notice', 'schedule_news', 'notice']),
  ...of('staff', ['digest', 'report', 'support_request', 'test']),
  ...of('ticket', ['ticket_received', 'ticket_answer', 'ticket_confirmation']),
  ...of('account', ['portal_invitation', 'email_confirmation', 'password_reset', 'login_notice']),
  ...of('account', ['staff_invitation']),
};
export type MessageKind = keyof typeof messageReaders;

export const readerOf = (kind: string): Reader | undefined =>
  Object.hasOwn(messageReaders, kind) ? messageReaders[kind as MessageKind] : undefined;

/** What is written to a customer. */
export const customerMailKinds = (Object.keys(messageReaders) as MessageKind[]).filter(
  (kind) => messageReaders[kind] === 'customer',
);
