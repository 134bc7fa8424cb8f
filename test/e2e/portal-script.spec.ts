import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import chromium from '@sparticuz/chromium';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { chromium as playwright } from 'playwright-core';
import { html } from '#ui/html.ts';
import { serveGallery } from '../support/portal-gallery.ts';
import { bank, visa } from '../support/portal-samples.ts';

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
  page = await browser.newPage({ viewport: { width: 390, height: 844 } });
});
beforeEach(() => {
  gallery.posts.length = 0;
});
after(async () => {
  await browser.close();
  gallery.server.closeAllConnections();
  gallery.server.close();
});

const open = async (name: string): Promise<void> => {
  await page.goto(`${gallery.origin}/${name}`);
};
const posted = async (): Promise<URLSearchParams> => {
  await page.waitForFunction(() => document.title === 'posted');
  assert.equal(gallery.posts.length, 1);
  return gallery.posts[0] ?? new URLSearchParams();
};

test('the total follows the ticks and the amounts', async () => {
  await open('invoices');
  const total = (): Promise<string | null> => page.textContent('[data-total]');
  assert.equal(await total(), '$2,112.50');
  await page.check('[value=inv_3]');
  assert.equal(await total(), '$4,512.50');
  await page.fill('[name=amount_inv_3]', '1,000.10');
  assert.equal(await total(), '$3,112.60');
  await page.fill('[name=amount_inv_3]', '2400.01');
  assert.equal(await page.getAttribute('[name=amount_inv_3]', 'aria-invalid'), 'true');
  await page.waitForFunction(() => document.querySelector('[data-spoken]')?.textContent?.includes('3 of 3'));
});

test('the total is read and written as the organization writes it', async () => {
  await open('invoices-german');
  const total = async (): Promise<string> =>
    ((await page.textContent('[data-total]')) ?? '').replace(/\s/g, ' ');
  assert.equal(await total(), '2.112,50 €');
  assert.equal(await page.inputValue('[name=amount_inv_1]'), '1250,00');
  await page.fill('[name=amount_inv_1]', '12,50');
  assert.equal(await total(), '875,00 €');
  await page.fill('[name=amount_inv_1]', '12.50');
  assert.equal(await page.getAttribute('[name=amount_inv_1]', 'aria-invalid'), 'true');
  assert.equal(await total(), '862,50 €');
});

test('nothing ticked is nothing sent', async () => {
  await open('invoices');
  for (const pick of await page.locator('[data-pick]').all()) await pick.uncheck();
  await page.click('[data-next]', { force: true });
  assert.equal(gallery.posts.length, 0);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('value')), 'inv_1');
});

test('a second click on Pay posts once', async () => {
  await open('checkout-stored');
  await page.evaluate(() => {
    const button = document.querySelector<HTMLButtonElement>('#pay .button');
    button?.click();
    button?.click();
  });
  const form = await posted();
  assert.equal(form.get('method'), 'pmt_1');
  assert.equal(form.get('shown_total'), '211250');
  assert.equal(form.get('idempotency_key'), 'a-key');
  assert.equal(form.get('csrf'), 'csrf-token');
});

test('the card goes to the gateway and its token comes back', async () => {
  await open('checkout-new-card');
  const fields = page.frameLocator('iframe[data-slot=card]');
  await fields.locator('#n').fill('bad');
  await page.click('#pay .button');
  await page.waitForFunction(
    () => document.querySelector('[data-pay-error]')?.textContent === 'Check the number.',
  );
  assert.equal(gallery.posts.length, 0);
  await fields.locator('#n').fill('4242');
  await page.click('#pay .button');
  const form = await posted();
  assert.equal(form.get('token'), 'tok_4242');
  assert.equal(form.get('last4'), '4242');
  assert.equal(form.get('method'), 'card');
});

test('a token that nobody asked for, or from elsewhere, is not heard', async () => {
  await open('checkout-new-card');
  await page.waitForSelector('iframe[data-ready]');
  await page.frames()[1]?.evaluate(() => parent.postMessage({ type: 'owed.token', token: 'unasked' }, '*'));
  await page.evaluate(() => {
    document.querySelector('form')?.setAttribute('data-asked', 'card');
    window.postMessage({ type: 'owed.token', token: 'from ourselves' }, '*');
  });
  await page.waitForTimeout(100);
  assert.equal(await page.inputValue('[name=token]'), '');
  assert.equal(gallery.posts.length, 0);
});

test('a bank debit needs its tick before the bank is asked', async () => {
  await open('checkout-stored');
  await page.check('#m-pmt_2');
  await page.click('#pay .button');
  assert.match((await page.textContent('#f-authorize-error')) ?? '', /your bank asks for your permission/);
  assert.equal(gallery.posts.length, 0);
  await page.check('#f-authorize');
  await page.click('#pay .button');
  assert.equal((await posted()).get('authorize'), 'yes');
});

test('the fee of the choice is on the button before it is paid', async () => {
  await open('checkout-fee');
  const label = async () => (await page.textContent('[data-pay-label]'))?.trim();
  await page.check(`[name=method][value="${visa.id}"]`);
  assert.equal(await label(), 'Pay $2,175.88');
  await page.check(`[name=method][value="${bank.id}"]`);
  assert.equal(await label(), 'Pay $2,112.50');
  assert.equal(await page.inputValue('[name=shown_total]'), '211250');
});

test('a form that comes back is read from its summary', async () => {
  await open('sign-up-2-wrong');
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'alert');
  await page.click('.faults a');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'password');
});

test('a password can be looked at', async () => {
  await open('sign-in');
  await page.click('[data-reveal]');
  assert.equal(await page.getAttribute('[name=password]', 'type'), 'text');
  assert.equal((await page.textContent('[data-reveal]'))?.startsWith('Hide'), true);
});

test('every element under a finger is large enough for it', async () => {
  for (const name of ['invoices', 'checkout-stored', 'sign-in', 'methods']) {
    await open(name);
    const small = await page.evaluate(() =>
      [
        ...document.querySelectorAll(
          '.button, .nav a, summary, .pick, .choice > label, input:not([type=hidden], [type=checkbox], [type=radio])',
        ),
      ]
        .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44)
        .map((each) => each.outerHTML.slice(0, 60)),
    );
    assert.deepEqual(small, [], name);
  }
});

test('a browser reads escaped text back as it was typed', async () => {
  const texts = fc.sample(
    fc.oneof(fc.string({ unit: fc.constantFrom(...'<>"\'&/=` ;a!-') }), fc.string()),
    300,
  );
  const list = html`<ul>${texts.map((text) => html`<li title="${text}">${text}</li>`)}</ul>`;
  const read = await page.evaluate((markup) => {
    const body = new DOMParser().parseFromString(markup, 'text/html').body;
    return [...body.querySelectorAll('*')].map((each) => [
      each.tagName,
      each.getAttribute('title'),
      each.textContent,
    ]);
  }, String(list));
  assert.deepEqual(
    read.slice(1),
    texts.map((text) => ['LI', text, text]),
  );
});
