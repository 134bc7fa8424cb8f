import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { choosePolicy } from '#features/reminders/policy-rules.ts';
import { type Policy, readPolicies } from '#features/reminders/read-policies.ts';
import { notFound, Refusal } from '#lib/errors.ts';

/** Give a customer a policy of its own; null: that of its type again, or the default. */
export async function chooseCustomerPolicy(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; customerId: string; policyId: string | null },
  now: Date,
): Promise<{ policy: Policy | undefined }> {
  const { organizationId, customerId, policyId } = input;
  const policies = await readPolicies(tx, organizationId);
  if (policyId !== null && !policies.some(({ id }) => id === policyId))
    throw new Refusal('not_found', {
      message: 'There is no such dunning policy in use.',
      param: 'dunning_policy_id',
    });
  const customer = await tx.row<{ customerType: string | null }>(sql`
    update customers set dunning_policy_id = ${policyId}, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${customerId} returning customer_type`);
  if (!customer) throw notFound('customer', customerId);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'customer.policy_chosen',
      subjectId: customerId,
      customerId,
      data: { dunning_policy_id: policyId, name: policies.find(({ id }) => id === policyId)?.name ?? null },
    },
  ]);
  return { policy: choosePolicy(policies, { ...customer, dunningPolicyId: policyId }) };
}
