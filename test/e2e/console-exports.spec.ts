import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { closeBrowser } from '../support/browser.ts';
import { type ConsoleCompany, openConsoleCompany } from '../support/console-company.ts';
import { signedIn, type Visitor } from '../support/console-visitor.ts';

let company: ConsoleCompany;
let who: Visitor;
let page: Page;

before(async () => {
  company = await openConsoleCompany();
  who = await signedIn(company);
  page = who.page;
});
after(async () => {
  await closeBrowser();
  await company.stop();
});

const open = async (path: string): Promise<void> => {
  await page.goto(`${company.origin}/console${path}`);
  await who.settle();
};
/** Types into the list's own search, which stays on the page. */
async function narrowTo(path: string, words: string): Promise<void> {
  await page.locator('main').getByRole('searchbox').first().fill(words);
  await page.waitForURL(`**${path}?*q=${words}*`);
  await who.settle();
}
/** Presses what makes a file, and reads what the browser was given once it was made. */
async function fetched(item: string): Promise<Record<string, string>[]> {
  const coming = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: item, exact: true }).click();
  const download = await coming;
  const rows: Record<string, string>[] = parse(readFileSync(await download.path()), {
    columns: true,
    bom: true,
  });
  await page
    .getByRole('dialog')
    .getByRole('link', { name: /^Download / })
    .waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  return rows;
}

test('a list comes as a file by itself once it is made, with the filter that is shown', async () => {
  await open('/invoices?status=past_due&sort=due_date');
  await page.getByRole('button', { name: 'Export invoices', exact: true }).click();
  const rows = await fetched('CSV');
  const shown = await page.locator('main table tbody tr td[data-slot=title]').allInnerTexts();
  assert.ok(rows.length >= shown.length && shown.length > 0);
  assert.deepEqual(
    rows.slice(0, shown.length).map((row) => row.Number),
    shown.map((text) => text.trim().split('\n')[0]),
  );
  assert.ok(rows.every((row) => Number(row['Days late']) > 0));
});

test('a tick that the filter no longer shows is in the file all the same, or is no tick any more', async () => {
  await open('/invoices');
  await page.locator('main tbody').getByRole('checkbox').nth(0).check();
  const bar = page.getByRole('region', { name: 'Selection' });
  await narrowTo('/invoices', 'no-such-invoice');
  await bar.getByRole('button', { name: 'More', exact: true }).click();
  assert.equal((await fetched('Export as CSV')).length, 1);
  await open('/payments');
  await page.locator('main tbody').getByRole('checkbox').nth(0).check();
  await bar.waitFor();
  await narrowTo('/payments', 'no-such-payment');
  await bar.waitFor({ state: 'hidden' });
});

test('ticked rows come alone, of invoices and of payments', async () => {
  for (const [path, button, heading] of [
    ['/invoices', 'More', 'Number'],
    ['/payments', 'Export selected payments', 'Id'],
  ] as const) {
    await open(path);
    const boxes = page.locator('main tbody').getByRole('checkbox');
    await boxes.nth(0).check();
    await boxes.nth(2).check();
    const bar = page.getByRole('region', { name: 'Selection' });
    await bar.getByRole('button', { name: button, exact: true }).click();
    const rows = await fetched(button === 'More' ? 'Export as CSV' : 'CSV');
    assert.equal(rows.length, 2, path);
    assert.equal(new Set(rows.map((row) => row[heading])).size, 2);
  }
});

test('a file that failed is asked for again; one that is not there any more is asked about no further', async () => {
  const one = /\/v1\/list-files\/[^/]+$/;
  await open('/invoices');
  const exportCsv = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Export invoices', exact: true }).click();
    await page.getByRole('menuitem', { name: 'CSV', exact: true }).click();
  };
  let told = 0;
  await page.route(one, async (route) => {
    told += 1;
    const answer = await route.fetch();
    const work = { ...(await answer.json()), state: 'failed', download: null };
    await route.fulfill({ response: answer, json: work });
  });
  await exportCsv();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('The file could not be made').waitFor();
  await page.unroute(one);
  const coming = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Ask again' }).click();
  await coming;
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.route(one, (route) => {
    told += 1;
    return route.fulfill({ status: 404, json: { error: { code: 'not_found', message: 'Not there.' } } });
  });
  await exportCsv();
  await dialog.getByText('Not there.').waitFor();
  const before = told;
  await page.waitForTimeout(1500);
  assert.equal(told, before);
  await page.unroute(one);
});
