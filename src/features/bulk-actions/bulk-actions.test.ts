import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { readCustomer } from '#features/customers/queries.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { newId } from '#lib/ids.ts';
import { bulk } from '../../../test/support/bulk-actions.ts';
import { type Books, given, read } from '../../../test/support/given.ts';

const invoices = (ids: readonly string[]) => ({ subject: 'invoices' as const, ids });
const customers = (ids: readonly string[]) => ({ subject: 'customers' as const, ids });
const every = { subject: 'invoices' as const, filter: { status: 'all' as const } };

const reachable = (books: Books) => given.customer(books, { email: 'pay@customer.test' });
const several = async (books: Books, customerId: string, count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) ids.push(await given.invoice(books, customerId, 100n));
  return ids;
};

test('a preview says how many will be sent and how many not by which rule; sending does exactly that', async () => {
  const books = await given.organization();
  const good = await several(books, await reachable(books), 5);
  const silent = await given.invoice(books, await given.customer(books), 100n);
  const paidUp = await given.invoice(books, await reachable(books), 100n);
  await bulk.work(books, await bulk.start(books, { action: 'send', chosen: invoices([paidUp]) }));
  const gone = newId('invoice');
  const chosen = invoices([...good, silent, paidUp, gone]);
  const seen = await bulk.preview(books, { action: 'send', chosen });
  assert.deepEqual(
    [seen.total, seen.would_do, Object.fromEntries(seen.left_out.map(({ rule, count }) => [rule, count]))],
    [8, 5, { no_email: 1, sent_today: 1, not_found: 1 }],
  );
  const id = await bulk.start(books, { action: 'send', chosen });
  await bulk.work(books, id);
  const { state, total, done, refused } = await bulk.read(books, id);
  assert.deepEqual([state, total, done, refused], ['done', 8, 5, 3]);
  const rules = await bulk.rules(books, id);
  assert.deepEqual([rules[silent], rules[paidUp], rules[gone]], ['no_email', 'sent_today', 'not_found']);
  const mails = await bulk.mails(books);
  assert.deepEqual(
    good.map((one) => mails.filter(({ invoiceId }) => invoiceId === one).length),
    [1, 1, 1, 1, 1],
  );
});

test('worked twice, and by two at once, each row is done once', async () => {
  const books = await given.organization();
  await several(books, await reachable(books), 7);
  const id = await bulk.start(books, { action: 'send', chosen: every });
  await Promise.all([bulk.work(books, id, 2), bulk.work(books, id, 2)]);
  await bulk.work(books, id);
  const { total, done, refused } = await bulk.read(books, id);
  assert.deepEqual([total, done, refused, (await bulk.mails(books)).length], [7, 7, 0, 7]);
});

test('all that a filter finds means those of the moment it was asked: what comes later is left alone', async () => {
  const books = await given.organization();
  const customerId = await reachable(books);
  await several(books, customerId, 3);
  const id = await bulk.start(books, { action: 'reminders_off', chosen: every });
  const late = await given.invoice(
    { ...books, now: new Date(books.now.getTime() + 60_000) },
    customerId,
    100n,
  );
  await bulk.work(books, id);
  assert.equal((await bulk.read(books, id)).done, 3);
  assert.equal((await read.invoice(books, late)).closedAt, null);
  const rows = await books.tx((tx) =>
    tx.rows<{ remindersOff: boolean }>(sql`select reminders_off from invoices
      where organization_id = ${books.organizationId} order by id`),
  );
  assert.deepEqual(
    rows.map(({ remindersOff }) => remindersOff),
    [true, true, true, false],
  );
});

test('voiding many voids what nobody has paid, reverses each in the books, and names the rest', async () => {
  const books = await given.organization();
  const { customerId, invoiceId: paid } = await given.debtor(books, 100n);
  await given.payment(books, { customerId, amount: 40n, applications: [{ invoiceId: paid, amount: 40n }] });
  const free = await several(books, customerId, 4);
  const under = await given.invoice(books, customerId, 100n);
  await given.charge(books, { customerId, amount: 100n, applications: [{ invoiceId: under, amount: 100n }] });
  await assert.rejects(bulk.start(books, { action: 'void', chosen: every }), { code: 'invalid_request' });
  const id = await bulk.start(books, { action: 'void', chosen: every, settings: { reason: 'Typed twice' } });
  await bulk.work(books, id);
  const rules = await bulk.rules(books, id);
  assert.deepEqual([rules[paid], rules[under]], ['has_payments', 'payment_under_way']);
  for (const one of free) assert.ok((await read.invoice(books, one)).voidedAt);
  assert.equal((await read.ledger(books)).accounts_receivable, 160n, 'only what is not void is owed');
  assert.ok((await read.events(books, free[0] ?? '')).includes('invoice.voided'));
});

test('a row whose command refuses is named alone; its neighbours of the batch are done', async () => {
  const books = await given.organization();
  const { invoiceId } = await given.debtor(books, 100n);
  const ids = await several(books, await given.customer(books), 4);
  // Between the look and the deed: the rules see nothing wrong, the command does.
  const placeholder = `Draft ${invoiceId.slice(-10)}`;
  await books.tx((tx) =>
    tx.run(sql`update invoices set number = ${placeholder}
      where organization_id = ${books.organizationId} and id = ${invoiceId}`),
  );
  const asked = { action: 'void' as const, chosen: invoices([invoiceId, ...ids]), settings: { reason: 'x' } };
  const id = await bulk.start(books, asked);
  await bulk.work(books, id, 50);
  const { done, refused, state } = await bulk.read(books, id);
  assert.deepEqual([state, done, refused], ['done', 4, 1]);
  assert.equal((await bulk.rules(books, id))[invoiceId], 'refused');
});

