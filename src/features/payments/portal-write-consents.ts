import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { newId } from '#lib/ids.ts';
import { sha256 } from '#lib/secrets.ts';

export type Consent = {
  kind:
    | 'bank_debit'
    | 'payment_terms'
    | 'card_on_file'
    | 'autopay'
    | 'schedule'
    | 'payment_plan'
    | 'card_fee';
  text: string;
  name: string | undefined;
  ip: string;
  userAgent: string;
  /** Which wording; missing where the words are the payer's own terms. */
  version?: string;
  /** Missing: a box was ticked. */
  signature?: Signature;
  /** Where the signed copy goes. */
  email?: string;
  /** What a standing agreement allows, as figures that each charge is held against. */
  terms?: Record<string, string | number | boolean | null>;
};

export type Signature = { kind: 'typed' | 'held' } | { kind: 'drawn'; image: Buffer };

/** Keep what a payer agreed to, word for word, with who, when and from where. Never changed afterwards. */
export async function writeConsents(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    customerId: string;
    paymentId?: string;
    paymentMethodId?: string;
    consents: readonly Consent[];
  },
  now: Date,
): Promise<string[]> {
  const ids: string[] = [];
  for (const consent of input.consents) {
    const id = newId('authorization');
    const signature = consent.signature ?? { kind: 'ticked' };
    ids.push(id);
    await tx.run(sql`
      insert into authorizations (organization_id, id, customer_id, payment_id, payment_method_id, kind, text,
      hash, name,
        portal_user_id, user_id, ip, user_agent, version, signature_kind, signature_image, email, terms, accepted_at)
      values (${input.organizationId}, ${id}, ${input.customerId},
      ${input.paymentId ?? null},
        ${input.paymentMethodId ?? null}, ${consent.kind}, ${consent.text}, ${sha256(consent.text)},
        ${consent.name ?? null},
        ${actor.kind === 'portal_user' ? actor.portalUserId : null},
        ${actor.kind === 'user' ? actor.userId : null}, ${consent.ip}, ${consent.userAgent},
        ${consent.version ?? null}, ${signature.kind}, ${'image' in signature ? signature.image : null},
        ${consent.email ?? null}, ${consent.terms === undefined ? null : JSON.stringify(consent.terms)}::jsonb,
        ${now})`);
  }
  return ids;
}
