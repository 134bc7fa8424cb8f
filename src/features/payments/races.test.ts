import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { recordChargeOutcomes } from '#features/payments/record-charge-outcomes.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { seeded } from '#lib/random.ts';
import { type Books, bankAccount, given, news, read } from '../../../test/support/given.ts';

const inOrder = async (books: Books) =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);
const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** Whoever was refused was refused in words; nothing else may be thrown at a caller. */
function sorted<T>(results: PromiseSettledResult<T>[]) {
  const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const codes = results.flatMap((result) => {
    if (result.status === 'fulfilled') return [];
    assert.ok(result.reason instanceof Refusal, String(result.reason));
    return [result.reason.code];
  });
  return { won, codes };
}

test('twenty clicks on Pay at the same moment are one charge', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const ask = {
    customerId,
    amount: 100n,
    requestKey: newId('request'),
    applications: [{ invoiceId, amount: 100n }],
  };
  const clicks = await Promise.all(times(20, () => given.charge(books, ask)));
  assert.equal(new Set(clicks.map(({ paymentId }) => paymentId)).size, 1);
  assert.equal(clicks.filter(({ replayed }) => !replayed).length, 1);
  assert.equal((await read.invoice(books, invoiceId)).reserved, 100n);
});

test('one key at the same moment for two invoices is one payment, and the other is refused', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const invoices = [
    await given.invoice(books, customerId, 100n),
    await given.invoice(books, customerId, 100n),
  ];
  const requestKey = newId('request');
  const pay = (invoiceId: string) =>
    given.payment(books, {
      customerId,
      amount: 100n,
      requestKey,
      applications: [{ invoiceId, amount: 100n }],
    });
  const { won, codes } = sorted(await Promise.allSettled(invoices.map(pay)));
  assert.deepEqual([won.length, codes], [1, ['idempotency_key_reused']]);
  await inOrder(books);
});

test('of two payers for the last dollar one pays', async () => {
  for (let round = 0; round < 10; round += 1) {
    const books = await given.organization();
    const { customerId, invoiceId } = await given.debtor(books, 100n);
    const ask = { customerId, amount: 100n, applications: [{ invoiceId, amount: 100n }] };
    const { won, codes } = sorted(
      await Promise.allSettled([
        given.charge(books, ask),
        given.payment(books, ask),
        given.charge(books, { ...ask, kind: 'bank_account' as const }),
      ]),
    );
    assert.deepEqual([won.length, codes], [1, ['amount_too_large', 'amount_too_large']]);
    await inOrder(books);
  }
});

test('fifty payments over twelve invoices in crossing orders neither block nor overpay', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const invoices: string[] = [];
  for (let at = 0; at < 12; at += 1) invoices.push(await given.invoice(books, customerId, 1000n));
  const random = seeded(12);
  const asks = times(50, () => {
    const chosen = invoices.filter(() => random.chance(0.5)).sort(() => random.next() - 0.5);
    const applications = chosen.map((invoiceId) => ({ invoiceId, amount: BigInt(random.int(1, 120)) }));
    return { customerId, applications, amount: applications.reduce((sum, { amount }) => sum + amount, 5n) };
  });
  const { won, codes } = sorted(
    await Promise.allSettled(
      asks.map((ask, at) => (at % 3 === 0 ? given.charge(books, ask) : given.payment(books, ask))),
    ),
  );
  assert.ok(won.length > 10 && codes.every((code) => code === 'amount_too_large'), `${won.length} ${codes}`);
  for (const id of invoices) {
    const { balanceDue, reserved } = await read.invoice(books, id);
    assert.ok(reserved >= 0n && reserved <= balanceDue);
  }
  const accepted = await books.tx((tx) =>
    tx.row<{ count: number }>(sql`
    select count(*)::int as count from payments where organization_id = ${books.organizationId}`),
  );
  assert.equal(accepted?.count, won.length);
  await inOrder(books);
});

test('the answer, the webhook and the lookup at the same moment are one posting', async () => {
  for (const kind of ['card', 'bank_account'] as const) {
    const books = await given.organization();
    const { customerId, invoiceId } = await given.debtor(books, 100n);
    const { paymentId } = await given.charge(books, {
      customerId,
      kind,
      amount: 100n,
      applications: [{ invoiceId, amount: 100n }],
    });
    const words =
      kind === 'card'
        ? [news('approved'), news('unknown'), news('settled'), news('approved')]
        : [news('submitted'), news('settled', bankAccount), news('collected'), news('settled', bankAccount)];
    await Promise.all(
      times(16, (at) =>
        books.tx((tx) =>
          recordChargeOutcomes(
            tx,
            books.actor,
            {
              organizationId: books.organizationId,
              outcomes: [{ paymentId, outcome: words[at % 4] ?? news('unknown') }],
            },
            books.now,
          ),
        ),
      ),
    );
    assert.deepEqual(
      [(await read.payment(books, paymentId)).state, (await read.ledger(books)).gateway_clearing],
      ['settled', 100n],
    );
    const types = await read.events(books, paymentId);
    assert.equal(new Set(types).size, types.length, `each fact once: ${types}`);
    await inOrder(books);
  }
});

test('batches of news that cross over the same payments end as one would', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const paymentIds: string[] = [];
  for (let at = 0; at < 8; at += 1) {
    const invoiceId = await given.invoice(books, customerId, 100n);
    paymentIds.push(
      (await given.charge(books, { customerId, amount: 100n, applications: [{ invoiceId, amount: 100n }] }))
        .paymentId,
    );
  }
  const record = (ids: string[]) =>
    books.tx((tx) =>
      recordChargeOutcomes(
        tx,
        books.actor,
        {
          organizationId: books.organizationId,
          outcomes: ids.map((paymentId) => ({ paymentId, outcome: news('approved') })),
        },
        books.now,
      ),
    );
  await Promise.all(times(12, (at) => record(at % 2 ? paymentIds : [...paymentIds].reverse())));
  assert.equal((await read.ledger(books)).gateway_clearing, 800n);
  await inOrder(books);
});

test('an invoice that is voided and paid at the same moment is one or the other', async () => {
  const outcomes = new Set<string>();
  for (let round = 0; round < 12; round += 1) {
    const books = await given.organization();
    const { organizationId } = books;
    const { customerId, invoiceId } = await given.debtor(books, 100n);
    const ask = { customerId, amount: 100n, applications: [{ invoiceId, amount: 100n }] };
    const voiding = books.tx((tx) =>
      voidInvoice(tx, books.actor, { organizationId, invoiceId, reason: 'race' }, books.now),
    );
    const paying = round % 2 ? given.payment(books, ask) : given.charge(books, ask);
    const { won, codes } = sorted<unknown>(await Promise.allSettled([voiding, paying]));
    assert.deepEqual([won.length, codes], [1, ['state_refused']]);
    outcomes.add((await read.invoice(books, invoiceId)).voidedAt ? 'void' : 'paid');
    await inOrder(books);
  }
  assert.ok(outcomes.size > 0);
});
