import type { Scope } from '#lib/endpoint.ts';

export const noticeChannels = ['mail', 'digest', 'console', 'off'] as const;
export type NoticeChannel = (typeof noticeChannels)[number];

type KindRule = {
  title: string;
  /** In one sentence: when it is told. */
  says: string;
  group: 'Money' | 'Customers' | 'Work';
  /** Who may not read the thing itself is not told of it either. */
  scope: Scope;
  /** What a person gets who has chosen nothing, and for whom nothing is set. */
  person: NoticeChannel;
  /** Whether the organization's list of addresses gets a mail of it, unless that is switched off. */
  addresses: boolean;
};

const money = { group: 'Money', scope: 'payments:read', person: 'console', addresses: true } as const;

/** What the people of an organization can be told of: the only list. */
export const noticeKinds = {
  payment_received: {
    ...money,
    title: 'Payment received',
    says: 'Money came in, or a bank payment was submitted.',
  },
  payment_returned: {
    ...money,
    title: 'Bank payment returned',
    says: 'The bank sent a payment back, and its invoices are open again.',
  },
  charge_failed: {
    ...money,
    title: 'Charge declined',
    says: 'A charge by autopay, a schedule or a payment plan was declined.',
  },
  money_given_back: {
    ...money,
    title: 'Void or refund',
    says: 'A payment was voided or refunded, or a refund failed.',
  },
  chargeback: {
    ...money,
    title: 'Chargeback',
    says: 'A payer’s bank took a payment back; evidence has a last day.',
  },
  payout_exception: {
    ...money,
    title: 'Payout exception',
    says: 'A payout of a gateway failed or does not add up.',
  },
  autopay_ended: { ...money, title: 'Autopay ended', says: 'Autopay of a customer was switched off.' },
  card_expiring: {
    ...money,
    title: 'Card expires',
    says: 'A stored card ends within 30 days, or has ended.',
  },
  method_changed: {
    ...money,
    title: 'Payment method changed',
    says: 'A customer stored or removed a card or bank account.',
  },
  plan_requested: {
    ...money,
    title: 'Payment plan requested',
    says: 'A customer asks to pay in parts and waits for an answer.',
  },
  plan_news: {
    ...money,
    title: 'Payment plan news',
    says: 'A plan was turned down, ended, missed or paid off.',
  },
  schedule_news: {
    ...money,
    title: 'Schedule paused',
    says: 'A schedule stopped by itself, or dates of it were missed.',
  },
  dispute: {
    title: 'Dispute',
    says: 'A customer objects to an invoice in the portal.',
    ...{ group: 'Customers', scope: 'invoices:read', person: 'console', addresses: true },
  },
  promise_broken: {
    title: 'Promise broken',
    says: 'The day of a promise to pay has passed without the money.',
    ...{ group: 'Customers', scope: 'customers:read', person: 'console', addresses: false },
  },
  customer_replied: {
    title: 'Customer replied',
    says: 'A customer answered one of your mails.',
    ...{ group: 'Customers', scope: 'messages:read', person: 'console', addresses: false },
  },
  ticket: {
    title: 'Customer question',
    says: 'A customer asked a question in the portal, or wrote more on one.',
    ...{ group: 'Customers', scope: 'customers:read', person: 'console', addresses: true },
  },
  portal_sign_up: {
    title: 'Portal sign-up',
    says: 'A customer made an account in your portal.',
    ...{ group: 'Customers', scope: 'customers:read', person: 'console', addresses: false },
  },
  mail_problem: {
    title: 'Mail not delivered',
    says: 'A mail to a customer bounced, failed or was complained about.',
    ...{ group: 'Work', scope: 'messages:read', person: 'console', addresses: false },
  },
  import_done: {
    title: 'Import finished',
    says: 'A file has been brought in, with what was made and refused.',
    ...{ group: 'Work', scope: 'imports:write', person: 'console', addresses: false },
  },
  export_done: {
    title: 'Export finished',
    says: 'The archive of everything is ready to be fetched.',
    ...{ group: 'Work', scope: 'settings:write', person: 'mail', addresses: false },
  },
  gateway_problem: {
    title: 'Gateway trouble',
    says: 'A payment gateway no longer accepts your keys.',
    ...{ group: 'Work', scope: 'settings:read', person: 'console', addresses: true },
  },
  daily_summary: {
    title: 'Daily summary',
    says: 'Each morning by mail: what came in, what is open, what is past due.',
    ...{ group: 'Work', scope: 'overview:read', person: 'off', addresses: false },
  },
} as const satisfies Record<string, KindRule>;

