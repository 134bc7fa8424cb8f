import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { newId } from '#lib/ids.ts';
import { sha256 } from '#lib/secrets.ts';

export type Consent = {
  kind: 'bank_debit' | 'payment_terms';
  text: string;
  name: string | undefined;
  ip: string;
  userAgent: string;
};

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
): Promise<void> {
  for (const consent of input.consents) {
    await tx.run(sql`
      insert into authorizations (organization_id, id, customer_id, payment_id, payment_method_id, kind, text,
      hash, name,
        portal_user_id, ip, user_agent, accepted_at)
      values (${input.organizationId}, ${newId('authorization')}, ${input.customerId},
      ${input.paymentId ?? null},
        ${input.paymentMethodId ?? null}, ${consent.kind}, ${consent.text}, ${sha256(consent.text)},
        ${consent.name ?? null},
        ${actor.kind === 'portal_user' ? actor.portalUserId : null}, ${consent.ip}, ${consent.userAgent},
        ${now})`);
  }
}
