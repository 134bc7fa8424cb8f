/**
 * What may be learned of a mail after it left, the weightiest last: what is worse for a reader is never
 * hidden.
 */
export const newsKinds = ['soft_bounced', 'delivered', 'opened', 'clicked', 'bounced', 'complained'] as const;
export type NewsKind = (typeof newsKinds)[number];

/** What is said of one message of ours and one of its readers. */
export type MailNews = {
  /** Ours: `msg_…`. */
  messageId: string;
  email: string;
  kind: NewsKind;
  reason: string;
  at?: Date | undefined;
};

/**
 * The state of a message by everything that is known of it. It looks at the set alone, so neither order nor
 * repetition of the news matters; what waits, failed or was held back is told by others.
 */
export function stateByNews(state: string, known: Iterable<NewsKind>): string {
  if (state !== 'sent' && !newsKinds.some((kind) => kind === state)) return state;
  const set = new Set(known);
  return [...newsKinds].reverse().find((kind) => set.has(kind)) ?? 'sent';
}

/** An address that mail is no longer sent to; a full mailbox or a server that is down is none. */
export const isProblem = (kind: NewsKind): kind is 'bounced' | 'complained' =>
  kind === 'bounced' || kind === 'complained';

/** So many messages in a row that came back softly, over so many days, are an address that is no good. */
const lastingMessages = 3;
const lastingDays_ms = 7 * 86_400_000;

/**
 * Has a full mailbox or a server that is down lasted? `news` is of one address; whatever arrived there ends
 * what came before it.
 */
export function softBouncesLast(news: readonly { messageId: string; kind: NewsKind; at: Date }[]): boolean {
  const arrived = news.filter(({ kind }) => kind === 'delivered' || kind === 'opened' || kind === 'clicked');
  const last = Math.max(0, ...arrived.map(({ at }) => at.getTime()));
  const soft = news.filter(({ kind, at }) => kind === 'soft_bounced' && at.getTime() > last);
  const times = soft.map(({ at }) => at.getTime());
  return (
    new Set(soft.map(({ messageId }) => messageId)).size >= lastingMessages &&
    Math.max(...times) - Math.min(...times) >= lastingDays_ms
  );
}

/** Codes that speak of the address itself (RFC 3463, 3.2 and 3.3), or of a domain that is not there. */
const addressCodes = /^5\.(1\.(0|1|2|3|4|6|10)|2\.1|4\.4)$/;
const addressWords: readonly RegExp[] = [
  /no such (user|mailbox|recipient)/i,
  /(user|mailbox|recipient|address)[^.]{0,30}(unknown|not found|does ?n.t exist|does not exist|disabled)/i,
  /unknown (user|mailbox|recipient|address)/i,
  /account (has been )?disabled/i,
];

/**
 * Is a refusal about the address, so that the next mail would come back too? One about this mail (too large,
 * taken for spam) or about today (a full mailbox) is not.
 */
export function bounceKind(failure: {
  status?: string | undefined;
  words: string;
}): 'bounced' | 'soft_bounced' {
  const status = failure.status ?? /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(failure.words)?.[1];
  if (status && status !== '5.0.0') return addressCodes.test(status) ? 'bounced' : 'soft_bounced';
  return addressWords.some((words) => words.test(failure.words)) ? 'bounced' : 'soft_bounced';
}

/**
 * Which of a message's readers the news is about. A report may name the address that mail was forwarded to;
 * one that we did not write to is never believed, and of several readers none is guessed.
 */
export function readerOf(readers: readonly string[], ...named: readonly (string | undefined)[]): string {
  const known = readers.map((email) => email.toLowerCase());
  const found = named
    .map((email) => email?.trim().toLowerCase())
    .find((email) => email && known.includes(email));
  return found ?? (known.length === 1 ? (known[0] ?? '') : '');
}
