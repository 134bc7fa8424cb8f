import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { settingsSections } from '#web/staff/settings-sections.ts';
import { closeBrowser } from '../support/browser.ts';
import { type ConsoleCompany, openConsoleCompany } from '../support/console-company.ts';
import { hostViews } from '../support/console-host.ts';
import type { View } from '../support/console-press.ts';
import { companyViews, doorViews, emptyViews } from '../support/console-views.ts';
import { signedIn, type Visitor, visitor } from '../support/console-visitor.ts';
import { colours, desk, type Look, look, phone, sizes, wcag } from '../support/page-audit.ts';

let company: ConsoleCompany;

before(async () => {
  company = await openConsoleCompany();
});
after(async () => {
  await closeBrowser();
  await company.stop();
});

/** One view in every light and size: what axe finds, what runs over, what the page said and asked in vain. */
async function see({ page, settle, faults }: Visitor, view: View): Promise<string[]> {
  const { name, path, open, expected, within } = view;
  await page.setViewportSize(desk);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(`${company.origin}/console${path}`, { waitUntil: 'commit' });
  // What the page before still asked for is cut off by leaving it.
  const found = faults(/net::ERR_ABORTED/);
  await settle();
  if (open) {
    await open(page);
    await settle();
  }
  for (const each of looksOf(name)) found.push(...(await look(page, name, { ...each, within })));
  await settle();
  return [...found, ...faults(expected)].map((fault) => `${name} ${fault}`);
}

/**
 * By day at a desk all of axe; by night on a phone what depends on colours and on sizes. The other two lights show
 * the same colours and the same sizes in another pairing, and are looked at where the markup differs the most;
 * everywhere with OWED_ALL_LOOKS=1.
 */
function looksOf(name: string): Omit<Look, 'within'>[] {
  const closely = process.env.OWED_ALL_LOOKS === '1' || unlike.has(name);
  return [
    { scheme: 'light', size: desk, ask: { tags: wcag } },
    ...(closely ? [{ scheme: 'dark', size: desk, ask: { rules: colours } } as const] : []),
    { scheme: 'dark', size: phone, ask: { rules: [...colours, ...sizes] } },
    ...(closely ? [{ scheme: 'light', size: phone, ask: { tags: wcag } } as const] : []),
  ];
}

/** Whose markup is another one on a phone; the rest of axe reads the same twice. */
const unlike = new Set([
  'overview',
  'customers',
  'invoice-late',
  'invoice-new',
  'message',
  'menu',
  'settings-general',
]);

async function seeAll(who: Visitor, views: readonly View[]): Promise<void> {
  const problems: string[] = [];
  // A view that does not open hides nothing of the others.
  for (const view of views)
    problems.push(...(await see(who, view).catch((error: Error) => [`${view.name} ${error.message}`])));
  assert.ok(problems.length === 0, problems.join('\n\n'));
}

test('no page of the console is left out', () => {
  const router = [
    'router.tsx',
    'lists-search.ts',
    'door-routes.ts',
    'help-routes.ts',
    'profile-routes.ts',
    'credit-memo-routes.ts',
    'estimate-routes.ts',
    'support-routes.ts',
  ]
    .map((file) => readFileSync(new URL(`../../src/web/staff/${file}`, import.meta.url), 'utf8'))
    .join('\n');
  const seen = [...companyViews(company), ...doorViews(company), ...hostViews(company.ids)].map(
    ({ path }) => path,
  );
  const routes = [...router.matchAll(/\bpath: '([^']+)'/g)].map(([, path = '']) => path);
  const patternOf = (path: string): RegExp =>
    new RegExp(`^${path.replace(/^\$$/, '/no/such/page').replace(/\$\w+/, '[\\w-]+')}(\\?|$)`);
  assert.ok(routes.length > 40, `only ${routes.length} routes were read`);
  assert.deepEqual(
    routes.filter((path) => !seen.some((each) => patternOf(path).test(each))),
    [],
  );
  const tabs = [...router.matchAll(/tab: oneOf\(\[([^\]]*)\]/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/'([\w-]+)'/g)].map(([, value]) => `tab=${value}`),
  );
  const places = [...tabs, ...settingsSections.map((section) => `section=${section}`)];
  assert.ok(tabs.length > 15, `only ${tabs.length} tabs were read`);
  const has = (path: string, place: string): boolean => path.split(/[?&]/).includes(place);
  assert.deepEqual(
    places.filter((place) => !seen.some((path) => has(path, place))),
    [],
  );
});

suite('everyone can use the console, by day and by night, at a desk and on a phone', {
  concurrency: 2,
}, () => {
  const half = (which: 0 | 1) => async () => {
    const views = companyViews(company).filter((_, at) => at % 2 === which);
    await seeAll(await signedIn(company), views);
  };
  test('each page of a company at work, its dialogs and menus', half(0));
  test('the other half of them', half(1));
  test('the pages of an organization in which nothing has happened', async () => {
    const who = await signedIn(company);
    await who.page.locator('.rail.fixed .switcher').click();
    await who.page.getByRole('menuitem', { name: company.emptyName }).click();
    await who.page.getByText(`Welcome to ${company.emptyName}`).waitFor();
    await who.calm();
    await seeAll(who, emptyViews);
  });
  test('the pages of whoever hosts the others', async () => {
    await seeAll(await signedIn({ ...company, email: company.hostEmail }), hostViews(company.ids));
  });
  test('the doors: first start and sign-in', async () => {
    await seeAll(await visitor(), doorViews(company));
  });
});
