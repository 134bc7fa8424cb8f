import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { CardFeePolicy } from '#features/card-fees/rules.ts';
import { snake } from '#lib/casing.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type Row = Omit<CardFeePolicy, 'id'> & { createdAt: Date | null };

/** The newest version, or what there would be to begin with. */
export async function newestCardFeePolicy(tx: Tx, organizationId: string, today: CalendarDate) {
  const newest = await tx.row<Row>(sql`
    select version, mode, percent, flat_amount, most_amount, currency, cost_percent, acquirer_notified_on, region, channel,
      effective_from, created_at
    from card_fee_policies where organization_id = ${organizationId} order by version desc limit 1`);
  if (newest) return snake(newest);
  const organization = must(
    await tx.row<{ currency: string; region: string | null }>(sql`
      select o.currency, (select 'US-' || z.region from region_zones z where z.country = 'US'
        and coalesce(nullif(o.address ->> 'country', ''), 'US') = 'US'
        and upper(trim(o.address ->> 'region')) in (z.region, upper(z.name))) as region
      from organizations o where o.id = ${organizationId}`),
    'the organization',
  );
  return snake({
    version: 0,
    mode: 'off' as const,
    percent: '3',
    flatAmount: 0n,
    mostAmount: null,
    costPercent: null,
    acquirerNotifiedOn: null,
    channel: 'online' as const,
    effectiveFrom: today,
    createdAt: null,
    ...organization,
  });
}

/** The places whose rules are kept. */
export const readPlaces = (tx: Tx): Promise<{ region: string; name: string }[]> =>
  tx.rows(
    sql`select country || '-' || region as region, name from region_zones where country = 'US' order by name`,
  );
