import { Buffer } from 'node:buffer';
import { generateAuthenticationOptions, verifyAuthenticationResponse } from '@simplewebauthn/server';
import { sql } from 'kysely';
import type { z } from 'zod';
import { type Database, systemActor, type Tx } from '#db/db.ts';
import { makeChallenge } from '#features/users/challenges.ts';
import { type Entered, enter } from '#features/users/enter.ts';
import type { zAssertion } from '#features/users/passkeys/api.ts';
import { siteOf, takeSigned } from '#features/users/passkeys/web-authn.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

const actor = systemActor('passkey');
type Assertion = z.output<typeof zAssertion>;
type Key = {
  id: string;
  userId: string;
  credentialId: string;
  publicKey: Buffer;
  counter: bigint;
  transports: string[];
};

/** What a passkey is to sign. It says itself whose it is, so nobody is named. */
export async function beginPasskeySignIn(db: Database, baseUrl: string) {
  const challenge = await db.transaction(actor, (tx) =>
    makeChallenge(tx, 'passkey_sign_in', undefined, systemNow()),
  );
  const { rpID } = siteOf(baseUrl);
  const options = await generateAuthenticationOptions({ rpID, challenge, userVerification: 'required' });
  return {
    challenge: options.challenge,
    rpId: rpID,
    timeout: 300_000,
    userVerification: 'required' as const,
  };
}

const refuse = (message: string) => new Refusal('unauthenticated', { message, param: 'credential' });

/**
 * Sign in with a passkey alone: the device has looked at its person by a finger, a face or a PIN, so it
 * stands for both factors, and no code is asked for.
 */
export async function signInByPasskey(
  db: Database,
  baseUrl: string,
  credential: Assertion,
): Promise<Entered> {
  const now = systemNow();
  const { sent } = await db.transaction(actor, (tx) =>
    takeSigned(tx, 'passkey_sign_in', credential.response.clientDataJSON, now),
  );
  return db.transaction(actor, async (tx) => {
    const key = await tx.row<Key>(sql`
      select p.id, p.user_id, p.credential_id, p.public_key, p.counter, p.transports from passkeys p
      join users u on u.id = p.user_id where p.credential_id = ${credential.id} and u.disabled_at is null
      for update of p`);
    if (!key) throw refuse('This passkey is not known here. It was removed, or belongs to another Owed.');
    const { userHandle } = credential.response;
    if (userHandle && Buffer.from(userHandle, 'base64url').toString('utf8') !== key.userId)
      throw refuse('This passkey says it is somebody else’s. Remove it from the device.');
    const counter = await verified(baseUrl, { key, credential, sent });
    await use(tx, key.id, counter, now);
    return { ...(await enter(tx, key.userId, now)), secondFactor: 'passkey' };
  });
}

async function verified(
  baseUrl: string,
  { key, credential, sent }: { key: Key; credential: Assertion; sent: string },
): Promise<number> {
  const { rpID, origin } = siteOf(baseUrl);
  const { clientDataJSON, authenticatorData, signature } = credential.response;
  const { id, rawId, type } = credential;
  const answer = await verifyAuthenticationResponse({
    response: {
      id,
      rawId,
      type,
      response: { clientDataJSON, authenticatorData, signature },
      clientExtensionResults: {},
    },
    expectedChallenge: sent,
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
    credential: {
      id: key.credentialId,
      publicKey: new Uint8Array(key.publicKey),
      counter: Number(key.counter),
      transports: key.transports,
    },
  }).catch((error: Error) => {
    throw refuse(`The passkey could not be checked: ${error.message}`);
  });
  if (!answer.verified) throw refuse('The signature of the passkey is not right. Try again.');
  return answer.authenticationInfo.newCounter;
}

const use = (tx: Tx, id: string, counter: number, now: Date): Promise<number> =>
  tx.run(sql`update passkeys set counter = ${counter}, last_used_at = ${now} where id = ${id}`);
