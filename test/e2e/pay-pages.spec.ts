import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { askSandbox } from '#connectors/gateways/sandbox/sandbox-lab.ts';
import { outboxOf } from '#features/correspondence/outbox.ts';
import { statementLink } from '#features/invoices/statement-link.ts';
import { makePaymentLink } from '#features/payment-links/make-payment-link.ts';
import { paymentLink } from '#features/payment-links/payment-link.ts';
import type { Credentials } from '#features/payments/gateways.ts';
import { must } from '#lib/errors.ts';
import { browser, closeBrowser } from '../support/browser.ts';
import { type Books, given, secrets } from '../support/given.ts';
import { openPayHouse, type PayHouse } from '../support/pay-house.ts';
import { freshEmail, query } from '../support/portal.ts';

let house: PayHouse;
let books: Books;
let chrome: Browser;

before(async () => {
  house = await openPayHouse();
  books = await given.organization();
  chrome = await browser();
  const { clientId, clientSecret, webhookId } = house.paypal.app;
  const credentials = { environment: 'sandbox', clientId, clientSecret, webhookId };
  await house.connect(books, 'paypal', credentials, ['paypal']);
});
after(async () => {
  await closeBrowser();
  await house.stop();
});

/** A customer with one open invoice, and the address in its mail. */
async function owing(amount: bigint, of: Books = books) {
  const customerId = await given.customer(of, { email: freshEmail() });
  const invoiceId = await given.invoice(of, customerId, amount);
  return { customerId, invoiceId, link: house.linkTo(of, invoiceId) };
}

type PaymentRow = { id: string; state: string; amount: bigint; kind: string };
const paymentsOf = (customerId: string): Promise<PaymentRow[]> =>
  query<PaymentRow>('select id, state, amount, kind from payments where customer_id = $1 order by id', [
    customerId,
  ]);

async function aPhone(): Promise<{ context: BrowserContext; page: Page }> {
  const context = await chrome.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-US' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return { context, page };
}

async function toPaypal(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.check('#m-paypal');
  await page.click('#pay .button');
  await page.getByRole('heading', { name: 'Practice PayPal: no money moves' }).waitFor();
}

test('who agrees at PayPal comes back to what was paid; coming back again pays nothing more', async () => {
  const { customerId, link } = await owing(12_345n);
  const { context, page } = await aPhone();
  await toPaypal(page, link);
  const back = page.waitForRequest(/\/pay\/return\?/);
  await page.getByRole('button', { name: /^balance/ }).click();
  const returnedTo = (await back).url();
  await page.getByRole('heading', { name: '$123.45 paid' }).waitFor();
  const result = page.url();
  assert.deepEqual(
    (await paymentsOf(customerId)).map(({ state, amount, kind }) => [state, amount, kind]),
    [['settled', 12_345n, 'paypal']],
  );
  await page.goto(returnedTo);
  assert.equal(page.url(), result);
  assert.equal((await paymentsOf(customerId)).length, 1);
  assert.equal([...house.paypal.books.captures.values()].filter((each) => each.amount === 12_345n).length, 1);
  await context.close();
});

test('who turns back at PayPal finds the invoice as it was, and can pay it another way', async () => {
  const { customerId, link } = await owing(4_400n);
  const { context, page } = await aPhone();
  await toPaypal(page, link);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('You came back without agreeing, and nothing was charged.').waitFor();
  assert.deepEqual(await paymentsOf(customerId), []);
  assert.match((await page.textContent('[data-pay-label]')) ?? '', /\$44\.00/);
  await page.check('#m-paypal');
  await page.click('#pay .button');
  await page.getByRole('button', { name: /^venmo/ }).click();
  await page.getByRole('heading', { name: '$44.00 paid' }).waitFor();
  assert.deepEqual(
    (await paymentsOf(customerId)).map(({ state }) => state),
    ['settled'],
  );
  await context.close();
});

