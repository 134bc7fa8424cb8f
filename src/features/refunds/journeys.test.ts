import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import { lookUpPayment, submitCharge } from '#features/payments/submit-charge.ts';
import { lookUpRefund, submitRefund } from '#features/refunds/submit-refund.ts';
import { submitVoid } from '#features/refunds/submit-void.ts';
import { dueGiveBacks } from '#features/refunds/sweep-refunds.ts';
import { organizationNow } from '#lib/clock.ts';
import { systemNow } from '#lib/dates.ts';
import { type CallPlan, type Line, modelGateway, paths } from '../../../test/simulation/model-gateway.ts';
import { type Books, given, read } from '../../../test/support/given.ts';
import { askRefund, askVoid, readGivenBack, readRefundRow } from '../../../test/support/refunds.ts';

const well: CallPlan = { charge: 'answers', lookup: 'answers' };
type Kind = keyof typeof paths;

/** A charge at a gateway in memory, as far along its way as `at`. */
async function charged(kind: Kind, at: number, amount = 100n) {
  const books = { ...(await given.organization()), now: systemNow() };
  const { customerId, invoiceId } = await given.debtor(books, amount);
  const { paymentId } = await given.charge(books, {
    customerId,
    amount,
    kind,
    applications: [{ invoiceId, amount }],
  });
  const gateway = modelGateway(() => (kind === 'card' ? paths.card.approve : paths.bank_account.returnLate));
  const via = (line: Line): { db: Books['db']; gateways: Pick<Gateways, 'open'> } => ({
    db: books.db,
    gateways: { open: () => line },
  });
  const through = (plan: Partial<CallPlan> = {}) => via(gateway.line({ ...well, ...plan }));
  const payload = { organizationId: books.organizationId, paymentId };
  await submitCharge(through(), payload);
  const move = async (to: number): Promise<void> => {
    const charge = gateway.charges.get(paymentId);
    if (charge) charge.at = to;
    await lookUpPayment(through(), payload);
  };
  await move(at);
  const ofRefund = (refundId: string) => ({ organizationId: books.organizationId, refundId });
  return {
    ...{ books, gateway, paymentId, invoiceId, through, via, payload, move },
    send: (refundId: string, plan?: Partial<CallPlan>) => submitRefund(through(plan), ofRefund(refundId)),
    askAbout: (refundId: string, plan?: Partial<CallPlan>) => lookUpRefund(through(plan), ofRefund(refundId)),
    cancel: (plan?: Partial<CallPlan>) => submitVoid(through(plan), payload),
    ofRefund,
  };
}

const inOrder = async (books: Books) =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);

async function pass(books: Books, seconds: number) {
  await books.tx((tx) =>
    tx.run(sql`update organizations set clock_offset_ms = clock_offset_ms + ${seconds * 1000}
    where id = ${books.organizationId}`),
  );
  const row = await books.tx((tx) =>
    tx.row<{ clockOffsetMs: bigint }>(
      sql`select clock_offset_ms from organizations where id = ${books.organizationId}`,
    ),
  );
  return dueGiveBacks(books.db, books.organizationId, organizationNow(row ?? { clockOffsetMs: 0n }));
}

test('a refund whose answer was lost is looked up, never sent as new', async () => {
  const { books, gateway, paymentId, send, askAbout } = await charged('card', 2);
  const refundId = await askRefund(books, { paymentId });
  await send(refundId, { charge: 'answer_lost' });
  assert.equal((await readRefundRow(books, refundId)).state, 'unknown');
  assert.equal((await read.ledger(books)).gateway_clearing, 100n, 'nothing is booked before it is known');
  await send(refundId);
  await askAbout(refundId);
  assert.deepEqual([gateway.desk.timesSent(refundId), gateway.faults], [1, []]);
  assert.equal((await readRefundRow(books, refundId)).state, 'submitted');
  await inOrder(books);
});

test('a refund that never arrived is sent again once a lookup has said so', async () => {
  const { books, gateway, paymentId, send, askAbout } = await charged('card', 2);
  const refundId = await askRefund(books, { paymentId });
  await send(refundId, { charge: 'never_arrives' });
  await askAbout(refundId, { lookup: 'fails' });
  assert.equal(gateway.desk.timesSent(refundId), 1, 'while the lookup fails nothing is sent');
  await askAbout(refundId);
  assert.deepEqual([gateway.desk.timesSent(refundId), gateway.faults, gateway.refunds.size], [2, [], 1]);
  await inOrder(books);
});

test('an unknown refund is asked about after 1 m, 5 m, 1 h, then daily five times, then a person is told once', async () => {
  const { books, paymentId, send, askAbout } = await charged('card', 2);
  const refundId = await askRefund(books, { paymentId });
  await send(refundId, { charge: 'answer_lost' });
  for (const wait_s of [60, 300, 3600, 86_400, 86_400, 86_400, 86_400, 86_400]) {
    assert.deepEqual((await pass(books, wait_s - 10)).refundIds, [], `nothing is due before ${wait_s} s`);
    assert.deepEqual((await pass(books, 11)).refundIds, [refundId], `it is due after ${wait_s} s`);
    assert.equal((await read.events(books, paymentId)).includes('refund.needs_attention'), false);
    await askAbout(refundId, { lookup: 'fails' });
  }
  assert.deepEqual((await pass(books, 40 * 86_400)).refundIds, []);
  const told = (await read.events(books, paymentId)).filter((type) => type === 'refund.needs_attention');
  assert.equal(told.length, 1);
});

