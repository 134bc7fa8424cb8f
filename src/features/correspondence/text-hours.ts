import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import {
  hoursOf,
  minutesOpen,
  nextOpening,
  type Place,
  placesOf,
  type RegionZones,
  regionOf,
  type TextHours,
  zonesOf,
} from '#features/correspondence/text-hours-rules.ts';
import type { PostalAddress } from '#lib/address-lines.ts';
import { must } from '#lib/errors.ts';
import type { Phone } from '#lib/phone.ts';

export type KnownHours = {
  hours: TextHours[];
  regions: RegionZones[];
  areaCodes: ReadonlyMap<string, Place>;
  keeps: 'business' | 'law';
  ownZone: string;
};

/** What is known of when texts may arrive, on this day. */
export async function readTextHours(tx: Tx, organizationId: string, now: Date): Promise<KnownHours> {
  const organization = must(
    await tx.row<{ textHours: 'business' | 'law'; timeZone: string }>(
      sql`select text_hours, time_zone from organizations where id = ${organizationId}`,
    ),
    'the organization',
  );
  const hours = await tx.rows<TextHours>(sql`
    select distinct on (jurisdiction, weekday) jurisdiction, weekday,
      (extract(epoch from opens) / 60)::int as opens, (extract(epoch from closes) / 60)::int as closes
    from text_quiet_hours where severity = 'block' and effective_from <= ${now}::timestamptz::date
    order by jurisdiction, weekday, effective_from desc`);
  const regions = await tx.rows<RegionZones>(sql`select country, region, name, zones from region_zones`);
  const codes = await tx.rows<Place & { code: string }>(sql`select code, country, region from area_codes`);
  const areaCodes = new Map(codes.map(({ code, ...place }) => [code, place]));
  return { hours, regions, areaCodes, keeps: organization.textHours, ownZone: organization.timeZone };
}

type Recipient = { address: PostalAddress | undefined; phone: Phone };

type Known = Parameters<typeof placesOf>[0];

/** A number of Puerto Rico is of a country of its own to telephones, and of a state to the law. */
function placeOfPhone({ areaCodes }: KnownHours, { country, areaCode }: Phone): Known {
  return areaCodes.get(areaCode) ?? { country };
}

function windowOf(known: KnownHours, { address, phone }: Recipient) {
  const region = address && regionOf(known.regions, address);
  const places = placesOf(
    { country: address?.country || region?.country, region: region?.region },
    placeOfPhone(known, phone),
  );
  return {
    zones: zonesOf(known.regions, places, known.ownZone),
    hours: hoursOf(known.hours, places, known.keeps),
  };
}

/** The first moment from `from` on at which a text may arrive there; undefined: the hours never meet. */
export const whenTextsMayArrive = (known: KnownHours, to: Recipient, from: Date): Date | undefined =>
  nextOpening(windowOf(known, to), from);

export const minutesTextsMayArrive = (known: KnownHours, to: Recipient, at: Date): number =>
  minutesOpen(windowOf(known, to), at);
