import type { Page } from 'playwright-core';

/** One thing to look at in the console: where it is and what is pressed to see it. */
export type View = {
  name: string;
  path: string;
  /** Opens what the address alone does not. */
  open?: (page: Page) => Promise<unknown>;
  /** Answers that this view is about; any other that is not well is a fault. */
  expected?: RegExp;
  /** What was opened, on a page that is looked at by itself already. */
  within?: string;
};
export const inDialog = { within: '[role=dialog]' };
export const inMenu = { within: '[role=menu]' };

export const press =
  (name: string | RegExp, within: 'main' | 'dialog' = 'main') =>
  async (page: Page) => {
    const place = within === 'main' ? page.locator('main') : page.getByRole('dialog');
    await place.getByRole('button', { name }).first().click();
  };
export const menu = (target: string | RegExp, item: string | RegExp) => async (page: Page) => {
  await press(target)(page);
  await page.getByRole('menuitem', { name: item }).click();
};
export const dialog = (page: Page): Promise<void> => page.getByRole('dialog').waitFor();
