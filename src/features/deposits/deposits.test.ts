import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { makeDeposit, undoDeposit } from '#features/deposits/make-deposit.ts';
import { pullPayouts } from '#features/deposits/pull-payouts.ts';
import { listDepositLines, listDeposits, readDeposit } from '#features/deposits/queries.ts';
import { recordPayout } from '#features/deposits/record-payout.ts';
import { resolveDeposit } from '#features/deposits/resolve-deposit.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import type { GatewayPayout, PaymentGateway, PayoutLine } from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { type Books, card, given, news, read } from '../../../test/support/given.ts';

/** A settled card payment of 100.00, and the payout line that a gateway makes of it. */
async function settled(books: Books, fee = 320n): Promise<{ paymentId: string; line: PayoutLine }> {
  const { customerId, invoiceId } = await given.debtor(books, 10_000n);
  const { paymentId } = await given.charge(books, {
    customerId,
    amount: 10_000n,
    applications: [{ invoiceId, amount: 10_000n }],
  });
  await given.outcome(books, paymentId, approvedAs(`ch_${paymentId}`), news('settled'));
  return {
    paymentId,
    line: {
      reference: `txn_${paymentId}`,
      kind: 'charge',
      paymentId,
      gross: 10_000n,
      fee,
      net: 10_000n - fee,
      description: 'Charge',
      on: '2026-03-03',
    },
  };
}

const approvedAs = (reference: string) => ({ outcome: 'approved' as const, reference, method: card });

const payoutOf = (lines: PayoutLine[], change: Partial<GatewayPayout> = {}): GatewayPayout => ({
  reference: 'po_1',
  state: 'paid',
  amount: lines.reduce((all, { net }) => all + net, 0n),
  currency: 'USD',
  initiatedOn: '2026-03-03',
  arrivesOn: '2026-03-05',
  lines,
  ...change,
});

const take = (books: Books, payout: GatewayPayout) => {
  const { organizationId, gatewayAccountId, actor, now } = books;
  return books.tx((tx) => recordPayout(tx, actor, { organizationId, gatewayAccountId, payout }, now));
};
const deposit = (books: Books, id: string) => books.tx((tx) => readDeposit(tx, books.organizationId, id));
const noDrift = async (books: Books) =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);
const depositOf = async (books: Books, paymentId: string) =>
  (
    await books.tx((tx) =>
      tx.row<{ depositId: string | null }>(sql`select deposit_id from payments
        where organization_id = ${books.organizationId} and id = ${paymentId}`),
    )
  )?.depositId;

test('a payout that adds up empties clearing into the bank and fees, and its payments know it', async () => {
  const books = await given.organization();
  const [a, b] = [await settled(books), await settled(books)];
  const { depositId } = await take(books, payoutOf([a.line, b.line]));
  const ledger = await read.ledger(books);
  assert.equal(ledger.gateway_clearing, 0n);
  assert.equal(ledger.bank, 19_360n);
  assert.equal(ledger.processing_fees, 640n);
  assert.equal(await depositOf(books, a.paymentId), depositId);
  const lines = await books.tx((tx) =>
    listDepositLines(tx, { organizationId: books.organizationId, depositId }, { limit: 1, after: 0 }),
  );
  assert.equal(lines.data[0]?.payment_id, a.paymentId);
  assert.equal(lines.has_more, true);
  await noDrift(books);
});

test('a payout told twice, or by two readers at once, is booked once', async () => {
  const books = await given.organization();
  const { line } = await settled(books);
  const payout = payoutOf([line]);
  const told = await Promise.all([take(books, payout), take(books, payout), take(books, payout)]);
  assert.equal(new Set(told.map(({ depositId }) => depositId)).size, 1);
  assert.equal(told.filter(({ changed }) => changed).length, 1);
  assert.equal((await read.ledger(books)).bank, 9_680n);
  await noDrift(books);
});

test('a payout on its way is not in the bank; one that the bank sends back leaves it again', async () => {
  const books = await given.organization();
  const { line } = await settled(books);
  const { depositId } = await take(books, payoutOf([line], { state: 'in_transit' }));
  assert.equal((await read.ledger(books)).bank, undefined);
  await take(books, payoutOf([line]));
  assert.equal((await read.ledger(books)).bank, 9_680n);
  await take(books, payoutOf([line], { state: 'failed' }));
  const ledger = await read.ledger(books);
  assert.equal(ledger.bank, 0n);
  assert.equal(ledger.gateway_clearing, 10_000n);
  assert.equal((await deposit(books, depositId)).posted_at, null);
  await noDrift(books);
});

test('a payout that does not add up stays out of the books until a person says why', async () => {
  const books = await given.organization();
  const { line } = await settled(books);
  const { depositId } = await take(books, payoutOf([line], { amount: 9_000n }));
  const { organizationId, actor, now } = books;
  assert.match((await deposit(books, depositId)).exception ?? '', /do not add up/);
  assert.equal((await read.ledger(books)).bank, undefined);
  const waiting = await books.tx((tx) =>
    listDeposits(tx, organizationId, { limit: 5, status: 'exceptions' }),
  );
  assert.deepEqual(
    waiting.data.map(({ id }) => id),
    [depositId],
  );
  const resolve = () =>
    books.tx((tx) =>
      resolveDeposit(tx, actor, { organizationId, depositId, resolution: 'Monthly terminal rent' }, now),
    );
  await resolve();
  await assert.rejects(resolve, (error) => error instanceof Refusal && error.code === 'state_refused');
  const ledger = await read.ledger(books);
  assert.deepEqual([ledger.bank, ledger.processing_fees, ledger.gateway_clearing], [9_000n, 1_000n, 0n]);
  await noDrift(books);
});

