import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { browser, closeBrowser } from '../support/browser.ts';
import { colours, desk, type Look, look, phone, sizes, wcag } from '../support/page-audit.ts';
import { samples, serveGallery } from '../support/portal-gallery.ts';

let page: Page;
let gallery: Awaited<ReturnType<typeof serveGallery>>;

before(async () => {
  gallery = await serveGallery();
  page = await (await browser()).newPage();
});
after(async () => {
  await closeBrowser();
  gallery.server.closeAllConnections();
  gallery.server.close();
});

test('a page weighs less than 15 kB, with its styles and its script', () => {
  const script = readFileSync(new URL('../../src/web/portal/portal.js', import.meta.url));
  for (const [name, markup] of samples) {
    const weight = gzipSync(String(markup)).length + gzipSync(script).length;
    assert.ok(weight < 15_000, `${name} weighs ${weight}`);
  }
});

test('every kind of page has a title of its own, and every form that posts proves its session', () => {
  const kinds = new Map<string, Set<string>>();
  for (const [name, markup] of samples) {
    const text = String(markup);
    const title = /<title>(?:Error: )?(.*?)<\/title>/.exec(text)?.[1] ?? '';
    kinds.set(title, (kinds.get(title) ?? new Set()).add(name.split('-')[0] ?? name));
    const forms = text.match(/<form method="post"/g)?.length ?? 0;
    const tokens = text.match(/name="csrf" value="csrf-token"/g)?.length ?? 0;
    assert.equal(forms, tokens, name);
  }
  const shared = [...kinds].filter(([, names]) => names.size > 1).map(([title, names]) => [title, ...names]);
  assert.deepEqual(shared, []);
});

/** Seen in all four; every other page is seen on a phone by day and on a desk by night. */
const thorough = new Set([
  'invoices',
  'invoice-open',
  'link-open',
  'checkout-new-card',
  'checkout-bank',
  'result-declined',
  'sign-up-5',
]);

test('every page can be used by everyone: by day and by night, on a phone and on a desk', async () => {
  const all = { tags: [...wcag, 'best-practice'] };
  const visible = { rules: [...colours, ...sizes] };
  const problems: string[] = [];
  for (const [name] of samples) {
    const more = thorough.has(name);
    const looks: Look[] = [
      { scheme: 'light', size: phone, ask: all },
      ...(more ? [{ scheme: 'dark', size: phone, ask: visible } as const] : []),
      { scheme: 'dark', size: desk, ask: visible },
      ...(more ? [{ scheme: 'light', size: desk, ask: visible } as const] : []),
    ];
    await page.goto(`${gallery.origin}/${name}`);
    for (const each of looks) {
      problems.push(...(await look(page, name, each)).map((fault) => `${name} ${fault}`));
    }
  }
  assert.ok(problems.length === 0, problems.join('\n\n'));
});
