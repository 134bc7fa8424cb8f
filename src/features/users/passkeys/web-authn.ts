import { Buffer } from 'node:buffer';
import { decodeClientDataJSON } from '@simplewebauthn/server/helpers';
import type { Tx } from '#db/db.ts';
import { type ChallengeKind, takeChallenge } from '#features/users/challenges.ts';
import { Refusal } from '#lib/errors.ts';

/** Which site a passkey is for: the host of this Owed, and pages of its origin alone may use it. */
export function siteOf(baseUrl: string): { rpID: string; origin: string } {
  const { hostname, origin } = new URL(baseUrl);
  return { rpID: hostname, origin };
}

/** EdDSA, ES256 and RS256: what devices make today, the best first. */
export const keyKinds = [-8, -7, -257];

/** The browser sends a challenge as base64url of its bytes; ours are letters. */
export const challengeText = (sent: string): string => Buffer.from(sent, 'base64url').toString('utf8');

/**
 * The challenge that was signed, taken so that nobody signs in with the same answer twice. Whether all the
 * rest is right is looked at afterwards: a wrong answer uses it up too.
 */
export async function takeSigned(
  tx: Tx,
  kind: ChallengeKind,
  clientDataJSON: string,
  now: Date,
): Promise<{ sent: string; userId: string | null }> {
  const sent = challengeOf(clientDataJSON);
  const taken = await takeChallenge(tx, kind, challengeText(sent), now);
  if (!taken) throw new Refusal('link_expired', 'This has taken too long, or was sent twice. Try again.');
  return { sent, userId: taken.userId };
}

function challengeOf(clientDataJSON: string): string {
  try {
    const { challenge } = decodeClientDataJSON(clientDataJSON);
    if (typeof challenge === 'string') return challenge;
  } catch {
    // Told below, as what it is to the reader.
  }
  throw new Refusal('invalid_request', {
    message: 'This is not what a passkey answers.',
    param: 'credential',
  });
}
