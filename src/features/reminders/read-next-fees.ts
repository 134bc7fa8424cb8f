import type { Tx } from '#db/db.ts';
import { readFacts } from '#features/late-fees/read-facts.ts';
import { type LateFeePolicyRow, readRanges } from '#features/late-fees/read-policies.ts';
import { firstLateFeeDay, nextLateFee, type PolicyRange, policyFor } from '#features/late-fees/rules.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';

/** The late fee that an invoice gets next, if it is not paid before. */
export type NextFee = { on: CalendarDate; amount: bigint };
export type NextFees = ReadonlyMap<string, NextFee>;
export type FeeRanges = readonly PolicyRange<LateFeePolicyRow>[];

export const readFeeRanges = (tx: Tx, organizationId: string): Promise<FeeRanges> =>
  readRanges(tx, organizationId);

/** Can a fee come so soon that it is warned of by now? The due date alone says no of most invoices. */
export function mayBeWarned(
  ranges: FeeRanges,
  { dueDate, lead, today }: { dueDate: CalendarDate; lead: number; today: CalendarDate },
): boolean {
  const policy = policyFor(ranges, dueDate);
  return policy !== undefined && firstLateFeeDay(dueDate, policy.graceDays) <= addDays(today, lead);
}

/** The next late fee of each of these invoices that gets one; one that is waived beforehand is no fee. */
export async function readNextFees(
  tx: Tx,
  { organizationId, feeRanges, today }: { organizationId: string; feeRanges: FeeRanges; today: CalendarDate },
  invoiceIds: readonly string[],
): Promise<NextFees> {
  if (invoiceIds.length === 0 || feeRanges.length === 0) return new Map();
  const invoices = await readFacts(tx, organizationId, invoiceIds);
  return new Map(
    invoices.flatMap((invoice): [string, NextFee][] => {
      const fee = nextLateFee(invoice, policyFor(feeRanges, invoice.dueDate), today);
      return 'none' in fee || invoice.waivesNext ? [] : [[invoice.id, fee]];
    }),
  );
}
