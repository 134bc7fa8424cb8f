import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { readBankReturn, readReturnRates } from '#features/bank-rules/queries.ts';
import { createApiKey } from '#features/organizations/create-api-key.ts';
import { applyPayment } from '#features/payments/apply-payment.ts';
import type { BankChange, GatewayOutcome } from '#features/payments/payment-gateway.ts';
import { prepareCharge } from '#features/payments/prepare-charge.ts';
import { readPaymentFacts } from '#features/payments/receipt-facts.ts';
import { returnNextStep, returnWords } from '#features/payments/receipt-rules.ts';
import { requestCharges } from '#features/payments/request-charges.ts';
import { submitCharge } from '#features/payments/submit-charge.ts';
import { Refusal } from '#lib/errors.ts';
import { type Books, bankAccount, chargeAsk, given, later, news, read } from '../../../test/support/given.ts';
import { callApi } from '../../../test/support/server.ts';

const back = (returnCode: string) => ({
  outcome: 'returned' as const,
  reference: 'ch_test',
  returnCode,
  message: '',
});

async function banker(amount = 100n) {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, amount);
  const methodId = await given.storedMethod(books, customerId, bankAccount);
  const debit = (part = amount) =>
    chargeAsk(books, {
      customerId,
      kind: 'bank_account',
      amount: part,
      paymentMethodId: methodId,
      applications: [{ invoiceId, amount: part }],
    });
  const ask = (part = amount) => given.charge(books, debit(part));
  const sent = async (...said: Parameters<typeof given.outcome>[2][]) => {
    const { paymentId } = await ask();
    await books.tx((tx) =>
      tx.run(sql`update payments set submitted_at = ${books.now}
      where organization_id = ${books.organizationId} and id = ${paymentId}`),
    );
    await given.outcome(books, paymentId, news('submitted'), ...said);
    return paymentId;
  };
  return { books, customerId, invoiceId, methodId, debit, ask, sent };
}

type Method = { state: string; last4: string; storedToken: string; blockedCode: string | null };
const methodOf = async (books: Books, id: string) =>
  (await books.tx((tx) =>
    tx.row<Method>(sql`select * from payment_methods
    where organization_id = ${books.organizationId} and id = ${id}`),
  )) as Method;

const refusal = (work: Promise<unknown>, words: RegExp) =>
  assert.rejects(work, (error) => error instanceof Refusal && words.test(error.message));

test('the account stays after a return for want of money and is blocked after any other', async () => {
  for (const [code, state, events] of [
    ['R01', 'active', []],
    ['R09', 'active', []],
    ['R02', 'blocked', ['payment_method.blocked']],
    ['R08', 'blocked', ['payment_method.blocked']],
    ['R10', 'blocked', ['payment_method.blocked']],
    ['R99', 'blocked', ['payment_method.blocked']],
  ] as const) {
    const { books, methodId, sent } = await banker();
    const paymentId = await sent(back(code), back(code));
    const method = await methodOf(books, methodId);
    assert.deepEqual([method.state, method.blockedCode], [state, state === 'blocked' ? code : null], code);
    assert.deepEqual(await read.events(books, methodId), events, code);
    const told = await books.tx((tx) => readBankReturn(tx, books.organizationId, paymentId));
    assert.equal(told?.method, state === 'blocked' ? 'blocked' : 'kept');
  }
});

test('a blocked account is charged neither from the desk nor by a debit already asked for', async () => {
  const { books, customerId, methodId, sent, ask } = await banker();
  const { organizationId } = books;
  const other = await given.invoice(books, customerId, 50n);
  const { paymentId } = await given.charge(books, {
    customerId,
    kind: 'bank_account',
    amount: 50n,
    paymentMethodId: methodId,
    applications: [{ invoiceId: other, amount: 50n }],
  });
  await sent(back('R10'));
  const choice = { paymentMethodId: methodId };
  await refusal(
    books.tx((tx) => prepareCharge(tx, { organizationId, customerId, choice, today: '2026-03-02' })),
    /blocked it/,
  );
  await refusal(ask(), /removed or blocked/);
  const gateway = {
    charge: async () => assert.fail('a debit of a blocked account left'),
    lookup: async (): Promise<GatewayOutcome> => ({ outcome: 'absent' }),
    readWebhook: async () => undefined,
  };
  await submitCharge({ db: books.db, gateways: { open: () => gateway } }, { organizationId, paymentId });
  assert.equal((await read.payment(books, paymentId)).state, 'declined');
  assert.equal((await read.invoice(books, other)).reserved, 0n);
});

