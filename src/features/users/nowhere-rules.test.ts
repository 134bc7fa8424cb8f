import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Lead, whyNotByPassword } from '#features/users/nowhere-rules.ts';

const place = { name: 'Fern', isDisabled: false, isOwner: false, instead: null };
const lead = (given: Partial<Lead>): Lead => ({
  isOperator: false,
  invitedBy: null,
  places: [place],
  forAll: null,
  ...given,
});

test('a right password opens the door unless it leads nowhere', () => {
  assert.equal(whyNotByPassword(lead({})), undefined);
  assert.match(whyNotByPassword(lead({ places: [] })) ?? '', /belongs to no organization/);
  const gone = { ...place, isDisabled: true };
  assert.match(whyNotByPassword(lead({ places: [gone] })) ?? '', /Your access to Fern was disabled/);
  assert.equal(whyNotByPassword(lead({ places: [gone, { ...place, name: 'Oak' }] })), undefined);
  const many = ['A', 'B', 'C'].map((name) => ({ ...gone, name }));
  assert.match(whyNotByPassword(lead({ places: many })) ?? '', /to A, B and others was/);
  assert.match(whyNotByPassword(lead({ places: [gone], invitedBy: 'Oak' })) ?? '', /^Oak has invited you/);
});

test('where passwords are off they open nothing, but for owners, operators and people of several organizations', () => {
  const off = { ...place, instead: 'Okta' };
  assert.match(whyNotByPassword(lead({ places: [off] })) ?? '', /Press “Sign in with Okta”/);
  assert.equal(whyNotByPassword(lead({ places: [{ ...off, isOwner: true }] })), undefined);
  assert.equal(whyNotByPassword(lead({ places: [off], isOperator: true })), undefined);
  assert.equal(whyNotByPassword(lead({ places: [off, { ...place, name: 'Oak' }] })), undefined);
  assert.match(whyNotByPassword(lead({ places: [place, off], forAll: 'House' })) ?? '', /Sign in with House/);
});
