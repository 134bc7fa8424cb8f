import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { systemNow } from '#lib/dates.ts';
import { startAuthorizeNetFake } from './authorize-net-fake.ts';
import type { FakeAccount } from './fake-books.ts';
import { instrumentFor, mintNonce } from './fake-vault.ts';

/** The vendor's own SDK carries no types; what is used of it here is this. */
type Sdk = {
  APIContracts: Record<string, new (value?: object) => Contract>;
  APIControllers: Record<string, new (json: object) => Controller>;
};
type Contract = { getJSON(): object } & Record<string, (value?: unknown) => unknown>;
type Controller = {
  setEnvironment(url: string): void;
  execute(done: () => void): void;
  getResponse(): Answer;
  getError(): unknown;
};
type Answer = {
  messages: { resultCode: string; message: { code: string; text: string }[] };
  transactionResponse?: { responseCode: string; transId: string; errors?: { errorCode: string }[] };
  transaction?: { transactionStatus: string; authAmount: number };
  transactions?: { transId: string; invoiceNumber?: string; transactionStatus: string }[];
  batchList?: { batchId: string; statistics: { chargeAmount: number; chargeCount: number }[] }[];
};

const require = createRequire(import.meta.url);
const { APIContracts, APIControllers } = require('authorizenet') as Sdk;
const fake = await startAuthorizeNetFake();
after(() => fake.stop());

/** Builds a contract by its setters, in whatever order they are called: the SDK keeps the schema's. */
function made(name: string, values: Record<string, unknown>): Contract {
  const Type = APIContracts[name];
  assert.ok(Type, name);
  const contract = new Type();
  for (const [field, value] of Object.entries(values)) {
    const set = contract[`set${field.charAt(0).toUpperCase()}${field.slice(1)}`];
    assert.ok(set, `${name} has ${field}`);
    set.call(contract, value);
  }
  return contract;
}

function ask(account: FakeAccount, method: string, values: Record<string, unknown>): Promise<Answer> {
  const { apiLoginId: name, transactionKey } = account;
  const keys = made('MerchantAuthenticationType', { transactionKey, name });
  const request = made(`${method}Request`, { ...values, merchantAuthentication: keys });
  const Type = APIControllers[`${method}Controller`];
  assert.ok(Type, method);
  const controller = new Type(request.getJSON());
  controller.setEnvironment(`${fake.url}/xml/v1/request.api`);
  return new Promise((resolve) => controller.execute(() => resolve(controller.getResponse())));
}

function charge(account: FakeAccount, amount: string, invoiceNumber: string): Promise<Answer> {
  const dataValue = mintNonce(account, instrumentFor('approve'));
  const opaqueData = made('OpaqueDataType', { dataValue, dataDescriptor: 'COMMON.ACCEPT.INAPP.PAYMENT' });
  const setting = made('SettingType', { settingValue: '28800', settingName: 'duplicateWindow' });
  const transactionRequest = made('TransactionRequestType', {
    transactionSettings: made('ArrayOfSetting', { setting: [setting] }),
    order: made('OrderType', { description: 'Sent by their SDK', invoiceNumber }),
    payment: made('PaymentType', { opaqueData }),
    amount,
    transactionType: 'authCaptureTransaction',
  });
  return ask(account, 'CreateTransaction', { transactionRequest, refId: invoiceNumber });
}

const simple = (account: FakeAccount, values: Record<string, unknown>): Promise<Answer> =>
  ask(account, 'CreateTransaction', { transactionRequest: made('TransactionRequestType', values) });

const statusOf = async (account: FakeAccount, transId: string): Promise<string | undefined> =>
  (await ask(account, 'GetTransactionDetails', { transId })).transaction?.transactionStatus;

test("the vendor's own SDK charges, looks up, voids, refunds and lists batches at the fake", async () => {
  const account = fake.openAccount({ now: systemNow() });
  const [kept, voided] = [await charge(account, '151.10', 'SDK-1'), await charge(account, '20', 'SDK-2')];
  assert.equal(kept.messages.resultCode, 'Ok');
  assert.equal(kept.transactionResponse?.responseCode, '1');
  const { transId = '' } = kept.transactionResponse ?? {};
  assert.equal(await statusOf(account, transId), 'capturedPendingSettlement');

  const gone = voided.transactionResponse?.transId ?? '';
  const void_ = await simple(account, { refTransId: gone, transactionType: 'voidTransaction' });
  assert.equal(void_.transactionResponse?.responseCode, '1');
  assert.equal(await statusOf(account, gone), 'voided');
  const paging = made('Paging', { offset: 1, limit: 10 });
  const open = await ask(account, 'GetUnsettledTransactionList', { paging });
  assert.deepEqual(open.transactions?.map((each) => each.invoiceNumber).sort(), ['SDK-1', 'SDK-2']);

  account.now = new Date(account.now.getTime() + 2 * 86_400_000);
  const creditCard = made('CreditCardType', { expirationDate: 'XXXX', cardNumber: '1111' });
  const refund = await simple(account, {
    refTransId: transId,
    payment: made('PaymentType', { creditCard }),
    amount: '51.10',
    transactionType: 'refundTransaction',
  });
  assert.equal(refund.transactionResponse?.responseCode, '1');
  assert.equal(await statusOf(account, refund.transactionResponse?.transId ?? ''), 'refundPendingSettlement');

  const day_ms = 86_400_000;
  const batches = await ask(account, 'GetSettledBatchList', {
    lastSettlementDate: account.now.toISOString(),
    firstSettlementDate: new Date(account.now.getTime() - 7 * day_ms).toISOString(),
    includeStatistics: true,
  });
  const [batch, ...others] = batches.batchList ?? [];
  assert.deepEqual(others, []);
  const [visa] = batch?.statistics ?? [];
  assert.deepEqual([visa?.chargeAmount, visa?.chargeCount], [151.1, 1]);
  const rows = await ask(account, 'GetTransactionList', { batchId: batch?.batchId, paging });
  assert.deepEqual(rows.transactions?.map((each) => each.transactionStatus).sort(), [
    'settledSuccessfully',
    'voided',
  ]);
});

test('the SDK meets the refusals of the vendor: a wrong key, a duplicate, a batch of nobody', async () => {
  const account = fake.openAccount({ now: systemNow() });
  const wrong = await charge({ ...account, transactionKey: '0123456789abcdef' }, '1', 'SDK-3');
  assert.deepEqual([wrong.messages.resultCode, wrong.messages.message[0]?.code], ['Error', 'E00007']);
  const first = await charge(account, '1', 'SDK-4');
  const again = await charge(account, '1', 'SDK-4');
  assert.equal(again.transactionResponse?.responseCode, '3');
  assert.equal(again.transactionResponse?.errors?.[0]?.errorCode, '11');
  assert.equal(again.transactionResponse?.transId, first.transactionResponse?.transId);
  const empty = await ask(account, 'GetTransactionList', { batchId: '1' });
  assert.deepEqual([empty.messages.resultCode, empty.messages.message[0]?.code], ['Ok', 'I00004']);
});
