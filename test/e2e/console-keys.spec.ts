import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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

const heading = (name: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
const open = async (path: string): Promise<void> => {
  await page.goto(`${company.origin}/console${path}`);
  await who.settle();
};
/** The second key counts for a second after the first, which a busy machine may miss. */
async function pressUntil(keys: string, name: string): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    await page.keyboard.type(keys);
    const arrived = await page
      .waitForFunction((wanted) => document.querySelector('h1')?.textContent === wanted, name, {
        timeout: 2000,
      })
      .catch(() => undefined);
    if (arrived) return;
  }
  assert.fail(`${keys} does not lead to ${name}`);
}

/** What has the focus, as a reader would hear it. */
const focused = (): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: one } = document;
    return one?.getAttribute('aria-label') || one?.textContent?.trim() || one?.tagName || '';
  });
const noDialog = (): Promise<void> => page.getByRole('dialog').waitFor({ state: 'detached' });

test('two keys lead to each list, and the new page is what is heard next', async () => {
  await open('/');
  for (const [keys, name] of [
    ['gi', 'Invoices'],
    ['gc', 'Customers'],
    ['gp', 'Payments'],
    ['gm', 'Messages'],
    ['gh', 'Overview'],
  ] as const) {
    await pressUntil(keys, name);
    await page.waitForFunction(() => document.activeElement?.id === 'content');
  }
  await page.keyboard.press('n');
  await heading('New invoice');
});

test('a slash goes to the search of the list, and to the palette where there is no list', async () => {
  await open('/invoices');
  await page.keyboard.press('/');
  assert.equal(await focused(), 'Search invoices');
  await page.keyboard.type('gi/?');
  assert.equal(await page.getByLabel('Search invoices').inputValue(), 'gi/?', 'keys in a field are text');
  await open('/settings');
  await page.keyboard.press('/');
  await page.getByRole('dialog', { name: 'Search and commands' }).waitFor();
  await page.keyboard.press('Escape');
  await noDialog();
});

test('j and k walk a list, x picks, Enter opens', async () => {
  await open('/invoices');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const second = await focused();
  await page.keyboard.press('k');
  assert.notEqual(await focused(), second);
  await page.keyboard.press('x');
  await page.getByRole('region', { name: 'Selection' }).getByText('1 invoice selected').waitFor();
  const first = await focused();
  await page.keyboard.press('Enter');
  await heading(first);
});

test('e edits the row in focus, or the record that is open, where there is something to edit', async () => {
  await open('/invoices?status=draft');
  await page.keyboard.press('e');
  assert.match(page.url(), /status=draft/, 'no row is chosen yet');
  await page.keyboard.press('j');
  const number = await focused();
  await page.keyboard.press('e');
  await heading(`Edit ${number}`);
  await open('/customers');
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  const drawer = page.getByRole('dialog', { name: 'Edit customer' });
  await drawer.waitFor();
  await page.keyboard.press('Escape');
  await noDialog();
  await page.keyboard.press('e');
  await drawer.waitFor();
  await page.keyboard.press('Escape');
  await noDialog();
  await open(`/credit-memos/${company.ids.draftCreditMemo}`);
  await page.keyboard.press('e');
  await page.getByRole('heading', { level: 1, name: /^Edit / }).waitFor();
  await open(`/invoices/${company.ids.closedInvoice}`);
  const { href } = new URL(page.url());
  await page.keyboard.press('e');
  await who.settle();
  assert.equal(page.url(), href, 'an issued invoice keeps what it says');
  assert.equal(await page.getByRole('dialog').count(), 0);
});

test('the palette opens while typing, finds, leads there, and gives the focus back', async () => {
  await open('/customers');
  await page.getByLabel('Search customers').focus();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Search and commands' });
  await palette.waitFor();
  assert.match(await focused(), /^Search customers, invoices, payments and commands/);
  await page.keyboard.press('Escape');
  await noDialog();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Search customers');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Drafts');
  await palette.getByRole('option', { name: 'Drafts' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await heading('Invoices');
  assert.match(page.url(), /status=draft/);
  await noDialog();
});

test('a question mark shows the keys; Escape leads back; single keys can be switched off', async () => {
  await open('/payments');
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.waitFor();
  await page.keyboard.press('n');
  await sheet.waitFor();
  assert.match(page.url(), /payments/, 'keys mean nothing behind a dialog');
  await sheet.getByRole('switch').click();
  await page.keyboard.press('Escape');
  await noDialog();
  await page.keyboard.press('n');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Search and commands' }).waitFor();
  assert.match(page.url(), /payments/);
  await page.keyboard.press('Escape');
  await noDialog();
  await page.evaluate(() => localStorage.clear());
});

test('a dialog keeps the focus in, and gives it back to what opened it', async () => {
  await open(`/invoices/${company.ids.lateInvoice}`);
  const send = page.getByRole('button', { name: /^Send/ });
  await send.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  for (let tabs = 0; tabs < 14; tabs += 1) await page.keyboard.press('Tab');
  assert.ok(await dialog.evaluate((element) => element.contains(document.activeElement)));
  await page.keyboard.press('Escape');
  await noDialog();
  await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('Send'));
  await page.getByRole('button', { name: 'More actions' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(), 'E-invoice as UBL (Peppol)');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'More actions');
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await page.getByRole('menuitem', { name: /Void/ }).focus();
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await noDialog();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'More actions');
});
