/** What a ticket is about: what customers ask their supplier, and what staff asks the host. */
export const desks = ['organization', 'host'] as const;
export type Desk = (typeof desks)[number];

export const ticketStates = ['new', 'open', 'waiting', 'solved', 'closed'] as const;
export type TicketState = (typeof ticketStates)[number];
export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof priorities)[number];
export const categories = [
  'invoice',
  'payment',
  'sign_in',
  'details',
  'problem',
  'how_to',
  'billing',
  'other',
] as const;
export type Category = (typeof categories)[number];

/** What each desk is asked about, in the order of a form, and in the reader's words. */
export const categoryWords: Readonly<Record<Desk, Partial<Record<Category, string>>>> = {
  organization: {
    invoice: 'An invoice',
    payment: 'A payment',
    sign_in: 'Signing in',
    details: 'My details',
    other: 'Something else',
  },
  host: {
    problem: 'Something does not work',
    how_to: 'How something is done',
    billing: 'Plan and billing',
    other: 'Something else',
  },
};

export const isCategoryOf = (desk: Desk, category: string): category is Category =>
  Object.hasOwn(categoryWords[desk], category);

export const stateWords: Readonly<Record<TicketState, string>> = {
  new: 'New',
  open: 'Open',
  waiting: 'Waiting for answer',
  solved: 'Solved',
  closed: 'Closed',
};

/** The same states as the asker reads them. */
export const askerStateWords: Readonly<Record<TicketState, string>> = {
  new: 'Received',
  open: 'In work',
  waiting: 'Answered',
  solved: 'Solved',
  closed: 'Closed',
};

export type TicketAct = 'asker_answers' | 'desk_answers' | 'work_on' | 'solve' | 'reopen' | 'rest';

/** Where an act leads; a state that it does not change stays. */
export function nextState(state: TicketState, act: TicketAct): TicketState {
  switch (act) {
    case 'asker_answers':
      // Whoever answers has not done: also what was solved or closed is open again.
      return state === 'new' ? 'new' : 'open';
    case 'desk_answers':
      return 'waiting';
    case 'work_on':
      return state === 'new' ? 'open' : state;
    case 'solve':
      return state === 'closed' ? 'closed' : 'solved';
    case 'reopen':
      return state === 'solved' || state === 'closed' || state === 'waiting' ? 'open' : state;
    case 'rest':
      return state === 'solved' || state === 'waiting' ? 'closed' : state;
  }
}

/** A ticket that is solved, or waits for its asker, is closed when nobody has said anything for so long. */
export const closesAfter_days = 7;
/** A question whose address never answered is forgotten. */
export const forgottenAfter_days = 3;
/** How many of them one organization keeps at once: a flood of strangers fills no disk. */
export const mostUnconfirmed = 500;
/** A link in a mail about a ticket opens it until so long after it was closed. */
export const linkLasts_days = 60;

export const ticketFileLimits = { files: 5, all_bytes: 10 * 1024 * 1024 };

/** The asker of a ticket that has so many posts asks anew; so many are shown. */
export const mostPosts = 500;

/** More mails than that in an hour are two machines that answer each other. */
export const mostMailsInAnHour = 12;

export const subjectOf = (subject: string): string => subject.replace(/\s+/g, ' ').trim().slice(0, 200);

/** `Re: ` once, and the number by which people name it. */
export const mailSubject = (ticket: { subject: string; number: number }): string =>
  `${/^re:/i.test(ticket.subject) ? '' : 'Re: '}${ticket.subject} [#${ticket.number}]`;

/** The form of RFC 5322; what else a mail calls itself is put into no header. */
export const isMessageId = (key: string): boolean => /^<[^\s<>@]{1,100}@[^\s<>@]{1,100}>$/.test(key);

const isCardNumber = (digits: string): boolean => {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return digits.length >= 13 && digits.length <= 19 && sum % 10 === 0;
};

/**
 * Card numbers that people write into their words are never kept (PCI DSS 3.4: at most the last four are
 * shown); what is no card number stays.
 */
export const withoutCards = (words: string): string =>
  words.replace(/(?<![\d])\d(?:[ -]?\d){12,18}(?![\d])/g, (found) => {
    const digits = found.replace(/\D/g, '');
    return isCardNumber(digits) ? `•••• ${digits.slice(-4)}` : found;
  });

const isPlainPart = (part: string): boolean =>
  /^[a-z]{3}_[0-9a-z]{22}$/.test(part) || /^[a-z0-9][a-z0-9_-]{0,19}$/.test(part) || part === '';

/** The page somebody was on: no query, and nothing in it that opens anything. */
export const plainPath = (path: string): string =>
  path.startsWith('/')
    ? (path.split(/[?#]/)[0] ?? '')
        .split('/')
        .map((part) => (isPlainPart(part) ? part : '…'))
        .join('/')
        .slice(0, 200)
    : '';

/** What a form fills in by itself, with all that could be a key or a number of an account taken out. */
export const plainText = (text: string): string =>
  withoutCards(text)
    .replace(/https?:\/\/\S+/g, '(link)')
    .replace(/\b(?![a-z]{3}_[0-9a-z]{22}\b)[\w+/=-]{24,}/g, '…')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);

export type TicketContext = {
  page?: string;
  browser?: string;
  version?: string;
  error?: string;
  request_id?: string;
};

/** Only what is known to be harmless is kept, whatever a form sends. */
export function plainContext(given: {
  page?: string | undefined;
  browser?: string | undefined;
  version?: string | undefined;
  error?: string | undefined;
  requestId?: string | undefined;
}): TicketContext {
  const page = given.page && plainPath(given.page);
  const browser = given.browser?.replace(/[^\x20-\x7e]/g, '').slice(0, 300);
  const version = given.version && /^[\w.-]{1,40}$/.test(given.version) ? given.version : undefined;
  const error = given.error && plainText(given.error);
  const requestId =
    given.requestId && /^req_[0-9a-z]{22}$/.test(given.requestId) ? given.requestId : undefined;
  return {
    ...(page ? { page } : {}),
    ...(browser ? { browser } : {}),
    ...(version ? { version } : {}),
    ...(error ? { error } : {}),
    ...(requestId ? { request_id: requestId } : {}),
  };
}
