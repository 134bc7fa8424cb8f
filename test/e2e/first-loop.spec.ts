import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { browser, closeBrowser } from '../support/browser.ts';
import { type OwedProcess, startOwed } from '../support/owed-process.ts';

// With OWED_SHOTS=folder the pictures of the way are kept: README and guide use them.
const shots = process.env.OWED_SHOTS;
const root = fileURLToPath(new URL('../..', import.meta.url));
const shot = async (page: Page, name: string): Promise<void> => {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: path.join(shots, `${name}.png`) });
};

let owed: OwedProcess;
let staff: BrowserContext;
let desk: Page;
before(async () => {
  owed = await startOwed();
  staff = await (await browser()).newContext({ viewport: { width: 1440, height: 900 } });
  desk = await staff.newPage();
  desk.setDefaultTimeout(20_000);
});
after(async () => {
  await shot(desk, 'last-desk');
  await closeBrowser();
  await owed.stop();
});

const api = async (url: string): Promise<{ data: Record<string, unknown>[] } & Record<string, unknown>> =>
  (await staff.request.get(`${owed.baseUrl}${url}`)).json();

/** Waits for the newest mail of a kind to an address, as the built-in mailbox shows it. */
async function mail(kind: string, to: string): Promise<{ html: string; text: string }> {
  for (let tries = 0; tries < 60; tries += 1) {
    const { data } = await api(`/v1/messages?kind=${kind}&to=${encodeURIComponent(to)}&limit=1`);
    if (data[0]) return data[0] as { html: string; text: string };
    await desk.waitForTimeout(250);
  }
  return assert.fail(`no ${kind} mail to ${to}`);
}
const linkIn = (text: string, pattern: RegExp): string =>
  pattern.exec(text)?.[0] ?? assert.fail(`no ${pattern} in ${text}`);

test('a newcomer sets a business up from the printed link', async () => {
  await desk.goto(owed.firstLink ?? assert.fail('no link was printed'));
  await shot(desk, '01-first-start');
  await desk.getByRole('button', { name: 'Set up my business' }).click();
  await desk.getByLabel('Business name').fill('Harbor Lights Electric');
  await desk.getByLabel('First name').fill('Dana');
  await desk.getByLabel('Last name').fill('Harper');
  await desk.getByLabel('E-mail', { exact: false }).first().fill('dana@harborlights.example');
  await desk.getByRole('textbox', { name: 'Password' }).fill('copper wire and patience');
  await shot(desk, '02-set-up');
  await desk
    .getByRole('button', { name: /open|create|set up|start/i })
    .last()
    .click();
  await desk.getByRole('heading', { name: 'Overview' }).waitFor();
  await shot(desk, '03-empty-overview');
});

async function importFile(kind: 'customers' | 'invoices', name: string, csv: string): Promise<void> {
  const file = path.join(owed.dataDir, name);
  writeFileSync(file, csv);
  await desk.goto(`${owed.baseUrl}/console/imports/new?kind=${kind}`);
  await desk.locator('input[type=file]').setInputFiles(file);
  const check = desk.getByRole('button', { name: /check|dry run/i });
  await check.waitFor();
  await shot(desk, `04-mapping-${kind}`);
  await check.click();
  const go = desk.getByRole('button', { name: /^Import \d+ rows?/ });
  await go.waitFor();
  await shot(desk, `05-checked-${kind}`);
  await go.click();
  await desk.getByRole('link', { name: `Show ${kind}` }).waitFor();
  await shot(desk, `06-imported-${kind}`);
}

test('brings in customers and invoices from files', async () => {
  await importFile(
    'customers',
    'customers.csv',
    'FirstName,LastName,BusinessName,Email,Active,CustomerId\n' +
      'June,Okafor,Lantern Bakery,june@lantern.example,Y,C-1\nMarco,Reyes,Tidewater Hotel,marco@tidewater.example,Y,C-2\n',
  );
  await importFile(
    'invoices',
    'invoices.csv',
    'CustomerId,InvoiceNo,InvoiceDate,DueDate,ItemName,ItemDescription,ItemQuantity,ItemRate,ItemAmount,Taxable,TaxRate\n' +
      'C-1,1001,2026-11-02,2026-12-02,Wiring,"Oven circuit, 40 A",1,"$1,250.00","1,250.00",N,0\n' +
      'C-1,1002,2026-11-05,2026-12-05,Service call,Tripped breaker,2,95.00,190.00,N,0\n' +
      'C-2,1003,2026-11-09,2026-12-09,Lighting,Lobby fixtures,6,140.00,840.00,N,0\n',
  );
  const { data } = await api('/v1/invoices?status=open&sort=number');
  assert.deepEqual(
    data.map((invoice) => [invoice.number, invoice.balance_due]),
    [
      ['1001', 125_000],
      ['1002', 19_000],
      ['1003', 84_000],
    ],
  );
});

