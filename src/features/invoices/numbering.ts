import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { numberOf } from '#features/invoices/numbering-rules.ts';
import { readSeries } from '#features/invoices/take-numbers.ts';
import { must, Refusal } from '#lib/errors.ts';
import { currencyDigits } from '#lib/money.ts';

export type NumberingChanges = {
  mode?: 'series' | 'gapless' | undefined;
  prefix?: string | undefined;
  width?: number | undefined;
  next?: bigint | undefined;
};
type Gap = { first: bigint; last: bigint };

const mostGaps = 100;

/** What the next invoice of the series would be called. */
export async function readNextNumber(tx: Tx, organizationId: string) {
  const series = await readSeries(tx, organizationId);
  return {
    object: 'next_invoice_number' as const,
    mode: modeOf(series.isGapless),
    next_number: numberOf(series, series.next),
  };
}

const modeOf = (isGapless: boolean) => (isGapless ? ('gapless' as const) : ('series' as const));

/** The series as it stands: what the next invoice will be called, and which numbers are missing. */
export async function readNumbering(tx: Tx, organizationId: string) {
  const series = await readSeries(tx, organizationId);
  const gaps = await readGaps(tx, organizationId, series.prefix);
  return {
    object: 'invoice_numbering' as const,
    mode: modeOf(series.isGapless),
    prefix: series.prefix,
    width: series.width,
    next: Number(series.next),
    next_number: numberOf(series, series.next),
    gaps: gaps.slice(0, mostGaps).map(({ first, last }) => ({
      first: numberOf(series, first),
      last: numberOf(series, last),
      count: Number(last - first) + 1,
    })),
    has_more_gaps: gaps.length > mostGaps,
  };
}

/** Runs of numbers of the series that no issued invoice carries; void ones keep theirs and are no gap. */
const readGaps = (tx: Tx, organizationId: string, prefix: string): Promise<Gap[]> =>
  tx.rows<Gap>(sql`
    select value + 1 as first, following - 1 as last from (
      select value, lead(value) over (order by value) as following from (
        select distinct substr(number, ${prefix.length + 1}::int)::bigint as value from invoices
        where organization_id = ${organizationId} and issued_at is not null and starts_with(number, ${prefix})
          and substr(number, ${prefix.length + 1}::int) ~ '^[0-9]{1,15}$') numbered) followed
    where following > value + 1 order by value limit ${mostGaps + 1}`);

/** Change how invoices are numbered from now on. What has a number keeps it. */
export async function changeNumbering(
  tx: Tx,
  actor: Actor,
  { organizationId, changes }: { organizationId: string; changes: NumberingChanges },
  now: Date,
): Promise<void> {
  await tx.run(sql`select id from organizations where id = ${organizationId} for update`);
  const before = await readSeries(tx, organizationId);
  const mode = changes.mode ?? (before.isGapless ? 'gapless' : 'series');
  const { prefix = before.prefix, width = before.width, next = before.next } = changes;
  if (mode === 'gapless' && before.isGapless && prefix === before.prefix && next !== before.next) {
    const numbered = numberOf(before, before.next);
    const message =
      next > before.next
        ? `Number ${numbered} would be left out. Numbers without gaps go on from it.`
        : `The numbers before ${numbered} are taken. Numbers without gaps go on from it.`;
    throw new Refusal('invalid_request', { message, param: 'next' });
  }
  await tx.run(sql`update organizations set invoice_numbering = ${mode}, invoice_number_prefix = ${prefix},
    invoice_number_width = ${width}, next_invoice_number = ${next} where id = ${organizationId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'organization.numbering_changed',
      subjectId: organizationId,
      data: { mode, prefix, width, next: Number(next) },
    },
  ]);
}

/** What the books of an organization are kept in, and how late its customers may be. */
export async function readHabits(tx: Tx, organizationId: string) {
  const row = await tx.row<{ timeZone: string; currency: string; termsDays: number }>(sql`
    select time_zone, currency, terms_days from organizations where id = ${organizationId}`);
  const habits = must(row, 'the organization');
  return { ...habits, digits: currencyDigits(habits.currency) };
}
