import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { choosePolicy } from '#features/reminders/policy-rules.ts';
import type { Step } from '#features/reminders/step-rules.ts';

export type Policy = {
  id: string;
  name: string;
  customerType: string | null;
  isDefault: boolean;
  oneMessage: boolean;
  createdAt: Date;
  updatedAt: Date;
  steps: Step[];
};

/** The policies in use, the default first, each with its steps in the order of their days. */
export async function readPolicies(tx: Tx, organizationId: string): Promise<Policy[]> {
  const policies = await tx.rows<Omit<Policy, 'steps'>>(sql`
    select id, name, customer_type, is_default, one_message, created_at, updated_at from dunning_policies
    where organization_id = ${organizationId} and archived_at is null order by is_default desc, name, id`);
  const steps = await tx.rows<Step & { policyId: string }>(sql`
    select id, policy_id, message_type as type, day_offset, every_days, until_days_late, is_formal, subject, body,
      text_body, letter_subject, letter_body
    from dunning_steps where organization_id = ${organizationId} and removed_at is null
    order by message_type = 'upcoming_late_fee', day_offset, id`);
  return policies.map((policy) => ({
    ...policy,
    steps: steps.filter(({ policyId }) => policyId === policy.id).map(({ policyId: _, ...step }) => step),
  }));
}

export type Chooses = { dunningPolicyId: string | null; customerType: string | null };

/** Which policy a customer has; remembered, for a run asks for every invoice. */
export function policyChooser(policies: readonly Policy[]): (customer: Chooses) => Policy | undefined {
  const known = new Map<string, Policy | undefined>();
  return ({ dunningPolicyId, customerType }) => {
    const key = `${dunningPolicyId ?? ''} ${customerType ?? ''}`;
    if (!known.has(key) && known.size < 10_000)
      known.set(key, choosePolicy(policies, { dunningPolicyId, customerType }));
    return known.get(key) ?? choosePolicy(policies, { dunningPolicyId, customerType });
  };
}
