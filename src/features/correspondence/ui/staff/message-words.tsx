import type { z } from 'zod';
import type { zMessage } from '#features/correspondence/api.ts';
import type { Tone } from '#ui/state.tsx';
import { State } from '#ui/state.tsx';

export type Message = z.output<typeof zMessage>;

const states: Record<Message['state'], { label: string; tone: Tone; ring?: boolean }> = {
  queued: { label: 'Waiting', tone: 'neutral', ring: true },
  sent: { label: 'Sent', tone: 'accent' },
  delivered: { label: 'Delivered', tone: 'good' },
  opened: { label: 'Opened', tone: 'good' },
  clicked: { label: 'Link opened', tone: 'good' },
  soft_bounced: { label: 'Not delivered yet', tone: 'warn' },
  complained: { label: 'Reported as spam', tone: 'bad' },
  failed: { label: 'Failed', tone: 'bad' },
  bounced: { label: 'Bounced', tone: 'bad' },
  suppressed: { label: 'Held back', tone: 'faint' },
};

export function MessageState({ message }: { message: Pick<Message, 'state' | 'route'> }) {
  const { label, tone, ring } = states[message.state];
  const kept = message.state === 'sent' && message.route === 'mailbox';
  return (
    <State tone={tone} {...(ring ? { ring } : {})}>
      {kept ? 'In the mailbox' : label}
    </State>
  );
}

/** Why a message was held back, and what lets the next one go. */
const rules: Record<string, string> = {
  no_consent: 'Held back: the customer has not agreed to text messages.',
  stopped: 'Held back: this phone has texted STOP.',
  no_sms_sender: 'Held back: nobody is connected who carries text messages. Connect a carrier in Settings.',
  bad_phone: 'Held back: this is no telephone number. Correct it on the customer’s page.',
  cancelled: 'Cancelled before it was printed: it does not go.',
  email_problem: 'Held back: mail to this address came back. Repair the address, then send it again.',
  no_hours: 'Held back: there are no hours at which a text may arrive there.',
  address_unconfirmed: 'Held back: the billing address is not confirmed.',
  do_not_contact: 'Held back: this customer is not to be contacted.',
  customer_inactive: 'Held back: the customer had been deactivated before it left.',
  reminders_off: 'Held back: the customer had been set to take no reminders before it left.',
  opted_out: 'Held back: reminders of this invoice had been switched off before it left.',
  not_payable: 'Held back: nothing was payable any more when it would have left.',
  invoice_rests: 'Held back: a dispute, a promise or a payment plan had come before it left.',
  day_is_over: 'Held back: its day had passed before it could leave.',
};
export const ruleOf = (rule: string): string => rules[rule] ?? `Held back: ${rule.replaceAll('_', ' ')}.`;

const kinds: Record<string, string> = {
  refund: 'Refund',
  refund_failed: 'Refund that failed',
  refund_copy: 'Refund, for you',
  refund_failed_copy: 'Refund that failed, for you',
  void_notice: 'Payment voided',
  void_copy: 'Payment voided, for you',
  email_confirmation: 'E-mail confirmation',
  receipt_copy: 'Receipt, for you',
  return_copy: 'Bank return, for you',
  return_notice: 'Bank return',
  failed_charge: 'Charge declined',
  failed_charge_copy: 'Charge declined, for you',
  card_expiring_copy: 'Card expires, for you',
  card_expired_copy: 'Card expired, for you',
  reply_copy: 'Customer’s answer, for you',
};
export function kindOf(kind: string): string {
  const plain = kind.replaceAll('_', ' ');
  return kinds[kind] ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}
