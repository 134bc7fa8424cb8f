import assert from 'node:assert/strict';
import { test } from 'node:test';
import { autopayHouse, chargesOf, march, stateOf, switchOn, workAutopayAt } from '../support/autopay.ts';
import { type Books, given, read } from '../support/given.ts';
import { mailsOf } from '../support/mails.ts';
import { reviseTo } from '../support/messenger.ts';

const authorizationsOf = async (books: Books): Promise<string[]> => {
  const { rows } = await books.db.pool.query<{ id: string }>(
    `select authorization_id as id from payments where organization_id = $1 and source = 'autopay' order by id`,
    [books.organizationId],
  );
  return rows.map(({ id }) => id);
};

test('what was agreed to once survives an edited invoice, and is asked for again only beyond its bounds', async () => {
  const { books, customerId, methodId } = await autopayHouse({ chargeWhen: 'due_date', maximum: 30_000n });
  const agreed = (await stateOf(books, customerId)).authorizationId;
  const [within, beyond] = [
    await given.invoice(books, customerId, 10_000n, { dueDate: '2026-03-10' }),
    await given.invoice(books, customerId, 10_000n, { dueDate: '2026-03-20' }),
  ];
  // Another sum, another day, other words: each is the same consent's business.
  await reviseTo(books, within, { amount: 25_000n });
  await reviseTo(books, within, { dueDate: '2026-03-12', memo: 'A word more' });
  await reviseTo(books, beyond, { amount: 31_000n });
  await workAutopayAt(books, march(11));
  assert.deepEqual(await chargesOf(books), [], 'not before its new day');
  await workAutopayAt(books, march(12));
  assert.deepEqual(
    (await chargesOf(books)).map(({ amount, invoices }) => [amount, invoices]),
    [[25_000n, [within]]],
  );
  assert.deepEqual(await authorizationsOf(books), [agreed]);
  await workAutopayAt(books, march(20));
  assert.equal((await read.invoice(books, beyond)).reserved, 0n);
  const asked = (await mailsOf(books)).filter(({ kind }) => kind === 'autopay_over_maximum');
  assert.equal(asked.length, 1, 'asked once, and not charged');
  await switchOn(books, {
    ...{ customerId, methodId },
    terms: { chargeWhen: 'due_date', maximum: 40_000n },
    now: march(21),
  });
  await workAutopayAt(books, march(21));
  const [, later] = await authorizationsOf(books);
  assert.ok(later && later !== agreed, 'under the agreement that goes so far');
  assert.equal((await chargesOf(books)).at(-1)?.amount, 31_000n);
});
