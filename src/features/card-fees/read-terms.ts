import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import {
  type CardFeeKind,
  type CardFeePolicy,
  type CardFeeRule,
  capOf,
  policyOn,
  rulesFor,
  standsInTheWay,
  tenThousandths,
} from '#features/card-fees/rules.ts';
import { cardFeeLabels } from '#features/card-fees/word-rules.ts';
import type { CalendarDate } from '#lib/dates.ts';

/** Every version, oldest first: few, for each is a decision of a person. */
export const readCardFeePolicies = (tx: Tx, organizationId: string): Promise<CardFeePolicy[]> =>
  tx.rows<CardFeePolicy>(sql`
    select id, version, mode, percent, flat_amount, most_amount, currency, cost_percent, acquirer_notified_on, region, channel,
      effective_from
    from card_fee_policies where organization_id = ${organizationId} order by version`);

/** What networks and laws say on a day. */
export const readCardFeeRules = (tx: Tx, today: CalendarDate): Promise<CardFeeRule[]> =>
  tx.rows<CardFeeRule>(sql`
    select distinct on (jurisdiction, kind, title) jurisdiction, kind, modes, brand, title, figure, says, severity, source
    from card_fee_rules
    where effective_from <= ${today} and (effective_to is null or ${today} < effective_to)
    order by jurisdiction, kind, title, effective_from desc`);

/** What payers are told today: which fee or discount, and how much at most. */
export type CardFeeTerms = {
  policyId: string;
  version: number;
  kind: CardFeeKind;
  label: string;
  /** The most that it is here; 0 for a convenience fee. */
  percent: string;
  flatAmount: bigint;
  /** The most that is taken off one payment; null: no most. */
  mostAmount: bigint | null;
  currency: string;
  policy: CardFeePolicy;
  rules: readonly CardFeeRule[];
};

/** Undefined: no payer pays a card fee today. */
export async function readCardFeeTerms(
  tx: Tx,
  organizationId: string,
  today: CalendarDate,
): Promise<CardFeeTerms | undefined> {
  const policy = policyOn(await readCardFeePolicies(tx, organizationId), today);
  if (!policy || policy.mode === 'off') return undefined;
  return termsBy(policy, await readCardFeeRules(tx, today), today);
}

/** By one version of the policy, whichever holds today; undefined: the rules of the day do not allow it. */
export function termsBy(
  policy: CardFeePolicy,
  rules: readonly CardFeeRule[],
  today: CalendarDate,
): CardFeeTerms | undefined {
  if (policy.mode === 'off' || standsInTheWay(policy, rules, { today })) return undefined;
  const { mode: kind, percent, flatAmount, mostAmount, currency } = policy;
  const cap = kind === 'surcharge' ? capOf(policy, rulesFor(policy, rules)) : percent;
  const most = cap === undefined || tenThousandths(percent) < tenThousandths(cap) ? percent : cap;
  return {
    policyId: policy.id,
    version: policy.version,
    kind,
    label: cardFeeLabels[kind],
    percent: kind === 'convenience_fee' ? '0' : most,
    flatAmount,
    mostAmount,
    currency,
    policy,
    rules,
  };
}