export type NoticeKind = keyof typeof noticeKinds;
export const noticeKindNames = Object.keys(noticeKinds) as [NoticeKind, ...NoticeKind[]];

/** The summary is a mail of its own: it is in no list, and there is no other way to get it. */
export const channelsOf = (kind: NoticeKind): readonly NoticeChannel[] =>
  kind === 'daily_summary' ? ['mail', 'off'] : noticeChannels;

export type Choice = { reader: string; kind: string; channel: NoticeChannel };

export type Reader = {
  userId: string;
  email: string;
  roles: readonly string[];
  /** What the organization's own roles add. */
  ownScopes: readonly string[];
};

/** The two switches of the general settings speak for the organization's addresses. */
export type AddressList = {
  notifyEmails: readonly string[];
  email: string | null;
  emailOrganizationReceipts: boolean;
  emailFailedCharges: boolean;
};

export type Chosen = (reader: string, kind: NoticeKind) => NoticeChannel | undefined;

export function chosenIn(choices: readonly Choice[]): Chosen {
  const found = new Map(choices.map(({ reader, kind, channel }) => [`${reader} ${kind}`, channel]));
  return (reader, kind) => found.get(`${reader} ${kind}`);
}

const loudness: Record<NoticeChannel, number> = { mail: 3, digest: 2, console: 1, off: 0 };

/** What applies to someone without a choice of their own: of several roles the loudest, then what all get. */
export function defaultChannel(kind: NoticeKind, roles: readonly string[], chosen: Chosen): NoticeChannel {
  const ofRoles = roles.flatMap((role) => chosen(role, kind) ?? []);
  const loudest = ofRoles.reduce<NoticeChannel | undefined>(
    (best, each) => (best === undefined || loudness[each] > loudness[best] ? each : best),
    undefined,
  );
  return loudest ?? chosen('everyone', kind) ?? noticeKinds[kind].person;
}

export const channelFor = (
  kind: NoticeKind,
  reader: Pick<Reader, 'userId' | 'roles'>,
  chosen: Chosen,
): NoticeChannel => chosen(reader.userId, kind) ?? defaultChannel(kind, reader.roles, chosen);

/** Whether the organization's addresses are mailed this kind. */
export function addressesGet(kind: NoticeKind, list: AddressList, chosen: Chosen): boolean {
  if (kind === 'payment_received' || kind === 'money_given_back') return list.emailOrganizationReceipts;
  if (kind === 'charge_failed') return list.emailFailedCharges;
  const own = chosen('addresses', kind);
  return own ? own === 'mail' : noticeKinds[kind].addresses;
}

/** What needs an answer goes to the address of the letterhead, for want of another; receipts do not. */
const needsAnswer: readonly NoticeKind[] = [
  'dispute',
  'ticket',
  'plan_requested',
  'plan_news',
  'chargeback',
  'payout_exception',
];

export type MailReaders = { people: Reader[]; addresses: string[] };

/**
 * Who is mailed at once. An address that belongs to a person who has chosen otherwise is left out, and one
 * that gets a mail of its own does not get the common one too: nobody is told twice.
 */
export function mailReaders(
  kind: NoticeKind,
  readers: readonly (Reader & { scopes: ReadonlySet<string> })[],
  list: AddressList,
  chosen: Chosen,
): MailReaders {
  const may = readers.filter(({ scopes }) => scopes.has(noticeKinds[kind].scope));
  const people = may.filter((reader) => channelFor(kind, reader, chosen) === 'mail');
  const ownWay = new Set(
    [...people, ...readers.filter(({ userId }) => chosen(userId, kind) !== undefined)].map(({ email }) =>
      email.toLowerCase(),
    ),
  );
  const fallback = list.email && needsAnswer.includes(kind) ? [list.email] : [];
  const named = list.notifyEmails.length > 0 ? list.notifyEmails : fallback;
  const addresses = addressesGet(kind, list, chosen)
    ? named.filter((email) => !ownWay.has(email.toLowerCase()))
    : [];
  return { people, addresses };
}

/** The kinds that stand in someone's list in the console. */
export const listedKinds = (
  reader: Pick<Reader, 'userId' | 'roles'>,
  scopes: ReadonlySet<string>,
  chosen: Chosen,
): NoticeKind[] =>
  noticeKindNames.filter(
    (kind) =>
      kind !== 'daily_summary' &&
      scopes.has(noticeKinds[kind].scope) &&
      channelFor(kind, reader, chosen) !== 'off',
  );
