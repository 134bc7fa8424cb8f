import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { browser, closeBrowser } from '../support/browser.ts';
import { type OwedProcess, startOwed } from '../support/owed-process.ts';

// OWED_REFRESH_IMAGES=1 takes the pictures of docs/images anew, which README and guide show.
const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const refresh = process.env.OWED_REFRESH_IMAGES === '1';
const shot = async (page: Page, name: string): Promise<void> => {
  if (!refresh) return;
  await page.waitForFunction(() => !document.querySelector('[class*="Skeleton"]'));
  await page.waitForLoadState('networkidle');
  for (const close of await page.locator('.mantine-Notification-closeButton').all()) await close.click();
  await page.screenshot({ path: `${images}${name}.png`, animations: 'disabled' });
};

let owed: OwedProcess;
let desk: Page;
before(async () => {
  owed = await startOwed();
  const context = await (await browser()).newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  desk = await context.newPage();
  desk.setDefaultTimeout(20_000);
});
after(async () => {
  await closeBrowser();
  await owed.stop();
});

/** What a hand does: how often it clicks, and how much it types. */
let clicks = 0;
let letters = 0;
const click = async (target: Locator): Promise<void> => {
  clicks += 1;
  await target.click();
};
const type = async (target: Locator, text: string): Promise<void> => {
  clicks += 1;
  letters += text.length;
  await target.fill(text);
};
const button = (name: string | RegExp): Locator => desk.getByRole('button', { name });
const dialog = (): Locator => desk.getByRole('dialog');

async function setUp(): Promise<void> {
  await desk.goto(owed.firstLink ?? assert.fail('no link was printed'));
  await click(button('Set up my business'));
  await type(desk.getByLabel('Business name'), 'Harbor Lights Electric');
  await type(desk.getByLabel('First name'), 'Dana');
  await type(desk.getByLabel('Last name'), 'Harper');
  await type(desk.getByLabel('E-mail').first(), 'dana@harborlights.example');
  await type(desk.getByRole('textbox', { name: 'Password' }), 'copper wire and patience');
  await click(button('Create Harbor Lights Electric'));
  await desk.getByRole('heading', { name: 'Overview' }).waitFor();
  await shot(desk, 'first-overview');
}

async function addCustomer(): Promise<void> {
  await click(desk.getByRole('link', { name: 'Customers', exact: true }));
  await click(button('Add customer').first());
  await type(dialog().getByLabel('Display name'), 'Tidewater Hotel');
  await type(dialog().getByLabel('E-mail'), 'marco@tidewater.example');
  await click(dialog().getByRole('button', { name: /^Add/ }));
  await desk.getByRole('heading', { name: 'Tidewater Hotel' }).waitFor();
}

async function writeAndSend(): Promise<void> {
  await click(desk.getByRole('link', { name: 'New invoice' }).first());
  await type(desk.getByLabel(/: item$/i).first(), 'Lobby fixtures');
  await type(desk.getByLabel(/: quantity$/i).first(), '6');
  await type(desk.getByLabel(/: price$/i).first(), '140');
  await desk.getByText('$840.00').first().waitFor();
  await shot(desk, 'first-invoice');
  await click(button('Issue'));
  await click(button('Send'));
  await click(dialog().getByRole('button', { name: 'Send', exact: true }));
  await dialog().waitFor({ state: 'detached' });
  await button('Send again').waitFor();
}

/** The page that the mail leads to, as somebody without any login sees it. */
async function pay(): Promise<void> {
  await click(button('More actions'));
  const opened = desk.context().waitForEvent('page');
  await click(desk.getByRole('menuitem', { name: 'Pay it as the customer' }));
  const payer = await opened;
  payer.setDefaultTimeout(20_000);
  const fields = payer.frameLocator('iframe').first();
  await type(fields.getByLabel(/card number/i), '4242424242424242');
  await shot(payer, 'first-pay');
  await type(fields.getByLabel(/expir/i), '12 / 34');
  await type(fields.getByLabel(/security code/i), '123');
  const postal = fields.getByLabel(/zip|postal/i);
  if (await postal.count()) await type(postal, '97205');
  await click(payer.getByRole('button', { name: 'Pay $840.00' }));
  await payer.getByRole('heading', { name: /paid|thank you/i }).waitFor();
  await payer.close();
}

test('a newcomer has a first invoice sent and paid in thirty clicks, with nothing to look up', async (t) => {
  const began = performance.now();
  for (const step of [setUp, addCustomer, writeAndSend, pay]) await step();
  await desk.reload();
  await desk.locator('main').getByText('Paid', { exact: true }).first().waitFor();
  await shot(desk, 'first-paid');
  const seconds = (performance.now() - began) / 1000;
  // A practised hand needs 1.1 s to point and click, 0.28 s a letter, 1.35 s to think before each (Card, Moran, Newell).
  const byHand = clicks * (1.1 + 1.35) + letters * 0.28 + seconds;
  t.diagnostic(
    `${clicks} clicks, ${letters} letters; ${seconds.toFixed(1)} s by machine, ${byHand.toFixed(0)} s by hand`,
  );
  assert.ok(clicks <= 30, `${clicks} clicks`);
  assert.ok(byHand < 300, `${byHand} s`);
});
