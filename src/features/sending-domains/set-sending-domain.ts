import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { readDomain } from '#features/sending-domains/rules.ts';
import { Refusal } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

const makeKeys = promisify(generateKeyPair);

/**
 * Name the domain that mail is to come from. It gets a key of its own, whose private half nobody sees;
 * until its records are found, mail comes from the installation as before.
 */
export async function setSendingDomain(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; domain: string; fromLocal: string; secrets: Pick<Secrets, 'encrypt'> },
  now: Date,
): Promise<void> {
  const { organizationId } = input;
  const read = readDomain(input.domain);
  if ('problem' in read)
    throw new Refusal('invalid_request', {
      message: read.problem,
      param: 'domain',
      fields: { domain: read.problem },
    });
  const { domain } = read;
  const fromLocal = input.fromLocal.trim().toLowerCase();
  // The same domain keeps its key: its records stand already.
  const kept = await tx.run(sql`update sending_domains set from_local = ${fromLocal}
    where organization_id = ${organizationId} and domain = ${domain}`);
  if (kept === 0) {
    const { privateKey, publicKey } = await makeKeys('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'der' },
    });
    await tx.run(sql`
      insert into sending_domains (organization_id, domain, from_local, selector, private_key, public_key, state,
        created_at)
      values (${organizationId}, ${domain}, ${fromLocal}, ${`owed-${organizationId.slice(-8)}`},
        ${input.secrets.encrypt(privateKey)}, ${publicKey.toString('base64')}, 'pending', ${now})
      on conflict (organization_id) do update set domain = excluded.domain, from_local = excluded.from_local,
        selector = excluded.selector, private_key = excluded.private_key, public_key = excluded.public_key,
        state = 'pending', checks = '[]', checked_at = null, verified_at = null, created_at = excluded.created_at`);
  }
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'organization.sending_domain_set',
      subjectId: organizationId,
      data: { domain, from: `${fromLocal}@${domain}` },
    },
  ]);
}

/** Mail comes from the installation again, and the key is gone. */
export async function removeSendingDomain(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string },
  now: Date,
): Promise<void> {
  const { organizationId } = input;
  const gone = await tx.row<{ domain: string }>(
    sql`delete from sending_domains where organization_id = ${organizationId} returning domain`,
  );
  if (!gone) return;
  await record(tx, { actor, organizationId, now }, [
    { type: 'organization.sending_domain_removed', subjectId: organizationId, data: gone },
  ]);
}
