import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { brandLine, brandPalette } from '#ui/brand-palette.ts';
import type { Hex } from '#ui/color.ts';
import { contrast, fromOklch, toOklch } from '#ui/color.ts';
import type { Roles } from '#ui/tokens.ts';
import { roles, scales } from '#ui/tokens.ts';
import { brandCss, tokensCss } from '#ui/tokens-css.ts';

const schemes = Object.entries(roles) as ['light' | 'dark', Roles][];
const hex = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value): Hex => `#${value.toString(16).padStart(6, '0')}`);

const atLeast = (ratio: number, one: Hex, other: Hex, what: string): void =>
  assert.ok(
    contrast(one, other) >= ratio,
    `${what}: ${one} on ${other} is ${contrast(one, other)}, needs ${ratio}`,
  );

test('contrast is what WCAG says it is', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast('#777777', '#777777'), 1);
  assert.equal(Math.round(contrast('#767676', '#ffffff') * 100), 454);
});

test('a colour survives the way to OKLCH and back', () => {
  fc.assert(
    fc.property(hex, (color) => {
      const back = fromOklch(toOklch(color));
      for (const at of [1, 3, 5]) {
        const drift =
          Number.parseInt(color.slice(at, at + 2), 16) - Number.parseInt(back.slice(at, at + 2), 16);
        assert.ok(Math.abs(drift) <= 1, `${color} came back as ${back}`);
      }
    }),
  );
});

test('every text colour reads on every paper, by day and by night', () => {
  for (const [scheme, role] of schemes) {
    const papers = [role.canvas, role.sheet, role.sunken];
    for (const name of ['ink', 'inkSoft', 'accentInk', 'good', 'warn', 'bad'] as const) {
      for (const paper of papers) atLeast(4.5, role[name], paper, `${scheme} ${name}`);
    }
    for (const [name, tint] of [
      ['good', 'goodTint'],
      ['warn', 'warnTint'],
      ['bad', 'badTint'],
      ['accentInk', 'accentTint'],
    ] as const) {
      atLeast(4.5, role[name], role[tint], `${scheme} ${name} on its tint`);
      atLeast(4.5, role.ink, role[tint], `${scheme} ink on ${tint}`);
    }
    for (const fill of ['accent', 'accentHover'] as const)
      atLeast(4.5, role.onAccent, role[fill], `${scheme} ${fill}`);
    for (const paper of papers) {
      for (const line of ['edge', 'focus', 'accentEdge'] as const)
        atLeast(3, role[line], paper, `${scheme} ${line}`);
    }
  }
});

test('whatever colour an organization chooses, its pages can be read', () => {
  fc.assert(
    fc.property(hex, (brand) => {
      const palette = brandPalette(brand);
      assert.ok(palette);
      for (const [scheme, role] of schemes) {
        const own = palette[scheme];
        atLeast(4.5, own.onAccent, own.accent, `${brand} ${scheme} button`);
        atLeast(4.5, own.onAccent, own.accentHover, `${brand} ${scheme} hover`);
        atLeast(4.5, role.ink, own.accentTint, `${brand} ${scheme} ink on tint`);
        for (const paper of [role.canvas, role.sheet, role.sunken]) {
          atLeast(4.5, own.accentInk, paper, `${brand} ${scheme} link`);
          atLeast(3, own.focus, paper, `${brand} ${scheme} focus`);
          atLeast(3, own.accentEdge, paper, `${brand} ${scheme} edge`);
        }
        atLeast(4.5, own.accentInk, own.accentTint, `${brand} ${scheme} link on tint`);
      }
    }),
    { numRuns: 400 },
  );
});

test('a colour that can be read as it is stays as it is', () => {
  assert.equal(brandPalette('#7a1f4b')?.light.accent, '#7a1f4b');
  assert.equal(brandPalette('#ffd400')?.light.accent, '#ffd400');
});

test('what is no colour is no palette', () => {
  for (const text of ['', 'red', '#fff', '#12345g', '#1234567', 'url(x)'])
    assert.equal(brandPalette(text), undefined);
});

test('scales have ten steps, each darker than the one before', () => {
  for (const [name, scale] of Object.entries(scales)) {
    assert.equal(scale.length, 10);
    for (const [index, step] of scale.entries()) {
      const before = scale[index - 1];
      if (before) assert.ok(contrast(step, '#ffffff') > contrast(before, '#ffffff'), `${name} ${index}`);
    }
  }
});

test('tokens become custom properties for both schemes', () => {
  const css = tokensCss();
  for (const part of [
    '--canvas:#f6f2ea;',
    '--canvas:#161411;',
    '--ink-soft:',
    '--text-hero:2.75rem;',
    '--space-4:16px;',
  ]) {
    assert.ok(css.includes(part), part);
  }
  assert.match(
    brandCss({ light: { accent: '#7a1f4b' }, dark: { accent: '#d18bb0' } }),
    /^:root\{--accent:#7a1f4b;\}@media/,
  );
});

test('a line of a second colour shows on every paper, by day and by night; what is no colour draws none', () => {
  fc.assert(
    fc.property(hex, (color) => {
      const line = brandLine(color);
      assert.ok(line);
      for (const [scheme, { canvas, sheet, sunken }] of schemes)
        for (const paper of [canvas, sheet, sunken])
          atLeast(3, line[scheme] as Hex, paper, `line of ${color}`);
    }),
  );
  assert.equal(brandLine('red'), undefined);
});
