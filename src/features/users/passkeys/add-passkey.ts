import { Buffer } from 'node:buffer';
import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server';
import { sql } from 'kysely';
import type { z } from 'zod';
import { type Database, systemActor, type Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { makeChallenge } from '#features/users/challenges.ts';
import type { zNewCredential } from '#features/users/passkeys/api.ts';
import { keyKinds, siteOf, takeSigned } from '#features/users/passkeys/web-authn.ts';
import { mailPerson, recordForPerson } from '#features/users/profile/tell-person.ts';
import { endHalfIn, refuseHalfIn } from '#features/users/second-factor/refuse-half-in.ts';
import { changedMail } from '#features/users/user-mails.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

const actor = systemActor('passkey');
/** A limit against mistakes: nobody has so many devices. */
const mostPasskeys = 20;
const always = { residentKey: 'required', requireResidentKey: true, userVerification: 'required' } as const;

type Who = { userId: string; email: string; firstName: string; lastName: string; sessionId: string };

/**
 * What the browser is asked for: a key that stays on the device, knows its person, and is no copy of
 * another.
 */
export async function beginPasskey(db: Database, baseUrl: string, who: Who) {
  const { known, token } = await db.transaction(actor, async (tx) => {
    const rows = await tx.rows<{ credentialId: string }>(
      sql`select credential_id from passkeys where user_id = ${who.userId} limit ${mostPasskeys}`,
    );
    if (rows.length >= mostPasskeys)
      throw new Refusal(
        'state_refused',
        `You have ${mostPasskeys} passkeys. Remove one that you no longer use.`,
      );
    return { known: rows, token: await makeChallenge(tx, 'passkey_registration', who.userId, systemNow()) };
  });
  const options = await generateRegistrationOptions({
    rpName: 'Owed',
    rpID: siteOf(baseUrl).rpID,
    userID: new Uint8Array(Buffer.from(who.userId, 'utf8')),
    userName: who.email,
    userDisplayName: `${who.firstName} ${who.lastName}`.trim() || who.email,
    challenge: token,
    timeout: 300_000,
    excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
    authenticatorSelection: always,
    supportedAlgorithmIDs: keyKinds,
  });
  const { challenge, user, pubKeyCredParams } = options;
  return {
    challenge,
    user,
    pubKeyCredParams: pubKeyCredParams.map(({ alg }) => ({ alg, type: 'public-key' as const })),
    rp: { name: options.rp.name, id: siteOf(baseUrl).rpID },
    timeout: 300_000,
    excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId, type: 'public-key' as const })),
    authenticatorSelection: always,
  };
}

type Given = { name: string; credential: z.output<typeof zNewCredential> };

/** Keep what the device made, once it proves to be for this site, this person and this moment. */
export async function addPasskey(
  db: Database,
  deps: { baseUrl: string; outbox: Outbox },
  who: Who,
  { name, credential }: Given,
): Promise<{ id: string }> {
  const { clientDataJSON } = credential.response;
  const { sent, userId } = await db.transaction(actor, (tx) =>
    takeSigned(tx, 'passkey_registration', clientDataJSON, systemNow()),
  );
  if (userId !== who.userId) throw new Refusal('link_expired', 'Somebody else began this. Try again.');
  const made = await verified(deps.baseUrl, credential, sent);
  const id = newId('passkey');
  await db.transaction(actor, async (tx) => {
    await refuseHalfIn(tx, who);
    await keep(tx, { id, userId, name, ...made }, systemNow());
    // Whoever made it was looked at by the device just now: the session counts as opened with it.
    await tx.run(
      sql`update sessions set second_factor = coalesce(second_factor, 'passkey') where id = ${who.sessionId}`,
    );
    await endHalfIn(tx, who);
    await recordForPerson(tx, { userId }, 'user.passkey_added', { name });
    await mailPerson(tx, deps.outbox, userId, changedMail(who.email, 'passkey_added'));
  });
  return { id };
}

async function verified(baseUrl: string, credential: Given['credential'], expectedChallenge: string) {
  const { rpID, origin } = siteOf(baseUrl);
  const { id, rawId, type, response } = credential;
  const { registrationInfo } = await verifyRegistrationResponse({
    response: { id, rawId, type, response: { ...response }, clientExtensionResults: {} },
    expectedChallenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
    supportedAlgorithmIDs: keyKinds,
  }).catch((error: Error) => {
    throw new Refusal('invalid_request', {
      message: `The passkey could not be checked: ${error.message}`,
      param: 'credential',
    });
  });
  if (!registrationInfo)
    throw new Refusal('invalid_request', {
      message: 'The passkey could not be checked.',
      param: 'credential',
    });
  const { credential: key, credentialBackedUp: isBackedUp } = registrationInfo;
  return {
    credentialId: key.id,
    publicKey: Buffer.from(key.publicKey),
    counter: key.counter,
    transports: response.transports,
    isBackedUp,
  };
}

type Kept = { id: string; userId: string; name: string } & Awaited<ReturnType<typeof verified>>;

async function keep(tx: Tx, key: Kept, now: Date): Promise<void> {
  const kept = await tx.run(sql`
    insert into passkeys (id, user_id, credential_id, public_key, counter, transports, name, is_backed_up, created_at)
    values (${key.id}, ${key.userId}, ${key.credentialId}, ${key.publicKey}, ${key.counter}, ${key.transports}::text[],
      ${key.name}, ${key.isBackedUp}, ${now}) on conflict (credential_id) do nothing`);
  if (kept === 0) throw new Refusal('conflict', 'This passkey is known here already. Use it as it is.');
}
