import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import chromium from '@sparticuz/chromium';
import type { Browser, Page } from 'playwright-core';
import { chromium as playwright } from 'playwright-core';
import { samples, serveGallery } from '../support/portal-gallery.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const phone = { width: 390, height: 844 };
const desk = { width: 1440, height: 900 };

let browser: Browser;
let page: Page;
let gallery: Awaited<ReturnType<typeof serveGallery>>;

before(async () => {
  gallery = await serveGallery();
  chromium.setGraphicsMode = false;
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
  });
  page = await browser.newPage();
});
after(async () => {
  await browser.close();
  gallery.server.closeAllConnections();
  gallery.server.close();
});

/** What depends on colours and sizes; the rest of axe reads the same markup each time. */
const looks = ['color-contrast', 'link-in-text-block', 'target-size'];

type Finding = { id: string; nodes: { target: unknown[]; failureSummary?: string }[] };

async function audit(rules?: string[]): Promise<string[]> {
  const found = await page.evaluate(async (only) => {
    const scope = { exclude: [['iframe']] };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const options = {
      preload: false,
      iframes: false,
      resultTypes: ['violations'],
      elementRef: false,
      runOnly: only ? { type: 'rule', values: only } : tags,
    };
    const runner = (
      window as unknown as {
        axe: { run: (scope: unknown, options: unknown) => Promise<{ violations: Finding[] }> };
      }
    ).axe;
    return (await runner.run(scope, options)).violations;
  }, rules);
  return found.flatMap((each) =>
    each.nodes.map((node) => `${each.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}

const tooWide = (): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

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
  const problems: string[] = [];
  const see = async (
    name: string,
    scheme: 'light' | 'dark',
    viewport: typeof phone,
    rules?: string[],
  ): Promise<void> => {
    const found = await audit(rules);
    if (await tooWide()) found.push('scrolls sideways');
    problems.push(...found.map((each) => `${name} ${scheme} ${viewport.width}: ${each}`));
  };
  for (const [name] of samples) {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(phone);
    await page.goto(`${gallery.origin}/${name}`);
    await page.evaluate(axe);
    await see(name, 'light', phone);
    await page.emulateMedia({ colorScheme: 'dark' });
    if (thorough.has(name)) await see(name, 'dark', phone, looks);
    await page.setViewportSize(desk);
    await see(name, 'dark', desk, looks);
    await page.emulateMedia({ colorScheme: 'light' });
    if (thorough.has(name)) await see(name, 'light', desk, looks);
  }
  assert.deepEqual(problems, []);
});
