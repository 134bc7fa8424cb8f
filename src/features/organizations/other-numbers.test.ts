import assert from 'node:assert/strict';
import { test } from 'node:test';
import { given } from '../../../test/support/given.ts';
import { apiKeyOf } from '../../../test/support/portal.ts';
import { callApi } from '../../../test/support/server.ts';

test('estimates and credit memos go on from the number that is set, and never back', async () => {
  const books = await given.organization();
  const key = await apiKeyOf(books);
  const set = async (body: object) => {
    const reply = await callApi(key, 'PATCH', '/v1/organization', body);
    return {
      status: reply.status,
      body: reply.body as Record<string, unknown> & { error?: { message: string; param: string } },
    };
  };
  const customer_id = await given.customer(books);
  const made = async (url: string, body: object): Promise<string> => {
    const reply = await callApi(key, 'POST', url, body);
    assert.ok(reply.status < 300, JSON.stringify(reply.body));
    return (reply.body as { number: string }).number;
  };
  const estimate = () => made('/v1/estimates', { customer_id, lines: [{ item_name: 'Work', amount: 500 }] });
  const memo = () =>
    made('/v1/credit-memos', { customer_id, reason: 'Late', lines: [{ description: 'Work', amount: 500 }] });
  assert.deepEqual([await estimate(), await memo()], ['EST-1001', 'CM-1001']);
  const saved = await set({
    ...{ estimate_number_prefix: 'Q', next_estimate_number: 2000 },
    ...{ credit_memo_number_prefix: 'GS-', next_credit_memo_number: 1002 },
  });
  assert.deepEqual([saved.status, saved.body.next_estimate_number], [200, 2000]);
  assert.deepEqual([await estimate(), await memo(), await estimate()], ['Q2000', 'GS-1002', 'Q2001']);
  const back = await set({ next_estimate_number: 2001 });
  assert.deepEqual([back.status, back.body.error?.param], [422, 'next_estimate_number']);
  assert.match(back.body.error?.message ?? '', /Give 2002 or more/);
});
