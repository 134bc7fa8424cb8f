import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type Books, given } from '../../../test/support/given.ts';
import { apiKeyOf, query, tokenFor, workOff } from '../../../test/support/portal.ts';
import { callApi } from '../../../test/support/server.ts';

let books: Books;
let key: string;
before(async () => {
  books = await given.organization();
  key = await apiKeyOf(books);
});

const charge = (customerId: string, body: object) =>
  callApi(key, 'POST', '/v1/charges', { customer_id: customerId, amount: 1_000, applications: [], ...body });
/** Charged, and the gateway has answered. */
async function charged(customerId: string, body: object) {
  const asked = await charge(customerId, body);
  assert.equal(asked.status, 202, JSON.stringify(asked.body));
  await workOff('submit-charge', books.organizationId);
  return (await callApi(key, 'GET', `/v1/payments/${asked.body.id}`)).body;
}
type Method = { id: string; kind: string; state: string; added_by: string };
const methods = async (customerId: string): Promise<Method[]> =>
  (await callApi(key, 'GET', `/v1/payment-methods?customer_id=${customerId}`)).body.data;
const wordsOf = (column: 'payment_id' | 'payment_method_id', id: string) =>
  query<{ kind: string; signatureKind: string; text: string; name: string }>(
    `select kind, signature_kind as "signatureKind", text, name from authorizations where ${column} = $1`,
    [id],
  );

describe('a new card or account where staff takes money', () => {
  test('a card pays once and is not kept, unless its owner agreed: then with the word of staff', async () => {
    const customerId = await given.customer(books);
    const once = await charged(customerId, { token: await tokenFor(books, 'approve') });
    assert.equal(once.state, 'approved');
    assert.deepEqual([await methods(customerId), await wordsOf('payment_id', once.id)], [[], []]);
    const kept = await charged(customerId, { token: await tokenFor(books, 'approve'), keep: true });
    const [method, ...more] = await methods(customerId);
    assert.deepEqual([method?.kind, method?.state, more.length], ['card', 'active', 0]);
    for (const [column, id] of [
      ['payment_id', kept.id],
      ['payment_method_id', method?.id ?? ''],
    ] as const) {
      const [word] = await wordsOf(column, id);
      assert.deepEqual([word?.kind, word?.signatureKind, word?.name], ['card_on_file', 'held', 'API key']);
      assert.match(word?.text ?? '', /card owner's agreement to keep this card on file/);
    }
    const again = await charged(customerId, { payment_method_id: method?.id });
    assert.equal(again.state, 'approved');
  });

  test('a bank account that staff types needs staff’s word, kept or not; kept with it, it can be charged again', async () => {
    const customerId = await given.customer(books);
    const bank = async () => ({ kind: 'bank_account', token: await tokenFor(books, 'settle') });
    const bare = await charge(customerId, await bank());
    assert.equal(bare.status, 422);
    assert.match(bare.body.error.message, /give authorization for a bank account by token/);
    const paid = await charged(customerId, { ...(await bank()), authorization: 'held', keep: true });
    assert.equal(paid.state, 'submitted');
    const [method] = await methods(customerId);
    assert.deepEqual([method?.kind, method?.state], ['bank_account', 'active']);
    const [word] = await wordsOf('payment_method_id', method?.id ?? '');
    assert.deepEqual([word?.kind, word?.signatureKind], ['bank_debit', 'held']);
    assert.equal(
      (await charge(customerId, { payment_method_id: method?.id, kind: 'bank_account' })).status,
      202,
    );
  });

  test('a declined card is not kept, whatever was ticked', async () => {
    const customerId = await given.customer(books);
    const payment = await charged(customerId, { token: await tokenFor(books, 'decline'), keep: true });
    assert.deepEqual([payment.state, await methods(customerId)], ['declined', []]);
    assert.deepEqual(payment.gateway_said?.code, 'card_declined');
  });

  test('a bank account under the name of a card is neither charged nor stored as good', async () => {
    const customerId = await given.customer(books);
    const payment = await charged(customerId, { token: await tokenFor(books, 'settle'), keep: true });
    assert.deepEqual([payment.state, payment.decline?.code], ['declined', 'wrong_method']);
    const stored = await callApi(key, 'POST', '/v1/payment-methods', {
      customer_id: customerId,
      kind: 'card',
      token: await tokenFor(books, 'settle'),
    });
    assert.equal(stored.body.state, 'needs_authorization');
  });

  test('keep and authorization are for tokens alone', async () => {
    const customerId = await given.customer(books);
    const methodId = await given.storedMethod(books, customerId);
    assert.equal((await charge(customerId, { payment_method_id: methodId, keep: true })).status, 422);
    assert.equal(
      (await charge(customerId, { payment_method_id: methodId, authorization: 'held' })).status,
      422,
    );
    assert.equal((await charge(customerId, { token: 'tok', authorization: 'held' })).status, 422);
  });
});
