import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { agreedFeeTerms } from '#features/card-fees/word-rules.ts';
import { writeConsents } from '#features/payments/portal-write-consents.ts';
import { chargeStored } from '#features/standing-charges/charge-stored.ts';
import { newId } from '#lib/ids.ts';
import { setFees } from '../../../test/support/card-fees.ts';
import { type Books, bankAccount, card, given } from '../../../test/support/given.ts';

async function agreed(books: Books, customerId: string, terms: Record<string, string>): Promise<string> {
  const consent = {
    kind: 'autopay',
    text: 'I agree.',
    name: undefined,
    ip: '::1',
    userAgent: 'test',
    terms,
  } as const;
  const [id] = await books.tx((tx) =>
    writeConsents(
      tx,
      books.actor,
      { organizationId: books.organizationId, customerId, consents: [consent] },
      books.now,
    ),
  );
  return id as string;
}

test('a standing charge has the card fee that its payer agreed to, and none that was not', async () => {
  const books = await given.organization();
  await setFees(books);
  const { customerId, invoiceId } = await given.debtor(books, 100_000n);
  const credit = await given.storedMethod(books, customerId, card);
  const debit = await given.storedMethod(books, customerId, { ...card, funding: 'debit' });
  const bank = await given.storedMethod(books, customerId, bankAccount);
  const terms = agreedFeeTerms({ kind: 'surcharge', percent: '3' });
  const full = await agreed(books, customerId, terms);
  const less = await agreed(books, customerId, { ...terms, card_fee_percent: '2.5' });
  const silent = await agreed(books, customerId, {});
  const cases: [string, string | undefined, bigint][] = [
    [credit, full, 30n],
    [debit, full, 0n],
    [bank, full, 0n],
    [credit, less, 0n],
    [credit, silent, 0n],
    [credit, undefined, 0n],
  ];
  const charges = cases.map(([paymentMethodId, authorizationId]) => ({
    requestKey: newId('request'),
    ...{ customerId, paymentMethodId, authorizationId, amount: 1_000n, currency: 'USD' },
    source: 'autopay' as const,
    applications: [{ invoiceId, amount: 1_000n }],
    sendReceipt: false,
  }));
  const ask = () =>
    books.tx((tx) =>
      chargeStored(
        tx,
        books.actor,
        { organizationId: books.organizationId, charges, today: '2026-03-02' },
        books.now,
      ),
    );
  const verdicts = await ask();
  for (const [at, verdict] of verdicts.entries()) {
    assert.ok(verdict.ok, JSON.stringify(verdict));
    const row = await books.tx((tx) =>
      tx.row<{ amount: bigint; fee: bigint }>(
        sql`select amount, fee from payments where id = ${verdict.paymentId}`,
      ),
    );
    const fee = cases[at]?.[2] as bigint;
    assert.deepEqual(row, { amount: 1_000n + fee, fee }, `case ${at}`);
  }
  await setFees(books, { mode: 'off' });
  const again = await ask();
  assert.ok(
    again.every((verdict) => verdict.ok && verdict.replayed),
    'told again after the fee is off',
  );
});

test('of a card price as much is charged as was agreed to: no flat part by an older agreement, none on plans', async () => {
  const books = await given.organization();
  await setFees(books, { mode: 'dual_pricing', percent: '3', flatAmount: 30n, costPercent: null });
  const { customerId, invoiceId } = await given.debtor(books, 100_000n);
  const paymentMethodId = await given.storedMethod(books, customerId, card);
  const terms = agreedFeeTerms({ kind: 'dual_pricing', percent: '3', flatAmount: 30n });
  const agreements = [
    terms,
    { ...terms, card_fee_flat: '29' },
    agreedFeeTerms({ kind: 'dual_pricing', percent: '3' }),
    agreedFeeTerms({ kind: 'dual_pricing', percent: '2.9', flatAmount: 30n }),
    agreedFeeTerms({ kind: 'surcharge', percent: '3', flatAmount: 30n }),
  ];
  const ids: string[] = [];
  for (const each of agreements) ids.push(await agreed(books, customerId, each));
  const [told, smaller, older, lower, other] = ids;
  // 1,062 less 3 % (32) and 0.30 is 1,000; 1,061 less 3 % (32) and 0.29; 1,031 less 3 % (31).
  for (const [source, authorizationId, fee] of [
    ['autopay', told, 62n],
    ['autopay', smaller, 61n],
    ['autopay', older, 31n],
    ['schedule', older, 31n],
    ['autopay', lower, 0n],
    ['autopay', other, 0n],
    ['autopay', undefined, 0n],
    ['plan_down_payment', told, 0n],
    ['plan_installment', told, 0n],
  ] as const) {
    const charge = {
      ...{ requestKey: newId('request'), customerId, paymentMethodId, authorizationId, source },
      ...{ amount: 1_000n, currency: 'USD', applications: [{ invoiceId, amount: 1_000n }] },
      sendReceipt: false,
    };
    const input = { organizationId: books.organizationId, charges: [charge], today: '2026-03-02' };
    const [verdict] = await books.tx((tx) => chargeStored(tx, books.actor, input, books.now));
    assert.ok(verdict?.ok, JSON.stringify(verdict));
    const row = await books.tx((tx) =>
      tx.row<{ fee: bigint }>(sql`select fee from payments where id = ${verdict.paymentId}`),
    );
    assert.equal(row?.fee, fee, `${source} under ${authorizationId}`);
  }
});
