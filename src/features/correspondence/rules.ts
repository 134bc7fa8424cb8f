import type { MailOutcome } from '#features/correspondence/mailer.ts';
import type { NewsKind } from '#features/correspondence/news-rules.ts';

export type MessageState = 'queued' | 'sent' | 'failed' | 'suppressed' | NewsKind;

/** Who a mail goes to: each reader once, in `to` rather than in `cc`, however the address is spelled. */
export function readersOf(to: readonly string[], cc: readonly string[]): { to: string[]; cc: string[] } {
  const seen = new Set<string>();
  const first = (email: string): boolean => {
    const key = email.trim().toLowerCase();
    if (key === '' || seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  return { to: to.filter(first), cc: cc.filter(first) };
}

/**
 * The readers whose address is good. Where a copy is all that is left, it becomes the mail itself; where
 * nobody is, the mail keeps its readers, for the record, and does not go.
 */
export function withoutProblems(
  { to, cc }: { to: readonly string[]; cc: readonly string[] },
  problems: ReadonlySet<string>,
): { to: string[]; cc: string[]; suppressedBy?: string } {
  const good = (emails: readonly string[]) => emails.filter((email) => !problems.has(email.toLowerCase()));
  const [goodTo, goodCc] = [good(to), good(cc)];
  if (goodTo.length > 0) return { to: goodTo, cc: goodCc };
  if (goodCc.length > 0) return { to: goodCc, cc: [] };
  return { to: [...to], cc: [...cc], suppressedBy: 'email_problem' };
}

/** A sandbox organization's mail never leaves, and without a mail server nobody's does. */
export const routeOf = (mode: 'live' | 'sandbox', hasSmtp: boolean): 'smtp' | 'mailbox' =>
  mode === 'sandbox' || !hasSmtp ? 'mailbox' : 'smtp';

const minute_s = 60;
const hour_s = 3600;

/** After this many tries, when is the next? Undefined: the mail has failed, and a person is told. */
export const retryAfter_s = (attempts: number): number | undefined =>
  [minute_s, 5 * minute_s, 30 * minute_s, 2 * hour_s, 6 * hour_s, 12 * hour_s, 24 * hour_s][attempts - 1];

/**
 * How long a try may take before it counts as lost and is made again: longer than the mail connector's own
 * deadline, so that a slow try and the next one never overlap.
 */
export const tryCountsAsLostAfter_s = 5 * minute_s;

export type Delivery = {
  state: 'queued' | 'sent' | 'failed';
  acceptedEmails: string[];
  refusedEmails: string[];
  error: string | null;
  retryAfter_s: number | undefined;
};

export type Underway = {
  recipients: readonly string[];
  acceptedEmails: readonly string[];
  refusedEmails: readonly string[];
  attempts: number;
};

export const remainingOf = (message: Omit<Underway, 'attempts'>): string[] =>
  message.recipients.filter(
    (email) => !message.acceptedEmails.includes(email) && !message.refusedEmails.includes(email),
  );

/**
 * What one try makes of a message. It is sent once every reader's server has it, and failed when one never
 * will: a reader who got nothing is never hidden behind one who did.
 */
export function decideDelivery(message: Underway, outcome: MailOutcome): Delivery {
  const acceptedEmails = [
    ...message.acceptedEmails,
    ...(outcome.outcome === 'accepted' ? outcome.accepted : []),
  ];
  const refusedNow =
    outcome.outcome === 'accepted'
      ? outcome.refused.map((each) => each.email)
      : outcome.outcome === 'refused'
        ? remainingOf(message)
        : [];
  const refusedEmails = [...message.refusedEmails, ...refusedNow];
  const waiting = remainingOf({ ...message, acceptedEmails, refusedEmails });
  const error = wordsOf(outcome);
  const after_s = waiting.length > 0 ? retryAfter_s(message.attempts) : undefined;
  if (after_s !== undefined)
    return { state: 'queued', acceptedEmails, refusedEmails, error, retryAfter_s: after_s };
  const isSent = waiting.length === 0 && refusedEmails.length === 0;
  return {
    state: isSent ? 'sent' : 'failed',
    acceptedEmails,
    refusedEmails,
    retryAfter_s: undefined,
    error: isSent ? null : (error ?? `Not delivered to ${[...refusedEmails, ...waiting].join(', ')}.`),
  };
}

function wordsOf(outcome: MailOutcome): string | null {
  if (outcome.outcome !== 'accepted') return outcome.reason;
  const troubles = [...outcome.refused, ...outcome.deferred].map((each) => `${each.email}: ${each.reason}`);
  return troubles.length === 0 ? null : troubles.join(' · ').slice(0, 1000);
}
