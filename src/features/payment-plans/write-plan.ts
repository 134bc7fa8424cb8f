import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { PlanDraft } from '#features/payment-plans/draft-plan.ts';
import type { PlanState } from '#features/payment-plans/state-rules.ts';
import { newId } from '#lib/ids.ts';

export type NewPlan = {
  organizationId: string;
  customerId: string;
  byStaff: boolean;
  state: Extract<PlanState, 'offered' | 'requested'>;
  draft: PlanDraft;
  paymentMethodId: string | null;
  authorizationId: string | null;
  note: string;
};

/** A plan with its invoices and installments; nothing of it is charged before it is approved. */
export async function writePlan(tx: Tx, planId: string, plan: NewPlan, now: Date): Promise<void> {
  const { organizationId, customerId, draft } = plan;
  const { terms, limits } = draft;
  await tx.run(sql`insert into payment_plans (organization_id, id, customer_id, by_staff, state, currency, total,
      down_payment, cadence, installments, first_on, most_amount, may_rise, move_days, missed_limit, payment_method_id,
      authorization_id, note, created_at)
    values (${organizationId}, ${planId}, ${customerId}, ${plan.byStaff}, ${plan.state}, ${terms.currency},
      ${terms.total}, ${terms.downPayment}, ${terms.cadence}, ${terms.installments}, ${terms.firstOn},
      ${draft.mostAmount}, ${draft.mayRise}, ${limits.moveDays}, ${limits.missedLimit}, ${plan.paymentMethodId},
      ${plan.authorizationId}, ${plan.note}, ${now})`);
  await tx.run(sql`insert into payment_plan_invoices (organization_id, payment_plan_id, invoice_id, customer_id,
      agreed_total, agreed_due)
    select ${organizationId}, ${planId}, i.id, ${customerId}, i.total, i.due
    from unnest(${draft.invoices.map(({ id }) => id)}::text[], ${draft.invoices.map(({ total }) => total)}::bigint[],
      ${draft.invoices.map(({ balanceDue }) => balanceDue)}::bigint[]) as i(id, total, due)`);
  await writeInstallments(tx, { organizationId, planId, customerId }, draft.installments);
}

type Written = { number: number; dueOn: string; amount: bigint; tryOn?: string | null };

export async function writeInstallments(
  tx: Tx,
  of: { organizationId: string; planId: string; customerId: string },
  installments: readonly Written[],
): Promise<void> {
  await tx.run(sql`insert into payment_plan_installments (organization_id, id, payment_plan_id, customer_id, number,
      due_on, agreed_on, amount, state, try_on)
    select ${of.organizationId}, n.id, ${of.planId}, ${of.customerId}, n.number, n.due_on, n.due_on, n.amount, 'due',
      n.try_on
    from unnest(${installments.map(() => newId('installment'))}::text[],
      ${installments.map(({ number }) => number)}::smallint[], ${installments.map(({ dueOn }) => dueOn)}::date[],
      ${installments.map(({ amount }) => amount)}::bigint[],
      ${installments.map(({ tryOn }) => tryOn ?? null)}::date[]) as n(id, number, due_on, amount, try_on)`);
}
