import { Secret, TOTP } from 'otpauth';

/**
 * What every authenticator app takes for granted (RFC 6238): SHA-1, six digits, a new code each 30 seconds.
 */
const habits = { algorithm: 'SHA1', digits: 6, period: 30 } as const;

export const newAppSecret = (): string => new Secret({ size: 20 }).base32;

const totpOf = (secret: string, label = ''): TOTP =>
  new TOTP({ ...habits, issuer: 'Owed', label, secret: Secret.fromBase32(secret) });

/** What the square picture says to the app. */
export const appUrl = (secret: string, email: string): string => totpOf(secret, email).toString();

/** The time step that a code is of, if it is right now or was a step ago or will be: clocks differ. */
export function stepOfCode(secret: string, code: string, now: Date): number | undefined {
  const timestamp = now.getTime();
  const delta = totpOf(secret).validate({ token: code, timestamp, window: 1 });
  return delta === null ? undefined : TOTP.counter({ period: habits.period, timestamp }) + delta;
}
