import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { isWithinPlace, standingTo } from '#features/late-fees/ceiling-rules.ts';
import { readCeilings } from '#features/late-fees/queries.ts';
import type { LateFeeTerms } from '#features/late-fees/rules.ts';
import { dateIn } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';

export type NewPolicy = Omit<LateFeeTerms, 'currency'> & {
  isActive: boolean;
  ownItem: string;
  ownDueDays: number;
  termsText: string;
  termsInMemo: boolean;
  termsInReminders: boolean;
  effectiveFrom?: string | undefined;
  jurisdiction: string | null;
};

/** Agree on new terms, or switch late fees off: a version, which fees that are posted under it name. */
export async function setLateFeePolicy(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; policy: NewPolicy },
  now: Date,
): Promise<{ version: number }> {
  const { organizationId, policy } = input;
  // Two that change it at once get two versions.
  const organization = must(
    await tx.row<{ currency: string; timeZone: string }>(
      sql`select currency, time_zone from organizations where id = ${organizationId} for no key update`,
    ),
    'the organization',
  );
  const today = dateIn(organization.timeZone, now);
  const terms = { ...policy, currency: organization.currency };
  if (policy.isActive) {
    refuseEmptyTerms(terms);
    await refuseAboveCeilings(tx, organizationId, terms, today);
  }
  const row = await tx.row<{ version: number }>(sql`
    insert into late_fee_policies (organization_id, version, is_active, amount_type, currency, flat_amount, percent,
      compounds, grace_days, every_days, max_fees, cap_amount, cap_percent, minimum_balance, booking, own_item,
      own_due_days, terms_text, terms_in_memo, terms_in_reminders, effective_from, jurisdiction, made_on, created_at)
    select ${organizationId}, coalesce(max(version), 0) + 1, ${policy.isActive}, ${policy.amountType},
      ${terms.currency}, ${policy.flatAmount}::bigint, ${policy.percent}, ${policy.compounds}, ${policy.graceDays},
      ${policy.everyDays}::smallint, ${policy.maxFees}::smallint, ${policy.capAmount}::bigint, ${policy.capPercent},
      ${policy.minimumBalance}::bigint, ${policy.booking}, ${policy.ownItem}, ${policy.ownDueDays}::smallint,
      ${policy.termsText}, ${policy.termsInMemo}, ${policy.termsInReminders},
      ${policy.effectiveFrom ?? today}::date, ${policy.jurisdiction}, ${today}::date, ${now}::timestamptz
    from late_fee_policies where organization_id = ${organizationId}
    returning version`);
  const { version } = must(row, 'the new version');
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'late_fee_policy.changed',
      subjectId: organizationId,
      data: { version, is_active: policy.isActive },
    },
  ]);
  return { version };
}

function refuseEmptyTerms({ amountType, flatAmount, percent, termsText, ...policy }: NewPolicy): void {
  const needsPercent = amountType !== 'flat';
  if (needsPercent && !/[1-9]/.test(percent))
    throw new Refusal('invalid_request', {
      message: 'A late fee by percentage needs a percentage above 0.',
      param: 'percent',
    });
  if (amountType !== 'percent' && flatAmount <= 0n)
    throw new Refusal('invalid_request', {
      message: 'A flat late fee needs an amount above 0.',
      param: 'flat_amount',
    });
  if ((policy.termsInMemo || policy.termsInReminders) && termsText.trim() === '')
    throw new Refusal('invalid_request', {
      message: 'Write the terms first, or do not print them.',
      param: 'terms_text',
    });
}

async function refuseAboveCeilings(
  tx: Tx,
  organizationId: string,
  terms: NewPolicy & LateFeeTerms,
  today: string,
): Promise<void> {
  const ceilings = await readCeilings(tx, organizationId, today);
  const broken = ceilings.find(
    (ceiling) =>
      ceiling.severity === 'block' &&
      isWithinPlace(ceiling.jurisdiction, terms.jurisdiction) &&
      standingTo(ceiling, terms) === 'above',
  );
  if (!broken) return;
  throw new Refusal('invalid_request', {
    message: `The fee is above a ceiling of ${broken.jurisdiction}: ${broken.says} Lower it to ${broken.figure}${
      broken.basis === 'fixed_amount' ? ` ${broken.currency}` : ' %'
    } or less.`,
    param: broken.basis === 'fixed_amount' ? 'flat_amount' : 'percent',
  });
}
