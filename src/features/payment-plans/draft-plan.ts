import type { Tx } from '#db/db.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import { largestOf, mayRiseOf } from '#features/payment-plans/agreement-rules.ts';
import { type PlanInvoice, readLimits, readPlanInvoices } from '#features/payment-plans/read-plan.ts';
import {
  type Cadence,
  type PlanLimits,
  type PlannedInstallment,
  type PlanTerms,
  planInstallments,
  refuseTerms,
} from '#features/payment-plans/term-rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { sum } from '#lib/money.ts';

export type PlanWish = {
  customerId: string;
  invoiceIds: readonly string[];
  downPayment: bigint;
  cadence: Cadence;
  installments: number;
  firstOn: CalendarDate;
};

export type PlanDraft = {
  terms: PlanTerms;
  invoices: PlanInvoice[];
  installments: PlannedInstallment[];
  limits: PlanLimits;
  mostAmount: bigint;
  mayRise: bigint;
};

const mostInvoices = 100;

/** The invoices that a plan may be made for, of one customer and one currency, all of them payable. */
export async function readForPlan(
  tx: Tx,
  organizationId: string,
  wish: Pick<PlanWish, 'customerId' | 'invoiceIds'>,
  lock = false,
): Promise<PlanInvoice[]> {
  const ids = [...new Set(wish.invoiceIds)];
  if (ids.length === 0 || ids.length > mostInvoices)
    throw refused('invoice_ids', `Choose from 1 to ${mostInvoices} open invoices.`);
  const invoices = await readPlanInvoices(tx, organizationId, ids, lock);
  const missing = ids.find(
    (id) => !invoices.some((each) => each.id === id && each.customerId === wish.customerId),
  );
  if (missing) throw notFound('invoice', missing);
  const [first] = invoices;
  if (invoices.some(({ currency }) => currency !== first?.currency))
    throw refused('invoice_ids', 'Choose invoices of one currency: a plan is charged in one.');
  for (const { number, isOpen, payable, balanceDue, planId } of invoices) {
    if (planId) throw refused('invoice_ids', `Invoice ${number} is in a payment plan already. Leave it out.`);
    if (!isOpen) throw refused('invoice_ids', `Nothing is due on invoice ${number}. Leave it out.`);
    if (payable < balanceDue)
      throw refused(
        'invoice_ids',
        `A payment of invoice ${number} is under way. Leave it out, or wait until it is done.`,
      );
  }
  return invoices;
}

const refused = (param: string, message: string): Refusal =>
  new Refusal('invalid_request', { message, param, fields: { [param]: message } });

/** A plan as it would be, or the refusal that names each field at fault: the preview and the request. */
export async function draftPlan(
  tx: Tx,
  seller: Pick<OrganizationRow, 'id' | 'locale'>,
  wish: PlanWish,
  at: { today: CalendarDate; lock?: boolean },
): Promise<PlanDraft> {
  const invoices = await readForPlan(tx, seller.id, wish, at.lock);
  const limits = await readLimits(tx, seller.id);
  const { downPayment, cadence, installments: count, firstOn } = wish;
  const total = sum(invoices.map(({ balanceDue }) => balanceDue));
  const currency = invoices[0]?.currency ?? '';
  const terms: PlanTerms = { total, downPayment, currency, cadence, installments: count, firstOn };
  const errors = refuseTerms(terms, limits, { today: at.today, locale: seller.locale });
  const [first] = Object.entries(errors);
  if (first)
    throw new Refusal('invalid_request', { message: first[1], param: first[0], fields: { ...errors } });
  const installments = planInstallments(terms);
  return {
    ...{ terms, invoices, installments, limits },
    mostAmount: largestOf(installments),
    mayRise: mayRiseOf(total, limits),
  };
}
