import { randomBytes } from 'node:crypto';
import { type Answer, refusal } from './fake-answer.ts';

type Asked = Record<string, string | undefined>;

/**
 * Addresses by their first line, as Lob's own test mode does it: `undeliverable` is not known, `missing unit`
 * lacks its unit; every other is deliverable and comes back as the postal service spells it.
 */
export function verificationJson(asked: Asked, isUs: boolean): Answer {
  const line = asked.primary_line ?? '';
  const zip = asked.zip_code ?? asked.postal_code ?? '';
  if (line === '') return refusal(422, 'invalid', 'primary_line is required');
  if (zip === '' && !(asked.city && asked.state))
    return refusal(422, 'invalid', 'zip_code is required or both city and state are required');
  const deliverability = /undeliverable/i.test(line)
    ? 'undeliverable'
    : /missing unit/i.test(line)
      ? 'deliverable_missing_unit'
      : 'deliverable';
  const primary = line.replace(/\bStreet\b/i, 'St').replace(/\bAvenue\b/i, 'Ave');
  const [city, state] = [asked.city ?? 'San Francisco', asked.state?.slice(0, 2).toUpperCase() ?? 'CA'];
  const id = randomBytes(8).toString('hex');
  if (!isUs)
    return {
      status: 200,
      json: {
        id: `intl_ver_${id}`,
        recipient: null,
        primary_line: primary,
        secondary_line: asked.secondary_line ?? '',
        last_line: `${zip} ${city}`,
        country: asked.country ?? '',
        coverage: 'SUBBUILDING',
        deliverability,
        status: 'LV1',
        components: { primary_number: '', street_name: '', city, state, postal_code: zip },
        object: 'intl_verification',
      },
    };
  return {
    status: 200,
    json: {
      id: `us_ver_${id}`,
      recipient: null,
      primary_line: primary,
      secondary_line: asked.secondary_line ?? '',
      urbanization: '',
      last_line: `${city} ${state} ${zip.slice(0, 5)}-5678`,
      deliverability,
      valid_address: deliverability !== 'undeliverable',
      components: componentsOf(primary, { city, state, zip: zip.slice(0, 5) || '94107' }),
      deliverability_analysis: analysisOf(deliverability),
      lob_confidence_score: { score: 100, level: 'high' },
      object: 'us_verification',
    },
  };
}

/** An address taken apart as Lob does it; what plain addresses lack is empty. */
function componentsOf(line: string, { city, state, zip }: { city: string; state: string; zip: string }) {
  const [number = '', ...street] = line.split(' ');
  return {
    ...{ primary_number: number, street_predirection: '', street_name: street.slice(0, -1).join(' ') },
    ...{ street_suffix: street.at(-1) ?? '', street_postdirection: '' },
    ...{ secondary_designator: '', secondary_number: '', pmb_designator: '', pmb_number: '' },
    ...{ extra_secondary_designator: '', extra_secondary_number: '', city, state, zip_code: zip },
    ...{ zip_code_plus_4: '5678', zip_code_type: 'standard', delivery_point_barcode: `${zip}5678108` },
    ...{ address_type: 'commercial', record_type: 'street', default_building_address: false },
    ...{ county: 'TRAVIS', county_fips: '48453', carrier_route: 'C032' },
    ...{ carrier_route_type: 'city_delivery', po_box_only_flag: 'N', latitude: 30.27, longitude: -97.74 },
  };
}

function analysisOf(deliverability: string) {
  const dpv =
    deliverability === 'deliverable' ? 'Y' : deliverability === 'deliverable_missing_unit' ? 'D' : 'N';
  return {
    ...{ dpv_confirmation: dpv, dpv_cmra: 'N', dpv_vacant: 'N', dpv_active: 'Y', dpv_inactive_reason: '' },
    ...{ dpv_throwback: 'N', dpv_non_delivery_day_flag: 'N', dpv_non_delivery_day_values: '' },
    ...{ dpv_no_secure_location: 'N', dpv_door_not_accessible: 'N', dpv_footnotes: ['AA', 'BB'] },
    ...{ ews_match: false, lacs_indicator: '', lacs_return_code: '', suite_return_code: '' },
  };
}
