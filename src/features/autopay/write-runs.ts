import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Autopay, AutopayFacts } from '#features/autopay/read-facts.ts';
import type { Verdict } from '#features/payments/decide-batch.ts';
import type { CalendarDate } from '#lib/dates.ts';

export type NewRun = {
  id: string;
  customerId: string;
  autopay: Autopay;
  currency: string;
  amount: bigint;
  invoices: readonly AutopayFacts[];
};

/** Keep what was tried: by the key of invoice and try, a second worker of the same try fails here, whole. */
export async function writeRuns(
  tx: Tx,
  input: {
    organizationId: string;
    today: CalendarDate;
    runs: readonly { run: NewRun; verdict: Verdict }[];
  },
  now: Date,
): Promise<void> {
  const { organizationId, today, runs } = input;
  const rows = runs.map(({ run, verdict }) => ({
    id: run.id,
    customer_id: run.customerId,
    payer_id: run.autopay.payerId,
    payment_method_id: run.autopay.paymentMethodId,
    authorization_id: run.autopay.authorizationId,
    amount: run.amount.toString(),
    currency: run.currency,
    payment_id: verdict.ok ? verdict.paymentId : null,
    failed_why: verdict.ok ? null : verdict.reason,
  }));
  await tx.run(sql`
    insert into autopay_runs (organization_id, id, customer_id, payer_id, payment_method_id, authorization_id, run_on,
      amount, currency, payment_id, failed_at, failed_why, created_at)
    select ${organizationId}, r.id, r.customer_id, r.payer_id, r.payment_method_id, r.authorization_id, ${today}::date,
      r.amount, r.currency, r.payment_id, case when r.failed_why is not null then ${now}::timestamptz end, r.failed_why,
      ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, customer_id text, payer_id text,
      payment_method_id text, authorization_id text, amount bigint, currency text, payment_id text, failed_why text)`);
  const tries = runs.flatMap(({ run }) =>
    run.invoices.map((invoice) => ({
      invoice_id: invoice.id,
      try_no: invoice.tries + 1,
      run_id: run.id,
      customer_id: run.customerId,
    })),
  );
  await tx.run(sql`
    insert into autopay_tries (organization_id, invoice_id, try_no, run_id, customer_id)
    select ${organizationId}, t.invoice_id, t.try_no, t.run_id, t.customer_id
    from jsonb_to_recordset(${JSON.stringify(tries)}::jsonb) as t(invoice_id text, try_no int, run_id text,
      customer_id text)`);
}
