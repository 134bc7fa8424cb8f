import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { CalendarDate } from '#lib/dates.ts';

type Row = {
  of: 'visa' | 'mastercard' | 'debits';
  title: string;
  most: number | null;
  windowDays: number | null;
  note: string | null;
  severity: 'block' | 'warn' | 'inform';
  source: string;
};

const names: Record<string, string> = { visa: 'Visa', mastercard: 'Mastercard', debits: 'Bank debits' };
const inDays = (days: number): string => (days === 1 ? '24 hours' : `${days} days`);

/** The rules that every standing charge is held against, as they stand on a day. */
export async function readChargeLimits(tx: Tx, today: CalendarDate) {
  const rows = await tx.rows<Row>(sql`
    select brand as of, title, limit_value as most, window_days, note, severity, source from card_retry_limits
      where effective_from <= ${today} and (effective_to is null or ${today} < effective_to)
    union all
    select 'debits', title, limit_value, window_days, note, severity, source from ach_limits
      where key = 'submissions' and effective_from <= ${today} and (effective_to is null or ${today} < effective_to)
    union all
    select 'debits', title, null, notice_days, note, severity, source from debit_notice_rules
      where effective_from <= ${today} and (effective_to is null or ${today} < effective_to)
    order by 1 desc, 2`);
  return rows.map(({ of, title, most, windowDays, note, ...rest }) => ({
    ...rest,
    title,
    of: names[of] ?? of,
    says: [saysOf(most, windowDays), note].filter(Boolean).join(' '),
  }));
}

function saysOf(most: number | null, days: number | null): string {
  if (days === null) return 'Never.';
  return most === null ? `At least ${days} days before.` : `At most ${most} in ${inDays(days)}.`;
}
