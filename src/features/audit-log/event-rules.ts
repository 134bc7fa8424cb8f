import { accessWords } from '#features/audit-log/access-event-rules.ts';
import { billingWords } from '#features/audit-log/billing-event-rules.ts';
import { bulkWords } from '#features/audit-log/bulk-event-rules.ts';
import { deskWords } from '#features/audit-log/desk-event-rules.ts';
import { estimateWords } from '#features/audit-log/estimate-event-rules.ts';
import {
  amount,
  changed,
  type Data,
  type EventTone,
  fixed,
  type Ink,
  join,
  list,
  text,
  type Words,
  withAmount,
} from '#features/audit-log/event-phrase-rules.ts';
import { mailWords } from '#features/audit-log/mail-event-rules.ts';
import { planWords } from '#features/audit-log/plan-event-rules.ts';
import { bankWords, recordWords } from '#features/audit-log/record-event-rules.ts';
import { standingWords } from '#features/audit-log/standing-event-rules.ts';
import { teamWords } from '#features/audit-log/team-event-rules.ts';
import { ticketWords } from '#features/audit-log/ticket-event-rules.ts';

export type TimelineEvent = {
  type: string;
  subject_id: string;
  actor: { kind: string; id: string | null; name: string | null };
  data: Record<string, unknown>;
};
/** What a message about an invoice was, and how it went. */
const sentAs: Record<string, string> = {
  invoice_updated: 'Change told',
  paid_invoice: 'Thanked for the payment',
  upcoming_payment: 'Reminded before it is due',
  payment_due: 'Reminded that it is due',
  payment_past_due: 'Reminded that it is past due',
  upcoming_late_fee: 'Warned of a late fee',
  statement: 'Sent on a statement',
};
const channelWords: Record<string, string> = { sms: 'by text message', paper: 'by letter' };
const by = (data: Data): string | undefined => channelWords[text(data.channel) ?? ''];

