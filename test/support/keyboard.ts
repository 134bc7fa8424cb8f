import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { desk, look, wcag } from './page-audit.ts';
import type { Watch } from './watched-page.ts';

/** Where the focus is, as somebody meets it who has no mouse. */
type Stop = {
  name: string;
  inDialog: boolean;
  /** Nothing on the page shows that it is here. */
  unmarked: boolean;
  /** Something else lies on all of it, or it is out of sight. */
  covered: boolean;
};
type Name = string | RegExp;

const fits = (name: string, wanted: Name): boolean =>
  typeof wanted === 'string' ? name === wanted : wanted.test(name);

/** Runs in the page. */
function readStop(): Stop | undefined {
  const one = document.activeElement;
  if (!(one instanceof HTMLElement) || one === document.body) return undefined;
  const labels = 'labels' in one ? [...((one as HTMLInputElement).labels ?? [])] : [];
  const textOf = (element: Element | null | undefined) =>
    element?.textContent?.replaceAll(/\s+/g, ' ').trim();
  const named = one.getAttribute('aria-labelledby')?.split(' ') ?? [];
  const name =
    one.getAttribute('aria-label') ||
    named.map((id) => textOf(document.getElementById(id))).join(' ') ||
    textOf(labels[0])?.replace(/ ?\*$/, '') ||
    textOf(one) ||
    one.tagName;
  // A box that is drawn by hand stands beside its hidden field, or around it.
  const drawn = [one, one.nextElementSibling, ...labels, one.parentElement].filter(
    (each): each is HTMLElement => each instanceof HTMLElement,
  );
  const ring = drawn.find((each) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    const isDrawn = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
    return isDrawn && Math.min(each.offsetWidth, each.offsetHeight) > 3;
  });
  const seen = (element: HTMLElement): boolean => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const points = [
      [x, y],
      [left + 3, y],
      [right - 3, y],
      [x, top + 3],
      [x, bottom - 3],
    ] as const;
    return points.some(([px, py]) => {
      const hit = document.elementFromPoint(px, py);
      return hit !== null && (element.contains(hit) || hit.contains(element));
    });
  };
  return {
    name,
    inDialog: one.closest('[role=dialog]') !== null,
    unmarked: ring === undefined && one.id !== 'content',
    covered: !seen(ring ?? one),
  };
}

/** A person with a keyboard alone. Every stop on the way must be marked and in sight. */
export class Keyboard {
  readonly page: Page;
  readonly #watch: Watch;
  constructor(page: Page, watch: Watch) {
    this.page = page;
    this.#watch = watch;
  }

  async at(): Promise<Stop> {
    return (await this.page.evaluate(readStop)) ?? assert.fail(`the focus is nowhere on ${this.page.url()}`);
  }

  /** Tab after Tab, until the focus is at what has this name. */
  async to(name: Name, { key = 'Tab', most = 140 }: { key?: string; most?: number } = {}): Promise<void> {
    const passed: string[] = [];
    for (let presses = 0; presses < most; presses += 1) {
      await this.page.keyboard.press(key);
      const stop = await this.page.evaluate(readStop);
      // After the last one the focus is with the browser itself, and comes back at the top.
      if (!stop) continue;
      assert.ok(!stop.unmarked, `nothing shows that the focus is at "${stop.name}" on ${this.page.url()}`);
      assert.ok(!stop.covered, `"${stop.name}" has the focus and cannot be seen on ${this.page.url()}`);
      if (fits(stop.name, name)) return;
      passed.push(stop.name);
    }
    assert.fail(`${String(name)} is not reached on ${this.page.url()}: ${passed.join(' | ')}`);
  }

  /** Go there and press it. */
  async press(name: Name, key = 'Enter'): Promise<void> {
    await this.to(name);
    await this.page.keyboard.press(key);
  }

  /** Into the field with this name, in place of what stands there. */
  async fill(name: Name, text: string): Promise<void> {
    if (!fits((await this.at()).name, name)) await this.to(name);
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.type(text);
  }

