import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actingAs, fromOf } from '#features/audit-log/origin-rules.ts';

const by = (kind: string, id: string | null) => ({ kind, id });
const unknown = { ip: null, userAgent: null };

test('what nobody asked for over the network says what did it', () => {
  const says: [actor: ReturnType<typeof by>, words: string | null][] = [
    [by('job', 'late_fees'), 'Scheduler (late fees)'],
    [by('job', 'follow-plan'), 'Scheduler (follow plan)'],
    [by('system', 'owed user'), 'Command line (owed user)'],
    [by('system', 'host: Nimbus'), 'The host’s desk'],
    [by('system', 'gateway'), 'Owed itself'],
    // From before there were origins, or forgotten since.
    [by('user', 'usr_1'), null],
    [by('api_key', 'key_1'), null],
  ];
  for (const [actor, words] of says) assert.equal(fromOf({ actor, ...unknown }).says, words);
});

test('a request says its address, and its program in words', () => {
  const actor = by('portal_user', 'ptu_1');
  assert.deepEqual(fromOf({ actor, ip: '203.0.113.7', userAgent: 'curl/8.1' }), {
    says: '203.0.113.7 · curl',
    ip: '203.0.113.7',
    device: 'curl',
  });
  assert.equal(fromOf({ actor, ip: '203.0.113.7', userAgent: '' }).device, 'Another program');
});

test('the operator and the host are named as what they act as; one’s own people are themselves', () => {
  assert.deepEqual(actingAs(by('system', 'owed user')), {
    name: 'Somebody at the server',
    as: 'its operator',
  });
  assert.deepEqual(actingAs(by('system', 'host: Nimbus')), { name: 'Nimbus', as: 'the host of this Owed' });
  for (const actor of [by('user', 'usr_1'), by('system', 'billing'), by('job', 'host: x')])
    assert.equal(actingAs(actor), undefined);
});