test('a payer whom PayPal declines is told so, and nothing is posted', async () => {
  const { customerId, link, invoiceId } = await owing(5_500n);
  const { context, page } = await aPhone();
  await toPaypal(page, link);
  await page.getByRole('button', { name: /^declined/ }).click();
  await page
    .getByText(/declined/i)
    .first()
    .waitFor();
  assert.deepEqual(
    (await paymentsOf(customerId)).map(({ state }) => state),
    ['declined'],
  );
  const rows = await query<{ balance_due: bigint }>('select balance_due from invoices where id = $1', [
    invoiceId,
  ]);
  assert.equal(rows[0]?.balance_due, 5_500n);
  await context.close();
});

test('two invoices of a statement, and a deposit without one, are paid at PayPal', async () => {
  const { customerId } = await owing(7_000n);
  await given.invoice(books, customerId, 8_000n);
  const { organizationId, actor } = books;
  const { context, page } = await aPhone();
  await page.goto(
    statementLink(secrets, house.origin, { id: customerId, organizationId, statementLinkVersion: 0 }),
  );
  await page.getByRole('button', { name: 'Continue to payment' }).click();
  await toPaypal(page, page.url());
  await page.getByRole('button', { name: /^balance/ }).click();
  await page.getByRole('heading', { name: '$150.00 paid' }).waitFor();
  const asked = { customerId, description: 'Deposit', amount: 9_900n, fixed: true, expiresInDays: 30 };
  const outbox = outboxOf({ baseUrl: house.origin, smtpUrl: undefined, mailFrom: undefined });
  const { paymentLinkId } = await books.tx((tx) =>
    makePaymentLink(tx, actor, { ...asked, organizationId, mail: false, outbox, secrets }, new Date()),
  );
  const link = paymentLink(secrets, house.origin, { id: paymentLinkId, organizationId });
  await toPaypal(page, link);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('You came back without agreeing, and nothing was charged.').waitFor();
  await toPaypal(page, link);
  await page.getByRole('button', { name: /^venmo/ }).click();
  await page.getByRole('heading', { name: '$99.00 paid' }).waitFor();
  await page.goto(link);
  await page.getByText('There is nothing left to do').waitFor();
  assert.deepEqual(
    (await paymentsOf(customerId)).map(({ state, amount }) => [state, amount]),
    [
      ['settled', 15_000n],
      ['settled', 9_900n],
    ],
  );
  await context.close();
});

async function typeCard(page: Page, number: string): Promise<void> {
  await page.check('#m-card');
  const frame = page.frameLocator('iframe[data-slot=card]');
  await frame.locator('#number').fill(number);
  await frame.locator('#expiry').fill('12 / 40');
  await frame.locator('#cvc').fill('123');
}

test('twenty clicks on Pay from two tabs are one charge', async () => {
  const alone = await given.organization();
  const { customerId, link } = await owing(6_600n, alone);
  const { context, page } = await aPhone();
  const other = await context.newPage();
  const tabs = [page, other];
  for (const tab of tabs) await tab.goto(link);
  await Promise.all(tabs.map((tab) => typeCard(tab, '4242424242424242')));
  const clicks = (tab: Page) =>
    tab.evaluate(() => {
      const button = document.querySelector<HTMLButtonElement>('#pay .button');
      for (let click = 0; click < 10; click += 1) button?.click();
    });
  await Promise.all(tabs.map(clicks));
  await Promise.all(tabs.map((tab) => tab.waitForURL(/\/payments\/pay_/)));
  await page.getByRole('heading', { name: '$66.00 paid' }).waitFor();
  assert.equal(new Set(tabs.map((tab) => tab.url())).size, 1, 'both tabs tell of the same payment');
  const payments = await paymentsOf(customerId);
  assert.deepEqual(
    payments.map(({ amount }) => amount),
    [6_600n],
  );
  // The job that asked the gateway comes once more, as it does after a crash.
  const again = { organizationId: alone.organizationId, paymentId: payments[0]?.id };
  await Promise.all([0, 1, 2].map(() => house.jobs['submit-charge']?.(again as never)));
  assert.equal(await countCharges(alone), 1);
  await context.close();
});

