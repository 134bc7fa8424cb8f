import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import { lookUpPayment, submitCharge } from '#features/payments/submit-charge.ts';
import { sweepCutSubmissions, sweepLookups } from '#features/payments/sweep-lookups.ts';
import { organizationNow } from '#lib/clock.ts';
import { systemNow } from '#lib/dates.ts';
import { type CallPlan, modelGateway, paths } from '../../../test/simulation/model-gateway.ts';
import { type Books, given, read } from '../../../test/support/given.ts';

const well: CallPlan = { charge: 'answers', lookup: 'answers' };

async function asked(path: readonly string[] = paths.card.approve) {
  const books = { ...(await given.organization()), now: systemNow() };
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const { paymentId } = await given.charge(books, {
    customerId,
    amount: 100n,
    applications: [{ invoiceId, amount: 100n }],
  });
  const gateway = modelGateway(() => path as typeof paths.card.approve);
  const payload = { organizationId: books.organizationId, paymentId };
  const through = (plan: Partial<CallPlan>): { db: Books['db']; gateways: Pick<Gateways, 'open'> } => ({
    db: books.db,
    gateways: { open: () => gateway.line({ ...well, ...plan }) },
  });
  return {
    books,
    gateway,
    paymentId,
    invoiceId,
    submit: (plan: Partial<CallPlan> = {}) => submitCharge(through(plan), payload),
    lookUp: (plan: Partial<CallPlan> = {}) => lookUpPayment(through(plan), payload),
    state: async () => (await read.payment(books, paymentId)).state,
  };
}

/** Let the organization's time pass; answers how many lookups the sweep then finds due. */
async function pass(books: Books, seconds: number): Promise<number> {
  await books.tx((tx) =>
    tx.run(sql`update organizations set clock_offset_ms = clock_offset_ms + ${seconds * 1000}
    where id = ${books.organizationId}`),
  );
  return sweepLookups(books.db, systemNow(), books.organizationId);
}

test('an unknown payment is asked about after 1 m, 5 m, 1 h, then daily five times, then a person is told once', async () => {
  const { books, submit, lookUp, paymentId } = await asked();
  await submit({ charge: 'answer_lost' });
  for (const wait_s of [60, 300, 3600, 86_400, 86_400, 86_400, 86_400, 86_400]) {
    assert.equal(await pass(books, wait_s - 10), 0, `nothing is due before ${wait_s} s`);
    assert.equal(await pass(books, 11), 1, `it is due after ${wait_s} s`);
    assert.equal((await read.events(books, paymentId)).includes('payment.needs_attention'), false);
    await lookUp({ lookup: 'fails' });
  }
  const { state, nextLookupAt } = await read.payment(books, paymentId);
  assert.deepEqual([state, nextLookupAt, await pass(books, 40 * 86_400)], ['unknown', null, 0]);
  await lookUp({ lookup: 'fails' });
  const told = (await read.events(books, paymentId)).filter((type) => type === 'payment.needs_attention');
  assert.equal(told.length, 1);
});

test('webhooks and doubled jobs neither use up the timetable nor put it off', async () => {
  const { books, submit, lookUp, paymentId } = await asked();
  await submit({ charge: 'answer_lost' });
  const before = await read.payment(books, paymentId);
  for (let hint = 0; hint < 12; hint += 1) await lookUp({ lookup: 'fails' });
  const after = await read.payment(books, paymentId);
  assert.deepEqual([after.lookups, after.nextLookupAt], [before.lookups, before.nextLookupAt]);
  assert.equal(await pass(books, 61), 1);
});

test('an answer that was lost is found by the lookup, and nothing is sent twice', async () => {
  const { books, gateway, submit, lookUp, state, paymentId } = await asked();
  await submit({ charge: 'answer_lost' });
  assert.equal(await state(), 'unknown');
  await lookUp();
  assert.equal(await state(), 'approved');
  assert.equal(gateway.timesSent(paymentId), 1);
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);
});

test('a charge is sent again only once the gateway says that it never arrived', async () => {
  const { gateway, submit, lookUp, state, paymentId } = await asked();
  await submit({ charge: 'never_arrives' });
  for (let job = 0; job < 3; job += 1) {
    await submit({ lookup: 'fails' });
    await lookUp({ lookup: 'fails' });
  }
  assert.deepEqual([gateway.timesSent(paymentId), await state()], [1, 'unknown']);
  await lookUp();
  assert.deepEqual([gateway.timesSent(paymentId), await state()], [2, 'approved']);
  assert.deepEqual(gateway.faults, []);
});

test('a job that runs twice, also at the same moment, makes one charge and one posting', async () => {
  const { books, gateway, submit, lookUp, state } = await asked();
  await Promise.all([submit(), submit(), lookUp(), lookUp(), submit()]);
  await submit();
  assert.equal(await state(), 'approved');
  assert.deepEqual(
    [gateway.charges.size, gateway.faults, (await read.ledger(books)).gateway_clearing],
    [1, [], 100n],
  );
});

test('a submission that was cut off is asked about at the next start, without waiting for its minute', async () => {
  const { books, lookUp, state, gateway, paymentId } = await asked();
  const line = gateway.line({ ...well, charge: 'answers_late' });
  const parked = line.parked();
  // The process dies while it waits: nothing of this journey ever goes on.
  void submitCharge(
    { db: books.db, gateways: { open: () => line } },
    { organizationId: books.organizationId, paymentId },
  );
  await parked;
  assert.deepEqual([await state(), gateway.charges.size], ['pending', 1]);
  const jobs = () =>
    books.db.pool.query<{ key: string }>('select key from graphile_worker._private_jobs where key = $1', [
      `lookup:${paymentId}`,
    ]);
  assert.equal((await jobs()).rowCount, 0);
  await sweepCutSubmissions(books.db);
  assert.equal((await jobs()).rowCount, 1);
  await lookUp();
  assert.deepEqual([await state(), gateway.timesSent(paymentId)], ['approved', 1]);
});

test('a known payment is never charged again, though its job comes late', async () => {
  const { gateway, submit, lookUp, state, paymentId } = await asked(paths.card.decline);
  await submit();
  await submit();
  await lookUp();
  assert.deepEqual([await state(), gateway.timesSent(paymentId)], ['declined', 1]);
});

test('time runs by each organization’s clock', async () => {
  const [one, two] = [await asked(), await asked()];
  await one.submit({ charge: 'answer_lost' });
  await two.submit({ charge: 'answer_lost' });
  assert.equal(await pass(one.books, 3600), 1);
  assert.equal(await sweepLookups(two.books.db, systemNow(), two.books.organizationId), 0);
  const row = await one.books.tx((tx) =>
    tx.row<{ clockOffsetMs: bigint }>(
      sql`select clock_offset_ms from organizations where id = ${one.books.organizationId}`,
    ),
  );
  assert.ok(organizationNow(row ?? { clockOffsetMs: 0n }).getTime() > systemNow().getTime() + 3_500_000);
});