test('an exception for a payment that was not known yet goes away when it is', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 10_000n);
  const { paymentId } = await given.charge(books, {
    customerId,
    amount: 10_000n,
    applications: [{ invoiceId, amount: 10_000n }],
  });
  const payout = payoutOf([
    {
      reference: 'txn_1',
      kind: 'charge',
      paymentReference: 'ch_late',
      gross: 10_000n,
      fee: 0n,
      net: 10_000n,
      description: '',
      on: '2026-03-03',
    },
  ]);
  const { depositId } = await take(books, payout);
  assert.match((await deposit(books, depositId)).exception ?? '', /no payment here/);
  assert.equal((await take(books, payout)).changed, false, 'nothing new, nothing said');
  await given.outcome(books, paymentId, approvedAs('ch_late'));
  await take(books, payout);
  assert.equal((await deposit(books, depositId)).exception, null);
  assert.equal(await depositOf(books, paymentId), depositId);
  await noDrift(books);
});

test('a payment that is paid out a second time is an exception, and is booked once', async () => {
  const books = await given.organization();
  const { line } = await settled(books);
  await take(books, payoutOf([line]));
  const again = await take(books, payoutOf([{ ...line, reference: 'txn_again' }], { reference: 'po_2' }));
  assert.match((await deposit(books, again.depositId)).exception ?? '', /paid out before/);
  assert.equal((await read.ledger(books)).bank, 9_680n);
  await noDrift(books);
});

test('checks and cash go to the bank as one deposit, once, and an undone one is in hand again', async () => {
  const books = await given.organization();
  const { organizationId, actor, now, currency } = books;
  const { customerId, invoiceId } = await given.debtor(books, 5_000n);
  const check = await given.payment(books, {
    customerId,
    amount: 4_000n,
    applications: [{ invoiceId, amount: 4_000n }],
  });
  const cash = await given.payment(books, { customerId, amount: 1_500n, kind: 'cash' });
  const paymentIds = [check.paymentId, cash.paymentId];
  const make = () =>
    books.tx((tx) =>
      makeDeposit(tx, actor, { organizationId, currency, paymentIds, depositedOn: '2026-03-04' }, now),
    );
  const made = await Promise.allSettled([make(), make(), make()]);
  assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 1, 'one of three clicks');
  const first = made.find((each) => each.status === 'fulfilled');
  const depositId = first?.status === 'fulfilled' ? first.value.depositId : '';
  assert.deepEqual(
    [(await read.ledger(books)).bank, (await read.ledger(books)).undeposited_funds],
    [5_500n, 0n],
  );
  await noDrift(books);
  await books.tx((tx) => undoDeposit(tx, actor, { organizationId, depositId }, now));
  assert.deepEqual(
    [(await read.ledger(books)).bank, (await read.ledger(books)).undeposited_funds],
    [0n, 5_500n],
  );
  await make();
  await noDrift(books);
});

test('payouts are pulled once a gateway, from where the last pull ended', async () => {
  const books = await given.organization();
  const { line } = await settled(books);
  const asked: string[] = [];
  const gateway: PaymentGateway = {
    charge: () => assert.fail('nothing is charged'),
    lookup: () => assert.fail('nothing is looked up'),
    readWebhook: async () => undefined,
    payouts: {
      list: async ({ since }) => {
        asked.push(since);
        return [payoutOf([line])];
      },
    },
  };
  const deps = { db: books.db, gateways: { open: () => gateway } };
  const one = { organizationId: books.organizationId, gatewayAccountId: books.gatewayAccountId };
  assert.equal(await pullPayouts(deps, one), 1);
  await pullPayouts(deps, one);
  assert.equal(asked.length, 2);
  assert.ok((asked[1] ?? '') > (asked[0] ?? ''), 'the second time from where the first one ended');
  assert.equal((await read.ledger(books)).bank, 9_680n);
});

test('a line that does not add up, or that names a refund of nobody’s, is for a person and holds up no other payout', async () => {
  const books = await given.organization();
  const { line } = await settled(books);
  const crooked = await take(books, payoutOf([{ ...line, net: line.net - 1n }]));
  assert.match((await deposit(books, crooked.depositId)).exception ?? '', /gross less fee is not net/);
  const stranger: PayoutLine = {
    ...{
      reference: 'txn_2',
      kind: 'refund',
      gross: -700n,
      fee: 0n,
      net: -700n,
      description: '',
      on: '2026-03-03',
    },
    ...{ paymentId: newId('payment'), refundId: newId('refund') },
  };
  const other = await take(books, payoutOf([stranger], { reference: 'po_2' }));
  assert.match((await deposit(books, other.depositId)).exception ?? '', /a refund of no payment here/);
  await noDrift(books);
});
