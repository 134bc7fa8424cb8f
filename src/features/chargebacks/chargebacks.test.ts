import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giveEvidence } from '#features/chargebacks/give-evidence.ts';
import { pullChargebacks } from '#features/chargebacks/pull-chargebacks.ts';
import { listChargebacks } from '#features/chargebacks/queries.ts';
import { recordChargeback } from '#features/chargebacks/record-chargeback.ts';
import {
  type ChargebackState,
  daysLeft,
  decideChargeback,
  evidenceFault,
} from '#features/chargebacks/rules.ts';
import { sendEvidence } from '#features/chargebacks/send-evidence.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import type { Evidence, GatewayChargeback, PaymentGateway } from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';
import { type Books, given, later, news, read, start } from '../../../test/support/given.ts';

async function disputed() {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 10_000n);
  const { paymentId } = await given.charge(books, {
    customerId,
    amount: 10_000n,
    applications: [{ invoiceId, amount: 10_000n }],
  });
  await given.outcome(books, paymentId, news('approved'), news('settled'));
  const chargeback: GatewayChargeback = {
    reference: 'dp_1',
    paymentId,
    amount: 10_000n,
    currency: 'USD',
    code: '10.4',
    reason: 'The cardholder says they did not make this payment.',
    state: 'opened',
    openedAt: start,
    evidenceDueAt: later(10 * 86_400),
  };
  return { books, paymentId, invoiceId, chargeback };
}

const tell = (books: Books, chargeback: GatewayChargeback) => {
  const { organizationId, gatewayAccountId, actor, now } = books;
  return books.tx((tx) =>
    recordChargeback(tx, actor, { organizationId, gatewayAccountId, chargeback, today: '2026-03-10' }, now),
  );
};
const noDrift = async (books: Books) =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);
const only = async (books: Books) => {
  const { data } = await books.tx((tx) =>
    listChargebacks(tx, books.organizationId, { limit: 5, status: 'all' }),
  );
  assert.equal(data.length, 1);
  return data[0] as (typeof data)[0];
};

test('a chargeback takes the money out of clearing once, however often and by whomever it is told', async () => {
  const { books, invoiceId, chargeback } = await disputed();
  const told = await Promise.all([1, 2, 3].map(() => tell(books, chargeback)));
  assert.equal(told.filter((each) => each?.changed).length, 1);
  const ledger = await read.ledger(books);
  assert.deepEqual([ledger.gateway_clearing, ledger.chargebacks_receivable], [0n, 10_000n]);
  assert.equal((await read.invoice(books, invoiceId)).balanceDue, 0n, 'the invoice stays paid');
  await noDrift(books);
});

for (const [state, clearing, losses] of [
  ['won', 10_000n, 0n],
  ['lost', 0n, 10_000n],
] as const)
  test(`a chargeback that is ${state} leaves nothing to be received, and is decided once`, async () => {
    const { books, chargeback } = await disputed();
    await tell(books, chargeback);
    await tell(books, { ...chargeback, state });
    await tell(books, { ...chargeback, state });
    await tell(books, { ...chargeback, state: 'opened' });
    const ledger = await read.ledger(books);
    assert.equal(ledger.chargebacks_receivable, 0n);
    assert.equal(ledger.gateway_clearing, clearing);
    assert.equal(ledger.chargeback_losses ?? 0n, losses);
    assert.equal((await only(books)).state, state);
    await noDrift(books);
  });

test('a chargeback that is first heard of when it is lost is opened and lost', async () => {
  const { books, chargeback } = await disputed();
  await tell(books, { ...chargeback, state: 'lost' });
  const ledger = await read.ledger(books);
  assert.deepEqual([ledger.chargebacks_receivable, ledger.chargeback_losses], [0n, 10_000n]);
  await noDrift(books);
});

test('a chargeback of someone else’s payment at the same vendor is passed over', async () => {
  const { books, chargeback } = await disputed();
  assert.equal(
    await tell(books, { ...chargeback, paymentId: undefined, paymentReference: 'ch_else' }),
    undefined,
  );
});

function gatewayWith(chargeback: GatewayChargeback, refusal?: Refusal) {
  const sent: Evidence[] = [];
  const gateway: PaymentGateway = {
    charge: () => assert.fail('nothing is charged'),
    lookup: () => assert.fail('nothing is looked up'),
    readWebhook: async () => undefined,
    chargebacks: {
      list: async () => [{ ...chargeback, state: sent.length > 0 ? 'evidence_sent' : 'opened' }],
      sendEvidence: async ({ evidence }) => {
        if (refusal) throw refusal;
        sent.push(evidence);
      },
    },
  };
  return { sent, gateways: { open: () => gateway } };
}

test('evidence goes to the gateway once, with its files, and the gateway’s word makes it sent', async () => {
  const { books, chargeback } = await disputed();
  const { organizationId, gatewayAccountId, actor, now } = books;
  const { sent, gateways } = gatewayWith(chargeback);
  const deps = { db: books.db, gateways };
  await pullChargebacks(deps, { organizationId, gatewayAccountId });
  const chargebackId = (await only(books)).id;
  const files = [{ fileName: 'signed.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.7') }];
  const give = () =>
    books.tx((tx) =>
      giveEvidence(tx, actor, { organizationId, chargebackId, text: 'Signed order', files }, now),
    );
  await give();
  await assert.rejects(give, (error) => error instanceof Refusal && error.code === 'state_refused');
  await sendEvidence(deps, { organizationId, chargebackId });
  await sendEvidence(deps, { organizationId, chargebackId });
  assert.equal(sent.length, 1);
  assert.deepEqual(
    sent[0]?.files.map(({ name, bytes }) => [name, bytes.toString()]),
    [['signed.pdf', '%PDF-1.7']],
  );
  assert.equal((await only(books)).state, 'evidence_sent');
});

test('evidence that the gateway refuses says why, and can be given again', async () => {
  const { books, chargeback } = await disputed();
  const { organizationId, gatewayAccountId, actor, now } = books;
  const { gateways } = gatewayWith(chargeback, new Refusal('invalid_request', 'The file is not readable.'));
  const deps = { db: books.db, gateways };
  await pullChargebacks(deps, { organizationId, gatewayAccountId });
  const chargebackId = (await only(books)).id;
  const give = () =>
    books.tx((tx) => giveEvidence(tx, actor, { organizationId, chargebackId, text: 'x', files: [] }, now));
  await give();
  await sendEvidence(deps, { organizationId, chargebackId });
  assert.equal((await only(books)).evidence_error, 'The file is not readable.');
  await give();
});

test('chargebacks move forward only, and evidence is taken until its day', () => {
  const states: ChargebackState[] = ['opened', 'evidence_sent', 'won', 'lost'];
  const allowed = states.flatMap((from) =>
    states.filter((to) => decideChargeback(from, to)).map((to) => `${from} → ${to}`),
  );
  assert.deepEqual(allowed, [
    'opened → evidence_sent',
    'opened → won',
    'opened → lost',
    'evidence_sent → won',
    'evidence_sent → lost',
  ]);
  const open = {
    state: 'opened' as const,
    evidenceDueAt: later(60),
    evidenceAskedAt: null,
    evidenceError: null,
  };
  assert.equal(evidenceFault(open, start), undefined);
  assert.match(evidenceFault(open, later(60)) ?? '', /has passed/);
  assert.match(evidenceFault({ ...open, state: 'lost' }, start) ?? '', /decided/);
  assert.match(evidenceFault({ ...open, evidenceAskedAt: start }, start) ?? '', /on its way/);
  assert.equal(daysLeft(later(2.5 * 86_400), start), 2);
});
