import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { type OfferedProfile, type Person, readOffers } from '#features/portal-access/queries.ts';
import { recordSteps } from '#features/portal-access/record-steps.ts';
import { sendConfirmation } from '#features/portal-access/send-confirmation.ts';
import { Refusal } from '#lib/errors.ts';

/**
 * Step three: link customers to a login, of those offered to it. The first time, the confirmation mail goes
 * out.
 */
export async function chooseProfiles(
  tx: Tx,
  input: { person: Person; customerIds: readonly string[]; mail: Outbox },
  now: Date,
): Promise<{ added: OfferedProfile[] }> {
  const { person } = input;
  const offers = await readOffers(tx, person);
  const chosen = offers.filter((offer) => input.customerIds.includes(offer.customerId));
  const wanted = new Set(input.customerIds);
  if (chosen.length !== wanted.size) {
    throw new Refusal('not_found', {
      message: 'One of these profiles is not offered to you any more. Choose again.',
      param: 'profile',
    });
  }
  const added = chosen.filter((offer) => !offer.chosen);
  for (const { organizationId, customerId } of added) {
    await tx.run(sql`
      insert into portal_memberships (organization_id, customer_id, portal_user_id, chosen_at)
      values (${organizationId}, ${customerId}, ${person.id}, ${now})
      on conflict (organization_id, customer_id, portal_user_id) do update set chosen_at = excluded.chosen_at,
      revoked_at = null`);
    await tx.run(sql`update portal_invitations set accepted_at = ${now}, portal_user_id = ${person.id}
      where organization_id = ${organizationId} and customer_id = ${customerId} and revoked_at is null`);
  }
  await recordSteps(tx, 'portal.customer_chosen', person, added);
  if (!person.emailConfirmedAt) await sendConfirmation(tx, { person, mail: input.mail, again: false }, now);
  return { added };
}