  /** What a field offers after some letters is taken with the arrow and Enter. */
  async choose(letters: string, option: Name): Promise<void> {
    if (letters) await this.page.keyboard.type(letters);
    await this.page.getByRole('option', { name: option }).waitFor();
    await this.#watch.settle();
    for (let steps = 0; steps < 30; steps += 1) {
      await this.page.keyboard.press('ArrowDown');
      const words = await this.page.evaluate(
        () => document.querySelector('[role=option][data-combobox-selected]')?.textContent?.trim() ?? '',
      );
      if (fits(words, option)) return this.page.keyboard.press('Enter');
    }
    assert.fail(`${String(option)} cannot be chosen with the arrows`);
  }

  /** Letters for the search of a list, and what it finds is there. */
  async search(letters: string): Promise<void> {
    await this.page.keyboard.press('/');
    await this.page.keyboard.type(letters);
    await this.page.waitForURL(/[?&]q=/);
    await this.#watch.settle();
  }

  /** One of a menu that a button opens. */
  async pick(button: Name, item: Name): Promise<void> {
    await this.press(button);
    await this.page.getByRole('menu').waitFor();
    await this.to(item, { key: 'ArrowDown', most: 20 });
    await this.page.keyboard.press('Enter');
  }

  /** The page with this heading is there, and is what is heard next. */
  async arrive(heading: Name): Promise<void> {
    const one = this.page.getByRole('heading', { level: 1, name: heading, exact: true });
    await one.waitFor().catch(async (error: unknown) => {
      const says = await this.page.evaluate(() => document.querySelector('main')?.innerText ?? '');
      assert.fail(`${String(heading)} does not come; ${this.page.url()} says: ${says}\n${String(error)}`);
    });
    await this.page.waitForFunction(() => document.activeElement?.closest('main'));
    await this.clean();
  }

  /** A dialog is open and has the focus. */
  async dialog(name: Name): Promise<void> {
    await this.page.getByRole('dialog', { name }).waitFor();
    await this.page.waitForFunction(() => document.activeElement?.closest('[role=dialog]'));
    await this.clean('[role=dialog]');
  }

  /** The dialog is gone and the focus is on the page again, at what is named where it still stands. */
  async closed(backAt?: Name): Promise<void> {
    await this.page.getByRole('dialog').waitFor({ state: 'detached' });
    await this.page.waitForFunction(() => document.activeElement !== document.body);
    const stop = await this.at();
    if (backAt)
      assert.ok(fits(stop.name, backAt), `the focus is at "${stop.name}", not at ${String(backAt)}`);
  }

  /** Nothing for axe to find, and nothing went wrong meanwhile. */
  async clean(within?: string): Promise<void> {
    await this.#watch.settle();
    const ask = { tags: wcag };
    const found = await look(this.page, 'ten-tasks', { scheme: 'light', size: desk, ask, within });
    // What a page asked for when it was left comes to nothing.
    assert.deepEqual([...found, ...this.#watch.faults(/ERR_ABORTED/)], [], this.page.url());
  }

  /** Once around the page, from its top: the skip link leads into it, and there is no way but on. */
  async around(): Promise<number> {
    await this.to('Skip to the page', { most: 400 });
    await this.page.keyboard.press('Enter');
    await this.page.waitForFunction(() => document.activeElement?.id === 'content');
    await this.page.keyboard.press('Tab');
    const first = await this.page.evaluate(() => document.activeElement?.closest('main') !== null);
    assert.ok(first, `the skip link of ${this.page.url()} leads past the page`);
    let stops = 1;
    for (; stops < 400; stops += 1) {
      await this.page.keyboard.press('Tab');
      const stop = await this.page.evaluate(readStop);
      if (stop) assert.ok(!stop.unmarked && !stop.covered, `"${stop.name}" cannot be seen to have the focus`);
      if (stop?.name === 'Skip to the page') return stops;
    }
    return assert.fail(`the keyboard does not get around ${this.page.url()}`);
  }
}
