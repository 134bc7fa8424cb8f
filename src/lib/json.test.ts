import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, toJson } from '#lib/json.ts';
import { maxAmount } from '#lib/money.ts';

test('minor units are exact numbers in JSON, and one that could not be is an error', () => {
  assert.equal(toJson({ amount: maxAmount, list: [-5n] }), '{"amount":9000000000000,"list":[-5]}');
  assert.throws(() => toJson({ amount: 2n ** 53n }), /not exact/);
});

test('the same value gives the same bytes, whatever the order it was put together in', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      assert.equal(canonicalJson(turned), canonicalJson(value));
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
    }),
  );
  assert.equal(canonicalJson({ b: 1n, a: undefined, c: [null, 'x'] }), '{"b":1,"c":[null,"x"]}');
});
