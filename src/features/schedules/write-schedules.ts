import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { firstProgress, type Series } from '#features/schedules/rules.ts';
import type { InvoiceTemplate } from '#features/schedules/template-rules.ts';
import type { Agreement } from '#features/schedules/write-agreement.ts';

type Common = Series & { customerId: string; description: string };

export type NewInvoiceSchedule = Common & {
  kind: 'invoice';
  document: InvoiceTemplate;
  dueDays: number;
  /** Issued on its day, or left as a draft. */
  issues: boolean;
};

export type NewPaymentSchedule = Common & {
  kind: 'payment';
  amount: bigint;
  paymentMethodId: string;
  appliesTo: 'oldest_invoices' | 'unapplied_cash';
  receiptToCustomer: boolean;
  receiptToOrganization: boolean;
  /** What the payer agreed to. A plan has an agreement of its own and names it. */
  agreement: Agreement | { authorizationId: string };
  /** The plan that owns it: the plan charges, and the schedule is what the lists show. */
  paymentPlanId?: string | undefined;
};

export type NewSchedule = NewInvoiceSchedule | NewPaymentSchedule;

type Written = { id: string; currency: string };
export type ScheduleToWrite =
  | (NewInvoiceSchedule & Written & { amount: bigint })
  | (Omit<NewPaymentSchedule, 'agreement'> & Written & { authorizationId: string });

/** New schedules, running from their first date, in one statement. */
export async function writeSchedules(
  tx: Tx,
  organizationId: string,
  rows: readonly ScheduleToWrite[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  const column = <T>(pick: (row: ScheduleToWrite) => T): T[] => rows.map(pick);
  const invoice = (row: ScheduleToWrite) => (row.kind === 'invoice' ? row : undefined);
  const payment = (row: ScheduleToWrite) => (row.kind === 'payment' ? row : undefined);
  await tx.run(sql`
    insert into schedules (organization_id, id, customer_id, kind, state, description, currency, amount, unit, every,
      starts_on, times, ends_on, next_on, document, due_days, issues, payment_method_id, authorization_id, applies_to,
      payment_plan_id, receipt_to_customer, receipt_to_organization, created_at, updated_at)
    select ${organizationId}, s.id, s.customer_id, s.kind, 'running', s.description, s.currency, s.amount, s.unit,
      s.every, s.starts_on, s.times, s.ends_on, s.next_on, s.document, s.due_days, s.issues, s.payment_method_id,
      s.authorization_id, s.applies_to, s.payment_plan_id, s.to_customer, s.to_organization, ${now}, ${now}
    from unnest(${column((s) => s.id)}::text[], ${column((s) => s.customerId)}::text[],
      ${column((s) => s.kind)}::text[], ${column((s) => s.description)}::text[], ${column((s) => s.currency)}::text[],
      ${column((s) => s.amount)}::bigint[], ${column((s) => s.unit)}::text[], ${column((s) => s.every)}::smallint[],
      ${column((s) => s.startsOn)}::date[], ${column((s) => s.times)}::int[], ${column((s) => s.endsOn)}::date[],
      ${column((s) => firstProgress(s).next?.on ?? null)}::date[],
      ${column((s) => (s.kind === 'invoice' ? JSON.stringify(s.document) : null))}::jsonb[],
      ${column((s) => invoice(s)?.dueDays ?? null)}::smallint[], ${column((s) => invoice(s)?.issues ?? null)}::boolean[],
      ${column((s) => payment(s)?.paymentMethodId ?? null)}::text[],
      ${column((s) => payment(s)?.authorizationId ?? null)}::text[],
      ${column((s) => payment(s)?.appliesTo ?? null)}::text[], ${column((s) => payment(s)?.paymentPlanId ?? null)}::text[],
      ${column((s) => payment(s)?.receiptToCustomer ?? false)}::boolean[],
      ${column((s) => payment(s)?.receiptToOrganization ?? false)}::boolean[])
      as s(id, customer_id, kind, description, currency, amount, unit, every, starts_on, times, ends_on, next_on,
        document, due_days, issues, payment_method_id, authorization_id, applies_to, payment_plan_id, to_customer,
        to_organization)`);
}

/** What an event says of a schedule. */
export const factsOf = (row: Omit<ScheduleToWrite, 'id' | 'customerId'>): Record<string, unknown> => ({
  kind: row.kind,
  description: row.description,
  amount: row.amount,
  currency: row.currency,
  unit: row.unit,
  every: row.every,
  starts_on: row.startsOn,
  times: row.times,
  ends_on: row.endsOn,
  ...('paymentMethodId' in row ? { payment_method_id: row.paymentMethodId } : {}),
});
