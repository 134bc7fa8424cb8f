import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import {
  barsOf,
  type DateSpan,
  type Day,
  dsoDays,
  dsoTenths,
  expectedDays,
  problemWithSpan,
  shareBps,
  spanBefore,
  spanOf,
  totalOf,
} from '#features/dashboard/rules.ts';
import { type AgingBucket, agingBuckets } from '#features/invoices/rules.ts';
import { addDays, dateIn, fiscalYearStart } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

type Organization = { id: string; currency: string; timeZone: string };
type Row = { figure: string; currency: string; slot: string; amount: bigint; count: bigint };

/**
 * Everything from the sums by day that each transaction keeps (migration 0026): a row a day, however many
 * invoices and payments there are. What is open comes back by age, the rest by day.
 */
async function readSums(tx: Tx, organizationId: string, today: string, spans: DateSpan): Promise<Row[]> {
  const bucketOf = sql`(${sql.raw(`array['${agingBuckets.join("','")}']`)})[1 + greatest(0,
    least(4, (${today}::date - day + 29) / 30))]`;
  return tx.rows<Row>(sql`
    select figure, currency, slot, sum(amount)::bigint as amount, sum(count)::bigint as count from (
      select figure, currency, amount, count, case figure when 'open' then ${bucketOf}
        when 'covered' then 'current' when 'pending' then '' when 'billed' then '' else day::text end as slot
      from daily_sums where organization_id = ${organizationId} and (figure in ('open', 'covered', 'pending')
        or figure = 'billed' and day > ${addDays(today, -dsoDays)} and day <= ${today}
        or figure in ('collected', 'autopay') and day >= ${spans.from} and day <= ${spans.to})
      union all
      select 'expected', currency, amount, count, day::text from daily_sums where organization_id = ${organizationId}
        and figure in ('open', 'covered') and day >= ${today} and day < ${addDays(today, expectedDays)}) s
    group by 1, 2, 3 order by 2, 1, 3`);
}

const summed = (rows: readonly Row[]) => ({
  amount: totalOf(rows),
  count: Number(rows.reduce((count, row) => count + row.count, 0n)),
});
const daysOf = (rows: readonly Row[]): Day[] => rows.map(({ slot, amount }) => ({ date: slot, amount }));

function figuresOf(currency: string, rows: readonly Row[], today: string, span: DateSpan) {
  const of = (...figures: string[]) => rows.filter(({ figure }) => figures.includes(figure));
  const within = (row: Row) => row.slot >= span.from && row.slot <= span.to;
  const standing = of('open', 'covered');
  const inBucket = (bucket: AgingBucket) => standing.filter(({ slot }) => slot === bucket);
  const [collected, autopay] = [of('collected').filter(within), of('autopay').filter(within)];
  const open = summed(standing);
  const billed = summed(of('billed')).amount;
  return {
    currency,
    open,
    past_due: summed(standing.filter(({ slot }) => slot !== 'current')),
    aging: agingBuckets.map((bucket) => {
      const { amount, count } = summed(inBucket(bucket));
      return { bucket, amount, invoices: count };
    }),
    pending: summed(of('pending')),
    collected: summed(collected),
    collected_before: totalOf(of('collected').filter((row) => !within(row))),
    collected_bars: barsOf(span, daysOf(collected)),
    autopay: summed(autopay),
    autopay_share_bps: shareBps(totalOf(autopay), totalOf(collected)),
    expected: summed(of('expected')),
    expected_bars: barsOf({ from: today, to: addDays(today, expectedDays - 1) }, daysOf(of('expected'))),
    billed_90_days: billed,
    dso_tenths: dsoTenths(open.amount, billed),
  };
}

/** Where the money stands today by the organization's own calendar, and what came in from day to day. */
export async function readDashboard(
  tx: Tx,
  organization: Organization,
  asked: { from?: string | undefined; to?: string | undefined },
  now: Date,
) {
  const today = dateIn(organization.timeZone, now);
  const span = spanOf(asked, today);
  const problem = problemWithSpan(span);
  if (problem) throw new Refusal('invalid_request', { message: problem, param: 'from' });
  const rows = await readSums(tx, organization.id, today, { from: spanBefore(span).from, to: span.to });
  const others = new Set(rows.filter(({ count }) => count !== 0n).map(({ currency }) => currency));
  others.delete(organization.currency);
  const year = await tx.row<{ fiscalMonth: number }>(sql`select fiscal_month from organizations
    where id = ${organization.id}`);
  return {
    object: 'dashboard' as const,
    today,
    ...span,
    fiscal_year_from: fiscalYearStart(today, year?.fiscalMonth ?? 1),
    currencies: [organization.currency, ...others].map((currency) =>
      figuresOf(
        currency,
        rows.filter((row) => row.currency === currency),
        today,
        span,
      ),
    ),
  };
}
