import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { readCardFeeRules } from '#features/card-fees/read-terms.ts';
import { faultOf, type NewCardFeePolicy } from '#features/card-fees/setting-rules.ts';
import { dateIn } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

/** Decide what paying by card costs from a day on, or that it is free: a version, which payments name. */
export async function setCardFeePolicy(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    policy: Omit<NewCardFeePolicy, 'currency' | 'effectiveFrom' | 'mostAmount'> & {
      effectiveFrom?: string | undefined;
      mostAmount?: bigint | null;
    };
  },
  now: Date,
): Promise<{ version: number }> {
  const { organizationId } = input;
  // Two that change it at once get two versions.
  const organization = must(
    await tx.row<{ currency: string; timeZone: string }>(
      sql`select currency, time_zone from organizations where id = ${organizationId} for no key update`,
    ),
    'the organization',
  );
  const today = dateIn(organization.timeZone, now);
  const { effectiveFrom = today, mostAmount = null, ...given } = input.policy;
  if (effectiveFrom < today)
    throw new Refusal('invalid_request', {
      message: 'What was charged before stays as it was: begin today or later.',
      param: 'effective_from',
    });
  const policy = { ...given, mostAmount, currency: organization.currency, effectiveFrom };
  const fault = faultOf(policy, await readCardFeeRules(tx, effectiveFrom));
  if (fault) throw new Refusal('invalid_request', fault);
  const row = await tx.row<{ version: number }>(sql`
    insert into card_fee_policies (organization_id, id, version, mode, percent, flat_amount, most_amount, currency,
      cost_percent, acquirer_notified_on, region, channel, effective_from, created_at, user_id)
    select ${organizationId}, ${newId('cardFeePolicy')}, coalesce(max(version), 0) + 1, ${policy.mode}, ${policy.percent},
      ${policy.flatAmount}::bigint, ${policy.mostAmount}::bigint, ${policy.currency},
      ${policy.costPercent}, ${policy.acquirerNotifiedOn}::date, ${policy.region}, ${policy.channel},
      ${effectiveFrom}::date, ${now}::timestamptz,
      ${actor.kind === 'user' ? actor.userId : null}
    from card_fee_policies where organization_id = ${organizationId}
    returning version`);
  const { version } = must(row, 'the new version');
  const { mode, percent } = policy;
  await record(tx, { actor, organizationId, now }, [
    { type: 'card_fee_policy.changed', subjectId: organizationId, data: { version, mode, percent } },
  ]);
  return { version };
}