test('sends an invoice, and the link in the mail shows it, payable, and nothing else', async () => {
  const { data } = await api('/v1/invoices?q=1003');
  await desk.goto(`${owed.baseUrl}/console/invoices/${data[0]?.id}`);
  await desk.getByRole('button', { name: 'Send', exact: false }).first().click();
  await shot(desk, '07-send');
  await desk.getByRole('dialog').getByRole('button', { name: /send/i }).last().click();
  const sent = await mail('invoice', 'marco@tidewater.example');
  const payer = await (await browser()).newContext({ viewport: { width: 390, height: 844 } });
  const page = await payer.newPage();
  await page.goto(linkIn(sent.text, /https?:\/\/\S+\/i\/\S+/));
  await page.getByText('840.00').first().waitFor();
  await shot(page, '08-pay-by-link');
  assert.ok(!(await page.content()).includes('1001'), 'another invoice is not shown');
  await payByCard(page, '4242424242424242');
  await page
    .getByText(/thank you|paid/i)
    .first()
    .waitFor();
  await shot(page, '09-paid-by-link');
  await payer.close();
});

/** Fill the gateway's own fields in their frame and press the one Pay button. */
async function payByCard(page: Page, number: string): Promise<void> {
  const frame = page.frameLocator('iframe').first();
  await frame.getByLabel(/card number/i).fill(number);
  await frame.getByLabel(/expir/i).fill('12 / 34');
  await frame.getByLabel(/security code|cvc/i).fill('123');
  const holder = frame.getByLabel(/zip|postal/i);
  if (await holder.count()) await holder.fill('97205');
  await page.getByRole('button', { name: /^pay/i }).last().click();
}

test('a customer signs up in five steps, sees what is owed, and pays two invoices at once', async () => {
  const { data } = await api('/v1/customers?q=lantern');
  await desk.goto(`${owed.baseUrl}/console/customers/${data[0]?.id}?tab=portal`);
  await desk.getByRole('button', { name: /invit/i }).first().click();
  const confirm = desk.getByRole('dialog').getByRole('button', { name: /invit/i });
  if (await confirm.count()) await confirm.last().click();
  const welcome = await mail('portal_invitation', 'june@lantern.example');
  const payer = await (await browser()).newContext({ viewport: { width: 390, height: 844 } });
  const page = await payer.newPage();
  await page.goto(linkIn(welcome.text, /https?:\/\/\S+\/portal\/welcome\/\S+/));
  await shot(page, '10-create-account');
  await page.getByLabel(/e-?mail/i).fill('june@lantern.example');
  await page.getByLabel('Password', { exact: false }).first().fill('rye bread at five in the morning');
  await page
    .getByRole('button', { name: /sign up|create|continue/i })
    .last()
    .click();
  await page.getByText('Harbor Lights Electric').first().waitFor();
  await shot(page, '11-choose-profile');
  await page.getByRole('button', { name: /continue/i }).click();
  const second = await mail('email_confirmation', 'june@lantern.example');
  await shot(page, '12-check-mail');
  await page.goto(linkIn(second.text, /https?:\/\/\S+\/portal\/confirm\/\S+/));
  await page.getByRole('button', { name: /accept/i }).waitFor();
  await shot(page, '13-agreement');
  const agree = page.getByRole('checkbox');
  if (await agree.count()) await agree.first().check();
  await page.getByRole('button', { name: /accept/i }).click();
  await page.getByText('1,250.00').first().waitFor();
  await shot(page, '14-portal');
  const boxes = page.getByRole('checkbox');
  for (let at = 0; at < (await boxes.count()); at += 1) await boxes.nth(at).check();
  await page
    .getByRole('button', { name: /pay|checkout|continue/i })
    .last()
    .click();
  await page.getByRole('button', { name: 'Pay $1,440.00' }).waitFor();
  await shot(page, '15-checkout');
  await payByCard(page, '5555555555554444');
  await page
    .getByText(/thank you|paid/i)
    .first()
    .waitFor();
  await shot(page, '16-paid');
  await payer.close();
});

test('both sides and the ledger agree', async () => {
  const { data } = await api('/v1/invoices?sort=number');
  assert.deepEqual(
    data.map((invoice) => [invoice.number, invoice.state, invoice.balance_due]),
    [
      ['1001', 'paid', 0],
      ['1002', 'paid', 0],
      ['1003', 'paid', 0],
    ],
  );
  await desk.goto(`${owed.baseUrl}/console/`);
  await desk.getByText('$2,280.00').first().waitFor();
  await shot(desk, '17-overview-paid');
  const report = JSON.parse(
    execFileSync(process.execPath, [path.join(root, 'src/cli.ts'), 'check', '--json'], {
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', OWED_DATA_DIR: owed.dataDir },
      encoding: 'utf8',
    }),
  );
  assert.equal(report.drift, 0, JSON.stringify(report.problems));
  assert.equal(report.payments, 2);
});
