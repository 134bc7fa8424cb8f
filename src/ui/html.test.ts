import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { attributes, Html, html, inlineStyle, join, raw } from '#ui/html.ts';

const decode = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_all, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '',
  );
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'<>"\'&/=` \n-!;ax') }),
  fc.constantFrom(
    '</script>',
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='x",
    '<!--',
    '&lt;',
    '&amp;#39;',
  ),
);

test('no text breaks out of where it was put', () => {
  fc.assert(
    fc.property(anyText, anyText, (inside, quoted) => {
      const page = String(html`<p title="${quoted}" lang='${quoted}'>${inside}</p>`);
      const match = /^<p title="([^"'<>]*)" lang='([^"'<>]*)'>([^"'<>]*)<\/p>$/.exec(page);
      assert.ok(match, page);
      assert.equal(decode(match[1] ?? ''), quoted);
      assert.equal(decode(match[2] ?? ''), quoted);
      assert.equal(decode(match[3] ?? ''), inside);
    }),
  );
});

test('no text breaks out of attributes()', () => {
  fc.assert(
    fc.property(anyText, (value) => {
      const page = String(
        html`<input ${attributes({ value, checked: true, disabled: false, id: undefined })}>`,
      );
      const match = /^<input value="([^"'<>]*)" checked>$/.exec(page);
      assert.equal(decode(match?.[1] ?? '-'), value);
    }),
  );
});

test('templates nest, lists flow, absence is empty', () => {
  const list = ['a', '<b>'].map((each) => html`<li>${each}</li>`);
  assert.equal(
    String(html`<ul>${list}${false}${null}${undefined}${0}${12n}</ul>`),
    '<ul><li>a</li><li>&lt;b&gt;</li>012</ul>',
  );
  assert.equal(String(join(['a', '&'], html`<br>`)), 'a<br>&amp;');
});

test('an object that looks like markup stays refused', () => {
  const fake = { toString: () => '<script>' };
  assert.throws(() => html`<p>${fake as never}</p>`);
  assert.throws(() => new Html(Symbol('html'), '<script>'));
});

test('an address that runs script is refused however it is written', () => {
  for (const url of [
    'javascript:alert(1)',
    ' JaVaScRiPt:x',
    'java\nscript:x',
    '\u0001javascript:x',
    'data:text/html,x',
  ]) {
    assert.throws(() => html`<a href="${url}">x</a>`, /refused the address/, url);
    assert.throws(() => html`<a ${attributes({ href: url })}>x</a>`, /refused the address/, url);
  }
  assert.throws(() => html`<a href="${'java'}${'script:x'}">x</a>`, /refused/);
  assert.throws(() => html`<a href="${'javascript'}:${'x'}">x</a>`, /refused/);
  for (const url of [
    '/a:b',
    '?a=b',
    'https://x.example/',
    'mailto:a@b.example',
    'tel:+1',
    '#top',
    '/pay/javascript:x',
  ]) {
    assert.equal(String(html`<a href="${url}">x</a>`), `<a href="${url}">x</a>`);
  }
});

test('an address that is missing is refused, not printed as null', () => {
  for (const nothing of [null, undefined, false] as const) {
    assert.throws(() => html`<a href="${nothing}">x</a>`);
    assert.throws(() => html`<p title="${nothing}">x</p>`);
  }
  assert.throws(() => html`<p title="${html`<b>x</b>`}">x</p>`);
});

test('inline styles hold nothing but plain values', () => {
  assert.equal(
    String(html`<p style="${inlineStyle({ color: '#111111', 'font-family': "'Segoe UI',Arial" })}">x</p>`),
    '<p style="color:#111111;font-family:&#39;Segoe UI&#39;,Arial">x</p>',
  );
  for (const value of ['red;background:url(x)', 'url(x)', '"', 'a}b', '<', 'expression(1)', '/*']) {
    assert.throws(() => inlineStyle({ color: value }), /refused/, value);
  }
});

test('places that no escaping makes safe take no value', () => {
  const x = 'x';
  assert.throws(() => html`<p onclick="${x}">x</p>`);
  assert.throws(() => html`<p style="${x}">x</p>`);
  assert.throws(() => html`<p title=${x}>x</p>`);
  assert.throws(() => html`<p ${x}>x</p>`);
  assert.throws(() => html`<${x}>x</p>`);
  assert.throws(() => html`<!-- ${x} -->`);
  assert.throws(() => html`<script>${x}</script>`);
  assert.throws(() => html`<style>${raw('</style>')}</style>`);
  assert.throws(() => html`<p title="`);
  assert.throws(() => attributes({ onclick: 'x' }));
  assert.throws(() => attributes({ 'a b': 'x' }));
  assert.equal(
    String(html`<style nonce="${x}">${raw('p{color:red}')}</style>`),
    '<style nonce="x">p{color:red}</style>',
  );
});
