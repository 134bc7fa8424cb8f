import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { type Books, given } from '../../../test/support/given.ts';
import { mailInvoice } from '../../../test/support/mails.ts';
import { liveBooks, reactToAll, setCustomer, setRule } from '../../../test/support/messenger.ts';
import { explainNewInvoice } from './explain-new-invoice.ts';

const explain = (books: Books, invoiceId: string) =>
  books.tx((tx) => explainNewInvoice(tx, { organizationId: books.organizationId, invoiceId }, books.now));
const ana = (books: Books) => given.customer(books, { email: 'ana@example.com', firstName: 'Ana' });

test('an invoice tells when it goes out by itself, that it went, or the rule that keeps it', async () => {
  const books = await liveBooks();
  const invoiceId = await given.invoice(books, await ana(books), 100n, { invoiceDate: '2026-03-10' });
  assert.equal((await explain(books, invoiceId)).standing, 'goes');

  await setRule(books, sql`new_invoice_when = 'invoice_date'`);
  const waits = await explain(books, invoiceId);
  assert.deepEqual([waits.standing, waits.goesOn, waits.held], ['waits', '2026-03-10', null]);

  await setRule(books, sql`new_invoice_when = 'never'`);
  const held = await explain(books, invoiceId);
  assert.equal(held.held?.rule, 'rule_is_never');
  assert.match(held.held?.words ?? '', /never to go out by themselves/);

  await mailInvoice(books, invoiceId);
  assert.equal((await explain(books, invoiceId)).standing, 'sent');
});

test('each rule has its words', async () => {
  const books = await liveBooks();
  const customerId = await ana(books);
  const invoiceId = await given.invoice(books, customerId, 100n);
  await setCustomer(books, customerId, sql`message_cells = '{}'`);
  assert.match((await explain(books, invoiceId)).held?.words ?? '', /off in every channel/);
  await setRule(books, sql`automatic_messages_since = null`);
  assert.match((await explain(books, invoiceId)).held?.words ?? '', /not live/);
  await assert.rejects(explain(books, 'inv_0000000000000000000000'), /visible to you/);
});

test('it never says that an invoice goes which cannot reach its reader', async () => {
  const books = await liveBooks();
  const customerId = await ana(books);
  const invoiceId = await given.invoice(books, customerId, 100n);
  const why = async () => {
    const { standing, held } = await explain(books, invoiceId);
    return [standing, held?.rule];
  };
  assert.deepEqual(await why(), ['goes', undefined]);
  await setCustomer(books, customerId, sql`email = null`);
  assert.deepEqual(await why(), ['held', 'no_address']);
  await setCustomer(books, customerId, sql`email = 'ana@example.com', do_not_contact = 'represented'`);
  assert.deepEqual(await why(), ['held', 'customer_may_be_contacted']);
  await setCustomer(books, customerId, sql`do_not_contact = null`);
  await books.tx((tx) =>
    tx.run(sql`insert into email_problems (organization_id, email, kind, reason, since)
      values (${books.organizationId}, 'ana@example.com', 'hard_bounce', '550', now())`),
  );
  assert.deepEqual(await why(), ['held', 'email_problem']);
  await reactToAll(books, invoiceId);
  await books.tx((tx) =>
    tx.run(sql`delete from email_problems where organization_id = ${books.organizationId}`),
  );
  assert.deepEqual(
    await why(),
    ['held', 'email_problem'],
    'what was made is held back, and is not made again',
  );
});
