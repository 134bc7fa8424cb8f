import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { type CheckedAccount, connectGateway } from '#features/gateway-accounts/connect-gateway.ts';
import { disconnectGateway } from '#features/gateway-accounts/disconnect-gateway.ts';
import { keepWebhook } from '#features/gateway-accounts/keep-webhook.ts';
import { listWebhooksIn, readAccount, readWebhookIn } from '#features/gateway-accounts/queries.ts';
import { tryCredentials } from '#features/gateway-accounts/try-credentials.ts';
import { updateGatewayAccount } from '#features/gateway-accounts/update-gateway-account.ts';
import { workWebhook } from '#features/gateway-accounts/work-webhook.ts';
import type { GatewayVendor } from '#features/payments/gateways.ts';
import { routedGateways } from '#features/payments/gateways.ts';
import type { PaymentGateway } from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';
import { type Books, card, given, read, secrets } from '../../../test/support/given.ts';

const account = (books: Books, change: Partial<CheckedAccount> = {}): CheckedAccount => ({
  organizationId: books.organizationId,
  vendor: 'acme',
  name: 'Acme Pay',
  credentials: secrets.encrypt('{"secretKey":"sk_1"}'),
  publishableKey: 'pk_1',
  vendorAccount: 'Acme, Inc.',
  takes: ['card'],
  ...change,
});
const routes = (books: Books) => books.tx((tx) => routedGateways(tx, books.organizationId));

test('a connected gateway takes the kinds it is asked to, and what another took moves to it', async () => {
  const books = await given.organization();
  assert.equal((await routes(books)).card?.id, books.gatewayAccountId);
  const { gatewayAccountId } = await books.tx((tx) =>
    connectGateway(tx, books.actor, account(books), books.now),
  );
  const after = await routes(books);
  assert.equal(after.card?.id, gatewayAccountId);
  assert.equal(after.bank_account?.id, books.gatewayAccountId, 'the other kind stays where it was');
});

test('the same account is connected once, and again only after it was disconnected', async () => {
  const books = await given.organization();
  const connect = () => books.tx((tx) => connectGateway(tx, books.actor, account(books), books.now));
  const { gatewayAccountId } = await connect();
  await assert.rejects(connect, (error) => error instanceof Refusal && error.code === 'conflict');
  const { organizationId } = books;
  const leave = () =>
    books.tx((tx) => disconnectGateway(tx, books.actor, { organizationId, gatewayAccountId }, books.now));
  await leave();
  await leave();
  assert.equal((await routes(books)).card, undefined, 'nothing is sent to a disconnected account');
  await connect();
});

test('new credentials replace the old ones, a disconnected account takes none', async () => {
  const books = await given.organization();
  const { organizationId } = books;
  const { gatewayAccountId } = await books.tx((tx) =>
    connectGateway(tx, books.actor, account(books), books.now),
  );
  const renewed = {
    credentials: secrets.encrypt('{"secretKey":"sk_2"}'),
    publishableKey: 'pk_2',
    vendorAccount: 'Acme GmbH',
  };
  const change = () =>
    books.tx((tx) =>
      updateGatewayAccount(
        tx,
        books.actor,
        { organizationId, gatewayAccountId, name: 'Cards', takes: [], renewed },
        books.now,
      ),
    );
  await change();
  const row = await books.tx((tx) => readAccount(tx, organizationId, gatewayAccountId));
  assert.deepEqual(
    [row.name, row.publishableKey, row.vendorAccount, row.takes],
    ['Cards', 'pk_2', 'Acme GmbH', []],
  );
  await books.tx((tx) => disconnectGateway(tx, books.actor, { organizationId, gatewayAccountId }, books.now));
  await assert.rejects(change, (error) => error instanceof Refusal && error.code === 'state_refused');
});

