import type { Tx } from '#db/db.ts';
import { decideLateFees } from '#features/late-fees/decide-late-fees.ts';
import { findCandidates, type Place } from '#features/late-fees/find-candidates.ts';
import { type LateFeeInvoice, readFacts } from '#features/late-fees/read-facts.ts';
import { readRanges } from '#features/late-fees/read-policies.ts';
import type { PlannedLateFee } from '#features/late-fees/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { sum } from '#lib/money.ts';

export type ForecastFee = PlannedLateFee & { invoice: LateFeeInvoice };
export type Forecast = {
  fees: ForecastFee[];
  /** Of all that would be posted, also where more are than are listed. */
  total: bigint;
  count: number;
  /** There are more than were looked at. */
  isPartial: boolean;
};

const batchSize = 500;
const mostBatches = 40;

/**
 * What the day's work would post on `day` if everything stayed as it is: the same search and the same
 * decision, without writing. At most so many are listed; all are counted, up to 20,000 invoices.
 */
export async function forecastLateFees(
  tx: Tx,
  organizationId: string,
  day: CalendarDate,
  most: number,
): Promise<Forecast> {
  const ranges = await readRanges(tx, organizationId);
  const forecast: Forecast = { fees: [], total: 0n, count: 0, isPartial: false };
  const waived = new Set<string>();
  let batches = 0;
  for (const range of ranges) {
    let after: Place | undefined;
    do {
      const found = await findCandidates(tx, organizationId, range, { day, after, limit: batchSize });
      const ids = found.map(({ id }) => id);
      const facts = new Map((await readFacts(tx, organizationId, ids)).map((each) => [each.id, each]));
      const invoices = ids.flatMap((id) => facts.get(id) ?? []);
      for (const { invoice, fees } of decideLateFees(invoices, ranges, day, waived))
        addTo(forecast, invoice, fees, most);
      after = found.length < batchSize ? undefined : found.at(-1);
      batches += 1;
    } while (after && batches < mostBatches);
    if (after) return { ...forecast, isPartial: true };
  }
  return forecast;
}

function addTo(
  forecast: Forecast,
  invoice: LateFeeInvoice,
  fees: readonly PlannedLateFee[],
  most: number,
): void {
  const posted = fees.filter(({ state }) => state === 'posted');
  forecast.total += sum(posted.map(({ amount }) => amount));
  forecast.count += fees.length;
  forecast.fees.push(
    ...fees.slice(0, Math.max(0, most - forecast.fees.length)).map((fee) => ({ ...fee, invoice })),
  );
}
