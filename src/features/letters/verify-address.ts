import { sql } from 'kysely';
import type { Actor, Database } from '#db/db.ts';
import { type Carriers, connectedAccount } from '#features/correspondence/carriers.ts';
import type { AddressFinding } from '#features/correspondence/letter-printer.ts';
import { isSameAddress } from '#features/letters/address-rules.ts';
import { confirmAddress } from '#features/letters/confirm-address.ts';
import type { PostalAddress } from '#lib/address-lines.ts';
import { notFound, Refusal } from '#lib/errors.ts';

/**
 * The journey of a billing address to the postal service. One that it knows as it is spelled is confirmed by
 * that; another spelling is a suggestion that a person takes or leaves.
 */
export async function verifyAddress(
  deps: { db: Database; carriers: Carriers },
  actor: Actor,
  input: { organizationId: string; customerId: string },
  now: Date,
): Promise<AddressFinding> {
  const { organizationId, customerId } = input;
  const asked = await deps.db.transaction(actor, async (tx) => ({
    account: await connectedAccount(tx, organizationId, 'paper'),
    customer: await tx.row<{ billingAddress: PostalAddress }>(
      sql`select billing_address from customers where organization_id = ${organizationId} and id = ${customerId}`,
    ),
  }));
  if (!asked.customer) throw notFound('customer', customerId);
  if (!asked.account)
    throw new Refusal(
      'state_refused',
      'Addresses are checked by the printer of your letters. Connect one first.',
    );
  const { billingAddress } = asked.customer;
  const found = await deps.carriers.printer(asked.account).verify(billingAddress);
  if (!found)
    throw new Refusal('unavailable', 'The postal service’s list could not be asked now. Try again later.');
  await deps.db.transaction(actor, async (tx) => {
    const kept = await tx.run(sql`update customers set address_finding = ${JSON.stringify(found)}::jsonb
      where organization_id = ${organizationId} and id = ${customerId}
        and billing_address = ${JSON.stringify(billingAddress)}::jsonb`);
    const isKnown = found.suggestion && isSameAddress(found.suggestion, billingAddress);
    if (kept > 0 && found.finding === 'deliverable' && isKnown)
      await confirmAddress(tx, actor, { organizationId, customerId }, now);
  });
  return found;
}
