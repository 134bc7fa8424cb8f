/**
 * What may be learned of a mail after it left, the weightiest last: what is worse for a reader is never
 * hidden.
 */
export const newsKinds = [
  // A server still tries: it may yet arrive, and often nobody says that it did.
  'delayed',
  'soft_bounced',
  'delivered',
  'opened',
  'clicked',
  'bounced',
  'complained',
] as const;
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
  const worst = [...newsKinds].reverse().find((kind) => set.has(kind)) ?? 'sent';
  return worst === 'delayed' ? 'soft_bounced' : worst;
}

/** An address that mail is no longer sent to; a full mailbox or a server that is down is none. */
export const isProblem = (kind: NewsKind): kind is 'bounced' | 'complained' =>
  kind === 'bounced' || kind === 'complained';

/** So many messages in a row that came back softly, over so many days, are an address that is no good. */
const lastingMessages = 3;
const lastingDays_ms = 7 * 86_400_000;

/** A message that reached the mailbox, or was refused by it as full or disabled. */
export type Knock = { messageId: string; arrived: boolean; at: Date };

/**
 * Has a full or disabled mailbox lasted? `knocks` are messages to one address, and their ids are in the order
 * they were written; one that arrived ends what came before it.
 */
export function softBouncesLast(knocks: readonly Knock[]): boolean {
  const newestFirst = [...knocks].sort((a, b) => (a.messageId < b.messageId ? 1 : -1));
  const end = newestFirst.findIndex(({ arrived }) => arrived);
  const run = end < 0 ? newestFirst : newestFirst.slice(0, end);
  const times = run.map(({ at }) => at.getTime());
  return (
    new Set(run.map(({ messageId }) => messageId)).size >= lastingMessages &&
    Math.max(...times) - Math.min(...times) >= lastingDays_ms
  );
}

const enhancedCode = /\b([245]\.\d{1,3}\.\d{1,3})\b/;
/** Full or disabled (RFC 3463, 3.3); 4.2.3 and its like are about one mail. */
const mailboxCodes = /^(4\.2\.[012]|5\.2\.2)$/;
const mailboxWords =
  /(mailbox|inbox|storage)[^.]{0,30}(full|exceeded)|(over|exceeded)[^.]{0,20}quota|quota exceeded/i;
/** Servers that slow a sender down borrow the mailbox's codes for it. */
const slowedWords = /gr[ea]y-?list|quickly|rate|too many|throttl/i;

/** Was a mail refused because its mailbox is full or disabled, and not for what it said or who sent it? */
export function isOfMailbox(words: string): boolean {
  const code = enhancedCode.exec(words)?.[1];
  if (code && !mailboxCodes.test(code)) return false;
  // 4.2.0 says nothing by itself.
  return (code && code !== '4.2.0') || mailboxWords.test(words) ? !slowedWords.test(words) : false;
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
  const status = failure.status ?? enhancedCode.exec(failure.words)?.[1];
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
