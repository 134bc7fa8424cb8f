import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { readOrganization } from '#features/organizations/queries.ts';
import {
  heldAuthorization,
  heldCardAgreement,
  heldCardVersion,
  heldVersion,
} from '#features/payments/portal-rules.ts';
import type { Consent } from '#features/payments/portal-write-consents.ts';
import type { Origin } from '#lib/origin.ts';

/** What staff vouches for, with its name: that the owner of an account or a card agreed. */
export async function heldConsent(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; kind: 'card' | 'bank_account'; origin: Origin },
): Promise<Consent> {
  const seller = await readOrganization(tx, input.organizationId);
  const words =
    input.kind === 'bank_account'
      ? { kind: 'bank_debit' as const, version: heldVersion, text: heldAuthorization(seller) }
      : { kind: 'card_on_file' as const, version: heldCardVersion, text: heldCardAgreement(seller) };
  return { ...words, name: await heldBy(tx, actor), signature: { kind: 'held' }, ...input.origin };
}

/** Who vouches: a person of the staff by name. */
export async function heldBy(tx: Tx, actor: Actor): Promise<string> {
  const userId = actor.kind === 'user' ? actor.userId : '';
  const named = await tx.row<{ name: string | null }>(sql`select staff_name(${userId}) as name`);
  return named?.name ?? 'API key';
}
