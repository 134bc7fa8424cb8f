import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import {
  deactivateCustomers,
  reactivateCustomers,
} from '#features/customer-deactivations/deactivate-customers.ts';
import { readDeactivation } from '#features/customer-deactivations/read-standing.ts';
import { consequencesOf, type Standing } from '#features/customer-deactivations/rules.ts';
import { readCustomer } from '#features/customers/queries.ts';
import { autopayHouse, chargesOf, march, switchOn, workAutopayAt } from '../../../test/support/autopay.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { csvOf, Own } from '../../../test/support/imports.ts';
import { invoiceSchedule, schedule } from '../../../test/support/schedules.ts';

const deactivate = (books: Books, customerId: string) =>
  books.tx((tx) =>
    deactivateCustomers(
      tx,
      books.actor,
      { organizationId: books.organizationId, customerIds: [customerId] },
      books.now,
    ),
  );
/** A customer whose invoices are charged by autopay and made by a schedule, and who owes 10.00. */
async function standingOrders() {
  const { books, customerId } = await autopayHouse();
  await given.invoice(books, customerId, 1000n);
  const scheduleId = await schedule(books, invoiceSchedule(customerId));
  return { books, customerId, scheduleId };
}
const standing = (books: Books, customerId: string) =>
  books.tx((tx) => readDeactivation(tx, books.organizationId, customerId));

test('before a customer is deactivated it is said what hangs on it and what becomes of each', async () => {
  const { books, customerId } = await standingOrders();
  await given.invoice(books, customerId, 700n);
  const seen = await standing(books, customerId);
  assert.deepEqual(
    [seen.open_balance, seen.open_invoices, seen.autopay, seen.invoice_schedules],
    [1700n, 2, true, 1],
  );
  assert.deepEqual(
    seen.consequences.filter(({ stops }) => stops).map(({ what }) => what),
    ['reminders', 'late_fees', 'autopay', 'schedules'],
  );
});

test('deactivated, autopay has ended with its agreement and schedules rest; activated again, both wait for somebody', async () => {
  const { books, customerId, scheduleId } = await standingOrders();
  await deactivate(books, customerId);
  const state = () =>
    books.tx((tx) =>
      tx.row<{ state: string; pauseReason: string | null; endedWhy: string | null; revoked: boolean }>(sql`
        select s.state, s.pause_reason, a.ended_why, exists (select from authorization_revocations r
          where r.organization_id = a.organization_id and r.authorization_id = a.authorization_id) as revoked
        from schedules s join autopays a on a.organization_id = s.organization_id and a.customer_id = s.customer_id
        where s.organization_id = ${books.organizationId} and s.id = ${scheduleId}`),
    );
  const rests = {
    state: 'paused',
    pauseReason: 'customer_inactive',
    endedWhy: 'customer_inactive',
    revoked: true,
  };
  assert.deepEqual({ ...(await state()) }, rests);
  assert.equal((await standing(books, customerId)).active, false);
  await deactivate(books, customerId);
  await books.tx((tx) =>
    reactivateCustomers(
      tx,
      books.actor,
      { organizationId: books.organizationId, customerIds: [customerId] },
      books.now,
    ),
  );
  assert.deepEqual([(await standing(books, customerId)).active, { ...(await state()) }], [true, rests]);
});

test('whoever became inactive by another way is not charged by autopay either', async () => {
  const { books, customerId } = await standingOrders();
  const other = await given.customer(books, { email: 'other@example.com' });
  await switchOn(books, { customerId: other, methodId: await given.storedMethod(books, other) });
  await given.invoice(books, other, 500n);
  await books.tx((tx) =>
    tx.run(sql`update customers set deactivated_at = ${books.now}
      where organization_id = ${books.organizationId} and id = ${customerId}`),
  );
  await workAutopayAt(books, march(3));
  assert.deepEqual(
    (await chargesOf(books)).map((charge) => charge.customerId),
    [other],
  );
});

test('what an inactive customer owes is not charged to the parent it bills with; an active one’s below it is', async () => {
  const { books, customerId: parentId } = await autopayHouse();
  const child = await given.customer(books, { parentId, billWithParent: true });
  const grandchild = await given.customer(books, { parentId: child, billWithParent: true });
  await given.invoice(books, child, 1000n);
  await given.invoice(books, grandchild, 500n);
  await deactivate(books, child);
  const charged = async () => (await chargesOf(books)).map((charge) => charge.customerId);
  await workAutopayAt(books, march(3));
  assert.deepEqual(await charged(), [grandchild]);
});

test('a file that makes a customer inactive, and its undo that does, stop what stands for it', async () => {
  const { books, customerId, scheduleId } = await standingOrders();
  const own = new Own(books.db, books.organizationId);
  const name = (await books.tx((tx) => readCustomer(tx, books.organizationId, customerId))).displayName;
  const bringIn = (active: string) =>
    own.bringIn('customers', csvOf([{ 'Display name': name, Active: active }]));
  const stands = async () => {
    const [row] = await own.query(sql<{ state: string; autopays: number }>`select s.state,
      (select count(*)::int from autopays a where a.customer_id = ${customerId} and a.ended_at is null) as autopays
      from schedules s where s.id = ${scheduleId}`);
    return row && [row.state, row.autopays];
  };
  assert.deepEqual(await stands(), ['running', 1]);
  await bringIn('no');
  assert.deepEqual(await stands(), ['paused', 0]);
  const again = await bringIn('yes');
  await own.query(sql`update schedules set state = 'running', pause_reason = null where id = ${scheduleId}`);
  await own.undo(again.id);
  assert.deepEqual([(await standing(books, customerId)).active, await stands()], [false, ['paused', 0]]);
});

test('what there is none of is not asked about', () => {
  const none: Standing = {
    openBalance: 0n,
    openInvoices: 0,
    drafts: 0,
    unappliedCash: 0n,
    autopay: false,
    invoiceSchedules: 0,
    paymentSchedules: 0,
    plans: 0,
    planRemaining: 0n,
    portalUsers: 0,
    billedWith: 0,
  };
  assert.deepEqual(consequencesOf(none, false), []);
  const told = (more: Partial<Standing>, sends = false) =>
    consequencesOf({ ...none, ...more }, sends).map(
      ({ what, stops }) => `${what} ${stops ? 'stops' : 'stays'}`,
    );
  assert.deepEqual(told({ portalUsers: 2 }), ['portal stops']);
  assert.deepEqual(told({ portalUsers: 2, openInvoices: 1 }), [
    'open_invoices stays',
    'reminders stops',
    'late_fees stops',
    'portal stays',
  ]);
  assert.ok(
    told({ openInvoices: 1 }, true).includes('reminders stays'),
    'where the settings send to inactive ones',
  );
  assert.deepEqual(told({ plans: 1, unappliedCash: 5n, drafts: 1, billedWith: 1 }), [
    'drafts stays',
    'payment_plans stays',
    'unapplied_cash stays',
    'billed_with stops',
  ]);
});