test('a row that another worker has refused meanwhile takes none of its neighbours along', async () => {
  const books = await given.organization();
  const { invoiceId } = await given.debtor(books, 100n);
  const ids = await several(books, await given.customer(books), 3);
  await books.tx((tx) =>
    tx.run(sql`update invoices set number = ${`Draft ${invoiceId.slice(-10)}`}
      where organization_id = ${books.organizationId} and id = ${invoiceId}`),
  );
  const asked = { action: 'void' as const, chosen: invoices([invoiceId, ...ids]), settings: { reason: 'x' } };
  const id = await bulk.start(books, asked);
  /** The worker whose transactions are followed by something, counted from one. */
  const after = (then: (count: number) => Promise<void>): Books => {
    let count = 0;
    const transaction: Books['db']['transaction'] = async (...given) => {
      try {
        return await books.db.transaction(...given);
      } finally {
        count += 1;
        await then(count);
      }
    };
    return { ...books, db: Object.assign(Object.create(books.db), { transaction }) };
  };
  // The look, all together, the first alone, and its refusal: then the other worker dies.
  const other = after(async (count) => {
    if (count === 4) throw new Error('killed');
  });
  const slow = after(async (count) => {
    if (count === 3) await assert.rejects(bulk.work(other, id), /killed/);
  });
  await bulk.work(slow, id);
  const { done, refused, state } = await bulk.read(books, id);
  assert.deepEqual([state, done, refused], ['done', 3, 1]);
  assert.equal((await bulk.rules(books, id))[invoiceId], 'refused');
});

test('stopped, it touches nothing more; what was done stays', async () => {
  const books = await given.organization();
  await several(books, await reachable(books), 4);
  const id = await bulk.start(books, { action: 'send', chosen: every });
  await bulk.cancel(books, id);
  await bulk.work(books, id);
  assert.deepEqual([(await bulk.read(books, id)).state, (await bulk.mails(books)).length], ['cancelled', 0]);
  await assert.rejects(bulk.cancel(books, id), { code: 'state_refused' });
});

test('reminding many sends the reminder that is right today, and nothing where reminders rest', async () => {
  const books = await given.organization();
  const customerId = await reachable(books);
  const late = await given.invoice(books, customerId, 100n, {
    invoiceDate: '2026-01-01',
    dueDate: '2026-02-01',
  });
  const next = await given.invoice(books, customerId, 100n, { dueDate: '2026-04-01' });
  const off = await given.invoice(books, customerId, 100n, { dueDate: '2026-04-01' });
  const quiet = await given.invoice(
    books,
    await given.customer(books, { email: 'q@q.test', sendReminders: false }),
    100n,
  );
  await bulk.work(books, await bulk.start(books, { action: 'reminders_off', chosen: invoices([off]) }));
  const id = await bulk.start(books, { action: 'remind', chosen: every });
  await bulk.work(books, id);
  const rules = await bulk.rules(books, id);
  assert.deepEqual(
    [rules[late], rules[next], rules[off], rules[quiet]],
    [null, null, 'reminders_off', 'customer_reminders_off'],
  );
  assert.deepEqual((await bulk.mails(books)).map(({ kind }) => kind).sort(), [
    'payment_past_due',
    'upcoming_payment',
  ]);
});

test('customers get their statement, a type, a policy, are deactivated and activated again', async () => {
  const books = await given.organization();
  const owing = await reachable(books);
  await several(books, owing, 2);
  const idle = await reachable(books);
  const both = customers([owing, idle]);
  const run = async (asked: Parameters<typeof bulk.start>[1]) => {
    const id = await bulk.start(books, asked);
    await bulk.work(books, id);
    return bulk.rules(books, id);
  };
  assert.deepEqual(await run({ action: 'send_statement', chosen: both }), {
    [owing]: null,
    [idle]: 'nothing_due',
  });
  assert.deepEqual(
    (await bulk.mails(books)).map(({ kind }) => kind),
    ['statement'],
  );
  await run({ action: 'set_type', chosen: both, settings: { customerType: 'Wholesale' } });
  const typed = await run({
    action: 'set_type',
    chosen: { subject: 'customers', filter: { status: 'all', customerType: 'Wholesale' } },
    settings: { customerType: 'Wholesale' },
  });
  assert.deepEqual(typed, { [owing]: 'already', [idle]: 'already' });
  await assert.rejects(
    bulk.start(books, {
      action: 'set_policy',
      chosen: both,
      settings: { dunningPolicyId: newId('dunningPolicy') },
    }),
    { code: 'not_found' },
  );
  await run({ action: 'deactivate', chosen: both });
  const row = (id: string) => books.tx((tx) => readCustomer(tx, books.organizationId, id));
  assert.deepEqual([(await row(owing)).active, (await row(owing)).customerType], [false, 'Wholesale']);
  await run({ action: 'reactivate', chosen: both });
  assert.equal((await row(idle)).active, true);
});

test('a customer that was merged meanwhile is left out by name', async () => {
  const books = await given.organization();
  const [winner, loser] = [await given.customer(books), await given.customer(books)];
  await books.tx(async (tx) => {
    await updateCustomers(
      tx,
      books.actor,
      { organizationId: books.organizationId, patches: [{ id: loser, active: false }] },
      books.now,
    );
    await tx.run(sql`update customers set merged_into_id = ${winner}
      where organization_id = ${books.organizationId} and id = ${loser}`);
  });
  const id = await bulk.start(books, { action: 'reactivate', chosen: customers([loser]) });
  await bulk.work(books, id);
  assert.deepEqual(await bulk.rules(books, id), { [loser]: 'merged' });
});
