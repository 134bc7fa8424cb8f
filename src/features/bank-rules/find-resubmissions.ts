import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { decideResubmission, type Submission, type SubmissionLimit } from '#features/bank-rules/rules.ts';
import { must } from '#lib/errors.ts';

export type DebitAsk = { paymentMethodId: string; invoiceIds: readonly string[]; today: string };

type Row = Submission & { paymentMethodId: string; invoiceId: string };

/** What debits there were; one that is decided now is noted, for the next of its batch to be counted with. */
export type Resubmissions = {
  /** Undefined where nothing stands against the debit. */
  against: (ask: DebitAsk) => string | undefined;
  note: (ask: DebitAsk) => void;
};

/**
 * Why a stored account may not be debited for an invoice again: asked with the invoices locked, so that no
 * return of theirs comes in between.
 */
export async function findResubmissions(
  tx: Tx,
  organizationId: string,
  asks: readonly DebitAsk[],
): Promise<Resubmissions> {
  const [any] = asks;
  if (!any) return nothingAgainst;
  const rows = await readSubmissions(tx, organizationId, asks);
  const limit = rows.some(({ outcome }) => outcome === 'returned')
    ? await readSubmissionLimit(tx, any.today)
    : undefined;
  if (!limit) return nothingAgainst;
  const series = new Map<string, Submission[]>(
    Map.groupBy(rows, (row) => `${row.paymentMethodId} ${row.invoiceId}`),
  );
  const seriesOf = ({ paymentMethodId, invoiceIds }: DebitAsk) =>
    invoiceIds.flatMap((invoiceId) => [series.get(`${paymentMethodId} ${invoiceId}`) ?? []]);
  return {
    against: (ask) => {
      for (const each of seriesOf(ask)) {
        const verdict = decideResubmission(each, limit, ask.today);
        if (!verdict.ok) return verdict.reason;
      }
      return undefined;
    },
    note: (ask) => {
      for (const each of seriesOf(ask))
        each.push({
          ...{ code: null, mayRetry: null, authorizedAnew: false },
          submittedOn: ask.today,
          outcome: 'under_way',
        });
    },
  };
}

const nothingAgainst: Resubmissions = { against: () => undefined, note: () => undefined };

export async function readSubmissionLimit(tx: Tx, today: string): Promise<SubmissionLimit> {
  const row = await tx.row<SubmissionLimit>(sql`select limit_value, window_days from ach_limits
    where key = 'submissions' and effective_from <= ${today} and (effective_to is null or ${today} < effective_to)
    order by effective_from desc limit 1`);
  return must(row, 'the limit of submissions');
}

async function readSubmissions(tx: Tx, organizationId: string, asks: readonly DebitAsk[]): Promise<Row[]> {
  return tx.rows<Row>(sql`
    select p.payment_method_id, a.invoice_id, p.return_code as code, c.may_retry,
      (coalesce(p.submitted_at, p.requested_at) at time zone o.time_zone)::date as submitted_on,
      case p.state when 'returned' then 'returned' when 'settled' then 'settled' else 'under_way' end as outcome,
      exists (select from authorizations z where z.organization_id = p.organization_id
        and z.customer_id = p.customer_id and z.payment_method_id = p.payment_method_id and z.kind = 'bank_debit'
        and z.accepted_at > p.ended_at) as authorized_anew
    from payments p
    join organizations o on o.id = p.organization_id
    -- A debit for what it was asked for, not for what it was put against once it was there.
    join payment_applications a on a.organization_id = p.organization_id and a.payment_id = p.id
      and a.created_at = p.requested_at
    left join lateral ach_return_code(p.return_code, p.received_on) c on true
    where p.organization_id = ${organizationId} and p.kind = 'bank_account'
      and p.payment_method_id = any(${asks.map((ask) => ask.paymentMethodId)})
      and a.invoice_id = any(${asks.flatMap((ask) => ask.invoiceIds)}) and p.state not in ('declined', 'voided')
    order by p.requested_at, p.id`);
}
