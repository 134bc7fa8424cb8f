import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { isPastDue } from '#db/past-due.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { formatMoney } from '#lib/money.ts';

type Sums = {
  received: bigint;
  payments: bigint;
  open: bigint;
  invoices: bigint;
  pastDue: bigint;
  late: bigint;
};

/** The figures of a morning: what came in on the day before, what is open, what of it is past due. */
export async function readSummary(
  tx: Tx,
  organization: { id: string; currency: string; locale: string },
  today: CalendarDate,
): Promise<[string, string][]> {
  const { id, currency, locale } = organization;
  const row = await tx.row<Sums>(sql`
    select p.received, p.payments, i.open, i.invoices, i.past_due, i.late
    from (select coalesce(sum(amount), 0)::bigint as received, count(*) as payments from payments
      where organization_id = ${id} and received_on = ${addDays(today, -1)} and posted_at is not null
        and ended_at is null) p
    cross join (select coalesce(sum(i.balance_due), 0)::bigint as open, count(*) as invoices,
      coalesce(sum(i.balance_due) filter (where ${isPastDue('i', today)}), 0)::bigint as past_due,
      count(*) filter (where ${isPastDue('i', today)}) as late
      from invoices i where i.organization_id = ${id} and i.closed_at is null and i.issued_at is not null) i`);
  const sums = must(row, 'the sums');
  const line = (amount: bigint, count: bigint, of: string): string =>
    `${formatMoney(amount, currency, locale)} · ${count} ${of}${count === 1n ? '' : 's'}`;
  return [
    ['Received yesterday', line(sums.received, sums.payments, 'payment')],
    ['Open', line(sums.open, sums.invoices, 'invoice')],
    ['Past due', line(sums.pastDue, sums.late, 'invoice')],
  ];
}
