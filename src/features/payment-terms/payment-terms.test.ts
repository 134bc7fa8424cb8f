import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays } from '#lib/dates.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { apiKeyOf, query } from '../../../test/support/portal.ts';
import { payerOf } from '../../../test/support/portal-payer.ts';
import { callApi } from '../../../test/support/server.ts';

type Version = { version: number; state: string; effective_on: string; text: string };
type Failure = { error: { code: string; message: string; param?: string } };

async function company() {
  const books = await given.organization();
  const key = await apiKeyOf(books);
  const { today } = (await callApi(key, 'GET', '/v1/organization')).body as { today: string };
  const publish = async (body: Record<string, unknown>) => {
    const reply = await callApi(key, 'POST', '/v1/payment-terms', body);
    return { status: reply.status, ...(reply.body as Version & Failure) };
  };
  const list = async () =>
    ((await callApi(key, 'GET', '/v1/payment-terms')).body as { data: Version[] }).data;
  return { books, key, today, publish, list };
}

/** As if a version had been published for a day that has come since. */
const ofDay = (books: Books, version: number, day: string) =>
  query('update payment_terms set effective_on = $3 where organization_id = $1 and version = $2', [
    books.organizationId,
    version,
    day,
  ]);

test('versions follow each other by their days; what has begun can be neither edited nor taken back', async () => {
  const { key, today, publish, list } = await company();
  assert.equal((await publish({ text: 'Due in 30 days.' })).state, 'in_force');
  const later = await publish({ text: 'Due in 20 days.', effective_on: addDays(today, 9) });
  assert.deepEqual([later.version, later.state], [2, 'planned']);
  for (const [body, status, param, words] of [
    [{ text: 'Due in 20 days.' }, 422, 'effective_on', /comes into force on/],
    [{ text: 'x', effective_on: addDays(today, -1) }, 422, 'effective_on', /has passed/],
    [{ text: 'Due in 20 days.', effective_on: addDays(today, 9) }, 409, 'text', /already/],
    [{ text: '', ask_again: true, effective_on: addDays(today, 9) }, 422, 'ask_again', /nothing to accept/],
    [{ text: 'x'.repeat(20_001) }, 422, 'text', /./],
    [{ text: 'x', effective_on: '2026-13-01' }, 422, 'effective_on', /./],
  ] as const) {
    const refused = await publish(body);
    assert.deepEqual([refused.status, refused.error.param], [status, param], JSON.stringify(refused));
    assert.match(refused.error.message, words);
  }
  assert.equal((await callApi(key, 'DELETE', '/v1/payment-terms/1')).status, 409);
  assert.equal((await callApi(key, 'DELETE', '/v1/payment-terms/2')).status, 200);
  assert.equal((await callApi(key, 'DELETE', '/v1/payment-terms/2')).status, 404);
  assert.deepEqual(
    (await list()).map(({ version, state }) => [version, state]),
    [[1, 'in_force']],
  );
});

test('nobody edits a version in the database either', async () => {
  const { books, publish } = await company();
  await publish({ text: 'Due in 30 days.' });
  const edit = books.tx((tx) => tx.client.query("update payment_terms set text = 'Due tomorrow.'"));
  await assert.rejects(edit, { code: '42501' });
});

test('a portal user is asked for a version that asks again, once, and is then led on', async () => {
  const { books, key, today, publish } = await company();
  const { browser, customerId } = await payerOf(books);
  await publish({ text: 'Due in 30 days.' });
  await browser.open('/portal/history');
  assert.equal(browser.url, '/portal/history', 'a version that does not ask is agreed to by paying');
  await publish({ text: 'Due in 20 days.\n\nInterest after that.', ask_again: true });
  await browser.open('/portal/history');
  assert.match(browser.url, /^\/portal\/terms/);
  assert.match(browser.text, /Our payment terms have changed.*Interest after that/s);
  await browser.open('/portal/methods');
  assert.match(browser.url, /^\/portal\/terms/, 'there is no way around it');
  await browser.open('/portal/history');
  await browser.submit('/portal/terms');
  assert.equal(browser.url, '/portal/history');
  await browser.open('/portal/methods');
  assert.equal(browser.url, '/portal/methods');
  const kept = await query<{ version: string; text: string; ip: string | null }>(
    `select version, text, ip from authorizations where customer_id = $1 and kind = 'payment_terms'`,
    [customerId],
  );
  assert.deepEqual(
    kept.map(({ version, text, ip }) => [version, text.slice(0, 15), typeof ip]),
    [['2', 'Due in 20 days.', 'string']],
  );
  const accepted = await callApi(key, 'GET', '/v1/payment-terms/2/acceptances');
  const { data } = accepted.body as { data: { customer_id: string; payment_id: string | null }[] };
  assert.deepEqual(
    data.map((row) => [row.customer_id, row.payment_id]),
    [[customerId, null]],
  );
  await publish({ text: 'Due in 10 days.', effective_on: addDays(today, 5), ask_again: true });
  await browser.open('/portal/methods');
  assert.equal(browser.url, '/portal/methods', 'its day has not come');
  await ofDay(books, 3, today);
  await browser.open('/portal/methods');
  assert.match(browser.url, /^\/portal\/terms/);
});

test('a version that changed while it was read is shown anew, not accepted unseen', async () => {
  const { books, publish } = await company();
  const { browser, customerId } = await payerOf(books);
  await publish({ text: 'Due in 30 days.', ask_again: true });
  await browser.open('/portal');
  await publish({ text: 'Due at once.', ask_again: true });
  await browser.submit('/portal/terms');
  assert.match(browser.text, /Due at once/);
  const kept = await query(`select 1 from authorizations where customer_id = $1`, [customerId]);
  assert.deepEqual(kept, []);
});

test('older versions stay readable, those to come are not shown yet', async () => {
  const { books, today, publish } = await company();
  const { browser } = await payerOf(books);
  await publish({ text: 'Due in 30 days.' });
  await publish({ text: 'Due in 20 days.' });
  await publish({ text: 'Due in 10 days.', effective_on: addDays(today, 30) });
  await browser.open('/portal/terms');
  assert.match(browser.text, /Version 2, in force since.*Due in 20 days/s);
  assert.doesNotMatch(browser.text, /Due in 10 days|Version 3/);
  await browser.open('/portal/terms?version=1');
  assert.match(browser.text, /Due in 30 days/);
  await browser.open('/portal/terms?version=3');
  assert.equal(browser.status, 404);
});

test('an empty version ends the terms: nothing is agreed to and nothing asked', async () => {
  const { books, key, publish } = await company();
  const { browser } = await payerOf(books);
  await publish({ text: 'Due in 30 days.', ask_again: true });
  await publish({ text: '' });
  await browser.open('/portal');
  assert.equal(browser.url, '/portal');
  const organization = (await callApi(key, 'GET', '/v1/organization')).body as Record<string, unknown>;
  assert.deepEqual([organization.payment_terms_text, organization.payment_terms_version], [null, null]);
});
