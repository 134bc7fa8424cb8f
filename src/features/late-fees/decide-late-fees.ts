import type { LateFeeInvoice } from '#features/late-fees/read-facts.ts';
import type { LateFeePolicyRow } from '#features/late-fees/read-policies.ts';
import { type LateFeePlan, type PolicyRange, planLateFees, policyFor } from '#features/late-fees/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';

export type InvoicePlan = LateFeePlan & { invoice: LateFeeInvoice; policy: LateFeePolicyRow };

/**
 * What invoices owe in late fees up to a day. A customer’s waiver is used for the first fee that falls due,
 * and for no second one: `waived` collects whose are used.
 */
export function decideLateFees(
  invoices: readonly LateFeeInvoice[],
  ranges: readonly PolicyRange<LateFeePolicyRow>[],
  day: CalendarDate,
  waived: Set<string>,
): InvoicePlan[] {
  return invoices.flatMap((invoice) => {
    const policy = policyFor(ranges, invoice.dueDate);
    if (!policy) return [];
    const waivesNext = invoice.waivesNext && !waived.has(invoice.customerId);
    const plan = planLateFees(invoice, policy, day, waivesNext);
    if (waivesNext && plan.fees.length > 0) waived.add(invoice.customerId);
    return [{ ...plan, invoice, policy }];
  });
}