test('a payment that came back before its refund left: the refund fails and nothing is sent', async () => {
  const { books, gateway, paymentId, send, move } = await charged('bank_account', 3);
  const refundId = await askRefund(books, { paymentId });
  await move(4);
  await send(refundId);
  assert.deepEqual(
    [(await readRefundRow(books, refundId)).failureCode, gateway.desk.timesSent(refundId)],
    ['payment_ended', 0],
  );
  await inOrder(books);
});

test('a refund that may be on its way when its payment comes back stays in doubt until the gateway knows', async () => {
  const { books, gateway, paymentId, send, move, via, ofRefund } = await charged('bank_account', 3);
  const refundId = await askRefund(books, { paymentId });
  const line = gateway.line({ ...well, charge: 'arrives_late' });
  const parked = line.parked();
  const journey = submitRefund(via(line), ofRefund(refundId));
  const waiting = await parked;
  await move(4);
  await send(refundId);
  assert.equal((await readRefundRow(books, refundId)).state, 'unknown');
  waiting.goOn();
  await journey;
  assert.equal((await readRefundRow(books, refundId)).state, 'failed', 'the gateway refused it by then');
  await inOrder(books);
});

test('a gateway that takes no refunds: the refund fails in words', async () => {
  const { books, paymentId, gateway, via, ofRefund } = await charged('card', 2);
  const refundId = await askRefund(books, { paymentId });
  const { refunds: _none, ...bare } = gateway.line(well);
  await submitRefund(via(bare), ofRefund(refundId));
  assert.equal((await readRefundRow(books, refundId)).failureCode, 'unsupported');
  assert.equal((await readGivenBack(books, paymentId)).refunded, 0n);
});

test('a void takes an approved card out of the books, and its invoice is open again', async () => {
  const { books, paymentId, invoiceId, cancel } = await charged('card', 0);
  await askVoid(books, paymentId, 'wrong card');
  assert.equal((await readGivenBack(books, paymentId)).state, 'approved', 'asked for is not done');
  await cancel();
  assert.equal((await readGivenBack(books, paymentId)).state, 'voided');
  assert.equal((await read.invoice(books, invoiceId)).balanceDue, 100n);
  assert.equal((await read.ledger(books)).gateway_clearing, 0n);
  await inOrder(books);
});

test('a submitted bank debit is voided; its reservation ends', async () => {
  const { books, paymentId, invoiceId, cancel } = await charged('bank_account', 0);
  await askVoid(books, paymentId);
  await cancel();
  assert.equal((await readGivenBack(books, paymentId)).state, 'voided');
  assert.equal((await read.invoice(books, invoiceId)).reserved, 0n);
  await inOrder(books);
});

test('a void whose answer was lost is told by the lookup', async () => {
  const { books, paymentId, cancel } = await charged('card', 0);
  await askVoid(books, paymentId);
  await cancel({ charge: 'answer_lost' });
  assert.equal((await readGivenBack(books, paymentId)).state, 'voided');
});

test('a void that nobody answers stays asked for, is asked again on the timetable, and is shown', async () => {
  const { books, paymentId, cancel } = await charged('card', 0);
  await askVoid(books, paymentId);
  await cancel({ charge: 'never_arrives', lookup: 'fails' });
  const waiting = await readGivenBack(books, paymentId);
  assert.deepEqual(
    [waiting.state, waiting.voidRequestedAt !== null, waiting.voidRefusedAt],
    ['approved', true, null],
  );
  assert.deepEqual((await pass(books, 61)).voidIds, [paymentId]);
  await cancel();
  assert.equal((await readGivenBack(books, paymentId)).state, 'voided');
  assert.deepEqual((await pass(books, 90_000)).voidIds, []);
});

test('a void that comes too late is refused with the reason, and the refund is offered once it settled', async () => {
  const { books, paymentId, gateway, cancel, move } = await charged('card', 0);
  await askVoid(books, paymentId);
  const charge = gateway.charges.get(paymentId);
  if (charge) charge.at = 1;
  await cancel();
  const refused = await readGivenBack(books, paymentId);
  assert.deepEqual([refused.state, refused.voidRefusal], ['settling', 'It is settling.']);
  assert.ok((await read.events(books, paymentId)).includes('payment.void_refused'));
  await move(2);
  await askRefund(books, { paymentId });
  await inOrder(books);
});

test('settlement news before the void left ends the wish without asking', async () => {
  const { books, paymentId, cancel, move } = await charged('card', 0);
  await askVoid(books, paymentId);
  await move(2);
  await cancel();
  const row = await readGivenBack(books, paymentId);
  assert.deepEqual([row.state, row.voidNextAt], ['settled', null]);
  assert.match(row.voidRefusal ?? '', /moved on/);
});

test('settlement news racing the void: whichever the gateway did is what the books say', async () => {
  for (let round = 0; round < 6; round += 1) {
    const { books, paymentId, gateway, through, payload, via } = await charged('card', 0);
    await askVoid(books, paymentId);
    const line = gateway.line({ ...well, charge: round % 2 === 0 ? 'arrives_late' : 'answers_late' });
    const parked = line.parked();
    const voiding = submitVoid(via(line), payload);
    const waiting = await parked;
    const charge = gateway.charges.get(paymentId);
    if (charge && charge.path[charge.at] === 'approved') charge.at = 1 + (round % 3 === 0 ? 1 : 0);
    await Promise.all([
      lookUpPayment(through(), payload),
      submitVoid(through(), payload),
      voiding,
      Promise.resolve().then(waiting.goOn),
    ]);
    const { state } = await readGivenBack(books, paymentId);
    assert.equal(state, charge?.path[charge.at]);
    assert.equal((await read.ledger(books)).gateway_clearing, state === 'voided' ? 0n : 100n);
    await inOrder(books);
  }
});
