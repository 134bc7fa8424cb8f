import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { pageWords, problemWithSlug } from '#features/organizations/portal-address-rules.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { apiKeyOf, Browser } from '../../../test/support/portal.ts';
import { payerOf } from '../../../test/support/portal-payer.ts';
import { callApi } from '../../../test/support/server.ts';

let books: Books;
let key: string;
before(async () => {
  books = await given.organization();
  key = await apiKeyOf(books);
});
type Answer = {
  [field: string]: unknown;
  status: number;
  error: { message: string; param?: string };
};
const ask = async (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  body?: unknown,
  by = key,
): Promise<Answer> => {
  const reply = await callApi(by, method, url, body);
  return { ...(reply.body as Answer), status: reply.status };
};

/** A PNG by its head alone: signature, and its width and height where each PNG has them. */
const png = (width: number, height: number): string => {
  const bytes = Buffer.alloc(64);
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(bytes);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes.toString('base64');
};
const svg = (inside: string): string =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`).toString('base64');

test('an icon is served to everybody and stands in the portal; what is no icon is refused in words', async () => {
  for (const [content_type, base64, words] of [
    ['image/png', png(64, 32), /not square/],
    ['image/png', svg(''), /not the kind/],
    ['image/svg+xml', svg('<script>alert(1)</script>'), /scripts/],
    ['image/png', Buffer.alloc(131_073).toString('base64'), /larger than 128 KiB/],
  ] as const) {
    const refused = await ask('POST', '/v1/organization/icon', { content_type, base64 });
    assert.equal(refused.status, 422);
    assert.match(refused.error.message, words);
  }
  const saved = await ask('POST', '/v1/organization/icon', {
    content_type: 'image/png',
    base64: png(64, 64),
  });
  const url = String(saved.icon_url);
  const picture = await callApi('', 'GET', url);
  assert.deepEqual([picture.status, picture.headers['content-type']], [200, 'image/png']);
  assert.match(String(picture.headers['content-security-policy']), /sandbox/);
  const { browser } = await payerOf(books);
  assert.ok(browser.html.includes(`<link rel="icon" href="${url}">`));
  assert.equal((await ask('DELETE', '/v1/organization/icon')).icon_url, null);
  assert.equal((await callApi('', 'GET', url)).status, 404);
});

test('a second colour draws the line at the head of the portal; one that is no colour is refused', async () => {
  assert.equal((await ask('PATCH', '/v1/organization', { accent_color: 'red' })).error.param, 'accent_color');
  assert.equal((await ask('PATCH', '/v1/organization', { accent_color: '#b0591b' })).accent_color, '#b0591b');
  const { browser } = await payerOf(books);
  assert.match(browser.html, /--head-line:#b0591b/);
  await ask('PATCH', '/v1/organization', { accent_color: null });
  await browser.open('/portal');
  assert.doesNotMatch(browser.html, /--head-line:#/);
});

test('week and fiscal year are kept, and days that are none refused', async () => {
  const saved = await ask('PATCH', '/v1/organization', { first_weekday: 0, fiscal_month: 7 });
  assert.deepEqual([saved.first_weekday, saved.fiscal_month], [0, 7]);
  for (const [field, value] of [
    ['first_weekday', 7],
    ['fiscal_month', 0],
    ['fiscal_month', 13],
  ] as const)
    assert.equal((await ask('PATCH', '/v1/organization', { [field]: value })).error.param, field);
  const { fiscal_year_from: from, today } = await ask('GET', '/v1/dashboard');
  assert.match(String(from), /-07-01$/);
  assert.ok(String(from) <= String(today));
});

test('each page of the portal is a refused word, so that no address can hide it', () => {
  const root = new URL('../../../', import.meta.url);
  const words = globSync('src/features/*/*.ts', { cwd: root })
    .filter((file) => !file.includes('.test.'))
    .flatMap((file) => [
      ...readFileSync(new URL(file, root), 'utf8').matchAll(
        /(?:url: |const \w+ = )[`']\/portal\/([a-z][a-z-]*)/g,
      ),
    ])
    .map(([, word]) => word as string);
  assert.ok(words.length > 30);
  assert.deepEqual(
    [...new Set(words)].filter((word) => problemWithSlug(word) === undefined),
    [],
  );
  assert.deepEqual(
    pageWords.filter((word) => problemWithSlug(word) === undefined),
    [],
  );
});

test('names that make no address say why', () => {
  for (const [slug, words] of [
    ['ab', /3 to 40/],
    ['Harbor', /small letters/],
    ['harbor pine', /small letters/],
    ['-harbor', /Begin and end/],
    ['harbor--pine', /one hyphen/],
    ['org_0000000000000000000000', /small letters|id/],
    ['owed', /needs itself/],
  ] as const)
    assert.match(problemWithSlug(slug) ?? 'none', words, slug);
  assert.equal(problemWithSlug('harbor-pine'), undefined);
});

test('the portal is found under its address; the one before leads there, and nobody else gets either', async () => {
  const stranger = await given.organization();
  const strangersKey = await apiKeyOf(stranger);
  const slug = `harbor-${books.organizationId.slice(-6)}`;
  const set = (name: string, by = key) => ask('POST', '/v1/portal-address', { slug: name }, by);
  assert.match(String((await set(slug)).portal_url), new RegExp(`/portal/${slug}$`));
  assert.equal((await set(`${slug}-two`)).portal_slug, `${slug}-two`);
  const visitor = new Browser();
  await visitor.open(`/portal/${slug}`);
  assert.equal(visitor.url, '/portal/sign-in');
  const { name } = (await ask('GET', '/v1/organization')) as { name?: unknown };
  assert.ok(visitor.html.includes(String(name)), 'the door is the organization’s');
  for (const taken of [slug, `${slug}-two`]) {
    const checked = await ask('GET', `/v1/portal-address?slug=${taken}`, undefined, strangersKey);
    assert.match(String(checked.problem), /has this address, or had it/);
    assert.equal((await set(taken, strangersKey)).status, 409);
  }
  assert.equal((await ask('GET', `/v1/portal-address?slug=${slug}`)).problem, null, 'an own one is free');
  assert.equal((await set(slug)).portal_slug, slug, 'and can be taken again');
  await visitor.open('/portal/no-such-place-here');
  assert.equal(visitor.status, 404);
});

test('an address leads one who is signed in to the customer there', async () => {
  const other = await given.organization();
  const otherKey = await apiKeyOf(other);
  const slug = `pine-${other.organizationId.slice(-6)}`;
  await ask('POST', '/v1/portal-address', { slug }, otherKey);
  const { browser } = await payerOf(books);
  await browser.open(`/portal/${slug}`);
  assert.equal(browser.url, '/portal', 'no customer there: the own papers are shown');
});
