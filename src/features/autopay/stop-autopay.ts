import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { AutopayEnd } from '#features/autopay/rules.ts';
import { writeRevocation } from '#features/autopay/set-autopay.ts';
import { endWords } from '#features/autopay/word-rules.ts';

export type AutopayToStop = {
  organizationId: string;
  /** Of this customer, or wherever this method is charged. */
  of: { customerId: string } | { paymentMethodId: string };
  why: AutopayEnd;
};

/** Switch autopay off and take its agreement back. What has ended already stays as it was. */
export async function stopAutopay(tx: Tx, actor: Actor, input: AutopayToStop, now: Date): Promise<number> {
  const { organizationId, of, why } = input;
  const which =
    'customerId' in of ? sql`customer_id = ${of.customerId}` : sql`payment_method_id = ${of.paymentMethodId}`;
  const ended = await tx.rows<{ customerId: string; authorizationId: string; paymentMethodId: string }>(sql`
    update autopays set ended_at = ${now}, ended_why = ${why}
    where organization_id = ${organizationId} and ${which} and ended_at is null
    returning customer_id, authorization_id, payment_method_id`);
  const reason = `Autopay was switched off: ${endWords[why]}.`;
  for (const one of ended) await writeRevocation(tx, actor, { ...one, organizationId, reason }, now);
  await record(
    tx,
    { actor, organizationId, now },
    ended.map(({ customerId, authorizationId, paymentMethodId }) => ({
      type: 'autopay.ended',
      subjectId: customerId,
      customerId,
      data: { why, authorization_id: authorizationId, payment_method_id: paymentMethodId },
    })),
  );
  return ended.length;
}
