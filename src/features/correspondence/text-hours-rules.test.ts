import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hoursOf, placesOf, type TextHours, zonesOf } from '#features/correspondence/text-hours-rules.ts';

const known: TextHours[] = [
  ['house', 540, 1080],
  ['US', 480, 1260],
  ['US-TX', 540, 1260],
  ['US-FL', 480, 1200],
].map(([jurisdiction, opens, closes]) => ({
  jurisdiction: String(jurisdiction),
  weekday: 1,
  opens: Number(opens),
  closes: Number(closes),
}));
const regions = [
  { country: 'US', region: 'TX', name: 'Texas', zones: ['America/Chicago', 'America/Denver'] },
  { country: 'US', region: 'FL', name: 'Florida', zones: ['America/New_York', 'America/Chicago'] },
];
const lawsOf = (...of: Parameters<typeof placesOf>): string[] =>
  hoursOf(known, placesOf(...of), 'law').flatMap((layer) => layer.map(({ jurisdiction }) => jurisdiction));

test('where the address and the area code name two states, the laws and clocks of both hold', () => {
  const both = placesOf({ country: 'US', region: 'TX' }, { country: 'US', region: 'FL' });
  assert.deepEqual(both, [
    { country: 'US', region: 'TX' },
    { country: 'US', region: 'FL' },
  ]);
  assert.deepEqual(zonesOf(regions, both, 'UTC'), ['America/Chicago', 'America/Denver', 'America/New_York']);
  assert.deepEqual(lawsOf({ country: 'US', region: 'TX' }, { country: 'US', region: 'FL' }), [
    'US',
    'US-TX',
    'US-FL',
  ]);
});

test('where one of them tells the state the whole country does not count besides', () => {
  assert.deepEqual(lawsOf({ country: 'US' }, { country: 'US', region: 'FL' }), ['US', 'US-FL']);
  assert.deepEqual(lawsOf({ country: 'US', region: 'TX' }, { country: 'US' }), ['US', 'US-TX']);
  assert.deepEqual(lawsOf({}, { country: 'US' }), ['US', 'US-TX', 'US-FL']);
  assert.ok(zonesOf(regions, placesOf({}, { country: 'US' }), 'UTC').includes('Pacific/Honolulu'));
});

test('an address abroad and a number at home are two countries; of nothing known the own zone holds', () => {
  const places = placesOf({ country: 'DE' }, { country: 'US', region: 'FL' });
  const zones = zonesOf(regions, places, 'UTC');
  for (const zone of ['Europe/Berlin', 'America/New_York', 'America/Chicago'])
    assert.ok(zones.includes(zone), zone);
  assert.ok(!zones.includes('Pacific/Honolulu'));
  assert.deepEqual(zonesOf(regions, placesOf({}, {}), 'Europe/Vienna'), ['Europe/Vienna']);
});
