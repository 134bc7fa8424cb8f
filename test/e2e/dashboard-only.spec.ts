import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId } from '#lib/ids.ts';
import { settingsSections } from '#web/staff/settings-sections.ts';
import { closeBrowser } from '../support/browser.ts';
import { colleague, password } from '../support/colleague.ts';
import { type ConsoleCompany, openConsoleCompany } from '../support/console-company.ts';
import { signedIn, type Visitor } from '../support/console-visitor.ts';
import { testServer } from '../support/server.ts';

/** Every place that the rail, the settings or a link leads to and that names no record. */
const places = [
  ...['/', '/help', '/notices', '/customers', '/collections', '/invoices', '/invoices/new', '/estimates'],
  ...['/estimates/new', '/credit-memos', '/payments', '/terminal', '/schedules', '/deposits', '/chargebacks'],
  ...['/messages', '/letters', '/reports', '/imports', '/imports/new', '/late-fees'],
  ...settingsSections
    .filter((section) => section !== 'clock')
    .map((section) => `/settings?section=${section}`),
];

let company: ConsoleCompany;
let visitor: Visitor;
let organizationId: string;
before(async () => {
  company = await openConsoleCompany();
  const { db } = (await testServer()).parts;
  const { rows } = await db.pool.query(
    `select o.id from organizations o join organization_users ou on ou.organization_id = o.id
    join users u on u.id = ou.user_id where u.email = $1 and o.name <> $2`,
    [company.email, company.emptyName],
  );
  organizationId = rows[0].id;
  const { email } = await colleague(organizationId, { roles: ['dashboard'] });
  visitor = await signedIn({ ...company, email, password });
  visitor.page.setDefaultTimeout(8000);
});
after(async () => {
  await closeBrowser();
  await company.stop();
});

/** What says that a permission is missing, and whom to ask. */
const missing =
  /needs the permission [a-z]+:[a-z]+\. Ask|Your role (does not|may)|(an )?owner (of your organization )?can|Passwords? only|not for your role/i;

test('who may see the overview alone finds it whole, and every other page says what is missing', async () => {
  const { page } = visitor;
  assert.ok(places.length > 30, `only ${places.length} pages`);
  const faults: string[] = [];
  for (const path of places) {
    await page.goto(`${company.origin}/console${path}`);
    await visitor.settle().catch(() => faults.push(`${path} waits for what it may not ask`));
    const said = await page.locator('main').innerText();
    const broken = visitor
      .faults(/answered (403|404)|status of (403|404)|net::ERR_ABORTED/)
      .map((fault) => `${path}: ${fault}`);
    faults.push(...broken);
    const isOpen = /^\/(\?|$|help|notices)/.test(path);
    if (isOpen && (said.length < 80 || /needs the permission/.test(said) !== (path === '/help/feedback')))
      faults.push(`${path} is not whole: ${said.slice(0, 200)}`);
    if (!isOpen && !missing.test(said))
      faults.push(`${path} does not say what is missing: ${said.slice(0, 300)}`);
  }
  assert.deepEqual(faults, []);
});

test('the rail leads nowhere that is closed', async () => {
  const { page } = visitor;
  await page.goto(`${company.origin}/console/`);
  await visitor.settle();
  const links = await page.locator('.rail.fixed nav a').allInnerTexts();
  assert.deepEqual(
    links.map((text) => text.trim()),
    ['Overview'],
  );
});

test('who may read a list, but no settings, finds its files under Data', async () => {
  const { db } = (await testServer()).parts;
  const roleId = newId('role');
  await db.pool.query(
    `insert into roles (organization_id, id, name, scopes, created_at, updated_at)
    values ($1, $2, 'Readers of invoices', '{overview:read,invoices:read}', now(), now())`,
    [organizationId, roleId],
  );
  const { email, userId } = await colleague(organizationId, { roles: ['dashboard'] });
  await db.pool.query('update organization_users set own_roles = $1 where user_id = $2', [[roleId], userId]);
  const reader = await signedIn({ ...company, email, password });
  await reader.page.goto(`${company.origin}/console/settings?section=data`);
  await reader.page.getByText('Lists as files').waitFor();
  await reader.page.goto(`${company.origin}/console/settings?section=branding`);
  await reader.page.getByText('Not for your role').waitFor();
});
