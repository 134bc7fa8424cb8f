import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { openSum } from '#features/payment-plans/follow-rules.ts';
import {
  type PlanRow,
  planColumns,
  readCovered,
  readInstallments,
  readLimits,
} from '#features/payment-plans/read-plan.ts';
import type { PlanState } from '#features/payment-plans/state-rules.ts';
import { snake } from '#lib/casing.ts';
import { notFound } from '#lib/errors.ts';

type ListedPlan = PlanRow & { customerName: string };

const named = sql.raw(`join customers c on c.organization_id = p.organization_id and c.id = p.customer_id`);

const presentRow = (row: ListedPlan) => ({
  object: 'payment_plan' as const,
  id: row.id,
  customer_id: row.customerId,
  customer_name: row.customerName,
  state: row.state,
  by_staff: row.byStaff,
  currency: row.currency,
  total: row.total,
  down_payment: row.downPayment,
  cadence: row.cadence,
  installments: row.installments,
  first_on: row.firstOn,
  payment_method_id: row.paymentMethodId,
  reason: row.reason,
  created_at: row.createdAt,
  activated_at: row.activatedAt,
  ended_at: row.endedAt,
});

export type PlanFilter = {
  limit: number;
  startingAfter?: string | undefined;
  customerId?: string | undefined;
  invoiceId?: string | undefined;
  state?: PlanState | undefined;
};

/** Plans, newest first. */
export async function listPlans(tx: Tx, organizationId: string, filter: PlanFilter) {
  const { limit, startingAfter, customerId, invoiceId, state } = filter;
  const where = [
    sql`p.organization_id = ${organizationId}`,
    ...(customerId ? [sql`p.customer_id = ${customerId}`] : []),
    ...(invoiceId
      ? [
          sql`p.id in (select l.payment_plan_id from payment_plan_invoices l where l.organization_id = ${organizationId}
            and l.invoice_id = ${invoiceId} and l.left_at is null)`,
        ]
      : []),
    ...(state ? [sql`p.state = ${state}`] : []),
    ...(startingAfter ? [sql`p.id < ${startingAfter}`] : []),
  ];
  const rows = await tx.list<ListedPlan>(sql`select ${planColumns}, c.display_name as customer_name
    from payment_plans p ${named} where ${sql.join(where, sql` and `)} order by p.id desc limit ${limit + 1}`);
  return {
    object: 'list' as const,
    data: rows.slice(0, limit).map(presentRow),
    has_more: rows.length > limit,
  };
}

export async function getPlan(tx: Tx, organizationId: string, planId: string) {
  const row = await tx.row<
    ListedPlan & { agreement: string | null; kind: string | null; brand: string; last4: string }
  >(
    sql`select ${planColumns}, c.display_name as customer_name, a.text as agreement, m.kind, m.brand, m.last4
    from payment_plans p ${named}
    left join authorizations a on a.organization_id = p.organization_id and a.id = p.authorization_id
    left join payment_methods m on m.organization_id = p.organization_id and m.id = p.payment_method_id
    where p.organization_id = ${organizationId} and p.id = ${planId}`,
  );
  if (!row) throw notFound('payment plan', planId);
  const installments = await readInstallments(tx, organizationId, planId);
  const covered = await readCovered(tx, organizationId, planId);
  const { note, mostAmount, mayRise, askedRise, moveDays, missedLimit, downPaymentId, authorizationId } = row;
  return {
    ...presentRow(row),
    ...snake({ note, mostAmount, mayRise, askedRise, moveDays, missedLimit, downPaymentId, authorizationId }),
    agreement: row.agreement,
    rest: openSum(installments),
    method: row.kind === null ? null : { kind: row.kind, brand: row.brand, last4: row.last4 },
    invoices: covered.map((each) => ({
      id: each.id,
      number: each.number,
      agreed_due: each.agreedDue,
      balance_due: each.balanceDue,
      left: each.leftAt !== null,
    })),
    schedule: installments.map(({ number, dueOn, amount, state, tryOn, paymentId, reason }) =>
      snake({ number, dueOn, amount, state, tryOn, paymentId, reason }),
    ),
  };
}

export const presentLimits = async (tx: Tx, organizationId: string) => ({
  object: 'payment_plan_limits' as const,
  ...snake(await readLimits(tx, organizationId)),
});

/** The plans of one customer, newest first, for its own pages. */
export const readPlansOf = (tx: Tx, organizationId: string, customerId: string): Promise<PlanRow[]> =>
  tx.rows<PlanRow>(sql`select ${planColumns} from payment_plans p
    where p.organization_id = ${organizationId} and p.customer_id = ${customerId} order by p.id desc limit 50`);

export const hasPlans = async (tx: Tx, organizationId: string, customerId: string): Promise<boolean> =>
  (await readPlansOf(tx, organizationId, customerId)).length > 0;