/** How many charges the gateway itself has taken for this organization. */
async function countCharges({ organizationId }: Books): Promise<number> {
  const [row] = await query<{ credentials: Buffer }>(
    `select credentials from gateway_accounts where organization_id = $1 and vendor = 'sandbox'`,
    [organizationId],
  );
  const { secretKey } = JSON.parse(secrets.decrypt(must(row, 'an account').credentials)) as Credentials;
  return Number((await askSandbox(house.sandboxUrl, secretKey ?? '', 'GET /v1/totals')).charges);
}

/** What the pages of a checkout load, and what their policy lets them. */
async function watched(page: Page, open: () => Promise<unknown>) {
  const origins = new Set<string>();
  const faults: string[] = [];
  page.on('request', (request) => {
    if (['script', 'document'].includes(request.resourceType())) origins.add(new URL(request.url()).origin);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await open();
  return { origins, faults };
}

const policyOf = (headers: Record<string, string>): Map<string, string[]> =>
  new Map(
    (headers['content-security-policy'] ?? '').split(';').map((each) => {
      const [name = '', ...sources] = each.trim().split(/\s+/);
      return [name, sources] as const;
    }),
  );

test('a pay page runs its own script by nonce, frames the gateway and nobody else', async () => {
  const { link } = await owing(7_700n);
  const { context, page } = await aPhone();
  let policy = new Map<string, string[]>();
  const { origins, faults } = await watched(page, async () => {
    const answer = await page.goto(link);
    policy = policyOf(answer?.headers() ?? {});
    await page.waitForSelector('iframe[data-ready]');
  });
  assert.deepEqual([...origins].sort(), [house.origin, house.sandboxUrl].sort());
  assert.deepEqual(faults, []);
  assert.deepEqual(policy.get('default-src'), ["'none'"]);
  assert.deepEqual(policy.get('base-uri'), ["'none'"]);
  assert.deepEqual(policy.get('frame-ancestors'), ["'none'"]);
  assert.deepEqual(policy.get('frame-src'), [house.sandboxUrl]);
  const scripts = policy.get('script-src') ?? [];
  assert.ok(scripts.length > 0 && scripts.every((each) => /^'nonce-[\w-]{20,}'$/.test(each)));
  const next = policyOf((await page.reload())?.headers() ?? {});
  assert.notDeepEqual(next.get('script-src'), policy.get('script-src'), 'the nonce is of one answer only');
  await refusesForeignScript(page);
  await context.close();
});

test('the frame of Stripe’s fields loads Stripe’s script and no other', async () => {
  const of = await given.organization();
  const keys = { secretKey: 'sk_test_1', publishableKey: 'pk_test_1', webhookSecret: 'whsec_1' };
  await house.connect(of, 'stripe', keys, ['card']);
  const { link } = await owing(8_800n, of);
  const { context, page } = await aPhone();
  const asked: string[] = [];
  await context.route(/^https:/, (route) => {
    asked.push(route.request().url());
    return route.fulfill({ contentType: 'text/javascript', body: 'window.theirs = true;' });
  });
  await page.goto(link);
  const shown = await page.waitForSelector('iframe[data-slot=card]');
  const frame = must(await shown.contentFrame(), 'the frame of the fields');
  await frame.waitForFunction(() => 'theirs' in window);
  assert.deepEqual(new Set(asked.map((url) => new URL(url).origin)), new Set(['https://js.stripe.com']));
  await refusesForeignScript(frame);
  assert.ok(!asked.some((url) => url.includes('skim')), 'the policy asks for nothing from elsewhere');
  await context.close();
});

/** What was written into the page, or comes from elsewhere, does not run. */
async function refusesForeignScript(page: Page | Frame): Promise<void> {
  await page.evaluate(() => {
    const inline = document.createElement('script');
    inline.textContent = 'window.stolen = true';
    const foreign = document.createElement('script');
    foreign.src = 'https://cdn.example/skim.js';
    document.body.append(inline, foreign);
    document.body.insertAdjacentHTML('beforeend', '<img src="x:" onerror="window.stolen = true">');
  });
  await new Promise((later) => setTimeout(later, 200));
  assert.equal(await page.evaluate(() => 'stolen' in window), false);
}
