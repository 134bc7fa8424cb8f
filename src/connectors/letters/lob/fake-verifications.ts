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
      components: { city, state, zip_code: zip.slice(0, 5) || '94107', zip_code_plus_4: '5678' },
      deliverability_analysis: {},
      lob_confidence_score: { score: 100, level: 'high' },
      object: 'us_verification',
    },
  };
}
