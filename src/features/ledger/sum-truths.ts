import { sql } from 'kysely';
import type { Truth } from '#features/ledger/check-ledger.ts';

/** Sums that are kept are what the invoices and payments say when they are counted afresh. */
export const sumTruths: readonly Truth[] = [
  (org) => sql`select format('%s of %s', coalesce(c.figure, s.figure), coalesce(c.day, s.day)) as about,
      format('kept as %s %s in %s, counted %s in %s', coalesce(s.amount, 0), coalesce(c.currency, s.currency),
        coalesce(s.count, 0), coalesce(c.amount, 0), coalesce(c.count, 0)) as says
    from (select figure, currency, day, sum(amount) as amount, sum(count) as count from daily_sums
      where organization_id = ${org} group by figure, currency, day) s
    full join (select * from daily_sums_counted where organization_id = ${org}) c
      on c.figure = s.figure and c.currency = s.currency and c.day = s.day
    where coalesce(s.amount, 0) <> coalesce(c.amount, 0) or coalesce(s.count, 0) <> coalesce(c.count, 0)`,
  (
    org,
  ) => sql`select e.id as about, format('kept as %s hundredths of a percent billed, counted %s', e.billed_bps,
      coalesce(p.bps, 0)) as says
    from estimates e left join (select p.estimate_id, sum(p.share_bps) as bps from estimate_invoices p
      join invoices i on i.organization_id = p.organization_id and i.id = p.invoice_id
      where p.organization_id = ${org} and p.kind = 'part' and i.voided_at is null group by 1) p on p.estimate_id = e.id
    where e.organization_id = ${org} and e.billed_bps <> coalesce(p.bps, 0)`,
];
