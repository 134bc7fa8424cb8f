import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Books, given } from '../../../test/support/given.ts';
import { Browser, query } from '../../../test/support/portal.ts';
import { payerOf } from '../../../test/support/portal-payer.ts';
import {
  daysOf,
  invoiceSchedule,
  paymentSchedule,
  schedule,
  standing,
  workSchedules,
} from '../../../test/support/schedules.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

/** A payer who may change nothing of its methods, with a schedule of staff's: 25.00 monthly from 31 March. */
async function charged(description = 'Membership') {
  const { browser, customerId } = await payerOf(books, { portalEditMethods: false });
  const methodId = await given.storedMethod(books, customerId);
  const scheduleId = await schedule(books, paymentSchedule(customerId, methodId, { description }));
  return { browser, customerId, methodId, scheduleId };
}
const revoked = (customerId: string) =>
  query<{ portal_user_id: string | null; reason: string }>(
    'select portal_user_id, reason from authorization_revocations where customer_id = $1',
    [customerId],
  );

test('a payer sees what is charged by itself, from the page of its methods on', async () => {
  const { browser, customerId, methodId } = await charged();
  await schedule(books, invoiceSchedule(customerId, { description: 'Rent of the shop' }));
  await schedule(books, paymentSchedule(customerId, methodId, { description: 'Winter service' }));
  await browser.open('/portal/methods');
  assert.match(browser.text, /Scheduled payments \(2\)/, 'invoices that come by themselves are none');
  await browser.open(/href="(\/portal\/schedules)"/.exec(browser.html)?.[1] ?? '');
  assert.equal(browser.title, 'Scheduled payments');
  assert.match(browser.text, /\$25\.00 monthly Membership Visa ending in 4242 Next on Mar 31, 2026/);
  assert.match(browser.text, /Winter service/);
  assert.doesNotMatch(browser.text, /Rent of the shop/);
});

test('the page of one says what will be charged, when, to what and by which words; a stranger finds none', async () => {
  const { browser, customerId, methodId, scheduleId } = await charged('Lawn care');
  await workSchedules(books, '2026-03-31');
  await browser.open('/portal/schedules');
  assert.match(browser.html, new RegExp(`href="/portal/schedules/${scheduleId}"`));
  await browser.open(`/portal/schedules/${scheduleId}`);
  assert.equal(browser.title, '$25.00 monthly');
  assert.match(browser.text, /Lawn care.*Running.*Charged to Visa ending in 4242/);
  assert.match(
    browser.text,
    /Next dates Apr 30, 2026 ?May 31, 2026 ?Jun 30, 2026 ?Jul 31, 2026 ?Aug 31, 2026/,
  );
  assert.match(browser.text, /What was charged Mar 31, 2026 (Being charged|Did not go through) \$25\.00/);
  assert.match(browser.text, /What was agreed to .* may charge \$25\.00 to .*monthly, from Mar 31, 2026/);
  assert.match(browser.html, new RegExp(`/portal/schedules/${scheduleId}/stop`));
  const other = await charged();
  await other.browser.open(`/portal/schedules/${scheduleId}`);
  assert.equal(other.browser.status, 404);
  assert.ok(customerId && methodId);
});

test('nothing is scheduled: the page says so, and the page of methods does not lead there', async () => {
  const { browser } = await payerOf(books, {});
  await browser.open('/portal/methods');
  assert.doesNotMatch(browser.text, /Scheduled payments/);
  await browser.open('/portal/schedules');
  assert.match(browser.text, /Nothing is scheduled/);
});

test('a payer stops its schedule in the portal whatever staff allow, once, and nothing is charged', async () => {
  const { browser, customerId, scheduleId } = await charged();
  const stop = `/portal/schedules/${scheduleId}/stop`;
  await browser.open(stop);
  assert.match(browser.text, /You take back your agreement.*Visa ending in 4242/);
  const form = browser.form(stop);
  await browser.post(stop, form);
  assert.equal(browser.status, 200);
  assert.equal(browser.path, '/portal/schedules');
  assert.match(
    browser.text,
    /Stopped\. Nothing more is charged.*\$25\.00 monthly Membership Visa ending in 4242 Stopped/,
  );
  assert.doesNotMatch(browser.html, new RegExp(stop), 'what is stopped is not offered to be stopped');
  await browser.post(stop, form);
  assert.equal(browser.status, 200, 'the same form twice is one stop');
  const [revocation, ...more] = await revoked(customerId);
  assert.match(revocation?.portal_user_id ?? '', /^ptu_/);
  assert.deepEqual(more, []);
  const { state, pauseReason } = await standing(books, scheduleId);
  assert.deepEqual([state, pauseReason], ['paused', 'agreement']);
  await workSchedules(books, '2026-03-31');
  assert.deepEqual(await daysOf(books, scheduleId), []);
});

test('a stop without the form’s own mark, by a stranger or by nobody changes nothing', async () => {
  const { browser, customerId, scheduleId } = await charged();
  const stop = `/portal/schedules/${scheduleId}/stop`;
  await browser.post(stop, new URLSearchParams());
  assert.equal(browser.status, 403);
  const other = await charged();
  await other.browser.open(stop);
  assert.equal(other.browser.status, 404);
  await other.browser.open(`/portal/schedules/${other.scheduleId}/stop`);
  await other.browser.post(stop, other.browser.form(`/portal/schedules/${other.scheduleId}/stop`));
  assert.equal(other.browser.status, 404);
  const nobody = await new Browser().open(stop);
  assert.match(nobody.path, /sign-in/);
  assert.deepEqual(await revoked(customerId), []);
  assert.equal((await standing(books, scheduleId)).state, 'running');
});