const table: Record<string, Words> = {
  ...bulkWords,
  ...billingWords,
  ...deskWords,
  ...estimateWords,
  ...planWords,
  ...accessWords,
  ...recordWords,
  ...bankWords,
  ...standingWords,
  ...teamWords,
  ...ticketWords,
  'organization.created': fixed('Organization set up'),
  'organization.updated': { say: (data) => join('Settings changed', changed(data) && `· ${changed(data)}`) },
  'organization.clock_advanced': {
    say: ({ days }) =>
      typeof days === 'number'
        ? `Practice clock moved by ${days} ${days === 1 ? 'day' : 'days'}`
        : 'Practice clock moved',
  },
  'organization.went_live': fixed('Messages go out by themselves from now on', 'good'),
  'organization.held': fixed('Messages that go out by themselves are held', 'bad'),
  'api_key.created': { say: (data) => join('API key made', text(data.name) && `· ${text(data.name)}`) },
  'api_key.revoked': fixed('API key revoked', 'bad'),
  'customer.created': fixed('Customer added'),
  'customer.updated': { say: (data) => join('Customer changed', changed(data) && `· ${changed(data)}`) },
  'customer.deleted': fixed('Customer removed', 'bad'),
  'invoice.created': fixed('Draft written'),
  'invoice.issued': withAmount((sum) => join('Issued', sum && `for ${sum}`), 'accent'),
  'invoice.revised': withAmount((sum) => join('Revised', sum && `to ${sum}`)),
  'invoice.voided': {
    say: (data) => join('Voided', text(data.reason) && `· ${text(data.reason)}`),
    tone: 'bad',
  },
  'invoice.sent': {
    say: (data) =>
      join(sentAs[text(data.message_type) ?? ''] ?? 'Sent', list(data.to) && `to ${list(data.to)}`, by(data)),
    tone: 'accent',
  },
  'invoice.viewed': fixed('Opened by the customer'),
  'invoice.payment_applied': withAmount((sum) => join(sum ?? 'Payment', 'applied'), 'good'),
  'invoice.payment_unapplied': withAmount((sum) => join(sum ?? 'Payment', 'taken off again'), 'bad'),
  'invoice.credit_applied': withAmount((sum) => join(sum ?? 'Credit', 'credited'), 'good'),
  'invoice.credit_unapplied': withAmount((sum) => join(sum ?? 'Credit', 'of credit taken off again'), 'bad'),
  'credit_memo.created': withAmount((sum) => join('Credit memo', sum && `of ${sum}`, 'written')),
  'credit_memo.draft_rewritten': withAmount((sum) => join('Draft', sum && `of ${sum}`, 'written anew')),
  'credit_memo.issued': withAmount((sum) => join('Credit memo', sum && `of ${sum}`, 'issued'), 'good'),
  'credit_memo.voided': fixed('Credit memo void', 'bad'),
  'credit_memo.applied': withAmount((sum) => join(sum ?? 'Credit', 'put against an invoice')),
  'credit_memo.unapplied': withAmount((sum) => join(sum ?? 'Credit', 'taken off an invoice')),
  'late_fee.assessed': withAmount((sum) => join('Late fee', sum && `of ${sum}`), 'bad'),
  'late_fee.waived': withAmount((sum) => join('Late fee', sum && `of ${sum}`, 'waived'), 'good'),
  'late_fee.removed': {
    say: (data, ink) =>
      join(
        'Late fee',
        amount(data, ink) && `of ${amount(data, ink)}`,
        'removed',
        text(data.reason) && `· ${text(data.reason)}`,
      ),
    tone: 'good',
  },
  'late_fee_ceiling.added': fixed('A ceiling of late fees was added'),
  'late_fee_ceiling.removed': fixed('A ceiling of late fees was dropped'),
  'card_fee_policy.changed': {
    say: ({ mode }) => (mode === 'off' ? 'Card fees switched off' : 'Card fee changed'),
  },
  'late_fee_policy.changed': {
    kind: 'Terms of late fees changed',
    say: ({ is_active }) => (is_active ? 'Terms of late fees changed' : 'Late fees switched off'),
  },
  'invoice.paid': fixed('Paid in full', 'good'),
  'invoice.reopened': fixed('Open again', 'bad'),
  'payment.applied': withAmount((sum) => join(sum ?? 'Unapplied cash', 'put against an invoice'), 'good'),
  'payment.unapplied': withAmount((sum) =>
    join(sum ?? 'Payment', 'taken off an invoice; it is unapplied cash'),
  ),
  'payment.requested': withAmount((sum) => join('Payment', sum && `of ${sum}`, 'begun')),
  'payment.submitted': fixed('Bank debit submitted; it is not money yet'),
  'payment.accepted': fixed('Bank debit accepted by the network'),
  'payment.collected': fixed('Bank debit collected', 'good'),
  'payment.approved': withAmount((sum) => join('Payment', sum && `of ${sum}`, 'approved'), 'good'),
  'payment.declined': {
    say: (data) => join('Declined', text(data.message) && `· ${text(data.message)}`),
    tone: 'bad',
  },
  'payment.unknown': fixed('No answer from the gateway; asking again before anything else happens'),
  'payment.settling': fixed('On its way to the bank'),
  'payment.settled': withAmount((sum) => join(sum ?? 'Payment', 'settled'), 'good'),
  'payment.returned': {
    say: (data) => join('Returned by the bank', text(data.return_code) && `(${text(data.return_code)})`),
    tone: 'bad',
  },
  'payment.voided': fixed('Payment voided', 'bad'),
  'payment.needs_attention': fixed('The gateway still gives no clear answer; a person must look', 'bad'),
  'payment.void_requested': {
    say: (data) => join('Void asked for', text(data.reason) && `· ${text(data.reason)}`),
  },
  'payment.void_refused': {
    say: (data) => join('The gateway did not void it', text(data.message) && `· ${text(data.message)}`),
    tone: 'bad',
  },
  'payment.void_unanswered': fixed(
    'The gateway does not answer whether it voided; a person must look',
    'bad',
  ),
  'refund.requested': withAmount((sum) => join('Refund', sum && `of ${sum}`, 'asked for')),
  'refund.recorded': withAmount((sum) => join(sum ?? 'Refund', 'given back by hand'), 'accent'),
  'refund.submitted': withAmount((sum) => join('Refund', sum && `of ${sum}`, 'on its way'), 'accent'),
  'refund.settled': withAmount((sum) => join('Refund', sum && `of ${sum}`, 'arrived'), 'good'),
  'refund.failed': {
    say: (data, ink) =>
      join(
        'Refund',
        amount(data, ink) && `of ${amount(data, ink)}`,
        'failed',
        text(data.failure_message) && `· ${text(data.failure_message)}`,
      ),
    tone: 'bad',
  },
  'refund.unknown': fixed('No answer about the refund; asking again before anything else happens'),
  'refund.needs_attention': {
    say: (data, ink) =>
      data.state === 'payment_returned'
        ? join(
            'The bank took the payment back after',
            amount(data, ink),
            'of it was refunded; a person must look',
          )
        : 'It is not known what became of the refund; a person must look',
    tone: 'bad',
  },
  'invoice.payment_refunded': withAmount((sum) => join(sum ?? 'Part', 'of its payment refunded')),
  'payment_method.stored': fixed('Payment method stored'),
  'payment_method.authorized': fixed('Bank account signed for'),
  'payment_method.made_default': fixed('Default payment method changed'),
  'payment_method.link_made': fixed('Payment method link made'),
  'statement_link.made': {
    say: (data) => join('Statement link', text(data.email) ? `sent to ${text(data.email)}` : 'made'),
  },
  'statement_link.withdrawn': fixed('Statement links handed out before were withdrawn'),
  'dunning_policy.created': {
    say: (data) => join('Dunning policy made', text(data.name) && `· ${text(data.name)}`),
  },
  'dunning_policy.updated': {
    say: (data) => join('Dunning policy changed', text(data.name) && `· ${text(data.name)}`),
  },
  'dunning_policy.archived': {
    say: (data) => join('Dunning policy taken out of use', text(data.name) && `· ${text(data.name)}`),
  },
  'customer.policy_chosen': {
    kind: 'Dunning policy chosen',
    say: (data) =>
      text(data.name) ? `Has the dunning policy ${text(data.name)}` : 'Has no dunning policy of its own',
  },
  'reminder.document_made': {
    say: ({ number, level }) =>
      number === undefined
        ? 'Formal reminder sent'
        : `Formal reminder ${String(number)} sent, level ${String(level)}`,
  },
  'payment_link.made': {
    say: (data, ink) =>
      join(
        'Payment link made',
        amount(data, ink) && `for ${amount(data, ink)}`,
        text(data.description) && `· ${text(data.description)}`,
        text(data.email) && `· sent to ${text(data.email)}`,
      ),
  },
  'payment_link.withdrawn': {
    say: (data) => join('Payment link withdrawn', text(data.description) && `· ${text(data.description)}`),
  },
  'payment_method.expiring': fixed('Card expires soon'),
  'payment_method.expired': fixed('Card expired'),
  'payment_method.removed': fixed('Payment method removed'),
  'payment_method.blocked': {
    say: (data) =>
      join(
        'Bank account',
        text(data.last4) && `•••• ${text(data.last4)}`,
        'blocked',
        text(data.reason) && `· ${text(data.reason)} (${text(data.return_code)})`,
      ),
    tone: 'bad',
  },
  'payment_method.corrected': {
    say: (data) =>
      join(
        'The bank corrected the account',
        text(data.last4) && `to •••• ${text(data.last4)}`,
        text(data.change_code) && `(${text(data.change_code)})`,
      ),
  },
  'payment.recorded': withAmount((sum) => join('Payment', sum && `of ${sum}`, 'recorded by hand'), 'good'),
  ...mailWords,
  'text_consent.given': fixed('Agreed to text messages', 'good'),
  'text_consent.withdrawn': fixed('Took back the consent to text messages'),
  'text_consent.stopped': fixed('Texted STOP', 'bad'),
  'text_consent.started': fixed('Texted START', 'good'),
  'customer.address_confirmed': fixed('Billing address confirmed', 'good'),
  'customer.address_doubted': {
    say: (data) => join('Billing address in doubt', text(data.reason) && `· ${text(data.reason)}`),
    tone: 'bad',
  },
  'channel_account.connected': fixed('Carrier connected', 'good'),
  'channel_account.disconnected': fixed('Carrier disconnected'),
  'portal.invited': {
    say: (data) => join('Invited to the portal', text(data.email) && `at ${text(data.email)}`),
    tone: 'accent',
  },
  'portal.account_created': fixed('Created a portal login'),
  'portal.customer_chosen': fixed('Linked the login to this customer'),
  'portal.email_confirmed': fixed('Confirmed the e-mail address'),
  'portal.email_changed': fixed('Changed the e-mail address of the portal login'),
  'portal.agreement_accepted': fixed('Accepted the user agreement', 'good'),
  'portal.signed_in': fixed('Signed in to the portal'),
  'import.imported': fixed('File imported', 'good'),
  'import.invoices_sent': fixed('Imported invoices mailed'),
  'import.undone': fixed('Import undone', 'bad'),
};

/** The kinds of acts that have words. */
export const knownKinds: readonly string[] = Object.keys(table);

/** A kind of act by its bare words: `Issued`. */
export const kindWords = (kind: string): string =>
  table[kind]?.kind ?? table[kind]?.say({}, { money: () => '' }) ?? kind;

/** An event in words; one that is new to us still reads: its own name, spelled out. */
export function wordsOf(event: TimelineEvent, ink: Ink): { text: string; tone: EventTone } {
  const known = table[event.type];
  if (known) return { text: known.say(event.data, ink), tone: known.tone ?? 'neutral' };
  const plain = event.type.replace(/[._]/g, ' ');
  return { text: plain.charAt(0).toUpperCase() + plain.slice(1), tone: 'neutral' };
}

/** Who did it. What the machine did by itself says so. */
export function actorOf({ actor }: TimelineEvent): string {
  switch (actor.kind) {
    case 'user':
      return actor.name ?? 'A user';
    case 'api_key':
      return `API key${actor.name ? ` ${actor.name}` : ''}`;
    case 'portal_user':
      return actor.name ?? 'The customer, in the portal';
    case 'payer_link':
      return 'The customer, by a link';
    default:
      return 'Owed';
  }
}