test('credentials that the vendor refuses are not kept, and the field at fault is named as the form spells it', async () => {
  const vendor = {
    vendor: 'acme',
    name: 'Acme Pay',
    kinds: ['card'],
    credentials: [{ name: 'secretKey', label: 'Secret key', secret: true, help: '' }],
    publishableKey: () => 'pk',
    make: () => assert.fail('nothing is charged'),
    check: async ({ secretKey }) =>
      secretKey === 'sk_good'
        ? { ok: true, accountName: 'Acme', mode: 'test', notes: [] }
        : { ok: false, field: 'secretKey', message: 'Acme Pay does not know this key.' },
  } satisfies GatewayVendor;
  const refused = async (secretKey: string, mode: 'live' | 'sandbox') => {
    const error: unknown = await tryCredentials(vendor, { secretKey }, mode).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof Refusal);
    return error.details;
  };
  assert.equal((await refused('sk_bad', 'sandbox')).param, 'credentials.secretKey');
  assert.match((await refused('sk_good', 'live')).message, /test credentials/);
  assert.equal((await tryCredentials(vendor, { secretKey: 'sk_good' }, 'sandbox')).accountName, 'Acme');
});

async function webhook(given_: { references?: string[]; about?: ('charge' | 'payout')[] } = {}) {
  const books = await given.organization();
  const { organizationId, gatewayAccountId } = books;
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const { paymentId } = await given.charge(books, {
    customerId,
    amount: 100n,
    applications: [{ invoiceId, amount: 100n }],
  });
  const hint = { eventId: 'evt_1', type: 'charge.succeeded', paymentIds: [paymentId], ...given_ };
  const keep = () =>
    books.tx((tx) =>
      keepWebhook(
        tx,
        { organizationId, gatewayAccountId, hint, raw: '{"number":"4242424242424242"}' },
        books.now,
      ),
    );
  await keep();
  await keep();
  const list = await books.tx((tx) => listWebhooksIn(tx, organizationId, { limit: 10, state: 'all' }));
  assert.equal(list.data.length, 1, 'the same event twice is one webhook');
  return { books, paymentId, webhookId: list.data[0]?.id ?? '' };
}
const gatewayThat = (lookup: PaymentGateway['lookup']) => ({
  open: () => ({ lookup, charge: () => assert.fail('charged anew'), readWebhook: async () => undefined }),
});

test('a webhook is kept scrubbed, worked by asking the gateway, and worked again without harm', async () => {
  const { books, paymentId, webhookId } = await webhook({ about: ['charge', 'payout'] });
  const { organizationId } = books;
  const payload = { organizationId, webhookId };
  let payouts = 0;
  const deps = {
    db: books.db,
    gateways: gatewayThat(async () => ({ outcome: 'approved', reference: 'ch_1', method: card })),
    work: {
      payout: async () => {
        payouts += 1;
      },
    },
  };
  const raw = (await books.tx((tx) => readWebhookIn(tx, organizationId, webhookId))).raw;
  assert.ok(!raw.includes('4242424242424242'));
  await workWebhook(deps, payload);
  await workWebhook(deps, payload);
  assert.equal((await read.payment(books, paymentId)).state, 'approved');
  assert.equal(payouts, 2);
  const entries = await books.tx((tx) =>
    tx.row<{ count: number }>(sql`select count(*)::int as count from journal_entries
      where organization_id = ${organizationId} and source_id = ${paymentId}`),
  );
  assert.equal(entries?.count, 1, 'worked twice, posted once');
  assert.equal((await books.tx((tx) => readWebhookIn(tx, organizationId, webhookId))).state, 'worked');
});

test('a webhook whose work fails says why, and waits to be worked again', async () => {
  const { books, webhookId } = await webhook();
  const payload = { organizationId: books.organizationId, webhookId };
  const away = gatewayThat(() => Promise.reject(new Error('the gateway is away')));
  await assert.rejects(workWebhook({ db: books.db, gateways: away, work: {} }, payload));
  const failed = await books.tx((tx) => readWebhookIn(tx, books.organizationId, webhookId));
  assert.deepEqual([failed.state, failed.error, failed.attempts], ['failed', 'the gateway is away', 1]);
});
