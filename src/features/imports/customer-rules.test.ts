import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CustomerOutcome } from './customer-rules.ts';
import { interpretCustomerRow } from './customer-rules.ts';
import type { FieldKey } from './field-rules.ts';
import { planImport } from './row-rules.ts';

const interpret = (row: { [key in FieldKey]?: string }): CustomerOutcome => {
  const keys = Object.keys(row) as FieldKey[];
  const mapping = Object.fromEntries(keys.map((key, at) => [String(at), key]));
  const plan = planImport({ kind: 'customers', headers: keys, mapping, formats: {}, currency: 'USD' });
  return interpretCustomerRow(plan, { lineNo: 7, cells: Object.values(row) });
};

const customer = (row: { [key in FieldKey]?: string }) => {
  const outcome = interpret(row);
  return outcome.ok ? outcome.value.customer : assert.fail(JSON.stringify(outcome.problems));
};

const reasons = (row: { [key in FieldKey]?: string }): string[] => {
  const outcome = interpret(row);
  return outcome.ok ? [] : outcome.problems.map(({ column, reason }) => `${column}: ${reason}`);
};

test('a customer is named by display name, else business, else person', () => {
  assert.equal(customer({ displayName: 'Acme', businessName: 'Acme LLC' }).displayName, 'Acme');
  assert.equal(
    customer({ displayName: '', businessName: 'Acme LLC', firstName: 'Ann' }).displayName,
    'Acme LLC',
  );
  assert.equal(customer({ firstName: 'Ann', lastName: 'Reyes' }).displayName, 'Ann Reyes');
  assert.match(reasons({ displayName: '', businessName: ' ', email: 'a@x.example' }).join(), /has no name/);
  assert.equal(
    reasons({ displayName: '#NAME?', email: '' }).length,
    1,
    'the unreadable name is the only problem',
  );
});

test('the first address is the main one, the others are copied in, none twice', () => {
  const found = customer({
    displayName: 'A',
    email: 'a@x.example; b@x.example',
    ccEmails: 'B@x.example, c@x.example, A@x.example',
  });
  assert.deepEqual([found.email, found.ccEmails], ['a@x.example', ['b@x.example', 'c@x.example']]);
});

test('an address keeps what is filled in, its country as a code, its ZIP with the zero that spreadsheets drop', () => {
  const found = customer({
    displayName: 'A',
    billingAddress1: '1 Main St',
    billingPostalCode: '2134',
    billingCountry: 'USA',
    shippingCity: '',
  });
  assert.deepEqual(found.billingAddress, { line1: '1 Main St', postal_code: '02134', country: 'US' });
  assert.equal(found.shippingAddress, undefined);
  assert.equal(customer({ displayName: 'A', billingPostalCode: '2134' }).billingAddress?.postal_code, '2134');
});

test('a customer is active unless the file says no', () => {
  assert.equal(customer({ displayName: 'A' }).active, true);
  assert.equal(customer({ displayName: 'A', active: 'Not-active' }).active, false);
});

test('all that is wrong with a row is said at once, by column', () => {
  const found = reasons({
    displayName: 'A'.repeat(201),
    email: 'nobody',
    billingCountry: 'Narnia',
    active: 'perhaps',
    termsDays: 'later',
  });
  assert.deepEqual(
    found.map((reason) => reason.split(':')[0]),
    ['displayName', 'email', 'billingCountry', 'active', 'termsDays'],
  );
  assert.match(found[0] ?? '', /201 characters; at most 200/);
});
