import { amount, dateOf, fixed, join, text, type Words } from '#features/audit-log/event-phrase-rules.ts';

const outcomes: Record<string, string> = {
  note: 'Note',
  reached: 'Reached by telephone',
  left_message: 'Left a message',
  no_answer: 'Called, no answer',
  wrong_number: 'Called, wrong number',
  promised: 'Promised to pay',
};
const exempt: Record<string, string> = {
  reminders: 'reminders',
  late_fees: 'late fees',
  receipts: 'receipts',
};

/** What happened at the collections desk. */
export const deskWords: Record<string, Words> = {
  'customer.noted': {
    kind: 'Note written',
    say: (data) =>
      join(outcomes[text(data.outcome) ?? ''] ?? 'Note', text(data.text) && `· ${text(data.text)}`),
    tone: 'accent',
  },
  'customer.note_pinned': { say: () => 'Note pinned' },
  'customer.note_unpinned': { say: () => 'Note taken down' },
  'task.made': {
    kind: 'Task made',
    say: (data) => join('Task', text(data.title) && `· ${text(data.title)}`),
  },
  'task.done': {
    say: (data) => join('Task done', text(data.title) && `· ${text(data.title)}`),
    tone: 'good',
  },
  'task.reopened': { say: (data) => join('Task open again', text(data.title) && `· ${text(data.title)}`) },
  'task.snoozed': {
    say: (data, ink) =>
      join(
        'Task put off',
        dateOf(data.due_on, ink) && `to ${dateOf(data.due_on, ink)}`,
        text(data.title) && `· ${text(data.title)}`,
      ),
  },
  'task.changed': { say: (data) => join('Task changed', text(data.title) && `· ${text(data.title)}`) },
  'promise.made': {
    say: (data, ink) =>
      join(
        amount(data, ink) ?? 'Payment',
        'promised',
        dateOf(data.promised_on, ink) && `for ${dateOf(data.promised_on, ink)}`,
      ),
  },
  'promise.kept': fixed('Promise to pay kept', 'good'),
  'promise.broken': fixed('Promise to pay broken', 'bad'),
  'promise.withdrawn': fixed('Promise to pay withdrawn'),
  'dispute.opened': {
    kind: 'Dispute opened',
    say: (data) =>
      join(
        data.by_customer === true ? 'Disputed by the customer' : 'In dispute',
        text(data.reason) && `· ${text(data.reason)}`,
      ),
    tone: 'bad',
  },
  'dispute.rest_changed': {
    kind: 'Rest of a dispute changed',
    say: (data, ink) => {
      const until = dateOf(data.rests_until, ink);
      return join('Dispute rests', until ? `until ${until}` : 'until it is ended');
    },
  },
  'dispute.resolved': {
    say: (data) => join('Dispute settled', text(data.outcome) && `· ${text(data.outcome)}`),
    tone: 'good',
  },
  'dispute.withdrawn': fixed('Dispute taken back'),
  'invoice.exempted': { say: (data) => join('Exempt from', exempt[text(data.of) ?? ''] ?? 'chasing') },
  'invoice.exemption_ended': {
    say: (data) => join('No longer exempt from', exempt[text(data.of) ?? ''] ?? 'chasing'),
  },
  'organization.settings_applied': {
    say: (data) =>
      join('Settings applied to', typeof data.customers === 'number' ? `${data.customers}` : '', 'customers'),
  },
  'organization.notices_chosen': fixed('Choice of notices changed'),
  'organization.settings_undone': fixed('Settings of customers put back'),
};