test('a debit that may be on its way when its account is blocked is in doubt for an hour, and then declined', async () => {
  const { books, customerId, methodId, sent } = await banker();
  const { organizationId } = books;
  const { paymentId } = await given.charge(books, {
    customerId,
    kind: 'bank_account',
    amount: 50n,
    paymentMethodId: methodId,
  });
  const mark = (statement: ReturnType<typeof sql>) => books.tx((tx) => tx.run(statement));
  await mark(sql`update payments set submitted_at = ${books.now} where id = ${paymentId}`);
  await sent(back('R02'));
  const gateway = {
    charge: async () => assert.fail('a debit of a blocked account left'),
    lookup: async (): Promise<GatewayOutcome> => ({ outcome: 'absent' }),
    readWebhook: async () => undefined,
  };
  for (const [minutes, state] of [
    [55, 'unknown'],
    [65, 'declined'],
  ] as const) {
    await mark(sql`update payment_methods set blocked_at = now() + o.clock_offset_ms * interval '1 millisecond'
      - ${minutes} * interval '1 minute' from organizations o where o.id = organization_id and organization_id = ${organizationId}`);
    await submitCharge({ db: books.db, gateways: { open: () => gateway } }, { organizationId, paymentId });
    assert.equal((await read.payment(books, paymentId)).state, state);
  }
});

test('a debit is a try for what it was asked for, not for what its money was put against later', async () => {
  const { books, customerId, invoiceId, methodId, ask } = await banker();
  const { organizationId, actor } = books;
  const { paymentId } = await given.charge(books, {
    customerId,
    kind: 'bank_account',
    amount: 100n,
    paymentMethodId: methodId,
  });
  await given.outcome(books, paymentId, news('settled', bankAccount));
  const afterwards = later(1);
  for (const amount of [10n, 20n, 30n]) {
    const applications = [{ invoiceId, amount }];
    await books.tx((tx) => applyPayment(tx, actor, { organizationId, paymentId, applications }, afterwards));
  }
  await given.outcome(books, paymentId, back('R01'));
  await ask();
});

test('the payer is told why in words, that the account is no use any more, and what helps', async () => {
  const { books, sent } = await banker();
  const paymentId = await sent(back('R02'));
  const facts = await books.tx((tx) => readPaymentFacts(tx, books.organizationId, paymentId));
  assert.equal(returnWords(facts), 'the account is closed (R02)');
  assert.match(returnNextStep(facts), /no longer be used.*another bank account/);
});

test('of two debits that are asked for at the same moment, the one that would be the fourth is refused', async () => {
  const { books, debit, sent } = await banker();
  for (let round = 0; round < 2; round += 1) await sent(back('R01'));
  const { organizationId, actor, now } = books;
  const verdicts = await books.tx((tx) =>
    requestCharges(tx, actor, { organizationId, charges: [debit(40n), debit(40n)] }, now),
  );
  assert.deepEqual(
    verdicts.map((verdict) => verdict.ok || verdict.reason.slice(0, 60)),
    [true, 'This bank account has been debited for this invoice 3 times '],
  );
});

test('the third debit for one invoice is the last, and another invoice is another matter', async () => {
  const { books, customerId, methodId, sent, ask } = await banker();
  for (let round = 0; round < 3; round += 1) await sent(back('R01'));
  await refusal(ask(), /3 times.*R01.*3 tries/);
  await refusal(ask(1n), /3 times/);
  const invoiceId = await given.invoice(books, customerId, 70n);
  await given.charge(books, {
    customerId,
    kind: 'bank_account',
    amount: 70n,
    paymentMethodId: methodId,
    applications: [{ invoiceId, amount: 70n }],
  });
});

