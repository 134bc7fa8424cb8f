import type { Parts } from '#compose.ts';
import type { Database } from '#db/db.ts';
import { workAutopay } from '#features/autopay/work-autopay.ts';
import { workBilling } from '#features/billing/close-due.ts';
import { pullChargebacks } from '#features/chargebacks/pull-chargebacks.ts';
import { workPromises } from '#features/collections/work-promises.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import type { DayPart } from '#features/days/work-day.ts';
import { gatewayAccountsOf, pullPayouts } from '#features/deposits/pull-payouts.ts';
import { assessLateFees } from '#features/late-fees/assess-late-fees.ts';
import { workNewInvoices } from '#features/messenger/send-new-invoices.ts';
import { workStatements } from '#features/messenger/send-statements.ts';
import { sendDigests } from '#features/notifications/send-digests.ts';
import { tellExpiries } from '#features/payment-methods/sweep-expiries.ts';
import { workPlans } from '#features/payment-plans/work-plans.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import { lookUpPayment } from '#features/payments/submit-charge.ts';
import { duePayments } from '#features/payments/sweep-lookups.ts';
import { workOffGiveBacks } from '#features/refunds/jobs.ts';
import { remindersOfDay } from '#features/reminders/remind-day.ts';
import { sendReportMails } from '#features/reports/send-report-mails.ts';
import { chargeDuePayments } from '#features/schedules/charge-due-payments.ts';
import { makeDueInvoices } from '#features/schedules/make-due-invoices.ts';
import { restTickets } from '#features/support/rest-tickets.ts';

/** What falls due in one organization, in the order of a day (money.md, 5): the only list. */
export const partsOfDay = (deps: Pick<Parts, 'db' | 'secrets' | 'gateways' | 'outbox'>): DayPart[] => [
  { name: 'gateway_news', run: ({ organizationId, now }) => gatewayNews(deps, organizationId, now) },
  { name: 'promises', run: (day) => workPromises(deps, day) },
  { name: 'schedule_invoices', run: (day) => makeDueInvoices(deps.db, day) },
  { name: 'billing', run: (day) => workBilling(deps.db, day) },
  { name: 'autopay', run: (day) => workAutopay(deps, day) },
  { name: 'schedule_payments', run: (day) => chargeDuePayments(deps.db, day) },
  { name: 'plan_installments', run: (day) => workPlans(deps, day) },
  { name: 'late_fees', run: (day) => assessLateFees(deps.db, day) },
  { name: 'new_invoices', run: (day) => workNewInvoices(deps, day) },
  remindersOfDay(deps),
  { name: 'statements', run: (day) => workStatements(deps, day) },
  { name: 'digests', run: (day) => sendDigests(deps, day) },
  { name: 'tickets', run: (day) => restTickets(deps.db, day) },
  { name: 'report_mails', run: (day) => sendReportMails(deps, day) },
];

async function gatewayNews(
  deps: { db: Database; gateways: Gateways; outbox: Outbox },
  organizationId: string,
  now: Date,
): Promise<void> {
  for (const paymentId of await duePayments(deps.db, organizationId, now)) {
    await lookUpPayment(deps, { organizationId, paymentId });
  }
  await workOffGiveBacks(deps, organizationId, now);
  for (const gatewayAccountId of await gatewayAccountsOf(deps.db, organizationId))
    await Promise.all([
      pullPayouts(deps, { organizationId, gatewayAccountId }),
      pullChargebacks(deps, { organizationId, gatewayAccountId }),
    ]);
  await tellExpiries(deps, organizationId);
}
