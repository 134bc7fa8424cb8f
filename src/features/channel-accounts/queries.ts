import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { CarrierChannel, Carriers } from '#features/correspondence/carriers.ts';
import { snake } from '#lib/casing.ts';
import { must, notFound } from '#lib/errors.ts';

export type ChannelAccountRow = {
  id: string;
  channel: CarrierChannel;
  vendor: string;
  credentials: Buffer;
  shown: string;
  vendorAccount: string | null;
  checkedAt: Date | null;
  problem: string | null;
  createdAt: Date;
};

const columns = sql.raw(
  `id, channel, vendor, credentials, shown, vendor_account, checked_at, check_problem as problem, created_at`,
);

export const readChannelAccounts = (tx: Tx, organizationId: string): Promise<ChannelAccountRow[]> =>
  tx.rows<ChannelAccountRow>(sql`select ${columns} from channel_accounts
    where organization_id = ${organizationId} and disconnected_at is null order by channel desc limit 10`);

export async function readChannelAccount(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<ChannelAccountRow> {
  const row = await tx.row<ChannelAccountRow>(sql`select ${columns} from channel_accounts
    where organization_id = ${organizationId} and id = ${id}`);
  if (!row) throw notFound('carrier', id);
  return row;
}

const hooks: Record<CarrierChannel, string> = { sms: 'texts', paper: 'letters' };

export function presentChannelAccount(row: ChannelAccountRow, how: { carriers: Carriers; baseUrl: string }) {
  const { credentials: _sealed, ...seen } = row;
  const vendor = how.carriers.vendors.find((each) => each.vendor === row.vendor);
  return {
    object: 'channel_account' as const,
    ...snake(seen),
    vendor_name: vendor?.name ?? row.vendor,
    webhook_url: `${how.baseUrl}/webhooks/${hooks[row.channel]}/${row.id}`,
  };
}

/** The hours in force today, and which of them the organization keeps. */
export async function readHours(tx: Tx, organizationId: string, now: Date) {
  const organization = must(
    await tx.row<{ textHours: 'business' | 'law' }>(
      sql`select text_hours from organizations where id = ${organizationId}`,
    ),
    'the organization',
  );
  const rules = await tx.rows<{
    jurisdiction: string;
    weekdays: number[];
    opens: string;
    closes: string;
    source: string;
  }>(sql`
    select jurisdiction, array_agg(weekday::int order by weekday) as weekdays, to_char(opens, 'HH24:MI') as opens,
      to_char(closes, 'HH24:MI') as closes, source
    from (select distinct on (jurisdiction, weekday) * from text_quiet_hours
      where severity = 'block' and effective_from <= ${now}::timestamptz::date
      order by jurisdiction, weekday, effective_from desc) in_force
    group by jurisdiction, opens, closes, source
    order by jurisdiction <> 'house', jurisdiction, min(weekday)`);
  return { object: 'text_hours' as const, keeps: organization.textHours, rules };
}
