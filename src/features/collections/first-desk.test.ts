import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { collectionJobs, lateOnArrival } from '#features/collections/jobs.ts';
import { react } from '#jobs/react.ts';
import { reactsTo } from '#subscriptions.ts';
import { listed, today, workDay } from '../../../test/support/desk.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { csvOf, given as imports } from '../../../test/support/imports.ts';
import { outbox } from '../../../test/support/mails.ts';

/** What the worker does with the events of an organization, by the reactions of the desk alone. */
async function workDesk({ db, organizationId }: Pick<Books, 'db' | 'organizationId'>): Promise<string[]> {
  const jobs = collectionJobs({ db, outbox });
  const { rows: events } = await db.pool.query<{ id: string; type: string; subject_id: string }>(
    'select id, type, subject_id from events where organization_id = $1 order by id',
    [organizationId],
  );
  const late = await db.transaction({ kind: 'job', organizationId, name: 'test' }, (tx) =>
    lateOnArrival(
      tx,
      organizationId,
      events.filter(({ type }) => type === 'invoice.issued').map((event) => event.subject_id),
    ),
  );
  const done: string[] = [];
  for (const { type, subject_id: subjectId } of events)
    for (const name of reactsTo(type)) {
      if (name === 'list-late-invoice' && !late.has(subjectId)) continue;
      const job = (jobs as Record<string, (payload: object) => Promise<void>>)[name];
      if (!job) continue;
      await job({ organizationId, subjectId });
      done.push(name);
    }
  return done;
}

test('what an import brings in stands on the desk at once, and is off it when the import is undone', async () => {
  const own = await imports.organization();
  const row = (number: string, due: string) => ({
    ...{ Customer: `Customer ${number}`, 'Invoice number': number, 'Invoice date': '2026-01-01' },
    ...{ 'Due date': due, Item: 'Work', Quantity: '1', 'Unit price': '100.00', 'Balance due': '100.00' },
  });
  await own.customers('Customer 1', 'Customer 2');
  const { id } = await own.bringIn('invoices', csvOf([row('1', '2026-01-31'), row('2', '2099-01-01')]));
  const onDesk = async () =>
    (
      await own.query<{ name: string }>(sql`select c.display_name as name from worklist w
        join customers c on c.organization_id = w.organization_id and c.id = w.customer_id
        where w.organization_id = ${own.id}`)
    ).map(({ name }) => name);
  assert.deepEqual(await onDesk(), []);
  assert.ok((await workDesk({ db: own.db, organizationId: own.id })).includes('rank-desk'));
  assert.deepEqual(await onDesk(), ['Customer 1']);
  await own.undo(id);
  await workDesk({ db: own.db, organizationId: own.id });
  assert.deepEqual(await onDesk(), []);
});

test('an invoice that is late when it is issued puts its customer on the desk; one that is not, does not', async () => {
  const books = await given.organization();
  const customers = [await given.customer(books), await given.customer(books)] as const;
  await given.invoice(books, customers[0], 100n, { invoiceDate: '2020-01-01', dueDate: '2020-01-31' });
  await given.invoice(books, customers[1], 100n, { invoiceDate: '2020-01-01', dueDate: '2099-01-31' });
  assert.deepEqual(await workDesk(books), ['list-late-invoice']);
  assert.ok(await listed(books, customers[0]));
  assert.equal(await listed(books, customers[1]), undefined);
});

test('the reaction to an issued invoice is asked for only where it is late', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const late = await given.invoice(books, customerId, 100n, {
    invoiceDate: '2020-01-01',
    dueDate: '2020-01-31',
  });
  await given.invoice(books, customerId, 100n, { invoiceDate: '2020-01-01', dueDate: '2099-01-31' });
  const { rows } = await books.db.pool.query<{ id: string }>(
    `select id from events where organization_id = $1 and type = 'invoice.issued'`,
    [books.organizationId],
  );
  const eventIds = rows.map(({ id }) => id);
  await react(
    books.db,
    () => ['list-late-invoice'],
    { organizationId: books.organizationId, eventIds },
    {
      'list-late-invoice': lateOnArrival,
    },
  );
  const { rows: jobs } = await books.db.pool.query<{ payload: { subjectId: string } }>(
    `select j.payload from graphile_worker._private_jobs j where j.key = any($1)`,
    [eventIds.map((id) => `${id}:list-late-invoice`)],
  );
  assert.deepEqual(
    jobs.map(({ payload }) => payload.subjectId),
    [late],
  );
});

test('a day on which nothing changed leaves the list as it was written', async () => {
  const books = await given.organization();
  const { customerId } = await given.debtor(books, 1000n);
  await workDay(books, 40);
  const written = () =>
    books.tx((tx) =>
      tx.row<{ at: Date }>(sql`select refreshed_at as at from worklist
        where organization_id = ${books.organizationId} and customer_id = ${customerId}`),
    );
  const before = await written();
  assert.deepEqual(before?.at, today(40).now);
  await workDay(books, 41);
  assert.deepEqual(await written(), before);
  await workDay(books, 65);
  assert.deepEqual((await written())?.at, today(65).now, 'another bracket of age is another rank');
});
