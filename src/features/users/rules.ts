/** An address as it is compared: by all who look for it in the same way, or one has two locks. */
export const plainEmail = (email: string): string => email.trim().toLowerCase();

/**
 * Tries before a sign-in is locked, and how long: 15 minutes at the fifth wrong password, doubling to a day.
 */
export function lockAfter_s(failedSignIns: number): number | undefined {
  if (failedSignIns < 5) return undefined;
  return Math.min(15 * 60 * 2 ** (failedSignIns - 5), 86_400);
}

/** What somebody reads who has to wait, and how many seconds it takes. */
export function lockedFor(until: Date, now: Date, what: string): { message: string; retryAfter: number } {
  const retryAfter = Math.ceil((until.getTime() - now.getTime()) / 1000);
  const minutes = Math.ceil(retryAfter / 60);
  return {
    retryAfter,
    message: `Too many ${what}. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
  };
}

const tooCommon = [
  'password',
  'passwort',
  'qwerty',
  'letmein',
  'welcome',
  'iloveyou',
  'admin',
  'abc123',
  '123456',
  'monkey',
];

/**
 * Why a password will not do, in words; undefined when it will. Length beats symbols (NIST SP 800-63B
 * 5.1.1.2).
 */
export function passwordProblem(password: string, email: string): string | undefined {
  if (password.length < 12)
    return 'Use at least 12 characters. A few words in a row are easy to keep in mind.';
  if (password.length > 200) return 'Use at most 200 characters.';
  const lower = password.toLowerCase();
  const name = email.toLowerCase().split('@')[0] ?? '';
  if (name.length > 3 && lower.includes(name)) return 'Do not use your e-mail address in the password.';
  if (new Set(lower).size < 5) return 'Use more different characters.';
  const rest = tooCommon.reduce((text, word) => text.replaceAll(word, ''), lower).replace(/\d+$/, '');
  if (rest.length < 6) return 'This password is among the first that anyone would try. Use another.';
  return undefined;
}

const hour_ms = 3_600_000;
/**
 * How many mails of one kind an address may be sent: 3 an hour, 10 a day. Undefined: now; else when the next
 * may go.
 */
export function nextMailAt(mails: readonly Date[], now: Date): Date | undefined {
  const newestFirst = mails.map((at) => at.getTime()).sort((a, b) => b - a);
  const freeAt = (most: number, window_ms: number): number => {
    const oldest = newestFirst[most - 1];
    return oldest === undefined ? 0 : oldest + window_ms;
  };
  const at = Math.max(freeAt(3, hour_ms), freeAt(10, 24 * hour_ms));
  return at > now.getTime() ? new Date(at) : undefined;
}

/** The mails that still count, with this one added. */
export const withMail = (mails: readonly Date[], now: Date): Date[] => [
  ...mails.filter((at) => now.getTime() - at.getTime() < 24 * hour_ms),
  now,
];
