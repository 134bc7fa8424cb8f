import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser } from '../support/browser.ts';
import { colleague, password } from '../support/colleague.ts';
import { type ConsoleCompany, openConsoleCompany } from '../support/console-company.ts';
import { companyViews } from '../support/console-views.ts';
import { signedIn, type Visitor } from '../support/console-visitor.ts';
import { testServer } from '../support/server.ts';

let company: ConsoleCompany;
let visitor: Visitor;
before(async () => {
  company = await openConsoleCompany();
  const { db } = (await testServer()).parts;
  const { rows } = await db.pool.query(
    `select o.id from organizations o join organization_users ou on ou.organization_id = o.id
    join users u on u.id = ou.user_id where u.email = $1 and o.name <> $2`,
    [company.email, company.emptyName],
  );
  const { email } = await colleague(rows[0].id, { roles: ['dashboard'] });
  visitor = await signedIn({ ...company, email, password });
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
  const paths = [
    ...new Set(
      companyViews(company)
        .filter(({ open }) => !open)
        .map(({ path }) => path),
    ),
  ];
  assert.ok(paths.length > 60, `only ${paths.length} pages`);
  const faults: string[] = [];
  for (const path of paths) {
    await page.goto(`${company.origin}/console${path}`);
    await visitor.settle();
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
