import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';

export type AgreedWords = { text: string; name: string | null; signatureKind: string; acceptedAt: Date };

/** What a payer agreed to for a schedule, word for word. */
export const readAgreed = (
  tx: Tx,
  organizationId: string,
  authorizationId: string | null,
): Promise<AgreedWords | undefined> =>
  tx.row<AgreedWords>(sql`select text, name, signature_kind, accepted_at from authorizations
    where organization_id = ${organizationId} and id = ${authorizationId}`);

/** Who said so and when: staff that holds the agreement, or the payer. */
export const agreedBy = ({ name, signatureKind }: AgreedWords, on: string): string =>
  signatureKind === 'held'
    ? `Given to the seller by you, kept ${name ? `by ${name} ` : ''}on ${on}. If you know of none, stop it here.`
    : `Agreed to ${name ? `by ${name} ` : ''}on ${on}.`;
