import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { readSubmissionLimit } from '#features/bank-rules/find-resubmissions.ts';
import { readBankReturn } from '#features/bank-rules/queries.ts';
import { type MayRetry, returnAdvice, type SubmissionLimit } from '#features/bank-rules/rules.ts';
import { readPaymentFee } from '#features/card-fees/read-payment-fee.ts';
import { declineAdvice } from '#features/payments/decline-rules.ts';
import { paymentStates } from '#features/payments/payment-words.ts';
import {
  type PaymentRow,
  paymentColumns,
  readApplications,
  withCustomer,
} from '#features/payments/queries.ts';
import { resultOf } from '#features/payments/result-rules.ts';
import type { PaymentState } from '#features/payments/rules.ts';
import { snake } from '#lib/casing.ts';
import { notFound } from '#lib/errors.ts';

type PaidInvoice = { invoice_id: string; invoice_number: string; is_open: boolean };
export type ReportRow = PaymentRow & {
  gatewayName: string | null;
  returnTitle: string | null;
  mayRetry: MayRetry | null;
  invoiceCount: number;
  openCount: number;
  invoices: PaidInvoice[];
};

export const reportColumns = sql`${paymentColumns}, g.name as gateway_name, r.title as return_title, r.may_retry,
  i.invoice_count, i.open_count, i.invoices`;

/** What stands around a payment; an open invoice comes before one that is closed. */
export const reportJoins = sql`${withCustomer}
  left join gateway_accounts g on g.organization_id = p.organization_id and g.id = p.gateway_account_id
  left join lateral ach_return_code(p.return_code, p.received_on) r on true
  left join lateral (
    select count(*)::int as invoice_count, count(*) filter (where x.is_open)::int as open_count,
      coalesce(json_agg(json_build_object('invoice_id', x.id, 'invoice_number', x.number, 'is_open', x.is_open)
        order by x.place) filter (where x.place <= 3), '[]') as invoices
    from (select d.*, row_number() over (order by d.is_open desc, d.number) as place
      from (select distinct v.id, v.number::text, v.balance_due > 0 and v.voided_at is null as is_open
        from payment_applications a join invoices v on v.organization_id = a.organization_id and v.id = a.invoice_id
        where a.organization_id = p.organization_id and a.payment_id = p.id
          and (a.state <> 'ended' or p.ended_at is not null)) d) x) i on true`;

/** How often a returned debit may be sent again; asked only where one is among the rows. */
export const limitFor = async (tx: Tx, rows: readonly ReportRow[]): Promise<SubmissionLimit | undefined> => {
  const last = rows.findLast(({ returnCode }) => returnCode !== null);
  return last && readSubmissionLimit(tx, last.receivedOn);
};

export function presentPayment(row: ReportRow, limit: SubmissionLimit | undefined) {
  const isPosted = row.postedAt !== null && row.endedAt === null;
  const rule = limit
    ? {
        title: row.returnTitle,
        advice: returnAdvice(row.mayRetry, limit),
        mayRetry: row.mayRetry === 'twice_within_180_days',
      }
    : null;
  return {
    object: 'payment' as const,
    ...snake(row),
    unapplied: isPosted ? row.amount - row.fee - row.applied - row.unappliedRefunded : 0n,
    method: row.methodBrand ? { brand: row.methodBrand, last4: row.methodLast4 } : null,
    payer: { name: row.payerName, email: row.payerEmail },
    gateway_account:
      row.gatewayAccountId && row.gatewayName ? { id: row.gatewayAccountId, name: row.gatewayName } : null,
    result: snake(resultOf(row, rule)),
    gateway_said: gatewaySaid(row),
    invoices: { count: row.invoiceCount, open: row.openCount, first: row.invoices },
    decline:
      row.state === 'declined'
        ? {
            code: row.declineCode ?? 'declined',
            message: row.declineMessage ?? 'The payment was declined.',
            advice: declineAdvice(row.declineCode ?? ''),
          }
        : null,
  };
}

const isTold: ReadonlySet<PaymentState> = new Set(['declined', 'returned', 'unknown']);

/** In its own words, where they explain how the payment stands. */
const gatewaySaid = ({ state, gatewayCode: code, gatewayMessage: message }: ReportRow) =>
  isTold.has(state) && (code ?? message) !== null ? { code, message } : null;

export async function getPayment(tx: Tx, organizationId: string, id: string) {
  const [payment] = await getPayments(tx, organizationId, [id]);
  if (!payment) throw notFound('payment', id);
  return payment;
}

/** Many at once, whole, in the order asked for: what is not there is undefined. */
export async function getPayments(tx: Tx, organizationId: string, ids: readonly string[]) {
  const rows = await tx.rows<ReportRow>(sql`select ${reportColumns} from payments p ${reportJoins}
    where p.organization_id = ${organizationId} and p.id = any(${[...ids]})`);
  const limit = await limitFor(tx, rows);
  const applications = await readApplications(tx, organizationId, ids);
  const log = await readStatusLog(tx, organizationId, ids);
  const presented = new Map<string, Awaited<ReturnType<typeof whole>>>();
  const whole = async (row: ReportRow) => ({
    ...presentPayment(row, limit),
    bank_return: row.returnCode === null ? null : await readBankReturn(tx, organizationId, row.id),
    card_fee: row.feeKind === null ? null : await readPaymentFee(tx, organizationId, row.id),
    applications: (applications.get(row.id) ?? []).map(snake),
    status_log: log.get(row.id) ?? [],
  });
  for (const row of rows) presented.set(row.id, await whole(row));
  return ids.map((id) => presented.get(id));
}

/** Each state that the payments have been in, and since when. */
async function readStatusLog(tx: Tx, organizationId: string, ids: readonly string[]) {
  const rows = await tx.rows<{ id: string; type: string; occurredAt: Date }>(sql`
    select p.id, e.type, e.occurred_at from unnest(${[...ids]}::text[]) as p(id) cross join lateral (
      select id, type, occurred_at from events where organization_id = ${organizationId} and subject_id = p.id
      order by id limit 200) e order by e.id`);
  const log = new Map<string, { state: PaymentState; at: Date }[]>();
  for (const { id, type, occurredAt } of rows) {
    const state = stateOfEvent(type);
    if (state) log.set(id, [...(log.get(id) ?? []), { state, at: occurredAt }]);
  }
  return log;
}

function stateOfEvent(type: string): PaymentState | undefined {
  if (type === 'payment.requested') return 'pending';
  if (type === 'payment.recorded') return 'settled';
  return paymentStates.find((state) => type === `payment.${state}`);
}
