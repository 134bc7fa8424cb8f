import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ScheduleChanges, updateSchedule } from '#features/schedules/update-schedule.ts';
import { Refusal } from '#lib/errors.ts';
import { bankAccount, given } from '../../../test/support/given.ts';
import { mailsOf } from '../../../test/support/mails.ts';
import { workOff } from '../../../test/support/portal.ts';
import { noon, paymentSchedule, schedule } from '../../../test/support/schedules.ts';

const origin = { ip: '203.0.113.7', userAgent: 'test' };

/** 25.00 on 31 March, and then monthly, from a card or a bank account. */
async function charged(method = bankAccount) {
  const books = await given.organization();
  const customerId = await given.customer(books, { email: 'ana@example.com', firstName: 'Ana' });
  const methodId = await given.storedMethod(books, customerId, method);
  const scheduleId = await schedule(books, paymentSchedule(customerId, methodId));
  const change = (day: string, changes: ScheduleChanges, isHeld = false) =>
    books.tx((tx) =>
      updateSchedule(
        tx,
        books.actor,
        {
          ...{ organizationId: books.organizationId, scheduleId, changes },
          ...(isHeld ? { agreement: { by: 'held' as const, origin } } : {}),
        },
        noon(day),
      ),
    );
  const told = async () => {
    for (const name of ['react', 'tell-schedule-changed']) await workOff(name, books.organizationId);
    return (await mailsOf(books)).filter(({ kind }) => kind === 'schedule_changed');
  };
  return { books, customerId, methodId, scheduleId, change, told };
}
const refusedFor = (param: string) => (error: unknown) =>
  error instanceof Refusal && error.code === 'state_refused' && error.details.param === param;

test('the owner of a bank account hears of another amount ten days before it is debited, be it less', async () => {
  const { change, told } = await charged();
  await assert.rejects(change('2026-03-22', { amount: 2_000n }), refusedFor('amount'));
  assert.deepEqual(await told(), [], 'nothing was changed, so nothing is told');
  await change('2026-03-21', { amount: 2_000n });
  const [mail, ...more] = await told();
  assert.deepEqual(more, []);
  assert.match(
    mail?.subject ?? '',
    /^\$20\.00 monthly from Mar 31, 2026: a scheduled payment to .* has changed$/,
  );
  assert.match(
    mail?.text.replaceAll(/\s+/g, ' ') ?? '',
    /Hello Ana,.*Before:? \$25\.00 monthly.*From now on:? \$20\.00 monthly.*Next on:? Mar 31, 2026 · Apr 30, 2026/,
  );
});

test('whoever has agreed to the new amount has heard of it: it holds at once, and a copy goes out', async () => {
  const { change, told } = await charged();
  await change('2026-03-30', { amount: 4_000n }, true);
  const [mail] = await told();
  assert.match(
    mail?.text.replaceAll(/\s+/g, ' ') ?? '',
    /may charge \$40\.00 to First Sandbox Bank account •••• 6789 monthly/,
  );
});

test('a card may be charged less at once; the payer is told of every change of what is taken, and of nothing else', async () => {
  const { change, told, books, customerId } = await charged({
    ...{ kind: 'card', brand: 'visa', last4: '4242', funding: 'credit' },
  });
  await change('2026-03-30', { description: 'Club' });
  assert.deepEqual(await told(), []);
  await change('2026-03-30', { amount: 1_000n });
  const other = await given.storedMethod(books, customerId, {
    ...{ kind: 'card', brand: 'mastercard', last4: '4444', funding: 'credit' },
  });
  await assert.rejects(change('2026-03-30', { paymentMethodId: other }), refusedFor('agreement_held'));
  await change('2026-03-30', { paymentMethodId: other }, true);
  await change('2026-03-30', { times: 3 }, true);
  const mails = await told();
  assert.equal(mails.length, 3);
  assert.match(mails[1]?.text ?? '', /Mastercard •••• 4444/);
});
