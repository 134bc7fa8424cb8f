import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { readAttention } from '#features/dashboard/attention.ts';
import { readFirstSteps } from '#features/dashboard/first-steps.ts';
import { skipStep } from '#features/dashboard/skip-step.ts';
import { updateOrganization } from '#features/organizations/update-organization.ts';
import { newId } from '#lib/ids.ts';
import { type Books, given, news } from '../../../test/support/given.ts';

const attention = async (books: Books) => {
  const organization = { id: books.organizationId, currency: 'USD', timeZone: 'UTC' };
  const { object: _, ...counts } = await books.tx((tx) => readAttention(tx, organization, books.now));
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
};
const run = (books: Books, statement: Parameters<Parameters<Parameters<Books['tx']>[0]>[0]['run']>[0]) =>
  books.tx((tx) => tx.run(statement));

/** A mail in a state, as if the outbox had written it. */
const message = (books: Books, state: string, channel = 'email') => {
  const id = newId('message');
  return run(
    books,
    sql`insert into messages (organization_id, id, kind, state, route, channel, from_name, from_email, to_emails, to_phone, subject,
      html, text, message_id, created_at) values (${books.organizationId}, ${id}, 'invoice', ${state}, 'mailbox', ${channel},
      'A', 'a@a.test', case when ${channel} = 'email' then array['b@b.test'] else '{}' end,
      case when ${channel} = 'sms' then '+15005550006' end, 's', 'h', 't', ${id}, now())`,
  );
};

test('nothing waits for a person where nothing went wrong', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books, { email: 'a@example.test' });
  await given.invoice(books, customerId, 5n);
  assert.deepEqual(await attention(books), {});
});

test('what needs a person is counted once, and no more once somebody has seen to it', async () => {
  const books = await given.organization();
  const { organizationId } = books;
  const { customerId } = await given.debtor(books, 5n);
  const { paymentId } = await given.charge(books, { customerId, amount: 5n });
  await given.outcome(books, paymentId, news('unknown'));
  assert.deepEqual(await attention(books), { email_conflicts: 1 }, 'it is still asked about by itself');
  await run(books, sql`update payments set next_lookup_at = null where id = ${paymentId}`);
  await message(books, 'bounced');
  await message(books, 'failed', 'sms');
  await message(books, 'delivered');
  // Of customers it counts those on the desk, each once.
  await run(
    books,
    sql`insert into worklist (organization_id, customer_id, rank, reasons, kinds, amount, refreshed_at)
      values (${organizationId}, ${customerId}, 1, '[]', '{broken_promise,dispute,task}', 5, now())`,
  );
  await run(books, sql`update gateway_accounts set check_problem = 'refused'`);
  assert.deepEqual(await attention(books), {
    payments_unanswered: 1,
    gateway_problems: 1,
    disputes: 1,
    promises_broken: 1,
    mails_bounced: 1,
    messages_failed: 1,
    email_conflicts: 1,
  });
  await run(books, sql`update messages set put_right_at = now()`);
  await run(books, sql`delete from worklist`);
  await run(books, sql`update gateway_accounts set disconnected_at = now()`);
  await run(books, sql`update customers set ignore_conflicts = true`);
  assert.deepEqual(await attention(books), { payments_unanswered: 1, messages_failed: 1 });
});

test('a first step is done by what the rows say, and may be left out', async () => {
  const books = await given.organization();
  const { organizationId, actor, now } = books;
  const steps = async (what: 'done' | 'skipped') =>
    (await books.tx((tx) => readFirstSteps(tx, organizationId))).steps.flatMap((step) =>
      step[what] ? [step.key] : [],
    );
  assert.deepEqual(await steps('done'), ['gateway'], 'a sandbox begins with one');
  const change = (changes: Parameters<typeof updateOrganization>[2]['changes']) =>
    books.tx((tx) => updateOrganization(tx, actor, { organizationId, changes }, now));
  await change({ email: 'us@example.test', address: { line1: '1 Main St', country: 'US' } });
  await change({ reply_to: 'answers@example.test' });
  assert.deepEqual(await steps('done'), ['profile', 'sender', 'gateway']);
  await change({ terms_days: 14 });
  await change({ default_allow_card: false });
  await given.customer(books);
  await run(
    books,
    sql`update organizations set automatic_messages_since = now() where id = ${organizationId}`,
  );
  assert.deepEqual(await steps('done'), [
    'profile',
    'sender',
    'gateway',
    'customer_defaults',
    'invoice_defaults',
    'customers',
    'go_live',
  ]);
  const skip = (step: 'logo' | 'all', skipped: boolean) =>
    books.tx((tx) => skipStep(tx, actor, { organizationId, step, skipped }, now));
  await skip('logo', true);
  await skip('logo', true);
  assert.deepEqual(await steps('skipped'), ['logo']);
  await skip('logo', false);
  await skip('all', true);
  assert.deepEqual(await steps('skipped'), []);
  assert.equal((await books.tx((tx) => readFirstSteps(tx, organizationId))).dismissed, true);
});

test('the test invoice is one that reached a person who works here', async () => {
  const books = await given.organization();
  const { organizationId } = books;
  const userId = newId('user');
  const email = `${userId}@example.test`;
  await books.db.pool.query(
    `insert into users (id, email, first_name, last_name, password_hash, created_at)
    values ($1, $2, 'Una', 'Lund', 'x', now())`,
    [userId, email],
  );
  await books.db.pool.query(
    `insert into organization_users (organization_id, user_id, roles, created_at) values ($1, $2, '{superuser}', now())`,
    [organizationId, userId],
  );
  const done = async () =>
    (await books.tx((tx) => readFirstSteps(tx, organizationId))).steps.find(
      ({ key }) => key === 'test_invoice',
    )?.done;
  const customerId = await given.customer(books, { email: email.toUpperCase() });
  const invoiceId = await given.invoice(books, customerId, 5n);
  await message(books, 'sent');
  assert.equal(await done(), false);
  await run(
    books,
    sql`update messages set customer_id = ${customerId}, invoice_id = ${invoiceId}, sent_at = now()`,
  );
  assert.equal(await done(), true);
});
