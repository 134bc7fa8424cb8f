import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browser, closeBrowser } from '../support/browser.ts';
import { type OwedProcess, startOwed } from '../support/owed-process.ts';

const number = '4242 4242 4242 4242';
let owed: OwedProcess;
let desk: Page;
const sentToUs: string[] = [];
before(async () => {
  owed = await startOwed();
  desk = await (await (await browser()).newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  desk.setDefaultTimeout(20_000);
  desk.on('request', (request) => {
    if (request.url().startsWith(owed.baseUrl)) sentToUs.push(`${request.url()} ${request.postData() ?? ''}`);
  });
  await desk.goto(owed.firstLink ?? assert.fail('no link was printed'));
  await desk.getByRole('button', { name: 'Set up my business' }).click();
  await desk.getByLabel('Business name').fill('Harbor Lights Electric');
  await desk.getByLabel('First name').fill('Dana');
  await desk.getByLabel('Last name').fill('Harper');
  await desk.getByLabel('E-mail', { exact: false }).first().fill('dana@harborlights.example');
  await desk.getByRole('textbox', { name: 'Password' }).fill('copper wire and patience');
  await desk
    .getByRole('button', { name: /open|create|set up|start/i })
    .last()
    .click();
  await desk.getByRole('heading', { name: 'Overview' }).waitFor();
});
after(async () => {
  await closeBrowser();
  await owed.stop();
});

const chargeButton = () => desk.getByRole('button', { name: /^Charge(?! later)/ });

test('at the terminal staff adds a customer in place, charges a new card and keeps it, once its owner agreed', async () => {
  await desk.goto(`${owed.baseUrl}/console/terminal`);
  await desk.getByRole('button', { name: 'New customer' }).click();
  await desk
    .getByLabel(/display name|name/i)
    .first()
    .fill('Walk-in Wanda');
  await desk.getByRole('dialog').getByRole('button', { name: /^Add/ }).click();
  await desk.getByLabel('Amount').fill('25');
  const frame = desk.frameLocator('iframe.gateway-frame');
  await frame.getByLabel(/card number/i).fill(number);
  await frame.getByLabel(/expir/i).fill('12 / 34');
  await frame.getByLabel(/security code/i).fill('123');
  // Nobody without an e-mail address gets a receipt, and the box says so.
  assert.equal(await desk.getByLabel('Send a receipt').isDisabled(), true);
  await desk.getByText('This customer has no e-mail address.').waitFor();
  assert.equal(await chargeButton().isDisabled(), false);
  await desk.getByLabel('Keep it for later payments').check();
  assert.equal(await chargeButton().isDisabled(), true, 'to keep a card its owner must have agreed');
  await desk.getByLabel('The owner agreed to that').check();
  await chargeButton().click();
  await desk.getByRole('heading', { name: '$25.00' }).waitFor();
  await desk.getByText('Approved', { exact: true }).first().waitFor();
  const digits = number.replaceAll(' ', '');
  assert.ok(sentToUs.length > 10);
  assert.ok(sentToUs.every((sent) => !sent.includes(digits) && !sent.includes(number)));
});

test('next time the kept card is offered, and a new bank account beside it, for which staff must vouch', async () => {
  const { data } = (await (await desk.request.get(`${owed.baseUrl}/v1/customers?q=wanda`)).json()) as {
    data: { id: string }[];
  };
  await desk.goto(`${owed.baseUrl}/console/terminal?customer_id=${data[0]?.id}`);
  await desk.getByLabel('Visa •••• 4242').waitFor();
  assert.equal(await desk.getByLabel('Visa •••• 4242').isChecked(), true);
  await desk.getByLabel('New card or bank account').check();
  await desk.getByText('New bank account', { exact: true }).click();
  await desk.getByLabel('Amount').fill('40');
  const frame = desk.frameLocator('iframe.gateway-frame[title="Bank account details"]');
  await frame.getByLabel(/routing/i).fill('110000000');
  await frame
    .getByLabel(/account number/i)
    .first()
    .fill('000123456789');
  const holder = frame.getByLabel(/name|holder/i);
  if (await holder.count()) await holder.first().fill('Wanda Walker');
  assert.equal(await chargeButton().isDisabled(), true);
  await desk.getByLabel('I hold the owner’s authorization').check();
  await chargeButton().click();
  await desk.getByRole('heading', { name: '$40.00' }).waitFor();
  await desk.getByText('Submitted to the bank').first().waitFor();
});
