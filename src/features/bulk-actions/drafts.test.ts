import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { draftInvoice } from '#features/invoices/draft-invoice.ts';
import { newId } from '#lib/ids.ts';
import { bulk } from '../../../test/support/bulk-actions.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { invoiceSchedule, schedule, workSchedules } from '../../../test/support/schedules.ts';

const line = {
  itemName: 'Work',
  description: '',
  quantity: '1',
  unitPrice: '5',
  taxable: false,
  taxRate: '0',
};

async function drafts(books: Books, customerId: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const input = {
      organizationId: books.organizationId,
      invoice: { customerId, lines: [line] },
      issue: false,
    };
    ids.push((await books.tx((tx) => draftInvoice(tx, books.actor, input, books.now))).invoiceId);
  }
  return ids;
}
const left = (books: Books) =>
  books.tx((tx) =>
    tx.rows<{ id: string; issued: boolean }>(sql`select id, issued_at is not null as issued from invoices
      where organization_id = ${books.organizationId} order by id`),
  );
const invoices = (ids: readonly string[]) => ({ subject: 'invoices' as const, ids });

test('chosen drafts are issued, each once; what was issued before is left out by name', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const some = await drafts(books, customerId, 4);
  const issued = await given.invoice(books, customerId, 100n);
  const seen = await bulk.preview(books, { action: 'issue', chosen: invoices([...some, issued]) });
  assert.deepEqual([seen.would_do, seen.left_out.map(({ rule }) => rule)], [4, ['issued']]);
  const id = await bulk.start(books, { action: 'issue', chosen: invoices([...some, issued]) });
  await bulk.work(books, id);
  await bulk.work(books, id);
  assert.deepEqual(await bulk.rules(books, id), {
    ...Object.fromEntries(some.map((one) => [one, null])),
    [issued]: 'issued',
  });
  assert.ok((await left(books)).every((row) => row.issued));
});

test('all drafts that a filter finds are issued, though none of them is a draft afterwards', async () => {
  const books = await given.organization();
  await drafts(books, await given.customer(books), 7);
  const chosen = { subject: 'invoices' as const, filter: { status: 'draft' as const } };
  const id = await bulk.start(books, { action: 'issue', chosen });
  await bulk.work(books, id, 2);
  assert.deepEqual(
    [(await bulk.read(books, id)).done, (await left(books)).filter((row) => row.issued).length],
    [7, 7],
  );
});

test('chosen drafts are deleted; an issued one stays, and so does one that a schedule made, with the reason', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  await schedule(books, invoiceSchedule(customerId, { issues: false, startsOn: '2026-03-01' }), '2026-02-27');
  await workSchedules(books, '2026-03-01');
  const [made] = await left(books);
  assert.ok(made && !made.issued, 'a schedule left a draft');
  const some = await drafts(books, customerId, 3);
  const issued = await given.invoice(books, customerId, 100n);
  const id = await bulk.start(books, {
    action: 'delete_drafts',
    chosen: invoices([made.id, ...some, issued]),
  });
  await bulk.work(books, id);
  assert.deepEqual(await bulk.rules(books, id), {
    [made.id]: 'refused',
    ...Object.fromEntries(some.map((one) => [one, null])),
    [issued]: 'issued',
  });
  const [why] = await books.tx((tx) =>
    tx.rows<{ reason: string }>(sql`select reason from bulk_action_rows where row_id = ${made.id}
      and organization_id = ${books.organizationId}`),
  );
  assert.match(why?.reason ?? '', /A schedule made this draft/);
  assert.deepEqual((await left(books)).map((row) => row.id).sort(), [made.id, issued].sort());
});

test('a draft that somebody has asked about is deleted, and the question stays', async () => {
  const books = await given.organization();
  const [asked = '', other = ''] = await drafts(books, await given.customer(books), 2);
  await books.tx((tx) =>
    tx.run(sql`insert into tickets (organization_id, id, desk, state, category, priority, subject, asker_name,
        asker_email, invoice_id, created_at, updated_at) values (${books.organizationId}, ${newId('ticket')}, 'organization', 'new',
        'invoice', 'normal', 'What is this draft?', 'Ana', 'ana@example.com', ${asked}, ${books.now}, ${books.now})`),
  );
  const id = await bulk.start(books, { action: 'delete_drafts', chosen: invoices([asked, other]) });
  await bulk.work(books, id);
  assert.deepEqual(await bulk.rules(books, id), { [asked]: null, [other]: null });
  assert.deepEqual(await left(books), []);
  const [ticket] = await books.tx((tx) =>
    tx.rows(sql`select subject, invoice_id from tickets where organization_id = ${books.organizationId}`),
  );
  assert.deepEqual(ticket, { subject: 'What is this draft?', invoiceId: null });
});
