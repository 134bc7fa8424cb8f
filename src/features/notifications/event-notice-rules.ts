import type { NoticeKind } from '#features/notifications/notice-rules.ts';

/** An event as it is told: with the name of the customer it is about. */
export type ToldEvent = {
  id: string;
  type: string;
  subjectId: string;
  customerId: string | null;
  customerName: string | null;
  actorKind: string;
  data: Record<string, unknown>;
  /** Of a chargeback. */
  evidenceDue: string | null;
  importFile: string | null;
  importKind: string | null;
};

export type EventNotice = {
  kind: NoticeKind;
  subject: string;
  words: string;
  detail: string;
  path: string;
  button: string;
  /** Where several events are one piece of news. */
  key?: string;
};

type Ink = { money: (amount: unknown, currency: unknown) => string; day: (at: string) => string };

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** With a full stop, and one only: what a gateway wrote may have its own. */
const sentence = (words: string): string => `${words.trim().replace(/[.\s]+$/, '')}.`;

/** What somebody who works here did is no news to the others: only what a payer or the world did is. */
const byPayer = new Set(['portal_user', 'payer_link']);

const writers: Record<string, (event: ToldEvent, ink: Ink) => EventNotice | undefined> = {
  'chargeback.opened': ({ data, customerName, evidenceDue }, ink) => ({
    kind: 'chargeback',
    subject: `Chargeback: ${ink.money(data.amount, data.currency)} from ${customerName ?? 'a customer'}`,
    words:
      `The bank of ${customerName ?? 'a customer'} took back a payment: ${sentence(text(data.reason) || 'no reason given')} ` +
      (evidenceDue
        ? `Evidence can be given until ${ink.day(evidenceDue)}; without any it is lost.`
        : 'The gateway gave no last day for evidence.'),
    detail: text(data.reason),
    path: '/chargebacks?status=open',
    button: 'Open the chargebacks',
  }),
  'payout.needs_attention': ({ data, subjectId }, ink) =>
    payout(
      `A payout of ${ink.money(data.amount, data.currency)} does not add up`,
      `It is out of the books until somebody has looked: ${sentence(text(data.exception) || 'its lines do not agree')}`,
      subjectId,
    ),
  'payout.failed': ({ data, subjectId }, ink) =>
    payout(
      `A payout of ${ink.money(data.amount, data.currency)} failed`,
      'Your bank did not take it. Check the bank account that the gateway pays out to.',
      subjectId,
    ),
  'payment_method.stored': (event) => methodChanged(event, 'stored'),
  'payment_method.removed': (event) => methodChanged(event, 'removed'),
  'promise.broken': ({ data, customerName, customerId }, ink) => ({
    kind: 'promise_broken',
    subject: `Promise not kept: ${customerName ?? 'a customer'}, invoice ${text(data.number)}`,
    words: `It was to be paid by ${ink.day(text(data.promised_on))}. Reminders go on.`,
    detail: `Promised for ${ink.day(text(data.promised_on))}`,
    path: `/customers/${customerId}?tab=collections`,
    button: 'Open the customer',
  }),
  'message.answered': ({ data, customerName, customerId }) => ({
    kind: 'customer_replied',
    subject: `${customerName ?? (text(data.from) || 'A customer')} answered`,
    words: `They answered “${text(data.subject)}”. The whole of it is with the messages.`,
    detail: text(data.subject),
    path: customerId ? `/customers/${customerId}?tab=messages` : '/messages',
    button: 'Read the answer',
  }),
  'ticket.opened': (event) => question(event, 'asks'),
  'ticket.asker_wrote': (event) => question(event, event.data.reopened ? 'asks again' : 'wrote more'),
  'portal.account_created': ({ customerName, customerId }) => ({
    kind: 'portal_sign_up',
    subject: `${customerName ?? 'A customer'} joined your portal`,
    words: 'They made an account and can see and pay their invoices there.',
    detail: '',
    path: `/customers/${customerId}?tab=portal`,
    button: 'Open the customer',
  }),
  'message.bounced': undelivered,
  'message.failed': undelivered,
  'message.complained': undelivered,
  'import.imported': ({ data, subjectId, importFile, importKind }) => {
    const made = `${count(data.created)} new, ${count(data.updated)} changed, ${count(data.rejected)} refused`;
    return {
      kind: 'import_done',
      subject: `Import finished: ${importFile ?? importKind ?? 'file'}`,
      words: `${made}. What was refused can be loaded down with the reasons, put right and brought in again.`,
      detail: made,
      path: `/imports/${subjectId}`,
      button: 'Open the import',
    };
  },
  'data_export.done': () => ({
    kind: 'export_done',
    subject: 'The export of everything is ready',
    words:
      'Fetch it within seven days; then it is gone. The link asks for your sign-in, and needs the right to read everything.',
    detail: '',
    path: '/settings?section=data',
    button: 'Fetch the export',
  }),
  'gateway_account.check_failed': ({ data }) => ({
    kind: 'gateway_problem',
    subject: 'A payment gateway no longer accepts your keys',
    words: `${text(data.problem)} Until new keys are given, customers cannot pay through it.`,
    detail: text(data.problem),
    path: '/settings?section=gateways',
    button: 'Open the gateways',
  }),
};

/** Nothing, where the event is no news for staff. */
export const eventNotice = (event: ToldEvent, ink: Ink): EventNotice | undefined =>
  writers[event.type]?.(event, ink);

/** What staff asks the host is no news for staff. */
function question({ data, customerName, subjectId }: ToldEvent, does: string): EventNotice | undefined {
  if (data.desk !== 'organization') return undefined;
  return {
    kind: 'ticket',
    subject: `${customerName ?? (text(data.from) || 'Somebody')} ${does}: ${text(data.subject)}`,
    words: 'Answer it in the console: the answer goes out by mail and stands in the portal.',
    detail: `#${count(data.number)}`,
    path: `/tickets/${subjectId}`,
    button: 'Open the question',
  };
}

function payout(subject: string, words: string, id: string): EventNotice {
  const about = { kind: 'payout_exception' as const, path: `/deposits/${id}`, button: 'Open the payout' };
  return { ...about, subject, words, detail: words };
}

function methodChanged(
  { data, customerName, customerId, actorKind }: ToldEvent,
  what: string,
): EventNotice | undefined {
  if (!byPayer.has(actorKind)) return undefined;
  const method = `${text(data.brand) || 'Payment method'} •••• ${text(data.last4)}`;
  return {
    kind: 'method_changed',
    subject: `${customerName ?? 'A customer'} ${what} a payment method`,
    words: `${method} was ${what} in the portal.`,
    detail: method,
    path: `/customers/${customerId}?tab=methods`,
    button: 'Open the customer',
  };
}

function undelivered({
  data,
  customerName,
  subjectId,
  type,
  customerId,
}: ToldEvent): EventNotice | undefined {
  // Our own notices that do not arrive would be told by notices that do not arrive.
  if (!customerId) return undefined;
  const to = Array.isArray(data.to) ? data.to.join(', ') : 'the customer';
  const how = type === 'message.complained' ? 'was marked as spam' : 'did not arrive';
  return {
    kind: 'mail_problem',
    key: `mail_problem ${subjectId}`,
    subject: `A mail to ${customerName ?? to} ${how}`,
    words: `“${text(data.subject)}” to ${to} ${how}. ${text(data.reason) || text(data.error)}`.trim(),
    detail: to,
    path: `/messages?id=${subjectId}`,
    button: 'Open the message',
  };
}
