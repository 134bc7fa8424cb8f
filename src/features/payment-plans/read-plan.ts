import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { PlanState } from '#features/payment-plans/state-rules.ts';
import type { PlanLimits, PlanTerms } from '#features/payment-plans/term-rules.ts';
import { must, notFound } from '#lib/errors.ts';

export type PlanRow = PlanTerms & {
  id: string;
  customerId: string;
  byStaff: boolean;
  state: PlanState;
  mostAmount: bigint;
  mayRise: bigint;
  askedRise: bigint;
  moveDays: number;
  missedLimit: number;
  paymentMethodId: string | null;
  authorizationId: string | null;
  downTries: number;
  downPaymentId: string | null;
  payoffTries: number;
  note: string;
  reason: string;
  createdAt: Date;
  activatedAt: Date | null;
  endedAt: Date | null;
};

export const planColumns =
  sql.raw(`p.id, p.customer_id, p.by_staff, p.state, p.currency, p.total, p.down_payment,
  p.cadence, p.installments, p.first_on, p.most_amount, p.may_rise, p.asked_rise, p.move_days, p.missed_limit,
  p.payment_method_id, p.authorization_id, p.down_tries, p.down_payment_id, p.payoff_tries, p.note, p.reason,
  p.created_at, p.activated_at, p.ended_at`);

/** One plan, held until the transaction ends: whoever moves it next finds what this one did. */
export async function lockPlan(tx: Tx, organizationId: string, planId: string): Promise<PlanRow> {
  const row = await tx.row<PlanRow>(sql`select ${planColumns} from payment_plans p
    where p.organization_id = ${organizationId} and p.id = ${planId} for update`);
  if (!row) throw notFound('payment plan', planId);
  return row;
}

export async function readPlan(tx: Tx, organizationId: string, planId: string): Promise<PlanRow> {
  const row = await tx.row<PlanRow>(sql`select ${planColumns} from payment_plans p
    where p.organization_id = ${organizationId} and p.id = ${planId}`);
  if (!row) throw notFound('payment plan', planId);
  return row;
}

export async function readLimits(tx: Tx, organizationId: string): Promise<PlanLimits> {
  return must(
    await tx.row<PlanLimits>(sql`select plan_min_down_percent as min_down_percent,
      plan_max_installments as max_installments, plan_max_months as max_months, plan_missed_limit as missed_limit,
      plan_rise_percent as rise_percent, plan_move_days as move_days from organizations where id = ${organizationId}`),
    'the organization',
  );
}

/** An invoice as a plan sees it. */
export type PlanInvoice = {
  id: string;
  number: string;
  customerId: string;
  currency: string;
  dueDate: string;
  total: bigint;
  balanceDue: bigint;
  payable: bigint;
  isOpen: boolean;
  /** The plan that it is in already. */
  planId: string | null;
};

const invoiceColumns =
  sql.raw(`i.id, i.number, i.customer_id, i.currency, i.due_date, i.total + i.fees as total,
  i.balance_due, i.balance_due - i.reserved as payable,
  i.issued_at is not null and i.voided_at is null and i.balance_due > 0 as is_open`);

/** Invoices for a new plan, the first to fall due first; locked where a plan is to be written. */
export const readPlanInvoices = (
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
  lock = false,
): Promise<PlanInvoice[]> =>
  tx.rows<PlanInvoice>(sql`select ${invoiceColumns}, (select l.payment_plan_id from payment_plan_invoices l
      where l.organization_id = i.organization_id and l.invoice_id = i.id and l.left_at is null) as plan_id
    from (select * from invoices where organization_id = ${organizationId} and id = any(${[...new Set(ids)]}::text[])
      order by id ${lock ? sql`for update` : sql``}) i order by i.due_date, i.id`);

export type CoveredRow = PlanInvoice & {
  agreedTotal: bigint;
  agreedDue: bigint;
  isVoid: boolean;
  leftAt: Date | null;
};

/** All that a plan was made for, also what has left it. */
export const readCovered = (tx: Tx, organizationId: string, planId: string): Promise<CoveredRow[]> =>
  tx.rows<CoveredRow>(sql`select ${invoiceColumns}, l.payment_plan_id as plan_id, l.agreed_total, l.agreed_due, l.left_at,
      i.voided_at is not null as is_void
    from payment_plan_invoices l join invoices i on i.organization_id = l.organization_id and i.id = l.invoice_id
    where l.organization_id = ${organizationId} and l.payment_plan_id = ${planId} order by i.due_date, i.id`);

export type InstallmentRow = {
  id: string;
  number: number;
  dueOn: string;
  amount: bigint;
  state: 'due' | 'charging' | 'paid' | 'missed' | 'dropped';
  tryOn: string | null;
  tries: number;
  paymentId: string | null;
  reason: string;
  toldOn: string | null;
};

export const readInstallments = (tx: Tx, organizationId: string, planId: string): Promise<InstallmentRow[]> =>
  tx.rows<InstallmentRow>(sql`select id, number, due_on, amount, state, try_on, tries, payment_id, reason, told_on
    from payment_plan_installments where organization_id = ${organizationId} and payment_plan_id = ${planId}
    order by number`);
