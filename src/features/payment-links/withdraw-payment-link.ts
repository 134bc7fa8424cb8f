import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { lockPaymentLink } from '#features/payment-links/lock-payment-link.ts';
import { stateOfLink } from '#features/payment-links/rules.ts';
import { Refusal } from '#lib/errors.ts';

/** Take a payment page back before it is paid. */
export async function withdrawPaymentLink(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; paymentLinkId: string },
  now: Date,
): Promise<void> {
  const { organizationId, paymentLinkId } = input;
  const link = await lockPaymentLink(tx, organizationId, paymentLinkId);
  const state = stateOfLink(link, now);
  if (state === 'withdrawn') return;
  if (state === 'pending' || state === 'paid')
    throw new Refusal(
      'state_refused',
      state === 'paid'
        ? 'This page has been paid. To give the money back, void or refund its payment.'
        : 'A payment by this page is under way. Wait for its outcome.',
    );
  await tx.run(sql`update payment_links set withdrawn_at = ${now}
    where organization_id = ${organizationId} and id = ${paymentLinkId}`);
  const { customerId, description } = link;
  await record(tx, { actor, organizationId, now }, [
    { type: 'payment_link.withdrawn', subjectId: paymentLinkId, customerId, data: { description } },
  ]);
}
