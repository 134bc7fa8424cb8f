import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { type Actor, systemActor } from '#db/db.ts';
import { record } from '#db/events.ts';
import { createUser } from '#features/users/create-user.ts';
import { newId } from '#lib/ids.ts';
import { switchOn } from '../../../test/support/autopay.ts';
import { bankAccount, given } from '../../../test/support/given.ts';
import { live, owing, remindersOf, remindThrough, setSteps } from '../../../test/support/reminders.ts';
import { reportCells } from '../../../test/support/reports.ts';
import { paymentSchedule, schedule } from '../../../test/support/schedules.ts';

test('e-mail reminders, by hand: each step with what became of it, and what was paid within the days', async () => {
  const books = await live();
  await setSteps(books, [
    { type: 'upcoming_payment', dayOffset: -3 },
    { type: 'payment_due', dayOffset: 0 },
  ]);
  const bill = async (name: string) => {
    const customerId = await given.customer(books, { displayName: name, email: `${name}@example.com` });
    return { customerId, invoiceId: await owing(books, customerId) };
  };
  const [ana, ben] = [await bill('ana'), await bill('ben')];
  await bill('cy');
  // Due on 31 March: the first step on the 28th, the second on the day itself.
  await remindThrough(books, '2026-03-28', '2026-03-28');
  const pay = (who: typeof ana, amount: bigint, at: string) =>
    given.payment(
      { ...books, now: new Date(at) },
      {
        ...{ customerId: who.customerId, amount, receivedOn: at.slice(0, 10) },
        applications: [{ invoiceId: who.invoiceId, amount }],
      },
    );
  await pay(ana, 120_50n, '2026-03-30T15:00:00Z');
  await remindThrough(books, '2026-03-29', '2026-03-31');
  // Six days after the second reminder, nine after the first.
  await pay(ben, 20_00n, '2026-04-06T14:00:00Z');
  const become = async (invoiceId: string, state: string): Promise<void> => {
    const [first] = (await remindersOf(books)).filter((each) => each.invoiceId === invoiceId);
    await books.db.pool.query('update messages set state = $2 where id = any($1)', [
      first?.messageIds ?? [],
      state,
    ]);
  };
  await become(ana.invoiceId, 'clicked');
  await become(ben.invoiceId, 'bounced');
  const asked = { period: 'custom', from: '2026-03-01', to: '2026-04-30' };
  const rows = async (more = {}) =>
    (await reportCells(books, 'email-reminders', { ...asked, ...more })).map(([step, ...rest]) => [
      String(step).replace(/^.*, /, ''),
      ...rest,
    ]);
  assert.deepEqual(await rows(), [
    ['3 days before', 3, 1, 1, 1, 1, 120_50],
    ['on the due date', 2, 0, 0, 0, 1, 20_00],
  ]);
  assert.deepEqual(await rows({ within_days: '10' }), [
    ['3 days before', 3, 1, 1, 1, 2, 140_50],
    ['on the due date', 2, 0, 0, 0, 1, 20_00],
  ]);
  assert.deepEqual(await rows({ within_days: '1' }), [
    ['3 days before', 3, 1, 1, 1, 0, 0],
    ['on the due date', 2, 0, 0, 0, 0, 0],
  ]);
  assert.deepEqual(await rows({ from: '2026-03-31' }), [['on the due date', 2, 0, 0, 0, 1, 20_00]]);
});

test('feature utilization, by hand: what is in force, of the customers that are active, since when', async () => {
  const books = await given.organization();
  const [ana, ben, gone] = [
    await given.customer(books),
    await given.customer(books),
    await given.customer(books),
  ];
  await given.customer(books);
  await given.customer(books);
  const card = await given.storedMethod(books, ana);
  await given.storedMethod(books, ana, bankAccount);
  const other = await given.storedMethod({ ...books, now: new Date('2026-03-05T17:00:00Z') }, ben);
  const left = await given.storedMethod(books, gone);
  await switchOn(books, { customerId: ana, methodId: card });
  await switchOn(books, { customerId: ben, methodId: other });
  await switchOn(books, { customerId: gone, methodId: left });
  await schedule(books, paymentSchedule(ben, other));
  await books.tx((tx) =>
    tx.run(sql`update autopays set ended_at = now(), ended_why = 'by_payer' where customer_id = ${ben}`),
  );
  await books.tx((tx) => tx.run(sql`update customers set deactivated_at = now() where id = ${gone}`));
  const rows = await reportCells(books, 'feature-utilization');
  const of = (feature: string) => rows.find(([name]) => name === feature)?.slice(1);
  // Four active customers. Uses count what is in force, whoever has it; customers only those who are active.
  assert.deepEqual(of('Autopay'), [2, 1, 25, null, '2026-03-02', '2026-03-02']);
  assert.deepEqual(of('Stored payment methods'), [4, 2, 50, null, '2026-03-02', '2026-03-05']);
  assert.deepEqual(of('Schedules'), [1, 1, 25, null, '2026-03-02', '2026-03-02']);
  assert.deepEqual(of('Gateways'), [1, null, null, null, '2026-03-02', '2026-03-02']);
  assert.deepEqual(of('Late fees'), [0, 0, 0, null, null, null]);
});

test('activity, by hand: who did what how often, on the days of the organization, people first', async () => {
  const books = await given.organization();
  const { organizationId } = books;
  const person = {
    ...{ organizationId, email: `${newId('user')}@example.com`, firstName: 'Ada', lastName: 'Lee' },
    ...{ passwordHash: '', roles: ['superuser'] },
  };
  const { userId } = await books.db.transaction(systemActor('test'), (tx) =>
    createUser(tx, systemActor('test'), person, new Date('2026-01-01T12:00:00Z')),
  );
  const ada: Actor = { kind: 'user', organizationId, userId, roles: ['superuser'] };
  const key: Actor = { kind: 'api_key', organizationId, apiKeyId: newId('apiKey'), scopes: [] };
  const does = (actor: Actor, type: string, at: string) =>
    books.tx((tx) =>
      record(tx, { actor, organizationId, now: new Date(at), quiet: true }, [
        { type, subjectId: organizationId },
      ]),
    );
  // Midnight in New York is 05:00 UTC: the first one is of February.
  await does(ada, 'invoice.sent', '2026-03-01T04:59:59Z');
  await does(ada, 'invoice.sent', '2026-03-01T05:00:00Z');
  await does(ada, 'invoice.sent', '2026-03-02T23:00:00Z');
  await does(ada, 'payment.recorded', '2026-03-02T15:00:00Z');
  await does(key, 'invoice.sent', '2026-03-02T15:00:00Z');
  const rows = await reportCells(books, 'activity');
  assert.deepEqual(rows.slice(0, 2), [
    ['Ada Lee', 'Invoices · Sent', 2, '2026-03-01', '2026-03-02'],
    ['Ada Lee', 'Payments · Payment recorded by hand', 1, '2026-03-02', '2026-03-02'],
  ]);
  assert.deepEqual(
    rows.filter(([who]) => who === 'API key'),
    [['API key', 'Invoices · Sent', 1, '2026-03-02', '2026-03-02']],
  );
  const february = { period: 'custom', from: '2026-02-28', to: '2026-02-28' };
  assert.deepEqual(await reportCells(books, 'activity', february), [
    ['Ada Lee', 'Invoices · Sent', 1, '2026-02-28', '2026-02-28'],
  ]);
});
