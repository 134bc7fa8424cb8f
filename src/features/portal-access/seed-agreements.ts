import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { agreementVersions, portalAgreement } from '#features/portal-access/agreement-text.ts';
import { newId } from '#lib/ids.ts';
import { sha256 } from '#lib/secrets.ts';

/**
 * Put the agreements that come with Owed where acceptances can point at them. Done at every start; twice is
 * once.
 */
export async function seedAgreements(tx: Tx): Promise<void> {
  for (const { version, effectiveAt, text } of agreementVersions) {
    await tx.run(sql`insert into agreements (id, kind, version, text, hash, effective_at)
      values (${newId('agreement')}, ${portalAgreement}, ${version}, ${text}, ${sha256(text)},
      ${new Date(effectiveAt)})
      on conflict (kind, version) do nothing`);
  }
}