test('two clicks on the last try make one debit', async () => {
  const { sent, ask } = await banker();
  await sent(back('R01'));
  await sent(back('R01'));
  const done = await Promise.allSettled([ask(), ask(), ask()]);
  assert.equal(done.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('a bank’s notice corrects the stored account, once for each payment and code', async () => {
  const { books, methodId, sent } = await banker();
  const notice = (word: 'accepted' | 'collected' | 'settled', change: BankChange) => ({
    outcome: word,
    reference: 'ch_test',
    method: bankAccount,
    change,
  });
  const paymentId = await sent(
    notice('collected', { code: 'C01', correctedLast4: '4321', storedToken: 'sm_new' }),
    notice('collected', { code: 'C01', correctedLast4: '9999' }),
    notice('settled', { code: 'C01', correctedLast4: '9999' }),
  );
  const { last4, storedToken, state } = await methodOf(books, methodId);
  assert.deepEqual([last4, storedToken, state], ['4321', 'sm_new', 'active']);
  assert.deepEqual(await read.events(books, methodId), ['payment_method.corrected']);
  await given.outcome(books, paymentId, notice('settled', { code: 'C05' }));
  assert.equal((await methodOf(books, methodId)).last4, '4321');
  assert.equal((await read.events(books, methodId)).length, 2, 'another code is another notice');
});

test('the rates count what was sent in the last 60 days, by the day it was sent', async () => {
  const { books, customerId } = await banker();
  const { organizationId, now } = books;
  const rates = async () => {
    const all = await books.tx((tx) =>
      readReturnRates(tx, { id: organizationId, timeZone: 'America/New_York' }, '2026-03-02'),
    );
    return [
      all.originated,
      ...all.rates.map(({ returned, rate_bps, standing }) => [returned, rate_bps, standing]),
    ];
  };
  assert.deepEqual(await rates(), [0, [0, 0, 'fine'], [0, 0, 'fine'], [0, 0, 'fine']]);
  const debit = async (daysAgo: number, ...said: Parameters<typeof given.outcome>[2][]) => {
    const { paymentId } = await given.charge(books, { customerId, kind: 'bank_account', amount: 10n });
    await books.tx((tx) =>
      tx.run(sql`update payments
      set submitted_at = ${now}::timestamptz - make_interval(days => ${daysAgo}::int)
      where organization_id = ${organizationId} and id = ${paymentId}`),
    );
    await given.outcome(books, paymentId, ...said);
  };
  await debit(1, news('submitted'));
  await debit(2, news('settled', bankAccount));
  await debit(59, news('submitted'), back('R01'));
  await debit(3, news('submitted'), back('R03'));
  await debit(3, news('submitted'), back('R11'));
  await debit(3, news('declined'));
  await debit(60, news('submitted'), back('R10'));
  assert.deepEqual(await rates(), [5, [1, 2000, 'over'], [1, 2000, 'over'], [3, 6000, 'over']]);
});

test('the API shows the rates, and a returned payment with its reason and what to do', async () => {
  const { books, sent } = await banker();
  const paymentId = await sent(back('R01'));
  const { token } = await books.tx((tx) =>
    createApiKey(
      tx,
      books.actor,
      { organizationId: books.organizationId, name: 'test', scopes: ['payments:read'] },
      books.now,
    ),
  );
  const rates = await callApi(token, 'GET', '/v1/ach-return-rates');
  const shown = rates.body as { rates: { kind: string; limit_bps: number; source: string }[] };
  assert.deepEqual(
    shown.rates.map(({ kind, limit_bps }) => [kind, limit_bps]),
    [
      ['unauthorized', 50],
      ['administrative', 300],
      ['overall', 1500],
    ],
  );
  assert.ok(shown.rates.every(({ source }) => source.startsWith('https://')));
  const { body } = await callApi(token, 'GET', `/v1/payments/${paymentId}`);
  const { code, title, advice } = (body as { bank_return: Record<string, string> }).bank_return;
  assert.deepEqual([code, title], ['R01', 'Insufficient funds']);
  assert.match(advice ?? '', /3 debits for an invoice in all, within 180 days/);
});
