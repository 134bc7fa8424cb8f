import { sql } from 'kysely';
import type { Actor, Database } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { sendMethodLink } from '#features/payment-methods/send-method-link.ts';
import { storeMethod } from '#features/payment-methods/store-method.ts';
import { type Gateways, routedGateways } from '#features/payments/gateways.ts';
import { heldConsent } from '#features/payments/held-consents.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import type { Origin } from '#lib/origin.ts';

export type MethodByStaff = {
  organizationId: string;
  customerId: string;
  /** Minted with the form: sent twice it stores one. */
  methodId: string;
  kind: 'card' | 'bank_account';
  token: string;
  /** For a bank account: ask its owner to sign, or vouch for a paper that staff holds. */
  authorization?: 'request' | 'held' | undefined;
  origin: Origin;
};

/**
 * The journey of a method that staff enters. A bank account is stored unusable, and its owner is mailed a
 * link to sign, unless staff vouches for it.
 */
export async function addMethodByStaff(
  deps: { db: Database; gateways: Gateways; outbox: Outbox },
  actor: Actor,
  input: MethodByStaff,
  now: Date,
): Promise<void> {
  const { organizationId, customerId, methodId, kind, token, origin } = input;
  const { held, account } = await deps.db.transaction(actor, async (tx) => {
    const customer = await tx.row<{ email: string | null }>(sql`select email from customers
      where organization_id = ${organizationId} and id = ${customerId}`);
    if (!customer) throw notFound('customer', customerId);
    if (input.authorization === 'request' && !customer.email)
      throw new Refusal(
        'state_refused',
        'This customer has no e-mail address to send the form to. Give one first.',
      );
    return {
      held: await heldConsent(tx, actor, { organizationId, kind, origin }),
      account: (await routedGateways(tx, organizationId))[kind],
    };
  });
  if (!account)
    throw new Refusal('unavailable', 'No payment gateway is connected for this kind of method yet.');
  await storeMethod(
    deps,
    actor,
    {
      organizationId,
      customerId,
      methodId,
      account,
      token,
      // An account that its owner is still to sign for has no word of anybody's yet.
      consents: kind === 'card' || input.authorization === 'held' ? [held] : [],
    },
    now,
  );
  if (kind === 'bank_account' && input.authorization !== 'held')
    await deps.db.transaction(actor, (tx) =>
      sendMethodLink(
        tx,
        actor,
        { organizationId, customerId, methodId, mail: true, outbox: deps.outbox },
        now,
      ),
    );
}
