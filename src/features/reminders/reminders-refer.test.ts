import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { newId } from '#lib/ids.ts';
import type { Books } from '../../../test/support/given.ts';
import { remindDay, reminded, remindersOf } from '../../../test/support/reminders.ts';

type Named = { invoiceId: string; stepId: string };

const hold = (books: Books, customerId: string, named: readonly Named[]) =>
  books.tx((tx) =>
    tx.run(sql`
      insert into reminders (organization_id, id, customer_id, invoice_id, step_id, due_on, occurrence, message_type,
        state, held_by, held_on)
      select ${books.organizationId}, r.id, ${customerId}, r.invoice_id, r.step_id, '2026-04-07', 0, 'payment_past_due',
        'held', 'address_good', '2026-04-07'
      from unnest(${named.map(() => newId('reminder'))}::text[], ${named.map(({ invoiceId }) => invoiceId)}::text[],
        ${named.map(({ stepId }) => stepId)}::text[]) as r(id, invoice_id, step_id)`),
  );

test('a reminder names an issued invoice and a step of its own organization, each of many at once', async () => {
  const { books, customerId, invoiceId } = await reminded();
  const elsewhere = await reminded();
  const step = await books.tx((tx) =>
    tx.row<{ id: string }>(
      sql`select id from dunning_steps where organization_id = ${books.organizationId} limit 1`,
    ),
  );
  const good = { invoiceId, stepId: step?.id ?? '' };
  for (const wrong of [
    { ...good, invoiceId: newId('invoice') },
    { ...good, invoiceId: elsewhere.invoiceId },
    { ...good, stepId: newId('dunningStep') },
  ])
    await assert.rejects(hold(books, customerId, [good, wrong]), /names no issued invoice, or no step/);
  assert.equal((await remindersOf(books)).length, 0);
  assert.equal(await hold(books, customerId, [good]), 1);
});

test('what a reminder names stays: an issued invoice and a step are not deleted', async () => {
  const { books, invoiceId } = await reminded();
  await remindDay(books, '2026-04-07');
  const { organizationId } = books;
  await assert.rejects(
    books.tx((tx) =>
      tx.run(sql`delete from invoices where organization_id = ${organizationId} and id = ${invoiceId}`),
    ),
    /is issued: it can be voided, not deleted/,
  );
  await assert.rejects(
    books.tx((tx) => tx.run(sql`delete from dunning_steps where organization_id = ${organizationId}`)),
    /permission denied/,
  );
});
