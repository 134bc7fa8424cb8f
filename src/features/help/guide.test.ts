import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { allArticles, findArticle, readArticle, searchArticles } from '#features/help/library.ts';
import { articleOfPage, pageArticles } from '#features/help/rules.ts';
import { settingsSections } from '#web/staff/settings-sections.ts';

const root = new URL('../../../', import.meta.url);
const source = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const router = [
  ...['router.tsx', 'help-routes.ts', 'profile-routes.ts', 'estimate-routes.ts'],
  'support-routes.ts',
  'credit-memo-routes.ts',
]
  .map((file) => source(`src/web/staff/${file}`))
  .join('\n');
const searches = source('src/web/staff/lists-search.ts');
const inShell = [...router.matchAll(/\.\.\.inside,\s+path: '([^']+)'/g)].map((found) => found[1] as string);

/** The names that a page takes under `tab` or `section`, as the router lists them. */
function names(path: string, key: string): readonly string[] {
  if (path === '/settings') return settingsSections;
  const own = router.slice(router.indexOf(`path: '${path}',`)).slice(0, 900);
  const [, apart] = /^[^}]*?validateSearch: (\w+),/.exec(own) ?? [];
  const route = apart ? searches.slice(searches.indexOf(`export const ${apart} =`)) : own;
  const list = new RegExp(`${key}: oneOf\\(\\[([^\\]]+)\\]`).exec(route.slice(0, 900))?.[1] ?? '';
  return [...list.matchAll(/'([^']+)'/g)].map((found) => found[1] as string);
}

suite('the guide', () => {
  test('every page of the console has an article, every tab and section one that exists', () => {
    const pages = inShell.filter((path) => path !== '$');
    assert.ok(pages.length > 25, 'the router was read');
    assert.deepEqual(
      pages.filter((path) => !findArticle(articleOfPage(path, {}) ?? '')),
      [],
    );
    const places = [
      ['/customers/$id', 'tab'],
      ['/invoices/$id', 'tab'],
      ['/reports', 'tab'],
      ['/settings', 'section'],
    ] as const;
    for (const [path, key] of places) {
      const all = names(path, key);
      assert.ok(all.length > 1, path);
      for (const name of all)
        assert.ok(findArticle(articleOfPage(path, { [key]: name }) ?? ''), `${path} ${name}`);
    }
    assert.deepEqual(
      pageArticles.filter(([path]) => !inShell.includes(path)),
      [],
      'no page that is gone',
    );
  });

  test('a place for any name does not hide the page of its own name', () => {
    assert.equal(articleOfPage('/invoices/new', {}), 'invoices');
    assert.equal(articleOfPage('/invoices/inv_1', { tab: 'messages' }), 'invoice-not-received');
    assert.equal(articleOfPage('/settings', { section: 'late_fees' }), 'late-fees');
    assert.equal(articleOfPage('/nowhere/at/all', {}), undefined);
  });

  test('every link leads somewhere, every related article and every picture is there', () => {
    const faults: string[] = [];
    for (const article of allArticles('staff')) {
      const markdown = source(`docs/guide/${article.slug}.md`);
      for (const slug of article.related)
        if (!findArticle(slug)) faults.push(`${article.slug}: related ${slug}`);
      for (const [, href = ''] of markdown.matchAll(/\]\(([^)\s]+)\)/g))
        if (!leads(article.slug, href)) faults.push(`${article.slug}: ${href}`);
    }
    assert.deepEqual(faults, []);
  });

  test('each is dated, short at the head, and what payers read leads to nothing for staff', () => {
    for (const { slug, title, summary, updated, ...article } of allArticles('staff')) {
      assert.match(updated, /^20\d\d-\d\d-\d\d$/, slug);
      assert.ok(title.length <= 60 && summary.length <= 110, slug);
      if (article.for === 'payers') assert.doesNotMatch(article.html('/help'), /\/console/, slug);
    }
    assert.equal(readdirSync(new URL('docs/guide', root)).length, allArticles('staff').length);
  });

  test('a search forgives a slip, knows beginnings, and shows payers nothing of staff’s', () => {
    const best = (words: string) => searchArticles(words, 'staff')[0]?.slug;
    assert.equal(best('chargebak evidence'), 'chargebacks');
    assert.equal(best('did not get the invoice'), 'invoice-not-received');
    assert.equal(best('remind'), 'reminders');
    assert.equal(searchArticles('forgot pasword', 'payers')[0]?.slug, 'payer-sign-in');
    assert.deepEqual(
      searchArticles('chargeback evidence', 'payers').filter((each) => each.for === 'staff'),
      [],
    );
    assert.deepEqual(searchArticles('xqzzyvw', 'staff'), []);
  });

  test('markup in an article stays text, and a link cannot run a script', () => {
    const head = 'title: T\nsummary: S\ngroup: Begin\nupdated: 2026-01-01\nrelated: \nfor: staff';
    const { article } = readArticle(
      't',
      `---\n${head}\n---\n<script>x()</script>\n\n[a](javascript:x())\n\n## A & B\n`,
    );
    const html = article.html('/help');
    assert.doesNotMatch(html, /<script|javascript:/);
    assert.match(html, /&lt;script&gt;/);
    assert.deepEqual(article.headings, [{ id: 'a-b', words: 'A & B' }]);
    assert.throws(() => readArticle('t', `---\n${head.replace('Begin', 'Odds')}\n---\nx`), /one of Begin/);
  });
});

const portalPages = [
  'portal-access/sign-in-routes.ts',
  'portal-access/trouble-routes.ts',
  'support/portal-question-routes.ts',
];

/** A link of an article: to another one and a heading in it, to a page of Owed, to a picture. */
function leads(from: string, href: string): boolean {
  const [path = '', place] = href.split('#');
  if (path.startsWith('../images/')) return existsSync(new URL(`docs/images/${path.slice(10)}`, root));
  if (path.startsWith('https://')) return true;
  if (path.startsWith('/console')) {
    const url = new URL(path, 'http://owed.example');
    const page = url.pathname.slice('/console'.length) || '/';
    const known = [...url.searchParams].every(([key, value]) => names(page, key).includes(value));
    return inShell.includes(page) && known;
  }
  if (path.startsWith('/portal/'))
    return portalPages.some((file) => source(`src/features/${file}`).includes(`'${path}'`));
  const article = findArticle(path === '' ? from : path.replace(/\.md$/, ''));
  if (!article || (path !== '' && !path.endsWith('.md'))) return false;
  return !place || article.headings.some(({ id }) => id === place);
}
