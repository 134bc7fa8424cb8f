import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { readSubmissionLimit } from '#features/bank-rules/find-resubmissions.ts';
import type { MayRetry } from '#features/bank-rules/rules.ts';
import { isDeclineCode } from '#features/payments/decline-rules.ts';
import type { ChargeKind } from '#features/payments/payment-gateway.ts';
import {
  type CardRetryLimit,
  type ChargeFailure,
  type NextTry,
  nextTry,
  type RetryLimits,
  type RetryPolicy,
} from '#features/standing-charges/retry-rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

/** The limits that are in force on a day. */
export async function readRetryLimits(tx: Tx, today: CalendarDate): Promise<RetryLimits> {
  const cards = await tx.rows<CardRetryLimit>(sql`select brand, limit_value, window_days, decline_codes
    from card_retry_limits where effective_from <= ${today} and (effective_to is null or ${today} < effective_to)`);
  return { cards, debits: await readSubmissionLimit(tx, today) };
}

export async function readRetryPolicy(tx: Tx, organizationId: string): Promise<RetryPolicy> {
  const row = await tx.row<RetryPolicy>(sql`select failed_charge_retries as retries,
    failed_charge_retry_days as after_days from organizations where id = ${organizationId}`);
  return must(row, 'the organization');
}

type Failed = {
  kind: ChargeKind;
  state: 'declined' | 'returned';
  methodBrand: string | null;
  declineCode: string | null;
  mayRetry: MayRetry | null;
  cardTries: CalendarDate[];
};

/**
 * Whether and when a charge that failed is tried again. `tries` are the days of all its tries, this one last.
 * Undefined while the payment has not failed.
 */
export async function whenAgain(
  tx: Tx,
  input: {
    organizationId: string;
    paymentId: string;
    tries: readonly CalendarDate[];
    today: CalendarDate;
    /** How often at most, where an agreement says so itself. */
    retries?: number;
  },
): Promise<NextTry | undefined> {
  const { organizationId, today, tries } = input;
  const failed = await tx.row<Failed>(sql`
    select p.kind, p.state, p.method_brand, p.decline_code, c.may_retry,
      array(select d.received_on::text from payments d where d.organization_id = p.organization_id
        and d.payment_method_id = p.payment_method_id and d.state = 'declined'
        and d.received_on > ${today}::date - 90 order by d.received_on) as card_tries
    from payments p left join lateral ach_return_code(p.return_code, ${today}::date) c on true
    where p.organization_id = ${organizationId} and p.id = ${input.paymentId} and p.state in ('declined', 'returned')`);
  if (!failed) return undefined;
  const policy = await readRetryPolicy(tx, organizationId);
  return nextTry(
    { failure: failureOf(failed), tries, cardTries: failed.cardTries },
    {
      policy: { ...policy, retries: input.retries ?? policy.retries },
      limits: await readRetryLimits(tx, today),
      today,
    },
  );
}

const failureOf = ({ state, declineCode, methodBrand, mayRetry }: Failed): ChargeFailure =>
  state === 'returned'
    ? { kind: 'returned', mayRetry }
    : {
        kind: 'declined',
        code: declineCode && isDeclineCode(declineCode) ? declineCode : 'declined',
        brand: methodBrand ?? '',
      };
