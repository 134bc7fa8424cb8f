import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { makeParts } from '#compose.ts';
import { makeApp } from '#compose-app.ts';
import { readConfig } from '#config.ts';
import type { App } from '#http/app.ts';
import { browser, closeBrowser } from '../support/browser.ts';
import { testLog } from '../support/logs.ts';
import { testDemo, testServer } from '../support/server.ts';
import { codeOf, staffOf, staffPassword } from '../support/staff.ts';

let app: App;
let origin = '';

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

// A passkey is for a name, never for an address of numbers: this Owed is at localhost.
before(async () => {
  const { parts } = await testServer();
  const port = await freePort();
  origin = `http://localhost:${port}`;
  const config = readConfig({ PORT: String(port), OWED_BASE_URL: origin });
  const { db, secrets } = parts;
  const own = makeParts({ db, secrets, config, sandboxUrl: 'http://localhost:1' });
  app = await makeApp(own, testLog('sign-in'));
  await app.fastify.listen({ port, host: 'localhost' });
});
after(async () => {
  await closeBrowser();
  await app.fastify.close();
});

async function someone(...roles: string[]): Promise<{ page: Page; email: string }> {
  const { organizationId } = await testDemo();
  const { email } = await staffOf(organizationId, ...roles);
  const context = await (await browser()).newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return { page, email };
}

async function password(page: Page, email: string): Promise<void> {
  await page.goto(`${origin}/console/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(staffPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
const overview = (page: Page) => page.getByRole('heading', { name: 'Overview' }).waitFor();
const signOut = async (page: Page) => {
  await page.getByRole('button', { name: /^Your menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
};

test('an authenticator app is set up by hand, asked for at the next sign-in, and a recovery code stands in for it', async () => {
  const { page, email } = await someone('superuser');
  await password(page, email);
  await overview(page);
  await page.getByRole('button', { name: /^Your menu/ }).click();
  await page.getByRole('menuitem', { name: 'Your profile' }).click();
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
  await page.getByLabel('Your password').fill(staffPassword);
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: /^QR code/ }).waitFor();
  const secret = (await page.locator('.app-secret').innerText()).replaceAll(' ', '');
  await page.getByRole('textbox', { name: 'Code' }).fill('000000');
  await page.keyboard.press('Enter');
  await page.getByText('This is not the code that the app shows now').waitFor();
  await page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret));
  await page.keyboard.press('Enter');
  const list = page.getByRole('list', { name: 'Recovery codes' }).locator('code');
  await list.first().waitFor();
  const codes = await list.allInnerTexts();
  assert.equal(codes.length, 10);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download as text file' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'owed-recovery-codes.txt');
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('10 of 10 recovery codes are left.').waitFor();
  await signOut(page);
  await password(page, email);
  await page.getByRole('heading', { name: 'Enter the code' }).waitFor();
  // The code of this step was used to set the app up; the one to come is right as well.
  await page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret, 1));
  await page.keyboard.press('Enter');
  await overview(page);
  await signOut(page);
  await password(page, email);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(codes[3] ?? '');
  await page.keyboard.press('Enter');
  await overview(page);
});

test('who is asked for a second factor sets one up at the door and goes on', async () => {
  const { page, email } = await someone('superuser');
  const { db } = (await testServer()).parts;
  await db.pool.query(
    `update organizations set require_second_factor = true where id = (select organization_id from organization_users ou
      join users u on u.id = ou.user_id where u.email = $1)`,
    [email],
  );
  await password(page, email);
  await page.getByRole('heading', { name: 'One more lock' }).waitFor();
  await page.getByLabel('Your password').fill(staffPassword);
  await page.keyboard.press('Enter');
  const secret = (await page.locator('.app-secret').innerText()).replaceAll(' ', '');
  await page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await overview(page);
});

test('another organization is added and switched to and fro by keys alone', async () => {
  const { page, email } = await someone('superuser');
  await password(page, email);
  await overview(page);
  const first = await page.locator('.rail.fixed .switcher-name').innerText();
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  const item = page.getByRole('menuitem', { name: 'Add an organization' });
  await item.waitFor();
  await page.keyboard.press('End');
  await page.waitForFunction(() => document.activeElement?.textContent === 'Add an organization');
  await page.keyboard.press('Enter');
  await page.getByLabel('Business name').waitFor();
  await page.keyboard.type('Hedges and Sons');
  await page.keyboard.press('Enter');
  await page.getByText('Welcome to Hedges and Sons').waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await page.getByRole('menuitem', { name: first }).waitFor();
  await page.keyboard.press('Home');
  await page.waitForFunction((name) => document.activeElement?.textContent?.includes(name), first);
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    (name) => document.querySelector('.rail.fixed .switcher-name')?.textContent === name,
    first,
  );
});

test('a passkey is made on the device and signs in alone, until it is removed', async () => {
  const { page, email } = await someone('superuser');
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await password(page, email);
  await overview(page);
  await page.goto(`${origin}/console/profile`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Test laptop');
  await page.getByLabel('Your password').fill(staffPassword);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Remove Test laptop' }).waitFor();
  await signOut(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await overview(page);
  await page.goto(`${origin}/console/profile`);
  await page.getByText('with a passkey', { exact: false }).first().waitFor();
  await page.getByRole('button', { name: 'Remove Test laptop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('No passkeys').waitFor();
  await signOut(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText('This passkey is not known here').waitFor();
});
