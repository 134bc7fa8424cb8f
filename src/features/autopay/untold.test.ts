import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { autopayHouse, chargesOf, march, workAutopayAt } from '../../../test/support/autopay.ts';
import { bankAccount, given } from '../../../test/support/given.ts';
import { mailsOf } from '../../../test/support/mails.ts';

const kindsOf = async (books: Parameters<typeof mailsOf>[0]) =>
  (await mailsOf(books)).map(({ kind }) => kind);

test('who has an address that is no good is not told, so not debited, until it is put right', async () => {
  const { books, customerId } = await autopayHouse({}, bankAccount);
  const { organizationId } = books;
  await books.tx((tx) =>
    tx.run(sql`insert into email_problems (organization_id, email, kind, reason, since)
      values (${organizationId}, 'payer@example.com', 'hard_bounce', 'No such mailbox', ${march(1)})`),
  );
  await given.invoice(books, customerId, 10_000n);
  for (const day of [2, 12, 14]) await workAutopayAt(books, march(day));
  assert.deepEqual(await chargesOf(books), []);
  await books.tx((tx) => tx.run(sql`delete from email_problems where organization_id = ${organizationId}`));
  await workAutopayAt(books, march(15));
  assert.deepEqual(await kindsOf(books), ['autopay_notice']);
  await workAutopayAt(books, march(24));
  assert.deepEqual(await chargesOf(books), []);
  await workAutopayAt(books, march(25));
  assert.equal((await chargesOf(books)).length, 1);
});

test('where one address is no good and a copy is, the copy has the notice and the debit is made', async () => {
  const { books, customerId } = await autopayHouse({}, bankAccount);
  const { organizationId } = books;
  await books.tx(async (tx) => {
    await tx.run(sql`insert into email_problems (organization_id, email, kind, reason, since)
      values (${organizationId}, 'payer@example.com', 'hard_bounce', 'No such mailbox', ${march(1)})`);
    await tx.run(sql`update customers set cc_emails = array['books@example.com']
      where organization_id = ${organizationId} and id = ${customerId}`);
  });
  await given.invoice(books, customerId, 10_000n);
  await workAutopayAt(books, march(2));
  const [notice] = await mailsOf(books);
  assert.deepEqual([notice?.state, notice?.toEmails], ['sent', ['books@example.com']]);
  await workAutopayAt(books, march(12));
  assert.equal((await chargesOf(books)).length, 1);
});

test('what is above the maximum is asked about once there is somebody to ask', async () => {
  const { books, customerId } = await autopayHouse({ maximum: 5_000n });
  const email = (to: string | null) =>
    books.tx((tx) =>
      tx.run(sql`update customers set email = ${to} where organization_id = ${books.organizationId}
        and id = ${customerId}`),
    );
  await email(null);
  await given.invoice(books, customerId, 10_000n);
  await workAutopayAt(books, march(2));
  assert.deepEqual(await kindsOf(books), []);
  await email('ana@example.com');
  for (const day of [3, 4]) await workAutopayAt(books, march(day));
  assert.deepEqual(await kindsOf(books), ['autopay_over_maximum']);
});
