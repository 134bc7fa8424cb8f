import { readFacts } from '#features/late-fees/read-facts.ts';
import type { LateFeePolicy } from '#features/late-fees/rules.ts';
import { nextLateFee } from '#features/late-fees/rules.ts';
import type { Planned } from './plans.ts';

const policy: LateFeePolicy = {
  ...{ amountType: 'flat', currency: 'USD', flatAmount: 500n, percent: '0', compounds: false, graceDays: 0 },
  ...{ everyDays: null, maxFees: null, capAmount: null, capPercent: null, minimumBalance: 0n },
  chargesSince: '2026-01-01',
};

/** Why the house's first invoice has no late fee to come; undefined when it has one. */
export async function nextLateFeeReason({ books, invoiceIds }: Planned): Promise<string | undefined> {
  const [facts] = await books.tx((tx) => readFacts(tx, books.organizationId, invoiceIds));
  if (!facts) return 'no invoice';
  const next = nextLateFee(facts, policy, '2026-06-01');
  return 'none' in next ? next.none : undefined;
}
