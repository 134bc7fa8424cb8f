import { type Data, fixed, join, text, type Words } from '#features/audit-log/event-phrase-rules.ts';

const numbered = (words: string, data: Data): string =>
  typeof data.number === 'number' ? `${words} · ${data.number}` : words;

/** Questions of customers and of staff, and what helps who cannot sign in. */
export const ticketWords: Record<string, Words> = {
  'ticket.opened': {
    kind: 'Ticket opened',
    say: (data) => join(numbered('Ticket', data), text(data.from) && `from ${text(data.from)}`),
  },
  'ticket.asker_wrote': {
    kind: 'Asker wrote on a ticket',
    say: (data) =>
      join(
        text(data.from) ? `${text(data.from)} wrote on a ticket` : 'Asker wrote on a ticket',
        data.reopened === true ? '· open again' : undefined,
      ),
  },
  'ticket.answered': { kind: 'Ticket answered', say: (data) => numbered('Ticket answered', data) },
  'ticket.noted': { kind: 'Note on a ticket', say: (data) => numbered('Note on a ticket', data) },
  'ticket.changed': {
    kind: 'Ticket changed',
    say: (data) => join(numbered('Ticket changed', data), text(data.change) && `· ${text(data.change)}`),
  },
  'portal.unlocked': fixed('Portal sign-in unlocked'),
};
