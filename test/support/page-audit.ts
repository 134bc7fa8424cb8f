import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { holdsNumber } from './numbers.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// With OWED_SHOTS=folder each look is kept as a picture, for people to look at.
const shots = process.env.OWED_SHOTS;

export const phone = { width: 390, height: 844 };
export const desk = { width: 1440, height: 900 };

/** What depends on colours or on sizes; the rest of axe reads the same markup each time. */
export const colours = ['color-contrast', 'link-in-text-block'];
export const sizes = ['target-size'];
export const wcag = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

export type Look = {
  scheme: 'light' | 'dark';
  size: typeof phone;
  /** Which of axe's rules: those of these tags, or these themselves. */
  ask: { tags: string[] } | { rules: string[] };
  /** The part of the page to look at. */
  within?: string | undefined;
};
type Finding = { id: string; nodes: { target: unknown[]; failureSummary?: string }[] };

/** What axe finds on the page as it stands, a line each. Frames are pages of their own. */
async function audit(page: Page, { ask, within }: Look): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const wish = {
    scope: { exclude: [['iframe']], ...(within ? { include: [[within]] } : {}) },
    only: 'tags' in ask ? ask.tags : { type: 'rule', values: ask.rules },
  };
  const found = await page.evaluate(async ({ scope, only }) => {
    const options = {
      preload: false,
      iframes: false,
      resultTypes: ['violations'],
      elementRef: false,
      runOnly: only,
    };
    const runner = (
      window as unknown as {
        axe: { run: (scope: unknown, options: unknown) => Promise<{ violations: Finding[] }> };
      }
    ).axe;
    return (await runner.run(scope, options)).violations;
  }, wish);
  return found.flatMap((each) =>
    each.nodes.map((node) => `${each.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}

/** One look at the page: what axe finds, and whether it runs over. */
export async function look(page: Page, name: string, each: Look): Promise<string[]> {
  const { scheme, size } = each;
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.setViewportSize(size);
  await quiet(page, scheme);
  if (each.within && (await page.locator(each.within).count()) === 0)
    return [`${scheme} ${size.width}: ${each.within} is not there any more`];
  const found = await audit(page, each);
  found.push(...(await page.evaluate(runsOver)));
  // What is on the page is on its picture; the gateway's own fields are frames, and no part of this text.
  if (holdsNumber(await page.evaluate(wordsOn))) found.push('shows a card or bank account number');
  await keepPicture(page, `${name}-${size.width}-${scheme}`);
  return found.map((fault) => `${scheme} ${size.width}: ${fault}`);
}

/** All that a reader sees, but for the test card that the banner of practice mode tells. */
const wordsOn = (): string =>
  [
    document.body.innerText.replace(
      document.querySelector<HTMLElement>('aside.practice')?.innerText ?? '',
      '',
    ),
    ...[...document.querySelectorAll('input, textarea')].map((each) => (each as HTMLInputElement).value),
  ].join('\n');

/** What is wider than its place: the page, a dialog, or a sheet, which is cut off where it ends. */
function runsOver(): string[] {
  const wide = document.documentElement.scrollWidth - innerWidth;
  const parts = [...document.querySelectorAll('main .sheet, [role=dialog]')].filter(
    (each) => each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1,
  );
  return [
    ...(wide > 0 ? [`scrolls sideways by ${wide}px`] : []),
    ...parts.map((each) => `is cut off: ${each.className}, by ${each.scrollWidth - each.clientWidth}px`),
  ];
}

/** The colours of this scheme are on the page and none is on its way to another. */
const quiet = (page: Page, scheme: Look['scheme']): Promise<unknown> =>
  page.waitForFunction(async (wanted) => {
    const { mantineColorScheme: shown = wanted } = document.documentElement.dataset;
    if (shown !== wanted) return false;
    for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
    const moving = document
      .getAnimations()
      .filter((each) => each.effect?.getComputedTiming().endTime !== Infinity);
    return moving.every((each) => each.playState === 'finished');
  }, scheme);

/** `fullPage`: all of it, as it is printed, and not only what a window shows. */
export async function keepPicture(page: Page, name: string, fullPage = false): Promise<void> {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: path.join(shots, `${name.replaceAll(/[^\w-]+/g, '-')}.png`), fullPage });
}
