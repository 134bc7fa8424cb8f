import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type PolicyRange, type PolicyVersion, rangesInForce } from '#features/late-fees/rules.ts';

/** The terms as they were agreed, with the words that say them. */
export type LateFeePolicyRow = PolicyVersion & {
  ownItem: string;
  ownDueDays: number;
  termsText: string;
  termsInMemo: boolean;
  termsInReminders: boolean;
  jurisdiction: string | null;
  createdAt: Date;
};

/** Every version, oldest first: few, for each is a decision of a person. */
export const readPolicies = (tx: Tx, organizationId: string): Promise<LateFeePolicyRow[]> =>
  tx.rows<LateFeePolicyRow>(sql`
    select version, is_active, amount_type, currency, flat_amount, percent, compounds, grace_days, every_days, max_fees,
      cap_amount, cap_percent, minimum_balance, booking, own_item, own_due_days, terms_text, terms_in_memo, terms_in_reminders,
      effective_from, jurisdiction, made_on, created_at
    from late_fee_policies where organization_id = ${organizationId} order by version`);

export const readRanges = async (tx: Tx, organizationId: string): Promise<PolicyRange<LateFeePolicyRow>[]> =>
  rangesInForce(await readPolicies(tx, organizationId));
