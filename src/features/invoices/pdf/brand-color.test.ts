import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { brandColors, contrastRatio } from './brand-color.ts';

test('whatever the brand colour, what is printed in it and on it can be read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
      const colors = brandColors(`#${value.toString(16).padStart(6, '0')}`);
      assert.ok(contrastRatio(colors.ink, '#ffffff') >= 4.5);
      assert.ok(contrastRatio(colors.fill, colors.onFill) >= 4.5);
      assert.ok(contrastRatio(colors.tint, '#14171d') >= 12);
    }),
  );
});

test('whatever the second colour, a rule of it shows on paper; without one it is the brand', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
      const colors = brandColors('#0f5c7a', `#${value.toString(16).padStart(6, '0')}`);
      assert.ok(contrastRatio(colors.line, '#ffffff') >= 3);
      assert.ok(colors.second);
    }),
  );
  assert.deepEqual([brandColors('#0f5c7a').line, brandColors('#0f5c7a').second], ['#0f5c7a', false]);
  assert.equal(brandColors('#0f5c7a', 'none').line, '#0f5c7a');
});

test('a colour that can be read is left as it is, short or long', () => {
  assert.equal(brandColors('#0f5c7a').ink, '#0f5c7a');
  assert.equal(brandColors('#05a').fill, '#0055aa');
  assert.equal(brandColors('#ffd400').fill, '#ffd400');
});

test('what is no colour prints in the colour of ink', () => {
  assert.equal(brandColors('red; }').ink, '#11141a');
});
