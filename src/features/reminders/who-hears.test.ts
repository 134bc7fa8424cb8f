import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { forecastReminders } from '#features/reminders/forecast.ts';
import { newId } from '#lib/ids.ts';
import { given } from '../../../test/support/given.ts';
import { mailsOf, makings } from '../../../test/support/mails.ts';
import { reactToAll } from '../../../test/support/messenger.ts';
import { answer, approve, ask, follow } from '../../../test/support/plans.ts';
import {
  live,
  owing,
  remindDay,
  reminded,
  remindersOf,
  set,
  setCustomer,
  setSteps,
} from '../../../test/support/reminders.ts';

describe('one message for all that is open', () => {
  test('leaves out what a payment plan pays, and names what was disputed until a day that has passed', async () => {
    const { books, customerId } = await reminded({ dueDate: '2026-04-10', number: 'A-1' });
    const planned = await owing(books, customerId, { dueDate: '2026-05-30', number: 'A-2' });
    const rested = await owing(books, customerId, { dueDate: '2026-05-29', number: 'A-3' });
    const disputed = await owing(books, customerId, { dueDate: '2026-05-28', number: 'A-4' });
    await setCustomer(books, customerId, sql`allow_payment_plans = true`);
    const methodId = await given.storedMethod(books, customerId);
    const house = { books, customerId, invoiceIds: [planned], methodId };
    const planId = await ask(house, { downPayment: 2_000n });
    await approve(house, planId);
    await answer(house, 'submitted');
    await follow(house, planId);
    for (const [invoiceId, until] of [
      [rested, '2026-04-16'],
      [disputed, null],
    ])
      await books.tx((tx) =>
        tx.run(sql`insert into disputes (organization_id, id, customer_id, invoice_id, reason, rests_until, state, created_at)
          values (${books.organizationId}, ${newId('dispute')}, ${customerId}, ${invoiceId}, 'Wrong', ${until}, 'open', now())`),
      );
    await setSteps(books, [{ type: 'payment_past_due', dayOffset: 7 }], { oneMessage: true });
    await remindDay(books, '2026-04-17');
    const text = (await mailsOf(books)).find(({ kind }) => kind === 'payment_past_due')?.text ?? '';
    const named = ['A-1', 'A-2', 'A-3', 'A-4'].filter((number) => text.includes(number));
    assert.deepEqual(named, ['A-1', 'A-3']);
  });
});

describe('a customer that bills with its parent', () => {
  const gone = sql`deactivated_at = now()`;
  for (const which of ['child', 'parent'] as const)
    test(`is not chased where the ${which} is inactive, neither by a reminder nor with a new invoice`, async () => {
      const books = await live();
      const parent = await given.customer(books, { displayName: 'Head', email: 'head@example.com' });
      const child = await given.customer(books, {
        displayName: 'Branch',
        parentId: parent,
        billWithParent: true,
      });
      await setCustomer(books, which === 'child' ? child : parent, gone);
      const invoiceId = await owing(books, child, { dueDate: '2026-04-10' });
      const asked = { ...makings, organizationId: books.organizationId, today: '2026-04-09', days: 30 };
      const expected = async () => {
        const { days, tomorrow } = await books.tx((tx) => forecastReminders(tx, asked, books.now));
        return days.length + tomorrow.length;
      };
      await reactToAll(books, invoiceId);
      assert.equal(await expected(), 0);
      await remindDay(books, '2026-04-10');
      assert.deepEqual(await mailsOf(books), []);
      assert.deepEqual(
        (await remindersOf(books)).map(({ heldBy }) => heldBy),
        ['customer_active'],
      );
      await set(books, sql`send_to_inactive = true`);
      assert.ok((await expected()) > 0, 'where the organization wants it, they are');
      await reactToAll(books, invoiceId);
      await remindDay(books, '2026-04-11');
      assert.deepEqual((await mailsOf(books)).map(({ kind }) => kind).sort(), [
        'new_invoice',
        'payment_past_due',
      ]);
    });
});
