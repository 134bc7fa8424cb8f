import type { Page } from 'playwright-core';
import { browser } from './browser.ts';
import type { ConsoleCompany } from './console-company.ts';
import { desk } from './page-audit.ts';
import { type Watch, watch } from './watched-page.ts';

/** A person at the console, in a browser of their own. */
export type Visitor = Watch & { page: Page };

export async function visitor(): Promise<Visitor> {
  const context = await (await browser()).newContext({
    viewport: desk,
    locale: 'en-US',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return { page, ...watch(page) };
}

/** At the overview, with everything answered. */
export async function signedIn(
  company: Pick<ConsoleCompany, 'origin' | 'email' | 'password'>,
): Promise<Visitor> {
  const one = await visitor();
  const { page } = one;
  await page.goto(`${company.origin}/console/sign-in`);
  await page.getByLabel('E-mail').fill(company.email);
  await page.getByLabel('Password', { exact: true }).fill(company.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await one.calm();
  return one;
}
